/* SPDX-License-Identifier: MIT */
#pragma once

#include "main-window.h"
#include "mock.h"

G_BEGIN_DECLS

/* The home window beside a mock of the service. */
typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *settings;
  WhisMainWindow *window;
  GtkWidget *recorder;
  GtkWidget *failure;
  GtkWidget *text;
  GtkWidget *history;
  GtkWidget *entry;
  GtkWidget *navigation;
  GtkListView *list;
} Home;

void home_set_up (Home *home, gconstpointer n_entries);
void home_tear_down (Home *home, gconstpointer n_entries);

void home_set_state (Home *home, const char *state);
void home_act (Home *home, const char *action);
void home_show_history (Home *home);
guint home_count_rows (Home *home);
gboolean home_row_is (Home *home, guint position, const char *id);
void home_open_entry (Home *home, const char *id);
gboolean home_shows_entry (Home *home);
void home_await_frames (Home *home, guint n_frames);
const char *home_view (Home *home);

const char *label_of (gpointer widget, const char *name);
gboolean is_shown (gpointer widget, const char *name);
void click (gpointer button);
gboolean failure_says (gpointer card, const char *sentence);
gboolean press (GtkWidget *from, const char *accelerator);
gboolean has_shortcut (GListModel *shortcuts, guint key, GdkModifierType modifiers);

G_END_DECLS
