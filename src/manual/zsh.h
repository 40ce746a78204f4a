/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void whis_zsh_write (GString *output);

G_END_DECLS
