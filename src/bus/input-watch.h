/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_INPUT_WATCH (whis_input_watch_get_type ())
G_DECLARE_FINAL_TYPE (WhisInputWatch, whis_input_watch, WHIS, INPUT_WATCH, GObject)

WhisInputWatch *whis_input_watch_new (void);

gboolean whis_input_watch_begin (WhisInputWatch *self,
                                 const char *microphone,
                                 GDBusConnection *connection,
                                 const char *caller,
                                 GError **error);
void whis_input_watch_end (WhisInputWatch *self);

G_END_DECLS
