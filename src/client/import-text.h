/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_import_text_new (GVariant *report, gboolean dry_run);
gboolean whis_import_text_has (GVariant *report, const char *what);

G_END_DECLS
