/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOGIN_START (whis_login_start_get_type ())
G_DECLARE_FINAL_TYPE (WhisLoginStart, whis_login_start, WHIS, LOGIN_START, GObject)

WhisLoginStart *whis_login_start_new (GDBusConnection *connection, WhisSettings *settings);

void whis_login_start_set_async (WhisLoginStart *self,
                                 gboolean enabled,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean whis_login_start_set_finish (WhisLoginStart *self, GAsyncResult *result, GError **error);

G_END_DECLS
