/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "unfinished.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CONTINUE_CALLS (whis_continue_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisContinueCalls, whis_continue_calls, WHIS, CONTINUE_CALLS, GObject)

WhisContinueCalls *whis_continue_calls_new (WhisBusWhis1 *skeleton,
                                            WhisDictations *dictations,
                                            WhisUnfinished *unfinished);

G_END_DECLS
