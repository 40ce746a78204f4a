/* SPDX-License-Identifier: MIT */
#include "realtime-private.h"

#include <string.h>

#include "server-end.h"

#define WORD_MS 200

/* Some -50 dBFS: what a plan with sentences takes for speech. */
#define LOUD 100

static const RealtimeService *const services[] = {
  [REALTIME_OPENAI] = &realtime_openai,
  [REALTIME_DEEPGRAM] = &realtime_deepgram,
  [REALTIME_ELEVENLABS] = &realtime_elevenlabs,
};

/* --- sound ------------------------------------------------------------------------------------ */

static void
add_samples (GByteArray *sound, guint n, gint16 value)
{
  for (guint i = 0; i < n; i++)
    {
      gint16 sample = GINT16_TO_LE (value);

      g_byte_array_append (sound, (const guint8 *) &sample, sizeof sample);
    }
}

void
realtime_say (GByteArray *sound, guint rate, guint number)
{
  add_samples (sound, rate * WORD_MS / 1000, (gint16) (number + 1));
}

void
realtime_pause (GByteArray *sound, guint rate, guint ms)
{
  add_samples (sound, rate * ms / 1000, 0);
}

char *
realtime_word (guint number)
{
  return g_strdup_printf ("wörd%u", number);
}

/* Somebody speaks: what, is known already. */
static void
hear_loudness (Realtime *self, gint16 sample)
{
  Word word = { 0, self->n_samples, self->n_samples + 1 };

  if (self->words->len == 0 && ABS (sample) >= LOUD)
    g_array_append_val (self->words, word);
  self->n_samples++;
}

static void
hear_sample (Realtime *self, gint16 sample)
{
  if (sample != 0 && sample == self->last)
    g_array_index (self->words, Word, self->words->len - 1).end = self->n_samples + 1;
  else if (sample != 0)
    {
      Word word = { (guint) sample - 1, self->n_samples, self->n_samples + 1 };

      g_array_append_val (self->words, word);
    }
  self->last = sample;
  self->n_samples++;
}

guint
realtime_hear (Realtime *self, const guint8 *sound, gsize size)
{
  guint before = self->words->len;

  if (size % 2 != 0)
    realtime_complain (self, "half a sample");
  for (gsize i = 0; i + 1 < size; i += 2)
    {
      gint16 sample = (gint16) (sound[i] | sound[i + 1] << 8);

      if (self->plan.sentences != NULL)
        hear_loudness (self, sample);
      else
        hear_sample (self, sample);
    }

  return self->words->len - before;
}

gboolean
realtime_hear_base64 (Realtime *self, const char *base64)
{
  gsize size = 0;
  g_autofree guchar *sound = base64 != NULL ? g_base64_decode (base64, &size) : NULL;
  g_autofree char *again = sound != NULL ? g_base64_encode (sound, size) : NULL;

  if (size == 0 || g_strcmp0 (base64, again) != 0)
    realtime_complain (self, "sound that is no base64");

  return sound != NULL && realtime_hear (self, sound, size) > 0;
}

static char *
get_sentence (Realtime *self)
{
  guint n = g_strv_length ((char **) self->plan.sentences);

  return g_strdup (n > 0 ? self->plan.sentences[MIN (self->n_said, n - 1)] : "");
}

char *
realtime_join (Realtime *self, guint first)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  if (self->plan.sentences != NULL && first < self->words->len)
    return get_sentence (self);

  for (guint i = first; i < self->words->len; i++)
    g_ptr_array_add (texts, realtime_word (g_array_index (self->words, Word, i).number));
  g_ptr_array_add (texts, NULL);

  return g_strjoinv (" ", (char **) texts->pdata);
}

/* A word that goes on belongs to what is heard next, as half a word. */
void
realtime_forget (Realtime *self)
{
  self->n_said += self->words->len > 0;
  g_array_set_size (self->words, 0);
  self->last = 0;
  self->n_committed = self->n_samples;
}

/* --- messages --------------------------------------------------------------------------------- */

/* The first complaint is the one that counts. */
void
realtime_complain (Realtime *self, const char *format, ...)
{
  va_list arguments;

  if (self->complaint != NULL)
    return;
  va_start (arguments, format);
  self->complaint = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_test_message ("The service complains: %s", self->complaint);
}

/* A text message in two frames (RFC 6455, 5.4), which libsoup would not make by itself. */
static void
send_split (Realtime *self, const char *text)
{
  GOutputStream *stream =
      g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (self->connection));
  const char *umlaut = strstr (text, "ö");
  gsize size = strlen (text);
  gsize first = umlaut != NULL ? (gsize) (umlaut - text) + 1 : size / 2;
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  const gsize parts[] = { first, size - first };

  for (guint i = 0; i < 2; i++)
    {
      guint8 head[] = { i == 0 ? 0x01 : 0x80, 126, (guint8) (parts[i] >> 8), (guint8) parts[i] };

      if (parts[i] < 126)
        head[1] = (guint8) parts[i];
      g_byte_array_append (frames, head, parts[i] < 126 ? 2 : 4);
      g_byte_array_append (frames, (const guint8 *) text + (i == 0 ? 0 : first), (guint) parts[i]);
    }
  g_assert_true (g_output_stream_write_all (stream, frames->data, frames->len, NULL, NULL, NULL));
}

void
realtime_send (Realtime *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (self->connection == NULL || self->plan.dumb || self->is_gone
      || soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  if (self->plan.split)
    send_split (self, text);
  else if (self->plan.binary)
    soup_websocket_connection_send_binary (self->connection, text, strlen (text));
  else
    soup_websocket_connection_send_text (self->connection, text);
}

void
realtime_close (Realtime *self, guint code, const char *reason)
{
  if (self->connection != NULL
      && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, (gushort) code, reason);
}

static gboolean
drop_now (gpointer data)
{
  Realtime *self = data;

  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);

  return G_SOURCE_REMOVE;
}

/* Without a farewell, as when a cable is pulled. */
void
realtime_drop (Realtime *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  self->is_gone = TRUE;
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, drop_now, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

gboolean
realtime_commit (Realtime *self)
{
  self->n_commits++;
  if (self->n_commits == self->plan.drop_at_commit)
    {
      realtime_drop (self);
      return FALSE;
    }

  return self->plan.mute_from == 0 || self->n_commits < self->plan.mute_from;
}

static gboolean
on_idle (gpointer data)
{
  Realtime *self = data;

  realtime_close (self, 1011, "NET-0001");

  return G_SOURCE_REMOVE;
}

static void
watch_idle (Realtime *self)
{
  if (self->idle != NULL)
    g_source_destroy (self->idle);
  g_clear_pointer (&self->idle, g_source_unref);
  if (self->plan.idle_ms == 0)
    return;
  self->idle = g_timeout_source_new (self->plan.idle_ms);
  g_source_set_callback (self->idle, on_idle, self, NULL);
  g_source_attach (self->idle, g_main_context_get_thread_default ());
}

static void
take_text (Realtime *self, GBytes *message)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *data = g_bytes_get_data (message, &size);

  if (!json_parser_load_from_data (parser, data, (gssize) size, NULL)
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    realtime_complain (self, "a message that is no JSON: %.*s", (int) size, data);
  else
    self->service->take_text (self, json_node_get_object (json_parser_get_root (parser)));
}

/* Parts of one message (RFC 6455, 5.4), none of which is the last. */
static void
send_parts (Realtime *self)
{
  GOutputStream *stream =
      g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (self->connection));
  guint8 part[4 + 32768] = { self->has_begun ? 0x00 : 0x01, 126, 32768 >> 8, 0 };
  gsize sent = 0;

  memset (part + 4, ' ', sizeof part - 4);
  self->has_begun = TRUE;
  while (self->unsent != NULL || sent == 0)
    {
      g_autoptr (GBytes) rest =
          self->unsent != NULL ? g_steal_pointer (&self->unsent) : g_bytes_new (part, sizeof part);
      gssize n = g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream),
                                                             g_bytes_get_data (rest, NULL),
                                                             g_bytes_get_size (rest), NULL, NULL);

      sent = (gsize) MAX (n, 0);
      if (sent < g_bytes_get_size (rest))
        {
          self->unsent = g_bytes_new_from_bytes (rest, sent, g_bytes_get_size (rest) - sent);
          return;
        }
    }
}

static gboolean
say_more (gpointer data)
{
  Realtime *self = data;

  if (self->plan.endless && self->connection != NULL)
    {
      send_parts (self);
      return soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
    }
  for (guint i = 0; i < MAX (self->plan.chatter_times, 1); i++)
    realtime_send (self, "%s", self->plan.chatter);

  return self->connection != NULL
         && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

static void
begin_chatter (Realtime *self)
{
  if ((self->plan.chatter == NULL && !self->plan.endless) || self->n_messages != 3)
    return;
  self->chatter = g_timeout_source_new (self->plan.chatter_pause_ms);
  g_source_set_callback (self->chatter, say_more, self, NULL);
  g_source_attach (self->chatter, g_main_context_get_thread_default ());
}

static void
send_pong (Realtime *self)
{
  static const guint8 pong[] = { 0x8A, 4, 'p', 'o', 'n', 'g' };
  GOutputStream *stream =
      g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (self->connection));

  g_assert_true (g_output_stream_write_all (stream, pong, sizeof pong, NULL, NULL, NULL));
}

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *message, Realtime *self)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);

  if (self->is_gone)
    return;
  self->n_messages++;
  watch_idle (self);
  begin_chatter (self);
  if (self->plan.pongs)
    send_pong (self);
  if (self->n_messages == self->plan.drop_after)
    realtime_drop (self);
  else if (type == SOUP_WEBSOCKET_DATA_TEXT)
    take_text (self, message);
  else if (self->service->take_binary != NULL)
    self->service->take_binary (self, data, size);
  else
    realtime_complain (self, "a binary message");
}

static void
on_closed (SoupWebsocketConnection *connection, Realtime *self)
{
  self->closed_well =
      soup_websocket_connection_get_close_code (connection) == SOUP_WEBSOCKET_CLOSE_NORMAL;
}

/* --- requests --------------------------------------------------------------------------------- */

static void
check_request (Realtime *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  g_autoptr (GHashTable) query =
      soup_form_decode (g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "");

  if (g_strcmp0 (soup_message_headers_get_one (headers, self->service->key_header),
                 self->service->key_value)
      != 0)
    realtime_complain (self, "no or a wrong key");
  if (soup_message_headers_get_one (headers, "OpenAI-Beta") != NULL)
    realtime_complain (self, "a header of the beta");
  if (strstr (g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "", "test-key") != NULL)
    realtime_complain (self, "the key in the address");
  g_free (self->setup);
  self->setup = g_strdup (g_uri_get_query (uri));
  if (!self->service->check_query (self, query))
    realtime_complain (self, "a query that the service does not take");
}

/* Each connection is a session of its own, in which one speaker at a time is heard. */
static void
begin (Realtime *self, SoupWebsocketConnection *connection)
{
  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_set_object (&self->connection, connection);
  self->n_connections++;
  self->is_gone = FALSE;
  self->is_set_up = FALSE;
  self->ended = FALSE;
  self->has_committed_itself = FALSE;
  g_clear_pointer (&self->held, g_free);
  realtime_forget (self);
  self->n_samples = 0;
  self->n_committed = 0;
}

static void
on_connection (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               SoupWebsocketConnection *connection,
               gpointer data)
{
  Realtime *self = data;

  begin (self, connection);
  check_request (self, message);
  soup_websocket_connection_set_max_incoming_payload_size (connection, 1024 * 1024);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  if (self->plan.refuse_key)
    self->service->refuse_key (self);
  else
    self->service->greet (self);
  watch_idle (self);
}

static void
refuse (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  Realtime *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  if (self->plan.refuse_status == 0)
    return;
  self->n_connections++;
  if (self->plan.refuse_words != NULL)
    soup_message_headers_append (headers, "dg-error", self->plan.refuse_words);
  if (SOUP_STATUS_IS_REDIRECTION (self->plan.refuse_status))
    soup_message_headers_append (headers, "Location", "/elsewhere");
  if (self->plan.refuse_body != NULL)
    soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                      self->plan.refuse_body, strlen (self->plan.refuse_body));
  soup_server_message_set_status (message, self->plan.refuse_status, NULL);
}

/* What a client looks for in vain. */
static void
elsewhere (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  realtime_complain (data, "a request for %s", path);
  soup_server_message_set_status (message, 404, NULL);
}

static void
listen_locally (Realtime *self)
{
  SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY;
  g_autoptr (GError) error = NULL;

  if (self->plan.certificate != NULL)
    {
      g_autoptr (GTlsCertificate) certificate =
          g_tls_certificate_new_from_file (self->plan.certificate, &error);

      g_assert_no_error (error);
      soup_server_set_tls_certificate (self->server, certificate);
      options |= SOUP_SERVER_LISTEN_HTTPS;
    }
  soup_server_listen_local (self->server, 0, options, &error);
  g_assert_no_error (error);
}

static void
find_address (Realtime *self)
{
  GSList *uris = soup_server_get_uris (self->server);

  self->address = g_strdup_printf ("%s://127.0.0.1:%d%s", g_uri_get_scheme (uris->data),
                                   g_uri_get_port (uris->data), self->service->base);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

Realtime *
realtime_new (RealtimeDialect dialect, const RealtimePlan *plan)
{
  Realtime *self = g_new0 (Realtime, 1);

  self->plan = *plan;
  self->service = services[dialect];
  self->words = g_array_new (FALSE, FALSE, sizeof (Word));
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, elsewhere, self, NULL);
  soup_server_add_early_handler (self->server, self->service->path, refuse, self, NULL);
  soup_server_add_websocket_handler (self->server, self->service->path, NULL, NULL, on_connection,
                                     self, NULL);
  listen_locally (self);
  find_address (self);

  return self;
}

void
realtime_free (Realtime *self)
{
  self->plan.idle_ms = 0;
  watch_idle (self);
  if (self->chatter != NULL)
    g_source_destroy (self->chatter);
  g_clear_pointer (&self->chatter, g_source_unref);
  g_clear_pointer (&self->unsent, g_bytes_unref);
  drop_now (self);
  server_end (self->server);
  g_array_unref (self->words);
  g_free (self->address);
  g_free (self->complaint);
  g_free (self->setup);
  g_free (self->held);
  g_free (self);
}

const char *
realtime_get_address (Realtime *self)
{
  return self->address;
}

const char *
realtime_get_complaint (Realtime *self)
{
  return self->complaint;
}

const char *
realtime_get_setup (Realtime *self)
{
  return self->setup;
}

guint
realtime_get_n_messages (Realtime *self)
{
  return self->n_messages;
}

guint
realtime_get_n_commits (Realtime *self)
{
  return self->n_commits;
}

guint
realtime_get_n_keep_alives (Realtime *self)
{
  return self->n_keep_alives;
}

guint64
realtime_get_n_samples (Realtime *self)
{
  return self->n_samples;
}

gboolean
realtime_was_closed_well (Realtime *self)
{
  return self->closed_well;
}

guint
realtime_get_n_connections (Realtime *self)
{
  return self->n_connections;
}
