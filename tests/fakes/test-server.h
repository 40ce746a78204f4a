/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * A transcription server on 127.0.0.1, or on a Unix socket, that misbehaves on command. It runs in
 * a thread of its own, so that a test may block; all functions are called from the test's thread.
 *
 * Each request takes the next plan of the queue, or the default plan when the queue is empty. The
 * zero plan answers 200 with {"text": …} that repeats the bytes of the file, which tests make of
 * ASCII letters; a GET is answered with an empty list of models.
 */

typedef enum
{
  TEST_TRICK_NONE,
  /* answer only after test_server_release() */
  TEST_TRICK_HOLD,
  /* send half of the body, the rest after test_server_release() */
  TEST_TRICK_HOLD_BODY,
  /* close the connection in place of an answer, with a TCP reset */
  TEST_TRICK_RESET,
  /* send half of the body, then reset */
  TEST_TRICK_RESET_BODY,
  /* never stop sending */
  TEST_TRICK_ENDLESS,
  /* send a byte now and then, and never stop */
  TEST_TRICK_DRIP,
} TestTrick;

typedef struct
{
  TestTrick trick;
  guint status;
  guint delay_ms;
  const char *type;
  const char *body;
  /* more headers, "Name: value", in lines */
  const char *header;
} TestPlan;

/* What arrived. */
typedef struct
{
  char *method;
  char *path;
  /* as it was sent, or NULL */
  char *query;
  GBytes *body;
  SoupMessageHeaders *headers;
  /* the values of the form's fields by name, strings */
  GHashTable *fields;
  /* names of all parts in their order, "a b c" */
  char *field_names;
  char *file_name;
  char *file_type;
  GBytes *file;
  /* the client's port: the same for two requests on one connection */
  guint port;
  gboolean is_http2;
} TestRequest;

typedef struct _TestServer TestServer;

TestServer *test_server_new (void);
TestServer *test_server_new_unix (const char *path);
/* With the certificate and key of a PEM file, and with HTTP/2 if SOUP_SERVER_HTTP2 is set. */
TestServer *test_server_new_tls (const char *certificate);
void test_server_free (TestServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

/* "http://127.0.0.1:PORT", or https */
const char *test_server_get_url (TestServer *self);

/* The strings of a plan must outlive the server. */
void test_server_plan (TestServer *self, const TestPlan *plan);
void test_server_set_default (TestServer *self, const TestPlan *plan);
void test_server_release (TestServer *self);

guint test_server_get_n_requests (TestServer *self);
guint test_server_get_active (TestServer *self);
guint test_server_get_peak (TestServer *self);
/* Valid until the server is freed. */
const TestRequest *test_server_get_request (TestServer *self, guint index);

/* These run the default main context until so many have arrived, or are unanswered. */
void test_server_wait_requests (TestServer *self, guint n);
void test_server_wait_active (TestServer *self, guint n);

G_END_DECLS
