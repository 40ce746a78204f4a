/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WhisRuntimeSocket WhisRuntimeSocket;

WhisRuntimeSocket *whis_runtime_socket_new (GError **error);
void whis_runtime_socket_free (WhisRuntimeSocket *self);

const char *whis_runtime_socket_get_path (WhisRuntimeSocket *self);
GSocketAddress *whis_runtime_socket_get_address (WhisRuntimeSocket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRuntimeSocket, whis_runtime_socket_free)

G_END_DECLS
