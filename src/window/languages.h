/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GListStore *whis_languages_new (const char *chosen);
const char *whis_language_get_name (const char *code);

G_END_DECLS
