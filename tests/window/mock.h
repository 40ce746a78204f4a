/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

/* Runs the main loop until something is true; a test that waits in vain fails and says for what. */
#define AWAIT(condition)                                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint give_up = mock_await_begin (G_STRLOC ": " #condition);                                   \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (give_up);                                                                     \
  }                                                                                                \
  G_STMT_END

guint mock_await_begin (const char *what);

void mock_init (int *argc, char ***argv);
const char *mock_get_log (void);

void mock_start (void);
void mock_stop (void);
const char *mock_get_program (void);

void mock_set (const char *name, GVariant *value);
void mock_set_state (const char *state);
void mock_emit (const char *name, GVariant *values);
void mock_fail_next (const char *method, const char *error, const char *message);
void mock_hold (const char *method);
void mock_release (void);
void mock_fill (guint count);
void mock_add (const char *id, const char *text);
void mock_offer (GVariant *report);
void mock_alter (const char *id, const char *key, GVariant *value);
void mock_stock (GVariant *states, const char *current);
void mock_plug (const char *id, const char *name);
gboolean mock_was_called (const char *call);
guint mock_count_calls (const char *call);
guint mock_count_method (const char *method);
void mock_forget_calls (void);
char *mock_dup_key (const char *provider);

WhisServiceProxy *mock_new_proxy (void);
void mock_settle (WhisServiceProxy *service);
GtkApplication *mock_get_application (void);
gpointer mock_child (gpointer widget, const char *name);
gpointer mock_find_window (GType type);
GtkWidget *mock_find_button (gpointer root, const char *label);
gboolean mock_shows_text (gpointer root, const char *text);
GtkWidget *mock_find_dialog (void);
void mock_answer (const char *label);

G_END_DECLS
