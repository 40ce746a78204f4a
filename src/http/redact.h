/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *whis_redact (const char *text, const char *key);

G_END_DECLS
