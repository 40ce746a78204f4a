/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_measure_text_new (GVariant *model);
char *whis_measure_text_new_for_gpu (GVariant *model);
gboolean whis_measure_text_is_slow (GVariant *model);

G_END_DECLS
