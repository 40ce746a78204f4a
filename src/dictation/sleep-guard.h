/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SLEEP_GUARD (whis_sleep_guard_get_type ())
G_DECLARE_FINAL_TYPE (WhisSleepGuard, whis_sleep_guard, WHIS, SLEEP_GUARD, GObject)

WhisSleepGuard *whis_sleep_guard_new (WhisDictations *dictations);

G_END_DECLS
