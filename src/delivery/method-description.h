/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"

G_BEGIN_DECLS

void whis_method_description_async (GPtrArray *methods,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GVariant *whis_method_description_finish (GAsyncResult *result, GError **error);

G_END_DECLS
