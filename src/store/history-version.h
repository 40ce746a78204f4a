/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int whis_history_version_peek (const char *path);

G_END_DECLS
