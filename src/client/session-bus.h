/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GDBusConnection *whis_session_bus_get (GError **error);

G_END_DECLS
