/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-form.h"
#include "service-kind.h"
#include "service-transcript.h"

G_BEGIN_DECLS

/* One request, and the answer to it. */
struct _ServiceCall
{
  TestService *service;
  const ServiceKind *kind;
  /* holds this call */
  SoupServerMessage *message;
  GSocket *socket;
  /* the service's */
  TestServiceRequest *request;
  ServiceForm *form;
  char *form_fault;
  ServiceKeyState key_state;
  char *key;
  char *model;

  guint status;
  char *type;
  char *headers;
  char *body;
  /* when the body goes in pieces: how many bytes each has; 0 for all at once */
  gsize piece_size;
  TestTrick trick;
  /* before the answer */
  guint delay_ms;
  /* the one that the test wanted, or NULL */
  const ServiceAnswer *failure;

  gboolean answered;
  GSource *watch;
  /* of what is sent late, or for ever */
  GSource *timer;
};

ServiceCall *service_call_new (TestService *service,
                               const ServiceKind *kind,
                               SoupServerMessage *message,
                               const char *path);
void service_call_free (ServiceCall *self);

/* Finds the route, checks the key and lets the kind answer. */
void service_call_run (ServiceCall *self);

/* For the kinds. */

/* "name=value" pairs of the query in their order, decoded. */
GPtrArray *service_call_get_query (ServiceCall *self);
const char *service_call_get_header (ServiceCall *self, const char *name);
/* Content-Type is exactly that, but for parameters. */
gboolean service_call_has_type (ServiceCall *self, const char *type);
void service_call_set_sound (ServiceCall *self, GBytes *sound, const char *type);

void service_call_complain (ServiceCall *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* 200 with JSON. Takes @body. */
void service_call_answer (ServiceCall *self, char *body);
void service_call_answer_type (ServiceCall *self, const char *type, char *body);
/* With the kind's answer of that name; one that the kind does not have is "bad-request". */
void service_call_fail (ServiceCall *self, const char *name, const char *message);
/* Complains, and fails with the complaint for a message. */
void service_call_refuse (ServiceCall *self, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* For a request to transcribe that has nothing wrong: TRUE when it fails because the test wants it.
 */
gboolean service_call_fails (ServiceCall *self);
gboolean service_call_fails_at (ServiceCall *self, const char *stage);

/* Of a scripted service: what it answers. */
void service_call_set_plan (ServiceCall *self, const TestPlan *plan);

/* What the service hears in the sound; @garbled when it takes German for English. */
ServiceTranscript *service_call_hear (ServiceCall *self, gboolean garbled);

G_END_DECLS
