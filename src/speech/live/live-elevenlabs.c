/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"
#include "json.h"
#include "http-request.h"

#include <string.h>

/* ElevenLabs' realtime transcription: one committed text for each commit, in their order. */

#define RATE 16000

/* What the service takes of words that may be said. */
#define MOST_WORDS 50
#define LONGEST_WORD 20

enum
{
  FORM_PLAIN = 1,
  FORM_WITH_TIMES,
};

static gboolean
is_keyterm (const char *word)
{
  return *word != '\0' && strpbrk (word, "<>{}[]\\") == NULL
         && g_utf8_strlen (word, -1) <= LONGEST_WORD;
}

static void
add_words (const WhisLiveOptions *options, GString *query)
{
  guint n = 0;

  for (gsize i = 0; options->vocabulary != NULL && options->vocabulary[i] != NULL && n < MOST_WORDS;
       i++)
    {
      if (!is_keyterm (options->vocabulary[i]))
        continue;
      whis_http_query_append (query, "keyterms", options->vocabulary[i]);
      n++;
    }
}

static void
write_query (const WhisLiveOptions *options, GString *query)
{
  g_autofree char *language = whis_live_language_dup (options);

  whis_http_query_append (query, "model_id", options->model);
  whis_http_query_append (query, "audio_format", "pcm_" G_STRINGIFY (RATE));
  whis_http_query_append (query, "commit_strategy", "manual");
  if (language != NULL)
    whis_http_query_append (query, "language_code", language);
  add_words (options, query);
}

static char *
write_chunk (const char *base64, const char *commit)
{
  return g_strconcat ("{\"message_type\":\"input_audio_chunk\",\"audio_base_64\":\"", base64,
                      "\",\"commit\":", commit, ",\"sample_rate\":" G_STRINGIFY (RATE) "}", NULL);
}

static char *
write_sound (const guint8 *sound, gsize size)
{
  g_autofree char *base64 = g_base64_encode (sound, size);

  return write_chunk (base64, "false");
}

static char *
write_commit (guint number)
{
  return write_chunk ("", "true");
}

static const struct
{
  const char *name;
  WhisLiveEventType type;
  guint form;
  guint status;
} messages[] = {
  { "session_started", .type = WHIS_LIVE_EVENT_READY },
  { "partial_transcript", .type = WHIS_LIVE_EVENT_INTERIM },
  { "committed_transcript", .type = WHIS_LIVE_EVENT_FINAL, .form = FORM_PLAIN },
  { "committed_transcript_with_timestamps", .type = WHIS_LIVE_EVENT_FINAL,
    .form = FORM_WITH_TIMES },
  { "insufficient_audio_activity", .type = WHIS_LIVE_EVENT_EMPTY },
  { "error", .type = WHIS_LIVE_EVENT_REFUSED, .status = 503 },
  { "auth_error", .type = WHIS_LIVE_EVENT_REFUSED, .status = 401 },
  { "quota_exceeded", .type = WHIS_LIVE_EVENT_REFUSED, .status = 402 },
  { "commit_throttled", .type = WHIS_LIVE_EVENT_REFUSED, .status = 429 },
  { "unaccepted_terms", .type = WHIS_LIVE_EVENT_REFUSED, .status = 403 },
  { "rate_limited", .type = WHIS_LIVE_EVENT_REFUSED, .status = 429 },
  { "queue_overflow", .type = WHIS_LIVE_EVENT_REFUSED, .status = 503 },
  { "resource_exhausted", .type = WHIS_LIVE_EVENT_REFUSED, .status = 503 },
  { "session_time_limit_exceeded", .type = WHIS_LIVE_EVENT_REFUSED, .status = 503 },
  { "input_error", .type = WHIS_LIVE_EVENT_REFUSED, .status = 400 },
  { "chunk_size_exceeded", .type = WHIS_LIVE_EVENT_REFUSED, .status = 400 },
  { "transcriber_error", .type = WHIS_LIVE_EVENT_REFUSED, .status = 503 },
};

static void
live_elevenlabs_parse (const char *data, gsize size, WhisLiveEvent *event)
{
  g_autoptr (JsonNode) node = whis_json_parse (data, size, NULL);
  JsonObject *root = whis_json_as_object (node);
  const char *type = whis_json_get_string (root, "message_type");

  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (messages); i++)
    {
      if (!g_str_equal (type, messages[i].name))
        continue;
      event->type = messages[i].type;
      event->form = messages[i].form;
      event->status = messages[i].status;
      event->text = g_strdup (whis_json_get_string (root, "text"));
      return;
    }
}

const WhisLiveProtocol whis_live_elevenlabs = {
  .path = "/v1/speech-to-text/realtime",
  .rate = RATE,
  .match = WHIS_LIVE_MATCH_ORDER,
  .says_hello = TRUE,
  .write_query = write_query,
  .write_sound = write_sound,
  .write_commit = write_commit,
  .policy_status = 403,
  .parse = live_elevenlabs_parse,
};
