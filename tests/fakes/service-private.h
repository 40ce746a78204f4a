/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-thread.h"
#include "service-call.h"
#include "service-connections.h"

G_BEGIN_DECLS

struct _TestService
{
  const ServiceKind *kind;
  HttpThread *thread;
  /* NULL where libsoup listens */
  ServiceConnections *connections;
  char *socket_path;
  char *url;
  char *restricted_key;

  /* of the server's thread: calls that wait for release(), and for their turn */
  GPtrArray *held;
  GQueue waiting;
  ServiceCall *working;
  GData *store;

  GMutex mutex;
  GQueue failures;
  GQueue plans;
  TestPlan standard;
  GPtrArray *requests;
  char *complaint;
  char *key;
  gboolean key_needed;
  char *text;
  char *spoken;
  guint64 duration_ms;
  guint n_sounds;
  guint active;
  guint peak;
  guint n_aborted;
};

/* Frees what service-state.c looks after. */
void service_state_init (TestService *self);
void service_state_clear (TestService *self);

G_END_DECLS
