/* SPDX-License-Identifier: MIT */
#include "realtime-private.h"

#define RATE 16000

/* ElevenLabs' realtime transcription, `wss://…/v1/speech-to-text/realtime`. */

static gboolean
check_query (Realtime *self, GHashTable *query)
{
  static const char *const known[] = { "model_id",      "audio_format", "commit_strategy",
                                       "language_code", "keyterms",     NULL };
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (!g_strv_contains (known, name))
        return FALSE;
    }

  return g_strcmp0 (g_hash_table_lookup (query, "model_id"), "scribe_v2_realtime") == 0
         && g_strcmp0 (g_hash_table_lookup (query, "audio_format"), "pcm_16000") == 0
         && g_strcmp0 (g_hash_table_lookup (query, "commit_strategy"), "manual") == 0;
}

static void
greet (Realtime *self)
{
  self->is_set_up = !self->plan.dumb;
  realtime_send (self, "{\"message_type\":\"session_started\",\"session_id\":\"1\","
                       "\"config\":{\"sample_rate\":16000}}");
}

static void
refuse_key (Realtime *self)
{
  realtime_send (self, "{\"message_type\":\"auth_error\",\"error\":\"The key %s is not valid.\"}",
                 REALTIME_KEY);
  realtime_close (self, 1008, "auth_error");
}

static void
send_committed (Realtime *self)
{
  g_autofree char *text = realtime_join (self, 0);

  realtime_send (self, "{\"message_type\":\"committed_transcript\",\"text\":\"%s\"}", text);
  if (self->plan.both_forms)
    realtime_send (self,
                   "{\"message_type\":\"committed_transcript_with_timestamps\",\"text\":\"%s\","
                   "\"language_code\":\"en\",\"words\":[]}",
                   text);
}

static void
send_partial (Realtime *self)
{
  g_autofree char *text = realtime_join (self, 0);

  realtime_send (self, "{\"message_type\":\"partial_transcript\",\"text\":\"%s\"}", text);
}

static void
commit (Realtime *self)
{
  gboolean answers = realtime_commit (self);

  if (answers && self->n_commits == self->plan.empty_commit)
    realtime_send (self, "{\"message_type\":\"insufficient_audio_activity\",\"error\":\"Not "
                         "enough speech.\"}");
  else if (answers)
    send_committed (self);
  else if (self->plan.error != NULL)
    realtime_send (self, "{\"message_type\":\"%s\",\"error\":\"No.\"}", self->plan.error);
  self->has_committed_itself = FALSE;
  realtime_forget (self);
}

static void
hear (Realtime *self, const char *base64)
{
  gboolean mute = self->plan.mute_from != 0 && self->n_commits + 1 >= self->plan.mute_from;

  if (realtime_hear_base64 (self, base64) && !mute)
    send_partial (self);
  if (!self->plan.commits_itself || self->has_committed_itself || self->last != 0)
    return;
  self->has_committed_itself = TRUE;
  send_committed (self);
  realtime_forget (self);
}

static void
take_text (Realtime *self, JsonObject *message)
{
  const char *base64 = json_object_get_string_member_with_default (message, "audio_base_64", NULL);
  gboolean commits = json_object_get_boolean_member_with_default (message, "commit", FALSE);

  if (!self->is_set_up)
    realtime_complain (self, "sound before the session has started");
  if (g_strcmp0 (json_object_get_string_member_with_default (message, "message_type", NULL),
                 "input_audio_chunk")
          != 0
      || base64 == NULL || !json_object_has_member (message, "commit")
      || json_object_get_int_member_with_default (message, "sample_rate", 0) != RATE
      || json_object_get_size (message) != 4)
    realtime_complain (self, "a message that the service does not take");
  else if (commits && *base64 == '\0')
    commit (self);
  else
    hear (self, base64);
}

const RealtimeService realtime_elevenlabs = {
  .path = "/v1/speech-to-text/realtime",
  .base = "",
  .key_header = "xi-api-key",
  .key_value = REALTIME_KEY,
  .check_query = check_query,
  .greet = greet,
  .refuse_key = refuse_key,
  .take_text = take_text,
};
