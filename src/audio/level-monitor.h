/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_LEVEL_MONITOR (whis_level_monitor_get_type ())
G_DECLARE_FINAL_TYPE (WhisLevelMonitor, whis_level_monitor, WHIS, LEVEL_MONITOR, GObject)

WhisLevelMonitor *whis_level_monitor_new (const char *microphone);

gboolean whis_level_monitor_start (WhisLevelMonitor *self, GError **error);
void whis_level_monitor_stop (WhisLevelMonitor *self);

G_END_DECLS
