/* SPDX-License-Identifier: MIT */
#pragma once

#include "mock.h"
#include "preferences.h"

G_BEGIN_DECLS

/* The preferences beside a mock of the service, with the settings that they change. */
typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  GSettings *settings;
  WhisPreferences *window;
  GtkWidget *general;
  GtkWidget *services;
  GtkWidget *microphones;
  GtkWidget *keys;
} Fixture;

gpointer preferences_find_group (gpointer root, const char *title);
gboolean setting_is (Fixture *fixture, const char *key, const char *printed);
gboolean is_visible (gpointer widget, const char *name);
void select_provider (Fixture *fixture, guint position);
void type_and_apply (gpointer widget, const char *name, const char *text);
const char *typed (gpointer widget, const char *name);
void preferences_set_up (Fixture *fixture, gconstpointer data);
void preferences_tear_down (Fixture *fixture, gconstpointer data);

G_END_DECLS
