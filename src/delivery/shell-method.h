/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHELL_METHOD (whis_shell_method_get_type ())

G_DECLARE_FINAL_TYPE (WhisShellMethod, whis_shell_method, WHIS, SHELL_METHOD, GObject)

WhisShellMethod *whis_shell_method_new (GDBusConnection *connection);

void whis_shell_method_take_back_async (WhisShellMethod *self,
                                        const char *text,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
whis_shell_method_take_back_finish (WhisShellMethod *self, GAsyncResult *result, GError **error);

G_END_DECLS
