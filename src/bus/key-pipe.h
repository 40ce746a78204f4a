/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void
whis_key_pipe_read_async (GInputStream *stream, GAsyncReadyCallback callback, gpointer user_data);
char *whis_key_pipe_read_finish (GInputStream *stream, GAsyncResult *result, GError **error);

G_END_DECLS
