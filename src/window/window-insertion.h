/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

#include "service-proxy.h"

G_BEGIN_DECLS

void whis_window_insertion_async (GtkWindow *window,
                                  WhisServiceProxy *service,
                                  const char *id,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean whis_window_insertion_finish (GtkWindow *window, GAsyncResult *result, GError **error);

G_END_DECLS
