/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *whis_wave_get_samples (GBytes *file, const char *media_type);

G_END_DECLS
