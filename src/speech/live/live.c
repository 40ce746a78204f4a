/* SPDX-License-Identifier: MIT */
#include "live.h"
#include "address.h"
#include "key-check.h"
#include "live-handshake.h"
#include "live-marks.h"
#include "live-protocol.h"
#include "live-quota.h"
#include "live-traffic.h"
#include "error-body.h"
#include "secret.h"
#include "service-error.h"
#include "state-machine.h"
#include "transport-error.h"

#include <string.h>

#define PATIENCE_MS 10000
/* A service that says something all the time, but nothing that a chunk waits for, has so many times
 * as long. */
#define PATIENCE_ROUNDS 6
/* Deepgram closes after 10 s without sound; this lets no more than twice as long pass. */
#define KEEP_ALIVE_MS 3000
/* For proxies on the way, which close what is silent. */
#define PING_S 15

/* Sound of so many seconds is kept while there is no connection. */
#define MOST_PENDING_S 30
/* Services want pieces between 20 and 250 ms, a hundredth of a second being the unit here. */
#define LEAST_PIECE 2
#define MOST_PIECE 25

/* A final text with the times of its words has some 100 bytes a word. */
#define LARGEST_MESSAGE (256 * 1024)

#define LARGEST_CONTROL 125

/* How often is looked at what came, and how much may come beside what the quota counts: frames,
 * TLS and pings. */
#define TRAFFIC_MS 1000
#define MOST_IN_A_LOOK (1024 * 1024)

/* Between two partial texts: nobody reads faster. */
#define PARTIAL_PAUSE_MS 100

#define SAMPLE_SIZE 2

typedef enum
{
  STATE_NEW,
  STATE_CONNECTING,
  STATE_GREETING, /* the connection is there, but the service does not take sound yet */
  STATE_RUNNING,
  STATE_DRAINING, /* all sound was sent */
  STATE_ENDED,
  N_STATES,
} WhisLiveState;

static GType whis_live_state_get_type (void);

G_DEFINE_ENUM_TYPE (WhisLiveState,
                    whis_live_state,
                    G_DEFINE_ENUM_VALUE (STATE_NEW, "new"),
                    G_DEFINE_ENUM_VALUE (STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (STATE_GREETING, "greeting"),
                    G_DEFINE_ENUM_VALUE (STATE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (STATE_DRAINING, "draining"),
                    G_DEFINE_ENUM_VALUE (STATE_ENDED, "ended"))

#define TO(state) WHIS_STATE_BIT (STATE_##state)

static const guint edges[N_STATES] = {
  [STATE_NEW] = TO (CONNECTING) | TO (ENDED),
  [STATE_CONNECTING] = TO (GREETING) | TO (RUNNING) | TO (ENDED),
  [STATE_GREETING] = TO (RUNNING) | TO (ENDED),
  [STATE_RUNNING] = TO (DRAINING) | TO (ENDED),
  [STATE_DRAINING] = TO (ENDED),
  [STATE_ENDED] = 0,
};

static const WhisStateTable states = { whis_live_state_get_type, N_STATES, edges };

/**
 * WhisLive:
 *
 * Transcribes a dictation over one WebSocket while it is spoken.
 *
 * It is given sound, and told after which sound each chunk ends; each chunk then gets its own text,
 * in order. Where a service does not give one, or when the connection is lost, the chunk is left
 * for a [iface@Backend].
 *
 * Signals are emitted in the thread-default main context of the thread that made it, and never
 * inside of a call to it.
 */
struct _WhisLive
{
  GObject parent_instance;

  const WhisProvider *provider;
  const WhisLiveProtocol *protocol;
  char *address;
  char *host;
  char *model;
  char *language;
  char *prompt;
  GStrv vocabulary;
  char *key;
  guint patience_ms;
  guint keep_alive_ms;

  GMainContext *context;
  WhisStateMachine *machine; /* of WhisLiveState */
  gboolean finishing;
  gboolean told_end;
  GError *error; /* what ended it */
  GCancellable *cancellable;
  SoupWebsocketConnection *connection;

  WhisLiveMarks *marks;
  GByteArray *pending; /* sound that is not sent yet */
  guint64 n_pushed;    /* samples */
  guint64 n_sent;
  gboolean was_sound; /* since the last look */
  char *partial;      /* as it was told last */

  WhisLiveQuota quota;
  GSource *traffic;
  guint64 n_received; /* bytes, when it was looked at last */
  GSource *deadline;
  gint64 last_time;         /* when waiting ends, whatever is said until then */
  WhisLiveState last_state; /* and what had been reached when that was decided */
  guint last_settled;
  GSource *keep_alive;
  GSource *telling;
  GSource *partial_pause;
};

enum
{
  SIGNAL_TEXT,
  SIGNAL_MISSING,
  SIGNAL_PARTIAL,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLive, whis_live, G_TYPE_OBJECT)

static WhisLiveState
get_state (WhisLive *self)
{
  return (WhisLiveState) whis_state_machine_get (self->machine);
}

static void
set_state (WhisLive *self, WhisLiveState state)
{
  whis_state_machine_set (self->machine, (int) state);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* --- telling ---------------------------------------------------------------------------------- */

static gboolean
live_pop (WhisLive *self, guint *chunk, char **text)
{
  return self->error != NULL ? whis_live_marks_pop_rest (self->marks, chunk, text)
                             : whis_live_marks_pop (self->marks, chunk, text);
}

static void
tell_chunks (WhisLive *self)
{
  guint chunk;
  char *popped;

  while (!self->told_end && live_pop (self, &chunk, &popped))
    {
      g_autofree char *text = popped;

      if (text != NULL)
        g_signal_emit (self, signals[SIGNAL_TEXT], 0, chunk, text);
      else
        g_signal_emit (self, signals[SIGNAL_MISSING], 0, chunk);
    }
}

static void tell_partial (WhisLive *self);

static gboolean
on_partial_pause_over (gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  clear_source (&self->partial_pause);
  tell_partial (self);

  return G_SOURCE_REMOVE;
}

static void
tell_partial (WhisLive *self)
{
  g_autofree char *partial = NULL;

  if (get_state (self) == STATE_ENDED || self->partial_pause != NULL)
    return;
  partial = whis_live_marks_dup_partial (self->marks);
  if (g_strcmp0 (partial, self->partial) == 0)
    return;
  g_free (self->partial);
  self->partial = g_strdup (partial);
  self->partial_pause = g_timeout_source_new (PARTIAL_PAUSE_MS);
  g_source_set_callback (self->partial_pause, on_partial_pause_over, self, NULL);
  g_source_attach (self->partial_pause, self->context);
  g_signal_emit (self, signals[SIGNAL_PARTIAL], 0, partial);
}

static gboolean
live_tell (gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  clear_source (&self->telling);
  tell_chunks (self);
  tell_partial (self);
  if (get_state (self) == STATE_ENDED && !self->told_end)
    {
      self->told_end = TRUE;
      g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->error);
    }

  return G_SOURCE_REMOVE;
}

/* Soon, so that nobody is called back from inside of a call. */
static void
tell_soon (WhisLive *self)
{
  if (self->telling != NULL)
    return;
  self->telling = g_idle_source_new ();
  g_source_set_priority (self->telling, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->telling, "[whis] live text");
  g_source_set_callback (self->telling, live_tell, self, NULL);
  g_source_attach (self->telling, self->context);
}

/* --- the end ---------------------------------------------------------------------------------- */

/* The connection closes by itself once its last frame is sent and answered. */
static void
live_part (WhisLive *self)
{
  SoupWebsocketConnection *connection = g_steal_pointer (&self->connection);

  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_OPEN)
    {
      g_object_unref (connection);
      return;
    }
  g_signal_connect (connection, "closed", G_CALLBACK (g_object_unref), NULL);
  soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static gboolean
let_go (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* Without waiting for an answer, which nobody might be there to give. Not at once: it may be the
 * connection itself that calls; libsoup goes on reading as long as more comes, unless the
 * connection is being closed. */
static void
live_drop (WhisLive *self)
{
  SoupWebsocketConnection *connection = g_steal_pointer (&self->connection);
  g_autoptr (GSource) source = NULL;

  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, let_go, connection, g_object_unref);
  g_source_attach (source, self->context);
}

static void
live_leave (WhisLive *self)
{
  clear_source (&self->deadline);
  clear_source (&self->keep_alive);
  clear_source (&self->traffic);
  clear_source (&self->partial_pause);
  g_cancellable_cancel (self->cancellable);
  g_byte_array_set_size (self->pending, 0);
  set_state (self, STATE_ENDED);
}

static void
live_end (WhisLive *self)
{
  live_leave (self);
  if (self->error == NULL)
    live_part (self);
  else
    live_drop (self);
  tell_soon (self);
}

static void
live_fail (WhisLive *self, GError *error)
{
  if (get_state (self) == STATE_ENDED)
    {
      g_error_free (error);
      return;
    }
  g_debug ("Live session with %s failed: %d", self->host, error->code);
  self->error = error;
  live_end (self);
}

static void
fail_because (WhisLive *self, GQuark domain, int code, const char *words)
{
  g_autoptr (GError) cause = g_error_new_literal (domain, code, words);

  live_fail (self, whis_transport_error_new (self->provider, self->host, cause));
}

static void
fail_with_status (WhisLive *self, guint status, const char *words, gsize size)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) body = g_bytes_new (words, size);

  live_fail (self, whis_error_body_to_error (whis_provider_get_name (self->provider), status,
                                             headers, body, self->key));
}

/* --- the deadline ----------------------------------------------------------------------------- */

static gboolean
on_deadline (gpointer data)
{
  WhisLive *self = data;

  fail_because (self, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no progress in time");

  return G_SOURCE_REMOVE;
}

static gboolean
is_expecting (WhisLive *self)
{
  return get_state (self) == STATE_CONNECTING || get_state (self) == STATE_GREETING
         || get_state (self) == STATE_DRAINING || whis_live_marks_is_waiting (self->marks);
}

/* Whether something was reached since the last look, and not only said. */
static gboolean
has_come_on (WhisLive *self)
{
  guint settled = whis_live_marks_get_n_settled (self->marks);
  gboolean has = get_state (self) != self->last_state || settled != self->last_settled;

  self->last_state = get_state (self);
  self->last_settled = settled;

  return has;
}

/* Waiting begins anew with every sign of life, up to a last time. */
static void
watch_deadline (WhisLive *self, gboolean is_progress)
{
  gboolean expecting = get_state (self) != STATE_ENDED && is_expecting (self);
  gboolean begins_anew = has_come_on (self) || self->deadline == NULL;
  gint64 now = g_get_monotonic_time ();

  if (expecting && self->deadline != NULL && !is_progress && !begins_anew)
    return;
  clear_source (&self->deadline);
  if (!expecting)
    return;
  if (begins_anew)
    self->last_time = now + (gint64) self->patience_ms * PATIENCE_ROUNDS * 1000;
  self->deadline =
      g_timeout_source_new ((guint) MIN (self->patience_ms, MAX (self->last_time - now, 0) / 1000));
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_attach (self->deadline, self->context);
}

/* --- sending ---------------------------------------------------------------------------------- */

/* libsoup writes at once, and tells of an error before it comes back: whoever sends looks at the
 * state afterwards, since the session may have ended. */
static gboolean
is_open (WhisLive *self)
{
  return self->connection != NULL
         && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

static void
send_text (WhisLive *self, const char *text)
{
  if (is_open (self))
    soup_websocket_connection_send_text (self->connection, text);
}

static void
send_piece (WhisLive *self, gsize size)
{
  if (!is_open (self))
    return;
  if (self->protocol->write_sound == NULL)
    soup_websocket_connection_send_binary (self->connection, self->pending->data, size);
  else
    {
      g_autofree char *message = self->protocol->write_sound (self->pending->data, size);

      soup_websocket_connection_send_text (self->connection, message);
    }
}

/* How much of @n samples goes into the next message. */
static guint64
choose_piece (WhisLive *self, guint64 n)
{
  guint64 unit = self->protocol->rate / 100;

  if (n <= MOST_PIECE * unit)
    return n;

  return n < (MOST_PIECE + LEAST_PIECE) * unit ? n / 2 : MOST_PIECE * unit;
}

static void
send_sound (WhisLive *self, guint64 until, gboolean all)
{
  guint64 least = all ? 1 : LEAST_PIECE * (guint64) self->protocol->rate / 100;

  while (get_state (self) == STATE_RUNNING && until - self->n_sent >= least)
    {
      guint64 n = choose_piece (self, until - self->n_sent);
      gsize size = (gsize) n * SAMPLE_SIZE;

      send_piece (self, size);
      if (get_state (self) != STATE_RUNNING)
        return;
      g_byte_array_remove_range (self->pending, 0, (guint) size);
      self->n_sent += n;
      self->was_sound = TRUE;
    }
}

static void
live_flow (WhisLive *self)
{
  guint64 end_of_chunk;

  while (get_state (self) == STATE_RUNNING
         && whis_live_marks_get_next_commit (self->marks, &end_of_chunk))
    {
      g_autofree char *message = NULL;

      send_sound (self, end_of_chunk, TRUE);
      if (get_state (self) != STATE_RUNNING)
        return;
      message = self->protocol->write_commit (whis_live_marks_commit (self->marks));
      send_text (self, message);
    }
  send_sound (self, self->n_pushed, self->finishing);
}

static void
live_drain (WhisLive *self)
{
  set_state (self, STATE_DRAINING);
  if (self->protocol->goodbye == NULL)
    return;
  whis_live_marks_hold_last (self->marks, TRUE);
  send_text (self, self->protocol->goodbye);
}

/* The one place where a session goes on. */
static void
live_advance (WhisLive *self, gboolean is_progress)
{
  if (get_state (self) == STATE_RUNNING)
    live_flow (self);
  if (get_state (self) != STATE_ENDED && self->finishing
      && !whis_live_marks_is_waiting (self->marks))
    live_end (self);
  if (get_state (self) == STATE_RUNNING && self->finishing)
    live_drain (self);
  watch_deadline (self, is_progress);
  tell_soon (self);
}

static gboolean
on_keep_alive (gpointer data)
{
  WhisLive *self = data;

  if (!self->was_sound && self->n_sent > 0 && get_state (self) == STATE_RUNNING)
    send_text (self, self->protocol->keep_alive);
  self->was_sound = FALSE;

  return G_SOURCE_CONTINUE;
}

static void
live_run (WhisLive *self)
{
  set_state (self, STATE_RUNNING);
  if (self->protocol->keep_alive == NULL)
    return;
  self->keep_alive = g_timeout_source_new (self->keep_alive_ms);
  g_source_set_callback (self->keep_alive, on_keep_alive, self, NULL);
  g_source_attach (self->keep_alive, self->context);
}

/* --- receiving -------------------------------------------------------------------------------- */

static void
send_setup (WhisLive *self)
{
  WhisLiveOptions options = {
    .model = self->model,
    .language = self->language,
    .prompt = self->prompt,
    .vocabulary = (const char *const *) self->vocabulary,
  };
  g_autofree char *message = NULL;

  if (self->protocol->write_setup == NULL)
    return;
  message = self->protocol->write_setup (&options);
  send_text (self, message);
}

static void
take_event (WhisLive *self, const WhisLiveEvent *event)
{
  if (event->type == WHIS_LIVE_EVENT_HELLO && get_state (self) == STATE_GREETING)
    send_setup (self);
  else if (event->type == WHIS_LIVE_EVENT_READY && get_state (self) == STATE_GREETING)
    live_run (self);
  else if (event->type == WHIS_LIVE_EVENT_DONE && get_state (self) == STATE_DRAINING)
    whis_live_marks_settle_all (self->marks);
  else if (!whis_live_marks_take (self->marks, event))
    fail_because (self, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING,
                  "texts for sound that was not committed");
}

static gboolean
may_say (WhisLive *self, gsize size)
{
  if (whis_live_quota_take (&self->quota, size, g_get_monotonic_time ()))
    return TRUE;
  fail_because (self, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "more than anybody can say");

  return FALSE;
}

/* What comes with it is a GByteArray under the name of GBytes in libsoup 3.2, and is left alone:
 * RFC 6455, 5.5 limits it. */
static void
on_pong (SoupWebsocketConnection *connection, gpointer message, gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  may_say (self, LARGEST_CONTROL);
}

/* JSON comes in binary messages too. */
static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);
  g_auto (WhisLiveEvent) event = { WHIS_LIVE_EVENT_NONE };
  gsize size;
  const char *bytes = g_bytes_get_data (message, &size);

  if (!may_say (self, size))
    return;
  self->protocol->parse (bytes, size, &event);
  if (event.type == WHIS_LIVE_EVENT_NONE)
    return;
  if (event.type == WHIS_LIVE_EVENT_REFUSED)
    fail_with_status (self, event.status, bytes, size);
  else
    take_event (self, &event);
  live_advance (self, TRUE);
}

static guint
get_close_status (WhisLive *self, gushort code)
{
  switch (code)
    {
    case 3000:
      return 401;
    case SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION:
      return self->protocol->policy_status;
    case SOUP_WEBSOCKET_CLOSE_SERVER_ERROR:
    case 1012:
    case 1013:
      return 503;
    default:
      return 0;
    }
}

/* After the end of the sound, though without a word that all of it was heard. */
static gboolean
is_proper_close (WhisLive *self, gushort code)
{
  return get_state (self) == STATE_DRAINING && self->protocol->goodbye != NULL
         && (code == SOUP_WEBSOCKET_CLOSE_NORMAL || code == SOUP_WEBSOCKET_CLOSE_NO_STATUS);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);
  gushort code = soup_websocket_connection_get_close_code (connection);
  const char *words = soup_websocket_connection_get_close_data (connection);
  guint status = get_close_status (self, code);

  if (words == NULL)
    words = "";
  g_debug ("%s closed the live session with %u", self->host, code);
  if (is_proper_close (self, code))
    whis_live_marks_hold_last (self->marks, FALSE);
  if (is_proper_close (self, code) && !whis_live_marks_is_waiting (self->marks))
    live_end (self);
  else if (status != 0)
    fail_with_status (self, status, words, strlen (words));
  else
    fail_because (self, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "the service closed it");
  live_advance (self, TRUE);
}

static void
on_error (SoupWebsocketConnection *connection, GError *error, gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  live_fail (self, whis_transport_error_new (self->provider, self->host, error));
}

/* --- connecting ------------------------------------------------------------------------------- */

/* What is no message, or none yet, is seen by nobody else. */
static gboolean
on_traffic (gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);
  guint64 before = self->n_received;

  self->n_received = whis_live_traffic_get_received (self->connection);
  if (self->n_received - before <= MOST_IN_A_LOOK)
    return G_SOURCE_CONTINUE;
  fail_because (self, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "more than anybody can say");

  return G_SOURCE_REMOVE;
}

static void
watch_traffic (WhisLive *self)
{
  self->traffic = g_timeout_source_new (TRAFFIC_MS);
  g_source_set_callback (self->traffic, on_traffic, self, NULL);
  g_source_attach (self->traffic, self->context);
}

/* What all parts of a message come to can be limited from libsoup 3.8 on. */
static void
limit_messages (SoupWebsocketConnection *connection)
{
  const char *whole = "max-total-message-size";

  soup_websocket_connection_set_max_incoming_payload_size (connection, LARGEST_MESSAGE);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (connection), whole) != NULL)
    g_object_set (connection, whole, (guint64) LARGEST_MESSAGE, NULL);
}

static void
take_connection (WhisLive *self, SoupWebsocketConnection *connection)
{
  self->connection = connection;
  whis_live_quota_init (&self->quota, g_get_monotonic_time ());
  watch_traffic (self);
  soup_websocket_connection_set_keepalive_interval (connection, PING_S);
  limit_messages (connection);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (connection, "error", G_CALLBACK (on_error), self);

  if (self->protocol->says_hello)
    set_state (self, STATE_GREETING);
  else
    live_run (self);
  live_advance (self, TRUE);
}

static void
did_shake_hands (GObject *source, GAsyncResult *result, gpointer data)
{
  GWeakRef *weak = data;
  g_autoptr (WhisLive) self = g_weak_ref_get (weak);
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection = whis_live_handshake_finish (result, &error);

  g_weak_ref_clear (weak);
  g_free (weak);
  if (self == NULL || get_state (self) != STATE_CONNECTING)
    return;
  if (connection != NULL)
    take_connection (self, g_steal_pointer (&connection));
  else
    live_fail (self, g_steal_pointer (&error));
}

static char *
write_url (WhisLive *self)
{
  WhisLiveOptions options = {
    .model = self->model,
    .language = self->language,
    .vocabulary = (const char *const *) self->vocabulary,
  };
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *base = g_strdup (self->address);

  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  self->protocol->write_query (&options, query);

  return g_strconcat (base, self->protocol->path, query->str, NULL);
}

static void
connect_to_service (WhisLive *self)
{
  g_autofree char *url = write_url (self);
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  whis_live_handshake_async (
      &(WhisLiveHandshake){ .provider = self->provider, .url = url, .key = self->key },
      self->cancellable, did_shake_hands, weak);
}

/* --- public ----------------------------------------------------------------------------------- */

/**
 * whis_live_new:
 * @options: how to transcribe; copied
 *
 * Returns: (transfer full): a session that has not started
 */
WhisLive *
whis_live_new (const WhisLiveOptions *options)
{
  WhisLive *self;

  g_return_val_if_fail (options != NULL && options->provider != NULL, NULL);
  g_return_val_if_fail (options->address != NULL && options->model != NULL, NULL);
  g_return_val_if_fail (whis_live_protocol_get (options->dialect) != NULL, NULL);

  self = g_object_new (WHIS_TYPE_LIVE, NULL);
  self->provider = options->provider;
  self->protocol = whis_live_protocol_get (options->dialect);
  self->address = g_strdup (options->address);
  self->host = whis_address_get_host (options->address);
  self->model = g_strdup (options->model);
  self->language = g_strdup (options->language);
  self->prompt = g_strdup (options->prompt);
  self->vocabulary = g_strdupv ((char **) options->vocabulary);
  self->key = g_strdup (whis_key_usable (options->provider, options->key));
  self->patience_ms = options->patience_ms > 0 ? options->patience_ms : PATIENCE_MS;
  self->keep_alive_ms = options->keep_alive_ms > 0 ? options->keep_alive_ms : KEEP_ALIVE_MS;
  self->marks = whis_live_marks_new (self->protocol->match, self->protocol->rate);

  return self;
}

/**
 * whis_live_dialect_get_rate:
 * @dialect: how a service is spoken to, not %WHIS_LIVE_NONE
 *
 * Returns: the rate of the samples that it takes, in Hz
 */
guint
whis_live_dialect_get_rate (WhisLiveDialect dialect)
{
  g_return_val_if_fail (dialect != WHIS_LIVE_NONE, 0);

  return whis_live_protocol_get (dialect)->rate;
}

/**
 * whis_live_get_rate:
 * @self: a session
 *
 * Returns: which sound it takes, in samples in a second
 */
guint
whis_live_get_rate (WhisLive *self)
{
  g_return_val_if_fail (WHIS_IS_LIVE (self), 0);

  return self->protocol->rate;
}

/**
 * whis_live_has_sent:
 * @self: a session
 *
 * Returns: whether any sound went out to the service
 */
gboolean
whis_live_has_sent (WhisLive *self)
{
  g_return_val_if_fail (WHIS_IS_LIVE (self), FALSE);

  return self->n_sent > 0;
}

/**
 * whis_live_start:
 * @self: a session that has not started
 *
 * Connects to the service. That this failed, too, is told by [signal@Live::ended].
 */
void
whis_live_start (WhisLive *self)
{
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_LIVE (self));
  g_return_if_fail (get_state (self) == STATE_NEW);

  if (!whis_key_check_may_send (self->provider, self->address, self->key, &error))
    {
      live_fail (self, error);
      return;
    }
  set_state (self, STATE_CONNECTING);
  connect_to_service (self);
  watch_deadline (self, TRUE);
}

/**
 * whis_live_push:
 * @self: a session
 * @samples: the next sound: whole samples, signed 16 bits, little endian, one channel, at
 *   [method@Live.get_rate]
 *
 * Sends sound. Up to half a minute is kept until there is a connection; a session that has none by
 * then ends. Does nothing on a session that has ended or is finishing.
 */
void
whis_live_push (WhisLive *self, GBytes *samples)
{
  gsize size;
  const guint8 *data;

  g_return_if_fail (WHIS_IS_LIVE (self));
  g_return_if_fail (samples != NULL && g_bytes_get_size (samples) % SAMPLE_SIZE == 0);

  if (get_state (self) == STATE_ENDED || self->finishing)
    return;
  data = g_bytes_get_data (samples, &size);
  g_byte_array_append (self->pending, data, (guint) size);
  self->n_pushed += size / SAMPLE_SIZE;
  if (self->n_pushed - self->n_sent > (guint64) MOST_PENDING_S * self->protocol->rate
      && get_state (self) != STATE_RUNNING)
    fail_because (self, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no connection in time");
  else if (get_state (self) == STATE_RUNNING)
    live_advance (self, FALSE);
}

/**
 * whis_live_mark:
 * @self: a session
 * @chunk: index of a chunk, higher than those before
 * @has_speech: whether speech was heard in it
 *
 * Tells that the sound pushed since the last mark belongs to a chunk. It gets its text, unless the
 * session ends before that. The text of a chunk without speech is empty, and its sound is
 * transcribed with the next one that has speech, if there is one. Does nothing on a session that
 * has ended or is finishing.
 */
void
whis_live_mark (WhisLive *self, guint chunk, gboolean has_speech)
{
  g_return_if_fail (WHIS_IS_LIVE (self));

  if (get_state (self) == STATE_ENDED || self->finishing)
    return;
  whis_live_marks_add (self->marks, chunk, has_speech, self->n_pushed);
  live_advance (self, FALSE);
}

/**
 * whis_live_finish:
 * @self: a session that has started
 *
 * No more sound comes: what was pushed is transcribed, as far as it was marked, and the session
 * ends.
 */
void
whis_live_finish (WhisLive *self)
{
  g_return_if_fail (WHIS_IS_LIVE (self));
  g_return_if_fail (get_state (self) != STATE_NEW);

  if (get_state (self) == STATE_ENDED || self->finishing)
    return;
  self->finishing = TRUE;
  live_advance (self, TRUE);
}

/**
 * whis_live_cancel:
 * @self: a session
 *
 * Closes the connection at once. No signal is emitted any more.
 */
void
whis_live_cancel (WhisLive *self)
{
  g_return_if_fail (WHIS_IS_LIVE (self));

  self->told_end = TRUE;
  clear_source (&self->telling);
  clear_source (&self->partial_pause);
  if (get_state (self) != STATE_ENDED)
    live_leave (self);
  live_drop (self);
}

static void
whis_live_dispose (GObject *object)
{
  whis_live_cancel (WHIS_LIVE (object));

  G_OBJECT_CLASS (whis_live_parent_class)->dispose (object);
}

static void
whis_live_finalize (GObject *object)
{
  WhisLive *self = WHIS_LIVE (object);

  whis_state_machine_free (self->machine);
  whis_secret_free (self->key);
  g_free (self->address);
  g_free (self->host);
  g_free (self->model);
  g_free (self->language);
  g_free (self->prompt);
  g_strfreev (self->vocabulary);
  g_free (self->partial);
  g_clear_error (&self->error);
  g_object_unref (self->cancellable);
  g_byte_array_unref (self->pending);
  whis_live_marks_free (self->marks);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (whis_live_parent_class)->finalize (object);
}

static void
whis_live_class_init (WhisLiveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_live_dispose;
  object_class->finalize = whis_live_finalize;

  /**
   * WhisLive::text:
   * @chunk: index of a chunk
   * @text: all that was said in it; empty where nothing was said
   *
   * A chunk has its text. This comes in the order of the chunks.
   */
  signals[SIGNAL_TEXT] = g_signal_new ("text", WHIS_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);

  /**
   * WhisLive::missing:
   * @chunk: index of a chunk
   *
   * The service could not transcribe this chunk. In order with [signal@Live::text].
   */
  signals[SIGNAL_MISSING] = g_signal_new ("missing", WHIS_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  /**
   * WhisLive::partial:
   * @text: what was understood after the chunks that have been told
   *
   * The service understands more, or something else. For people to look at, and at most ten times
   * in a second.
   */
  signals[SIGNAL_PARTIAL] = g_signal_new ("partial", WHIS_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisLive::ended:
   * @error: (nullable): a %WHIS_SERVICE_ERROR, if something other than a finish ended it
   *
   * Told once, and nothing after it. Without an error all chunks have been told. After one, those
   * that have not been told are to be sent the ordinary way.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_live_init (WhisLive *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->machine = whis_state_machine_new (&states, NULL, NULL);
  self->cancellable = g_cancellable_new ();
  self->pending = g_byte_array_new ();
}
