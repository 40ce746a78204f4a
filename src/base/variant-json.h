/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_variant_to_json (GVariant *value);

G_END_DECLS
