/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "unfinished.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_CONTINUE (whis_bus_continue_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusContinue, whis_bus_continue, WHIS, BUS_CONTINUE, GObject)

WhisBusContinue *whis_bus_continue_new (WhisBusWhis1 *skeleton,
                                        WhisDictations *dictations,
                                        WhisUnfinished *unfinished);

G_END_DECLS
