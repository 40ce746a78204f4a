/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void whis_page_write (const char *template, GString *output);

G_END_DECLS
