/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_background_set_status (GDBusConnection *connection, const char *message);

G_END_DECLS
