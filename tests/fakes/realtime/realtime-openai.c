/* SPDX-License-Identifier: MIT */
#include "realtime-private.h"

#define RATE 24000
#define TRANSCRIPTION "conversation.item.input_audio_transcription."

/* OpenAI's realtime transcription, `wss://…/v1/realtime?intent=transcription`. */

static gboolean
check_query (Realtime *self, GHashTable *query)
{
  return g_hash_table_size (query) == 1
         && g_strcmp0 (g_hash_table_lookup (query, "intent"), "transcription") == 0;
}

static void
greet (Realtime *self)
{
  realtime_send (self, "{\"type\":\"session.created\",\"event_id\":\"event_1\",\"session\":{"
                       "\"type\":\"transcription\",\"id\":\"sess_1\",\"audio\":{\"input\":{"
                       "\"turn_detection\":{\"type\":\"server_vad\"}}}}}");
}

static void
refuse_key (Realtime *self)
{
  realtime_send (self,
                 "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                 "\"code\":\"invalid_api_key\",\"message\":\"Incorrect API key provided: %s.\","
                 "\"param\":null,\"event_id\":null}}",
                 REALTIME_KEY);
  realtime_close (self, 3000, "invalid_request_error.invalid_api_key");
}

/* --- the session ------------------------------------------------------------------------------ */

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static gboolean
has_string (JsonObject *object, const char *name, const char *value)
{
  return object != NULL
         && g_strcmp0 (json_object_get_string_member_with_default (object, name, ""), value) == 0;
}

static gboolean
is_null (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) && json_object_get_null_member (object, name);
}

static gboolean
is_only (JsonObject *object, const char *names)
{
  g_autoptr (GList) members = json_object_get_members (object);
  g_auto (GStrv) known = g_strsplit (names, " ", -1);

  for (GList *l = members; l != NULL; l = l->next)
    {
      if (!g_strv_contains ((const char *const *) known, l->data))
        return FALSE;
    }

  return TRUE;
}

/* Each model has its own fields. */
static gboolean
check_transcription (JsonObject *transcription)
{
  const char *model;

  if (transcription == NULL)
    return FALSE;
  model = json_object_get_string_member_with_default (transcription, "model", "");
  if (g_str_equal (model, "gpt-live-transcribe"))
    return is_only (transcription, "model languages keywords");
  if (g_str_equal (model, "gpt-realtime-whisper"))
    return is_only (transcription, "model language delay");

  return g_str_equal (model, "gpt-4o-transcribe")
         && is_only (transcription, "model language prompt");
}

static gboolean
check_session (JsonObject *session)
{
  JsonObject *input = get_object (get_object (session, "audio"), "input");
  JsonObject *format = get_object (input, "format");

  return has_string (session, "type", "transcription") && input != NULL
         && has_string (format, "type", "audio/pcm")
         && json_object_get_int_member_with_default (format, "rate", 0) == RATE
         && is_null (input, "turn_detection")
         && is_only (input, "format transcription noise_reduction turn_detection")
         && check_transcription (get_object (input, "transcription"));
}

static void
update_session (Realtime *self, JsonObject *message)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *session = get_object (message, "session");

  if (!check_session (session))
    {
      realtime_complain (self, "a session that the service does not take");
      return;
    }
  json_node_set_object (node, session);
  g_free (self->setup);
  self->setup = json_to_string (node, FALSE);
  self->is_set_up = TRUE;
  realtime_send (self,
                 "{\"type\":\"session.updated\",\"session\":{\"type\":\"transcription\","
                 "\"audio\":{\"input\":{\"turn_detection\":%s}}}}",
                 self->plan.keeps_turns ? "{\"type\":\"server_vad\"}" : "null");
}

/* --- sound ------------------------------------------------------------------------------------ */

static void
append (Realtime *self, JsonObject *message)
{
  guint before = self->words->len;

  if (!self->is_set_up)
    realtime_complain (self, "sound before the session is confirmed");
  if (!realtime_hear_base64 (self,
                             json_object_get_string_member_with_default (message, "audio", NULL)))
    return;
  if (self->plan.mute_from == 0 || self->n_commits + 1 < self->plan.mute_from)
    {
      g_autofree char *text = realtime_join (self, before);

      realtime_send (self,
                     "{\"type\":\"" TRANSCRIPTION "delta\",\"item_id\":\"item_%u\","
                     "\"content_index\":0,\"delta\":\"%s%s\"}",
                     self->n_commits + 1, before > 0 ? " " : "", text);
    }
}

static void
send_empty (Realtime *self, JsonObject *commit)
{
  realtime_send (self,
                 "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                 "\"code\":\"input_audio_buffer_commit_empty\",\"message\":\"Error committing "
                 "input audio buffer: buffer too small. Expected at least 100ms of audio, but "
                 "buffer only has 0.00ms of audio.\",\"param\":null,\"event_id\":\"%s\"}}",
                 json_object_get_string_member_with_default (commit, "event_id", ""));
}

/* With out_of_order the text of every other commit waits for the next one's. */
static void
send_completed (Realtime *self)
{
  g_autofree char *text = realtime_join (self, 0);
  g_autofree char *message = g_strdup_printf (
      "{\"type\":\"" TRANSCRIPTION "completed\",\"item_id\":\"item_%u\",\"content_index\":0,"
      "\"transcript\":\"%s\",\"usage\":{\"type\":\"duration\",\"seconds\":3}}",
      self->n_commits, text);

  if (self->plan.out_of_order && self->held == NULL)
    {
      self->held = g_steal_pointer (&message);
      return;
    }
  realtime_send (self, "%s", message);
  if (self->held != NULL)
    realtime_send (self, "%s", self->held);
  g_clear_pointer (&self->held, g_free);
}

static void
send_committed (Realtime *self, guint number)
{
  g_autofree char *previous =
      number > 1 ? g_strdup_printf ("\"item_%u\"", number - 1) : g_strdup ("null");

  realtime_send (self,
                 "{\"type\":\"input_audio_buffer.committed\",\"item_id\":\"item_%u\","
                 "\"previous_item_id\":%s}",
                 number, previous);
}

static void
answer_commit (Realtime *self, JsonObject *message)
{
  if (self->n_commits == self->plan.empty_commit)
    {
      send_empty (self, message);
      return;
    }
  send_committed (self, self->n_commits);
  if (self->plan.stray_commit)
    send_committed (self, 99);
  if (self->n_commits == self->plan.fail_commit)
    realtime_send (self,
                   "{\"type\":\"" TRANSCRIPTION "failed\",\"item_id\":\"item_%u\","
                   "\"content_index\":0,\"error\":{\"code\":\"audio_unintelligible\"}}",
                   self->n_commits);
  else
    send_completed (self);
}

static void
commit (Realtime *self, JsonObject *message)
{
  if (self->n_samples - self->n_committed < RATE / 10)
    realtime_complain (self, "a commit of less than 100 ms");
  if (realtime_commit (self))
    answer_commit (self, message);
  else if (self->plan.error != NULL)
    realtime_send (self, "{\"type\":\"error\",\"error\":%s}", self->plan.error);
  realtime_forget (self);
}

static void
take_text (Realtime *self, JsonObject *message)
{
  const char *type = json_object_get_string_member_with_default (message, "type", "");

  if (g_str_equal (type, "session.update"))
    update_session (self, message);
  else if (g_str_equal (type, "input_audio_buffer.append"))
    append (self, message);
  else if (g_str_equal (type, "input_audio_buffer.commit"))
    commit (self, message);
  else
    realtime_complain (self, "a message of type %s", type);
}

const RealtimeService realtime_openai = {
  .path = "/v1/realtime",
  .base = "/v1",
  .key_header = "Authorization",
  .key_value = "Bearer " REALTIME_KEY,
  .check_query = check_query,
  .greet = greet,
  .refuse_key = refuse_key,
  .take_text = take_text,
};
