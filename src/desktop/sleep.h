/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SLEEP (whis_sleep_get_type ())
G_DECLARE_FINAL_TYPE (WhisSleep, whis_sleep, WHIS, SLEEP, GObject)

WhisSleep *whis_sleep_new (void);
void whis_sleep_delay (WhisSleep *self, const char *why);
void whis_sleep_allow (WhisSleep *self);

G_END_DECLS
