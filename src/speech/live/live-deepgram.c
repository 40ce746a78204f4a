/* SPDX-License-Identifier: MIT */
#include "live-protocol.h"
#include "json.h"
#include "http-request.h"

/* Deepgram's live transcription: sound in binary messages, final texts for stretches of time that
 * the service chooses, and a flush wherever we want one to end. */

#define RATE 16000

/* All terms together may have 500 tokens; the service says nothing above that, and then closes. */
#define MOST_WORDS 100

/* No service hears for longer; keeps times from outside in bounds. */
#define LONGEST_S (7 * 24 * 3600)

/* Without a language it would take everybody for English; to find one out is not to be had live. */
static void
add_language (const WhisLiveOptions *options, GString *query)
{
  g_autofree char *language = whis_live_language_dup (options);

  whis_http_query_append (query, "language", language != NULL ? language : "multi");
}

static void
write_query (const WhisLiveOptions *options, GString *query)
{
  const char *word = g_str_has_prefix (options->model, "nova-3") ? "keyterm" : "keywords";

  whis_http_query_append (query, "model", options->model);
  whis_http_query_append (query, "encoding", "linear16");
  whis_http_query_append (query, "sample_rate", G_STRINGIFY (RATE));
  whis_http_query_append (query, "channels", "1");
  whis_http_query_append (query, "interim_results", "true");
  whis_http_query_append (query, "smart_format", "true");
  add_language (options, query);
  for (gsize i = 0; options->vocabulary != NULL && options->vocabulary[i] != NULL && i < MOST_WORDS;
       i++)
    whis_http_query_append (query, word, options->vocabulary[i]);
}

static char *
write_commit (guint number)
{
  return g_strdup ("{\"type\":\"Finalize\"}");
}

static guint64
get_us (JsonObject *root, const char *member)
{
  JsonNode *node = json_object_get_member (root, member);
  double seconds = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;

  return (guint64) (CLAMP (seconds, 0, LONGEST_S) * G_USEC_PER_SEC);
}

static gboolean
get_boolean (JsonObject *root, const char *member)
{
  JsonNode *node = json_object_get_member (root, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
}

static const char *
find_transcript (JsonObject *root)
{
  JsonObject *channel = whis_json_get_object (root, "channel");

  return whis_json_get_string (whis_json_get_first_object (channel, "alternatives"), "transcript");
}

static void
read_results (JsonObject *root, WhisLiveEvent *event)
{
  event->type = get_boolean (root, "is_final") ? WHIS_LIVE_EVENT_FINAL : WHIS_LIVE_EVENT_INTERIM;
  event->text = g_strdup (find_transcript (root));
  event->start_us = get_us (root, "start");
  event->end_us = event->start_us + get_us (root, "duration");
  event->flushed = get_boolean (root, "from_finalize");
}

static void
live_deepgram_parse (const char *data, gsize size, WhisLiveEvent *event)
{
  g_autoptr (JsonNode) node = whis_json_parse (data, size, NULL);
  JsonObject *root = whis_json_as_object (node);
  const char *type = whis_json_get_string (root, "type");

  if (g_strcmp0 (type, "Results") == 0)
    read_results (root, event);
  else if (g_strcmp0 (type, "Metadata") == 0)
    event->type = WHIS_LIVE_EVENT_DONE;
}

const WhisLiveProtocol whis_live_deepgram = {
  .path = "/v1/listen",
  .rate = RATE,
  .match = WHIS_LIVE_MATCH_TIME,
  .write_query = write_query,
  .write_commit = write_commit,
  .keep_alive = "{\"type\":\"KeepAlive\"}",
  .goodbye = "{\"type\":\"CloseStream\"}",
  .policy_status = 400,
  .parse = live_deepgram_parse,
};
