/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *whis_trusted_certificate_dup_path (const char *host);

void whis_trusted_certificates_load_async (const char *path,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer data);
GPtrArray *whis_trusted_certificates_load_finish (GAsyncResult *result);
gboolean whis_trusted_certificates_have (GPtrArray *certificates,
                                         GTlsCertificate *certificate,
                                         GSocketConnectable *identity);

G_END_DECLS
