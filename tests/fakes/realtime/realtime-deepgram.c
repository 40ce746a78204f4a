/* SPDX-License-Identifier: MIT */
#include "realtime-private.h"

#define RATE 16000
#define LARGEST_PIECE (RATE * 2 / 4)

/* A final text has so many words: several come for one chunk. */
#define FINAL_WORDS 2

/* Deepgram's live transcription, `wss://…/v1/listen`. */

static gboolean
has (GHashTable *query, const char *name, const char *value)
{
  return g_strcmp0 (g_hash_table_lookup (query, name), value) == 0;
}

static gboolean
check_query (Realtime *self, GHashTable *query)
{
  static const char *const known[] = { "model",    "encoding",        "sample_rate",
                                       "channels", "interim_results", "smart_format",
                                       "language", "keyterm",         NULL };
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (!g_strv_contains (known, name))
        return FALSE;
    }

  /* without a language everybody would be taken for English */
  return has (query, "model", "nova-3") && has (query, "encoding", "linear16")
         && has (query, "sample_rate", "16000") && has (query, "channels", "1")
         && has (query, "interim_results", "true") && g_hash_table_contains (query, "language");
}

/* Nothing is said before there is something to say. */
static void
greet (Realtime *self)
{
}

static void
refuse_key (Realtime *self)
{
  realtime_close (self, 1008, "DATA-0000");
}

/* --- texts ------------------------------------------------------------------------------------ */

static void
send_results (Realtime *self, gboolean is_final, gboolean from_finalize)
{
  g_autofree char *text = realtime_join (self, 0);
  double start = (double) self->n_committed / RATE;
  double duration = (double) (self->n_samples - self->n_committed) / RATE;
  char buffers[2][G_ASCII_DTOSTR_BUF_SIZE];

  realtime_send (self,
                 "{\"type\":\"Results\",\"channel_index\":[0,1],\"start\":%s,\"duration\":%s,"
                 "\"is_final\":%s,\"speech_final\":false,\"from_finalize\":%s,\"channel\":{"
                 "\"alternatives\":[{\"transcript\":\"%s\",\"confidence\":0.9,\"words\":[]}]},"
                 "\"metadata\":{\"request_id\":\"1\"}}",
                 g_ascii_dtostr (buffers[0], G_ASCII_DTOSTR_BUF_SIZE, start),
                 g_ascii_dtostr (buffers[1], G_ASCII_DTOSTR_BUF_SIZE, duration),
                 is_final ? "true" : "false", from_finalize ? "true" : "false", text);
  if (is_final)
    realtime_forget (self);
}

static gboolean
is_mute (Realtime *self)
{
  return self->plan.mute_from != 0 && self->n_commits + 1 >= self->plan.mute_from;
}

/* A word is final once it is over; in a pause there is a final text without words. */
static void
tell (Realtime *self, gboolean has_new_word)
{
  if (is_mute (self))
    return;
  if (self->words->len >= FINAL_WORDS && self->last == 0)
    send_results (self, TRUE, FALSE);
  else if (has_new_word)
    send_results (self, FALSE, FALSE);
  else if (self->words->len == 0 && self->n_samples - self->n_committed >= RATE / 2)
    send_results (self, TRUE, FALSE);
}

static void
take_binary (Realtime *self, const guint8 *sound, gsize size)
{
  if (size == 0)
    realtime_complain (self, "an empty message, which ends the stream");
  if (size > LARGEST_PIECE)
    realtime_complain (self, "a piece of %zu bytes", size);
  if (self->ended)
    realtime_complain (self, "sound after the end");
  tell (self, realtime_hear (self, sound, size) > 0);
}

static void
finalize (Realtime *self)
{
  if (realtime_commit (self) && !self->plan.silent_flush)
    send_results (self, TRUE, TRUE);
}

static void
close_stream (Realtime *self)
{
  self->ended = TRUE;
  if (self->plan.mute_from != 0)
    return;
  if (self->plan.close_code != 0)
    {
      realtime_close (self, self->plan.close_code, "NET-0000");
      return;
    }
  send_results (self, TRUE, FALSE);
  if (!self->plan.no_metadata)
    realtime_send (self, "{\"type\":\"Metadata\",\"transaction_key\":\"deprecated\","
                         "\"request_id\":\"1\",\"duration\":1.0,\"channels\":1}");
  realtime_close (self, 1000, NULL);
}

static void
take_text (Realtime *self, JsonObject *message)
{
  const char *type = json_object_get_string_member_with_default (message, "type", "");

  if (g_str_equal (type, "KeepAlive"))
    {
      if (self->n_samples == 0)
        realtime_complain (self, "KeepAlive before any sound");
      self->n_keep_alives++;
    }
  else if (g_str_equal (type, "Finalize"))
    finalize (self);
  else if (g_str_equal (type, "CloseStream"))
    close_stream (self);
  else
    realtime_complain (self, "a message of type %s", type);
}

const RealtimeService realtime_deepgram = {
  .path = "/v1/listen",
  .base = "",
  .key_header = "Authorization",
  .key_value = "Token " REALTIME_KEY,
  .check_query = check_query,
  .greet = greet,
  .refuse_key = refuse_key,
  .take_text = take_text,
  .take_binary = take_binary,
};
