/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * A transcription service on 127.0.0.1, in a thread of its own: it takes only what the real one
 * takes, and answers with the real one's bodies, failures too. All functions are for the test's
 * thread.
 *
 * What it hears: the sound itself, when that is letters (so a test sees who got what; a WAV file's
 * samples may be letters too, and zeros may follow), or else the text of test_service_set_text().
 * The speaker speaks German: a service that takes English for granted when it is not told anything
 * hears TEST_SERVICE_GARBLE.
 */

#define TEST_SERVICE_GARBLE "Gooten tock. This is no English."

typedef struct _TestService TestService;

/* What is done with an answer. */
typedef enum
{
  TEST_TRICK_NONE,
  /* 200 with an empty text */
  TEST_TRICK_EMPTY,
  /* 200 with half of the body, which is complete for HTTP */
  TEST_TRICK_TRUNCATED,
  /* 200 with members that nobody knows, and null members, in every object */
  TEST_TRICK_EXTRAS,
  /* half of the body, then the end of the connection */
  TEST_TRICK_BREAK_OFF,
  /* nothing, and a TCP reset */
  TEST_TRICK_RESET,
  /* nothing until test_service_release() or test_service_answer() */
  TEST_TRICK_HOLD,
  /* half of the body, the rest after test_service_release() */
  TEST_TRICK_HOLD_BODY,
  /* never stop sending */
  TEST_TRICK_ENDLESS,
  /* send a byte now and then, and never stop */
  TEST_TRICK_DRIP,
} TestTrick;

/*
 * An answer of a scripted service. The zero plan is 200 with {"text": …} that repeats the bytes of
 * the file, which tests make of ASCII letters, or an empty list of models where there is no file.
 */
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
  /* undecoded, or NULL */
  char *query;
  SoupMessageHeaders *headers;
  GBytes *body;
  /* the form's fields by name, strings; a repeated field's values are parted by line ends */
  GHashTable *fields;
  /* names of all parts in their order, "a b c" */
  char *field_names;
  /* the sound, decoded where it came as base64; NULL when there was none */
  GBytes *file;
  char *file_name;
  char *file_type;
  /* the client's port: the same for two requests on one connection */
  guint port;
  gboolean is_http2;
} TestServiceRequest;

/*
 * @kind: "openai", "groq", "mistral", "azure", "whisper-cpp", "speaches", "localai", "ollama",
 * "deepgram", "elevenlabs", "assemblyai" or "gemini".
 */
TestService *test_service_new (const char *kind);
void test_service_free (TestService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestService, test_service_free)

/*
 * A service that is no real one: it takes any request, and answers with the next plan, or with the
 * default plan when there is none left; a HEAD request with the zero plan. The others listen on a
 * Unix socket, or have the certificate and key of a PEM file, and HTTP/2 if SOUP_SERVER_HTTP2 is
 * set.
 */
TestService *test_service_new_scripted (void);
TestService *test_service_new_scripted_unix (const char *path);
TestService *test_service_new_scripted_tls (const char *certificate);

/* The strings of a plan must outlive the service. */
void test_service_plan (TestService *self, const TestPlan *plan);
void test_service_set_default (TestService *self, const TestPlan *plan);
/* Answers a request that is held; the strings are copied. Nothing for one that is not. */
void test_service_answer (TestService *self, guint index, const TestPlan *plan);

/* All kinds, ended by NULL. */
const char *const *test_service_get_kinds (void);

/* "http://127.0.0.1:PORT" or https, without a path; "http://localhost" on a Unix socket. */
const char *test_service_get_url (TestService *self);

/*
 * The next request to transcribe that has nothing wrong fails so; several queue up. The names are
 * those of the kind's file and of service-answers.c. Aborts when the kind has no such failure.
 */
void test_service_fail_next (TestService *self, const char *failure);
gboolean test_service_can_fail (TestService *self, const char *failure);
/* The names of all failures of the kind, ended by NULL. */
char **test_service_list_failures (TestService *self);
/* Lets the answers go that "slow-first-byte" and "slow-drip" hold back. */
void test_service_release (TestService *self);

/*
 * "test-key-KIND-0123456789abcdef0123456789" unless it is set. An own server takes a request
 * without a key until one is set. The restricted key transcribes, but may not look at the account.
 */
void test_service_set_key (TestService *self, const char *key);
char *test_service_dup_key (TestService *self);
const char *test_service_get_restricted_key (TestService *self);

void test_service_set_text (TestService *self, const char *text);
/* How long the sound is, where it does not tell itself; 2000 ms otherwise. */
void test_service_set_duration_ms (TestService *self, guint64 duration_ms);
/* The language that is spoken, two letters; German otherwise. */
void test_service_set_spoken (TestService *self, const char *language);
/* A connection without a request is closed after so long; 0 for never, which is what all kinds do
 * but whisper-cpp with its 5000 ms. */
void test_service_set_idle_ms (TestService *self, guint idle_ms);

/* What was wrong with the first request that was wrong, or NULL. Valid until the server is freed.
 */
const char *test_service_get_complaint (TestService *self);

guint test_service_get_n_requests (TestService *self);
/* Requests to transcribe that had nothing wrong, those that failed because the test wanted it too.
 */
guint test_service_get_n_sounds (TestService *self);
guint test_service_get_active (TestService *self);
guint test_service_get_peak (TestService *self);
/* Requests whose client went away before the answer. */
guint test_service_get_n_aborted (TestService *self);
/* Connections so far, and those that the service closed because nothing came. */
guint test_service_get_n_connections (TestService *self);
guint test_service_get_n_idle_closed (TestService *self);
/* Valid until the server is freed. */
const TestServiceRequest *test_service_get_request (TestService *self, guint index);

/* These run the default main context until so many have arrived, are unanswered, were given up, or
 * were closed. */
void test_service_wait_requests (TestService *self, guint n);
void test_service_wait_active (TestService *self, guint n);
void test_service_wait_aborted (TestService *self, guint n);
void test_service_wait_idle_closed (TestService *self, guint n);

G_END_DECLS
