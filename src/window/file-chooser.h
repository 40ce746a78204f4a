/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void whis_file_chooser_open_async (GtkWindow *parent,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void whis_file_chooser_save_async (GtkWindow *parent,
                                   const char *name,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GFile *whis_file_chooser_finish (GtkWindow *parent, GAsyncResult *result, GError **error);

G_END_DECLS
