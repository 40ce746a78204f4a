/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSocket *whis_private_socket_new (const char *path, GError **error);

G_END_DECLS
