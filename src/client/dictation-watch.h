/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-end.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DICTATION_WATCH (whis_dictation_watch_get_type ())
G_DECLARE_FINAL_TYPE (WhisDictationWatch, whis_dictation_watch, WHIS, DICTATION_WATCH, GObject)

WhisDictationWatch *whis_dictation_watch_new (WhisBusWhis1 *service);

gboolean whis_dictation_watch_has_ended (WhisDictationWatch *self, const char *id);
WhisDictationEnd *whis_dictation_watch_take_end (WhisDictationWatch *self, const char *id);

G_END_DECLS
