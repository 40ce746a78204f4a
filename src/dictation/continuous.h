/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CONTINUOUS (whis_continuous_get_type ())
G_DECLARE_FINAL_TYPE (WhisContinuous, whis_continuous, WHIS, CONTINUOUS, GObject)

WhisContinuous *whis_continuous_new (WhisSettings *settings, WhisDictations *dictations);

G_END_DECLS
