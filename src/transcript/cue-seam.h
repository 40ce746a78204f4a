/* SPDX-License-Identifier: MIT */
#pragma once

#include "cue-part.h"

G_BEGIN_DECLS

void whis_cue_seam_repair (GPtrArray *before, GPtrArray *after, guint64 start_ms, guint64 end_ms);

G_END_DECLS
