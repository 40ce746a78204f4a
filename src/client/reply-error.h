/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *whis_reply_error_to_sentence (const GError *error);

G_END_DECLS
