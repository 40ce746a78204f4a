/* SPDX-License-Identifier: MIT */
#pragma once

#include "service.h"

G_BEGIN_DECLS

/* What one service's file says about it, and what it may ask of its server. */

typedef struct _ServiceCall ServiceCall;

/* A literal answer. Gaps of the body: %message% (escaped), %key%, %masked%, %model%, %port%. */
typedef struct
{
  const char *name;
  /* 0: the usual answer, with the trick */
  guint status;
  /* NULL for JSON */
  const char *type;
  /* "Name: value", parted by line ends, or NULL */
  const char *headers;
  const char *body;
  TestTrick trick;
  /* the message when the test wants the failure without a reason for it */
  const char *example;
} ServiceAnswer;

typedef struct
{
  /* NULL for any */
  const char *method;
  /* ends with a star where more may follow */
  const char *path;
  void (*handle) (ServiceCall *call);
  gboolean takes_query;
  /* needs no key */
  gboolean open;
} ServiceRoute;

typedef struct
{
  const char *header;
  /* with the space behind it, or "" */
  const char *scheme;
} ServiceKeyForm;

typedef struct
{
  const char *name;
  ServiceKeyForm key_forms[2];
  gboolean key_optional;
  /* one request at a time, the others wait */
  gboolean serial;
  gboolean needs_length;
  guint idle_ms;
  /* of every answer */
  const char *headers;
  /* both end with a row of zeros */
  const ServiceRoute *routes;
  const ServiceAnswer *answers;
  /* adds handlers of its own, for WebSockets; may be NULL */
  void (*setup) (TestService *service, SoupServer *server);
} ServiceKind;

extern const ServiceKind service_openai;
extern const ServiceKind service_groq;
extern const ServiceKind service_mistral;
extern const ServiceKind service_azure;
extern const ServiceKind service_whisper_cpp;
extern const ServiceKind service_speaches;
extern const ServiceKind service_localai;
extern const ServiceKind service_ollama;
extern const ServiceKind service_deepgram;
extern const ServiceKind service_elevenlabs;
extern const ServiceKind service_assemblyai;
extern const ServiceKind service_gemini;
extern const ServiceKind service_scripted;

/* The kind's own answer of that name, or the one that all kinds share, or NULL. */
const ServiceAnswer *service_find_answer (const ServiceKind *kind, const char *name);
/* Answers that every kind has; ends with a row of zeros. */
const ServiceAnswer *service_get_shared_answers (void);

typedef enum
{
  SERVICE_KEY_RIGHT,
  SERVICE_KEY_RESTRICTED,
  SERVICE_KEY_WRONG,
} ServiceKeyState;

/* For the server's thread. */
ServiceKeyState service_judge_key (TestService *self, const char *key);
gboolean service_needs_key (TestService *self);
/* The letters of @sound, or the text that the test has set. */
char *service_hear (TestService *self, GBytes *sound);
guint64 service_measure (TestService *self, GBytes *sound);
char *service_dup_spoken (TestService *self);
guint service_get_port (TestService *self);
/* Only the first complaint is kept. */
void service_complain (TestService *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/*
 * The next failure that the test has asked for, or NULL. @stage is NULL for the request to
 * transcribe, which is counted; of a service that takes several requests, "upload-" or "poll-" is
 * for the failures whose names begin so.
 */
const ServiceAnswer *service_take_failure (TestService *self, const char *stage);
/* The next plan, or the default one. Free it; its strings are the test's. */
TestPlan *service_take_plan (TestService *self);
/* What the kind keeps from one request to the next. */
GData **service_get_store (TestService *self);

G_END_DECLS
