/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_fetch_text_new_failed (const char *message, const char *kept, guint64 done);

G_END_DECLS
