/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-backend.h"
#include "sound-converter.h"

G_BEGIN_DECLS

/* What the files of the class share; for no other. */
typedef struct
{
  const WhisProvider *provider;
  char *url;
  char *host;
  GSocketConnectable *remote_connectable;
  SoupSession *session;
  const WhisSoundConverter *converter;
} WhisHttpBackendPrivate;

WhisHttpBackendPrivate *whis_http_backend_peek_private (WhisHttpBackend *self);
char *whis_http_backend_dup_trusted (WhisHttpBackendPrivate *priv);
void whis_http_backend_return_transport_error (GTask *task, GError *cause);

G_END_DECLS
