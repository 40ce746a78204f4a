/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"

G_BEGIN_DECLS

const WhisCaptureKinds *whis_capture_kinds_get (void);

G_END_DECLS
