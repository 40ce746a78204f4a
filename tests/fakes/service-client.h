/* SPDX-License-Identifier: MIT */
#pragma once

#include "service.h"

G_BEGIN_DECLS

/* Requests by hand, right and wrong ones, for the tests of the services themselves. */

typedef struct
{
  guint status;
  char *type;
  char *body;
  SoupMessageHeaders *headers;
} ServiceReply;

void service_reply_free (ServiceReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ServiceReply, service_reply_free)

/* What a request says; all strings, and NULL for what a right request of the kind has there. */
typedef struct
{
  const char *method;
  const char *path;
  /* lines "name=value" of a form; the part of the sound comes first */
  const char *fields;
  const char *file_name;
  const char *file_type;
  /* the query of a request without a form, or its JSON */
  const char *query;
  const char *json;
  GBytes *sound;
  /* lines "Name: value"; with a key they replace the right one */
  const char *headers;
  gboolean no_key;
} ServiceAsk;

/* A session that does not follow redirects. */
SoupSession *service_client_new (void);

SoupMessage *service_client_message (TestService *service, const char *kind, const ServiceAsk *ask);
/* Runs the default main context until the answer is here. NULL and @error without one. */
ServiceReply *service_client_send (SoupSession *session, SoupMessage *message, GError **error);
/* The same for a new message and a session of its own, which must be answered. */
ServiceReply *service_client_ask (TestService *service, const char *kind, const ServiceAsk *ask);

/* A WAV file, 16 bits and mono at 16 kHz; the samples begin with the letters. */
GBytes *service_client_wav (const char *letters, guint ms);

G_END_DECLS
