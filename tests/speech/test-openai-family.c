/* SPDX-License-Identifier: MIT */

/* The services that speak OpenAI's dialect, each as it is: what Whis asks is what they take. */

#include "backend.h"
#include "models.h"
#include "service.h"
#include "service-error.h"

#include <string.h>

typedef struct
{
  /* of the provider and of the service in the test */
  const char *provider;
  const char *service;
  /* behind host and port */
  const char *path;
  /* with spaces; none where the server has only one */
  const char *models;
} Member;

static const Member members[] = {
  { "openai", "openai", "/v1",
    "gpt-transcribe gpt-4o-transcribe gpt-4o-mini-transcribe gpt-4o-mini-transcribe-2025-12-15 "
    "whisper-1" },
  { "groq", "groq", "/openai/v1", "whisper-large-v3-turbo whisper-large-v3" },
  { "mistral", "mistral", "/v1",
    "voxtral-mini-transcribe-latest voxtral-small-transcribe-latest voxtral-mini-latest "
    "voxtral-mini-2602" },
  { "azure", "azure", "", "whisper transcribe" },
  { "azure", "azure", "/openai/v1", "whisper transcribe" },
  { "whisper-cpp", "whisper-cpp", "", NULL },
  { "speaches", "speaches", "/v1", "Systran/faster-whisper-small" },
  { "localai", "localai", "", "whisper-1" },
  { "ollama", "ollama", "/v1", "gemma4:e2b" },
  { "custom", "speaches", "/v1", "Systran/faster-whisper-small" },
  { "custom", "localai", "", "whisper-1" },
  { "custom", "ollama", "", "gemma4:e2b" },
  { "custom", "whisper-cpp", "/inference", NULL },
};

static WhisBackend *
make_backend (const Member *member, TestService *service)
{
  g_autofree char *address = g_strconcat (test_service_get_url (service), member->path, NULL);
  g_autoptr (GError) error = NULL;
  WhisBackend *backend =
      whis_backend_new (whis_provider_lookup (member->provider), address, NULL, &error);

  g_assert_no_error (error);

  return backend;
}

static const Member *
find_member (const char *provider)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (g_str_equal (members[i].provider, provider))
        return &members[i];
    }
  g_assert_not_reached ();
}

static char *
get_first_model (const Member *member)
{
  return member->models != NULL ? g_strndup (member->models, strcspn (member->models, " ")) : NULL;
}

static WhisSpeechRequest *
make_request (TestService *service, const char *model)
{
  g_autoptr (GBytes) sound = g_bytes_new_static ("Gutenberg", 9);
  g_autofree char *key = test_service_dup_key (service);
  WhisSpeechRequest *request = whis_speech_request_new ("/unused", 0, 9, 2000);

  whis_speech_request_set_bytes (request, sound);
  whis_speech_request_set_model (request, model);
  whis_speech_request_set_key (request, key);

  return request;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static WhisTranscription *
transcribe (WhisBackend *backend, WhisSpeechRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_backend_transcribe_async (backend, request, NULL, take_result, &result);

  return whis_backend_transcribe_finish (backend, wait_for (&result), error);
}

/* What the user may have set. */
typedef struct
{
  const char *language;
  const char *prompt;
  const char *const *vocabulary;
  gboolean wants_times;
} Wish;

static const char *const few_words[] = { "Quillara", "Quillara Nord, Süd", NULL };
/* Made longer than any service takes in main(). */
static char *long_prompt;
static char **many_words;

static void
set_wish (WhisSpeechRequest *request, const Wish *wish)
{
  whis_speech_request_set_language (request, wish->language);
  whis_speech_request_set_prompt (request, wish->prompt);
  whis_speech_request_set_vocabulary (request, wish->vocabulary);
  whis_speech_request_set_wants_times (request, wish->wants_times);
}

static void
check_wish (const Member *member, const char *model, const Wish *wish)
{
  g_autoptr (TestService) service = test_service_new (member->service);
  WhisBackend *backend = make_backend (member, service);
  g_autoptr (WhisSpeechRequest) request = make_request (service, model);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  set_wish (request, wish);
  transcription = transcribe (backend, request, &error);
  g_test_message ("%s %s %s, times %d: %s", member->provider, model,
                  wish->language != NULL ? wish->language : "automatic", wish->wants_times,
                  test_service_get_complaint (service));
  g_assert_no_error (error);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_cmpstr (transcription->text, ==, "Gutenberg");
  g_assert_finalize_object (backend);
}

static void
check_wishes (const Member *member, const char *model)
{
  const Wish wishes[] = {
    { NULL },
    { "de" },
    { "de-AT" },
    /* which gpt-transcribe does not know, and which whisper-1 refuses */
    { "sq" },
    { "gu" },
    { NULL, "Ein Brief." },
    { NULL, NULL, few_words },
    { NULL, long_prompt, (const char *const *) many_words },
    { .wants_times = TRUE },
    { "de", "Ein Brief.", few_words, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wishes); i++)
    check_wish (member, model, &wishes[i]);
}

static void
test_wishes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_auto (GStrv) models =
          g_strsplit (members[i].models != NULL ? members[i].models : "", " ", -1);

      if (models[0] == NULL)
        check_wishes (&members[i], NULL);
      for (gsize j = 0; models[j] != NULL; j++)
        check_wishes (&members[i], models[j]);
    }
}

/* Which models give times, and of what: the text is two sentences of three words. */
static void
test_times (void)
{
  static const struct
  {
    const char *provider;
    const char *model;
    const char *language;
    guint n_times;
  } cases[] = {
    { "openai", "gpt-transcribe", "de", 0 },
    { "openai", "gpt-4o-transcribe", "de", 0 },
    { "openai", "whisper-1", "de", 6 },
    { "groq", NULL, "de", 6 },
    { "mistral", NULL, NULL, 2 },
    { "mistral", NULL, "de", 0 },
    { "azure", "whisper", "de", 0 },
    { "whisper-cpp", NULL, NULL, 6 },
    { "whisper-cpp", NULL, "de", 6 },
    { "speaches", "Systran/faster-whisper-small", NULL, 6 },
    { "localai", "whisper-1", NULL, 6 },
    { "ollama", "gemma4:e2b", NULL, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Member *member = find_member (cases[i].provider);
      g_autoptr (TestService) service = test_service_new (member->service);
      WhisBackend *backend = make_backend (member, service);
      g_autoptr (WhisSpeechRequest) request = make_request (service, cases[i].model);
      g_autoptr (GBytes) sound = g_bytes_new_static ("\xFF\xFB mp3!!!", 9);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = NULL;

      test_service_set_text (service, "Guten Tag zusammen. Wie geht es?");
      whis_speech_request_set_bytes (request, sound);
      set_wish (request, &(Wish){ cases[i].language, .wants_times = TRUE });
      transcription = transcribe (backend, request, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, "Guten Tag zusammen. Wie geht es?");
      g_test_message ("%s %s", cases[i].provider, cases[i].model);
      g_assert_cmpuint (transcription->times->len, ==, cases[i].n_times);
      g_assert_finalize_object (backend);
    }
}

/* Members that nobody knows, and null for those that somebody does. */
static void
test_other_answer (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (TestService) service = test_service_new (members[i].service);
      WhisBackend *backend = make_backend (&members[i], service);
      g_autofree char *model = get_first_model (&members[i]);
      g_autoptr (WhisSpeechRequest) request = make_request (service, model);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = NULL;

      whis_speech_request_set_wants_times (request, TRUE);
      whis_speech_request_set_language (request, "de");
      test_service_fail_next (service, "other-answer");
      transcription = transcribe (backend, request, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, "Gutenberg");
      g_assert_finalize_object (backend);
    }
}

static char *
list_models (WhisBackend *backend, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) models = NULL;
  GString *line = g_string_new (NULL);

  whis_backend_list_models_async (backend, key, NULL, take_result, &result);
  models = whis_backend_list_models_finish (backend, wait_for (&result), error);
  for (guint i = 0; models != NULL && i < models->len; i++)
    {
      const WhisModelInfo *info = g_ptr_array_index (models, i);

      g_string_append_printf (line, "%s%s%s%s", i > 0 ? " " : "", info->id,
                              info->retires != NULL ? "@" : "",
                              info->retires != NULL ? info->retires : "");
    }

  return g_string_free (line, FALSE);
}

static void
test_models (void)
{
  static const char *const lists[][2] = {
    { "openai", "gpt-transcribe gpt-4o-transcribe@2027-02-26 gpt-4o-mini-transcribe@2027-02-26 "
                "whisper-1@2027-02-26 gpt-live-transcribe" },
    { "groq", "whisper-large-v3-turbo whisper-large-v3" },
    { "mistral", "voxtral-mini-transcribe-latest voxtral-small-transcribe-latest" },
    { "azure", "whisper-001" },
    { "whisper-cpp", "" },
    { "speaches", "Systran/faster-whisper-small" },
    { "localai", "whisper-1 whisper-large-turbo" },
    { "ollama", "gemma4:e2b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      const Member *member = find_member (lists[i][0]);
      g_autoptr (TestService) service = test_service_new (member->service);
      WhisBackend *backend = make_backend (member, service);
      g_autofree char *key = test_service_dup_key (service);
      g_autoptr (GError) error = NULL;
      g_autofree char *models = list_models (backend, key, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (models, ==, lists[i][1]);
      g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
      g_assert_finalize_object (backend);
    }
}

typedef enum
{
  KEY_NONE,
  KEY_RIGHT,
  KEY_RESTRICTED,
  KEY_WRONG,
} Key;

typedef struct
{
  const char *provider;
  /* whether the server was told to ask for a key; those in the cloud always do */
  gboolean asks;
  Key key;
  WhisKeyVerdict verdict;
} KeyCase;

#define CLOUD_KEYS(id)                                                                             \
  { id, FALSE, KEY_NONE, WHIS_KEY_MISSING }, { id, FALSE, KEY_RIGHT, WHIS_KEY_OK },                \
      { id, FALSE, KEY_RESTRICTED, WHIS_KEY_UNKNOWN },                                             \
  {                                                                                                \
    id, FALSE, KEY_WRONG, WHIS_KEY_WRONG                                                           \
  }
#define OWN_KEYS(id)                                                                               \
  { id, FALSE, KEY_NONE, WHIS_KEY_OK }, { id, TRUE, KEY_NONE, WHIS_KEY_MISSING },                  \
      { id, TRUE, KEY_RIGHT, WHIS_KEY_OK },                                                        \
  {                                                                                                \
    id, TRUE, KEY_WRONG, WHIS_KEY_WRONG                                                            \
  }

static const KeyCase key_cases[] = {
  CLOUD_KEYS ("openai"),
  CLOUD_KEYS ("groq"),
  CLOUD_KEYS ("mistral"),
  CLOUD_KEYS ("azure"),
  OWN_KEYS ("speaches"),
  OWN_KEYS ("localai"),
  OWN_KEYS ("ollama"),
  { "whisper-cpp", FALSE, KEY_NONE, WHIS_KEY_OK },
  { "whisper-cpp", FALSE, KEY_RIGHT, WHIS_KEY_OK },
};

#define SERVER_KEY "sk-server-0123456789"

static char *
dup_key (TestService *service, Key key)
{
  switch (key)
    {
    case KEY_RIGHT:
      return test_service_dup_key (service);
    case KEY_RESTRICTED:
      return g_strdup (test_service_get_restricted_key (service));
    case KEY_WRONG:
      return g_strdup ("sk-wrong-0123456789");
    case KEY_NONE:
    default:
      return NULL;
    }
}

static char *
check_key (WhisBackend *backend, const char *key, WhisKeyVerdict *verdict, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  char *sentence = NULL;

  whis_backend_check_key_async (backend, key, NULL, take_result, &result);
  whis_backend_check_key_finish (backend, wait_for (&result), verdict, &sentence, error);

  return sentence;
}

static void
test_keys (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (key_cases); i++)
    {
      const KeyCase *item = &key_cases[i];
      const Member *member = find_member (item->provider);
      g_autoptr (TestService) service = test_service_new (member->service);
      WhisBackend *backend = make_backend (member, service);
      g_autoptr (GError) error = NULL;
      g_autofree char *key = NULL;
      g_autofree char *sentence = NULL;
      WhisKeyVerdict verdict;

      if (item->asks)
        test_service_set_key (service, SERVER_KEY);
      key = dup_key (service, item->key);
      sentence = check_key (backend, key, &verdict, &error);
      g_assert_no_error (error);
      g_test_message ("%s with key %d: %s", item->provider, item->key, sentence);
      g_assert_cmpint (verdict, ==, item->verdict);
      g_assert_true (key == NULL || strstr (sentence, key) == NULL);
      /* costs nothing */
      g_assert_cmpuint (test_service_get_n_sounds (service), ==, 0);
      g_assert_finalize_object (backend);
    }
}

static void
test_no_key_to_whisper_cpp (void)
{
  const Member *member = find_member ("whisper-cpp");
  g_autoptr (TestService) service = test_service_new (member->service);
  WhisBackend *backend = make_backend (member, service);
  g_autoptr (WhisSpeechRequest) request = make_request (service, NULL);
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autoptr (WhisTranscription) transcription = transcribe (backend, request, &error);
  SoupMessageHeaders *headers = test_service_get_request (service, 0)->headers;

  g_assert_no_error (error);
  g_assert_null (soup_message_headers_get_one (headers, "Authorization"));
  g_assert_null (soup_message_headers_get_one (headers, "api-key"));
  g_assert_finalize_object (backend);
}

/* What a failure means; @service is NULL for what it means wherever it is not said otherwise. */
typedef struct
{
  const char *service;
  const char *failure;
  /* or FINE */
  int code;
} Meaning;

#define FINE -1
/* held back until the test lets go: test-openai.c has that */
#define HELD -2

static const Meaning meanings[] = {
  /* a model that is being loaded looks like a wrong path there */
  { "whisper-cpp", "overloaded", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "whisper-cpp", "plain-text", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "speaches", "plain-text", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "ollama", "plain-text", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "ollama", "other-shape", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "openai", "no-model", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "groq", "unsupported-language", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { "localai", "other-shape", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "openai", "other-shape", WHIS_SERVICE_ERROR_WRONG_KEY },
  /* Mistral's bodies for both are the same */
  { "mistral", "no-money", WHIS_SERVICE_ERROR_WRONG_KEY },
  /* LocalAI has one status for all that goes wrong behind it */
  { "localai", "unknown-model", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "localai", "broken-file", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { "localai", "nanoseconds", FINE },
  /* one piece is more than what is allowed in an hour */
  { "groq", "too-long", WHIS_SERVICE_ERROR_RATE_LIMIT },
  /* it says of a model that is gone what it says of one that never was */
  { "mistral", "retired-model", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },

  { NULL, "empty-text", FINE },
  { NULL, "other-answer", FINE },
  { NULL, "too-short", FINE },
  /* for those who ask for a stream of events, as Whis does not */
  { NULL, "stream-comments", FINE },
  { NULL, "stream-crlf", FINE },
  { NULL, "stream-error", FINE },
  { NULL, "stream-without-done", FINE },
  { NULL, "stream-without-end", FINE },
  { NULL, "slow-first-byte", HELD },
  { NULL, "slow-drip", HELD },
  { NULL, "wrong-key", WHIS_SERVICE_ERROR_WRONG_KEY },
  { NULL, "key-echo", WHIS_SERVICE_ERROR_WRONG_KEY },
  { NULL, "no-key", WHIS_SERVICE_ERROR_WRONG_KEY },
  { NULL, "no-money", WHIS_SERVICE_ERROR_CREDIT },
  { NULL, "no-credits", WHIS_SERVICE_ERROR_CREDIT },
  { NULL, "spend-limit", WHIS_SERVICE_ERROR_CREDIT },
  { NULL, "usage-limit", WHIS_SERVICE_ERROR_CREDIT },
  { NULL, "no-permission", WHIS_SERVICE_ERROR_PERMISSION },
  { NULL, "restricted", WHIS_SERVICE_ERROR_PERMISSION },
  { NULL, "rate-limit", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-plain", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-ms", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-long", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-date", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-prose", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "rate-limit-no-retry", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "slow-down", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "other-shape", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { NULL, "too-large", WHIS_SERVICE_ERROR_TOO_LARGE },
  { NULL, "too-long", WHIS_SERVICE_ERROR_TOO_LARGE },
  { NULL, "unsupported-language", WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE },
  { NULL, "unsupported-languages", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "unsupported-format", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "unsupported-file", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "unknown-model", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { NULL, "retired-model", WHIS_SERVICE_ERROR_RETIRED },
  { NULL, "deaf-model", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "no-model", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { NULL, "no-file", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "no-word-times", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "broken-file", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "long-prompt", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "unknown-field", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "unprocessable", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "bad-request", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "too-old", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "not-found", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "wrong-method", WHIS_SERVICE_ERROR_UNSUPPORTED },
  { NULL, "length-required", WHIS_SERVICE_ERROR_BAD_ANSWER },
  { NULL, "cannot-process", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "not-a-number", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "capacity", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "down", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "down-html", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "bad-gateway", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "overloaded", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "gateway-timeout", WHIS_SERVICE_ERROR_SERVICE_DOWN },
  { NULL, "truncated", WHIS_SERVICE_ERROR_BAD_ANSWER },
  { NULL, "captive-portal", WHIS_SERVICE_ERROR_BAD_ANSWER },
  { NULL, "captive-redirect", WHIS_SERVICE_ERROR_REDIRECT },
  { NULL, "reset", WHIS_SERVICE_ERROR_NETWORK },
  { NULL, "reset-at-once", WHIS_SERVICE_ERROR_NETWORK },
};

static int
get_meaning (const char *service, const char *failure)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    {
      if (g_str_equal (meanings[i].failure, failure)
          && (meanings[i].service == NULL || g_str_equal (meanings[i].service, service)))
        return meanings[i].code;
    }
  g_error ("Nobody says what %s of %s means", failure, service);
}

static void
check_failure (const Member *member, const char *failure, int meaning)
{
  g_autoptr (TestService) service = test_service_new (member->service);
  WhisBackend *backend = make_backend (member, service);
  g_autofree char *model = get_first_model (member);
  g_autoptr (WhisSpeechRequest) request = make_request (service, model);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription = NULL;

  /* whisper.cpp is asked twice at first by who does not know it yet */
  whis_speech_request_set_language (request, "de");
  test_service_fail_next (service, failure);
  transcription = transcribe (backend, request, &error);
  g_test_message ("%s %s: %s", member->provider, failure, error != NULL ? error->message : "fine");
  if (meaning == FINE)
    g_assert_no_error (error);
  else
    {
      g_assert_error (error, WHIS_SERVICE_ERROR, meaning);
      g_assert_null (strstr (error->message, request->key));
      g_assert_null (strchr (error->message, '<'));
    }
  g_assert_cmpuint (test_service_get_n_sounds (service), ==, 1);
  g_assert_cmpuint (test_service_get_n_requests (service), ==, 1);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_finalize_object (backend);
}

static void
test_failures (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (TestService) service = test_service_new (members[i].service);
      g_auto (GStrv) failures = test_service_list_failures (service);

      for (gsize j = 0; failures[j] != NULL; j++)
        {
          int meaning = get_meaning (members[i].service, failures[j]);

          if (meaning != HELD)
            check_failure (&members[i], failures[j], meaning);
        }
    }
}

/* The sentences that are about one service alone. */
static void
test_unknown_path (void)
{
  static const char *const cases[][3] = {
    { "ollama", "too-old", "too old" },
    { "whisper-cpp", "overloaded", "loading" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Member *member = find_member (cases[i][0]);
      g_autoptr (TestService) service = test_service_new (member->service);
      WhisBackend *backend = make_backend (member, service);
      g_autofree char *model = get_first_model (member);
      g_autoptr (WhisSpeechRequest) request = make_request (service, model);
      g_autoptr (GError) error = NULL;

      test_service_fail_next (service, cases[i][1]);
      g_assert_null (transcribe (backend, request, &error));
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (error->message, cases[i][2]));
      g_assert_finalize_object (backend);
    }
}

/* Nothing is sent to find out what is known. */
static void
test_no_model (void)
{
  static const char *const providers[] = { "azure", "speaches", "localai", "ollama" };

  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      const Member *member = find_member (providers[i]);
      g_autoptr (TestService) service = test_service_new (member->service);
      WhisBackend *backend = make_backend (member, service);
      g_autoptr (WhisSpeechRequest) request = make_request (service, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (transcribe (backend, request, &error));
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL);
      g_assert_nonnull (strstr (error->message, "model"));
      g_assert_cmpuint (test_service_get_n_requests (service), ==, 0);
      g_assert_finalize_object (backend);
    }
}

/* A deployment that is not there, and one whose name would break the address. */
static void
test_deployments (void)
{
  const Member *member = find_member ("azure");
  g_autoptr (TestService) service = test_service_new (member->service);
  WhisBackend *backend = make_backend (member, service);
  static const char *const names[] = { "missing", "a b?c#d" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (WhisSpeechRequest) request = make_request (service, names[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (transcribe (backend, request, &error));
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL);
      g_assert_nonnull (strstr (error->message, "deployment"));
      g_assert_cmpstr (test_service_get_request (service, i)->query, ==, "api-version=2024-10-21");
    }
  g_assert_finalize_object (backend);
}

/* whisper.cpp closes a connection that is idle for five seconds; the next piece takes a new one. */
static void
test_idle_connection (void)
{
  const Member *member = find_member ("whisper-cpp");
  g_autoptr (TestService) service = test_service_new (member->service);
  WhisBackend *backend = make_backend (member, service);
  g_autoptr (WhisSpeechRequest) request = make_request (service, NULL);
  g_autoptr (GError) error = NULL;

  test_service_set_idle_ms (service, 20);
  for (guint i = 1; i <= 2; i++)
    {
      g_autoptr (WhisTranscription) transcription = transcribe (backend, request, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, "Gutenberg");
      test_service_wait_idle_closed (service, i);
    }
  g_assert_cmpuint (test_service_get_n_connections (service), ==, 2);
  g_assert_finalize_object (backend);
}

/* The connection is opened ahead of its use, and whatever the server says to that is no matter. */
static void
test_warm_up (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (TestService) service = test_service_new (members[i].service);
      WhisBackend *backend = make_backend (&members[i], service);
      g_autofree char *model = get_first_model (&members[i]);
      g_autoptr (WhisSpeechRequest) request = make_request (service, model);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = NULL;

      whis_speech_request_set_language (request, "de");
      whis_backend_warm_up (backend, NULL);
      while (G_OBJECT (backend)->ref_count > 1)
        g_main_context_iteration (NULL, TRUE);
      transcription = transcribe (backend, request, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (test_service_get_n_sounds (service), ==, 1);
      g_assert_cmpuint (test_service_get_n_connections (service), ==, 1);
      g_assert_finalize_object (backend);
    }
}

static char **
make_many_words (void)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (int i = 0; i < 150; i++)
    {
      g_autofree char *word = g_strdup_printf ("Wort%d", i);

      g_strv_builder_add (words, word);
    }

  return g_strv_builder_end (words);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  long_prompt = g_strnfill (3000, 'x');
  many_words = make_many_words ();

  g_test_add_func ("/openai-family/wishes", test_wishes);
  g_test_add_func ("/openai-family/times", test_times);
  g_test_add_func ("/openai-family/other-answer", test_other_answer);
  g_test_add_func ("/openai-family/models", test_models);
  g_test_add_func ("/openai-family/keys", test_keys);
  g_test_add_func ("/openai-family/no-key-to-whisper-cpp", test_no_key_to_whisper_cpp);
  g_test_add_func ("/openai-family/failures", test_failures);
  g_test_add_func ("/openai-family/unknown-path", test_unknown_path);
  g_test_add_func ("/openai-family/no-model", test_no_model);
  g_test_add_func ("/openai-family/deployments", test_deployments);
  g_test_add_func ("/openai-family/idle-connection", test_idle_connection);
  g_test_add_func ("/openai-family/warm-up", test_warm_up);

  status = g_test_run ();
  g_free (long_prompt);
  g_strfreev (many_words);

  return status;
}
