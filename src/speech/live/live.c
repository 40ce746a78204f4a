/* SPDX-License-Identifier: MIT */
#include "live.h"
#include "address.h"
#include "key-check.h"
#include "live-connection.h"
#include "live-deadline.h"
#include "live-marks.h"
#include "live-protocol.h"
#include "live-sender.h"
#include "error-body.h"
#include "secret.h"
#include "service-error.h"
#include "state-machine.h"
#include "transport-error.h"

#include <libsoup/soup.h>
#include <string.h>

#define TIMEOUT_MS 10000
/* Deepgram closes after 10 s without sound; this lets no more than twice as long pass. */
#define KEEP_ALIVE_MS 3000
/* Sound of so many seconds is kept while there is no connection. */
#define MOST_PENDING_S 30
/* Between two partial texts: nobody reads faster. */
#define PARTIAL_PAUSE_MS 100

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
  guint keep_alive_ms;

  GMainContext *context;
  WhisStateMachine *machine; /* of WhisLiveState */
  gboolean finishing;
  gboolean end_emitted;
  GError *error;                  /* what ended it */
  WhisLiveConnection *connection; /* NULL before the start, and after the end */

  WhisLiveMarks *marks;
  WhisLiveSender *sender;
  gboolean was_sound; /* since the last look */
  char *partial;      /* as it was emitted last */

  WhisLiveDeadline *deadline;
  GSource *keep_alive;
  GSource *emission;
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

/* --- signals ---------------------------------------------------------------------------------- */

static gboolean
live_pop (WhisLive *self, guint *chunk, char **text)
{
  return self->error != NULL ? whis_live_marks_pop_rest (self->marks, chunk, text)
                             : whis_live_marks_pop (self->marks, chunk, text);
}

static void
emit_chunks (WhisLive *self)
{
  guint chunk;
  char *popped;

  while (!self->end_emitted && live_pop (self, &chunk, &popped))
    {
      g_autofree char *text = popped;

      if (text != NULL)
        g_signal_emit (self, signals[SIGNAL_TEXT], 0, chunk, text);
      else
        g_signal_emit (self, signals[SIGNAL_MISSING], 0, chunk);
    }
}

static void emit_partial (WhisLive *self);

static gboolean
on_partial_pause_over (gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  clear_source (&self->partial_pause);
  emit_partial (self);

  return G_SOURCE_REMOVE;
}

static void
emit_partial (WhisLive *self)
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
live_emit (gpointer data)
{
  g_autoptr (WhisLive) self = g_object_ref (data);

  clear_source (&self->emission);
  emit_chunks (self);
  emit_partial (self);
  if (get_state (self) == STATE_ENDED && !self->end_emitted)
    {
      self->end_emitted = TRUE;
      g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->error);
    }

  return G_SOURCE_REMOVE;
}

/* Soon, so that nobody is called back from inside of a call. */
static void
schedule_emission (WhisLive *self)
{
  if (self->emission != NULL)
    return;
  self->emission = g_idle_source_new ();
  g_source_set_priority (self->emission, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->emission, "[whis] live text");
  g_source_set_callback (self->emission, live_emit, self, NULL);
  g_source_attach (self->emission, self->context);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void
live_leave (WhisLive *self)
{
  whis_live_deadline_stop (self->deadline);
  clear_source (&self->keep_alive);
  clear_source (&self->partial_pause);
  whis_live_sender_clear (self->sender);
  set_state (self, STATE_ENDED);
}

static void
live_end (WhisLive *self)
{
  live_leave (self);
  if (self->connection != NULL && self->error == NULL)
    whis_live_connection_close (self->connection);
  else if (self->connection != NULL)
    whis_live_connection_abort (self->connection);
  g_clear_object (&self->connection);
  schedule_emission (self);
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

/* A chunk that has its text is a step forward, and a new state. */
static guint
get_step (WhisLive *self)
{
  return whis_live_marks_get_n_settled (self->marks) * N_STATES + get_state (self);
}

static void
watch_deadline (WhisLive *self, gboolean is_alive)
{
  if (get_state (self) != STATE_ENDED && is_expecting (self))
    whis_live_deadline_expect (self->deadline, get_step (self), is_alive);
  else
    whis_live_deadline_stop (self->deadline);
}

/* --- sending ---------------------------------------------------------------------------------- */

/* Whoever sends looks at the state afterwards, since the session may have ended. */
static void
send_text (WhisLive *self, const char *text)
{
  if (self->connection != NULL)
    whis_live_connection_send_text (self->connection, text);
}

static void
send_message (WhisLive *self, const guint8 *data, gsize size)
{
  g_autofree char *text = NULL;

  if (self->protocol->write_sound == NULL)
    {
      whis_live_connection_send_bytes (self->connection, data, size);
      return;
    }
  text = self->protocol->write_sound (data, size);
  send_text (self, text);
}

static void
send_sound (WhisLive *self, guint64 until, gboolean all)
{
  const guint8 *data;
  gsize size;

  while (get_state (self) == STATE_RUNNING
         && (data = whis_live_sender_peek (self->sender, until, all, &size)) != NULL)
    {
      send_message (self, data, size);
      if (get_state (self) != STATE_RUNNING)
        return;
      whis_live_sender_sent (self->sender, size);
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
  send_sound (self, whis_live_sender_get_n_pushed (self->sender), self->finishing);
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
  schedule_emission (self);
}

static gboolean
on_keep_alive (gpointer data)
{
  WhisLive *self = data;

  if (!self->was_sound && whis_live_has_sent (self) && get_state (self) == STATE_RUNNING)
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
handle_event (WhisLive *self, const WhisLiveEvent *event)
{
  if (event->type == WHIS_LIVE_EVENT_HELLO && get_state (self) == STATE_GREETING)
    send_setup (self);
  else if (event->type == WHIS_LIVE_EVENT_READY && get_state (self) == STATE_GREETING)
    live_run (self);
  else if (event->type == WHIS_LIVE_EVENT_DONE && get_state (self) == STATE_DRAINING)
    whis_live_marks_settle_all (self->marks);
  else if (!whis_live_marks_handle_event (self->marks, event))
    fail_because (self, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING,
                  "texts for sound that was not committed");
}

static void
on_message (WhisLive *self, GBytes *message)
{
  g_auto (WhisLiveEvent) event = { WHIS_LIVE_EVENT_NONE };
  gsize size;
  const char *bytes = g_bytes_get_data (message, &size);

  self->protocol->parse (bytes, size, &event);
  if (event.type == WHIS_LIVE_EVENT_NONE)
    return;
  if (event.type == WHIS_LIVE_EVENT_REFUSED)
    fail_with_status (self, event.status, bytes, size);
  else
    handle_event (self, &event);
  live_advance (self, TRUE);
}

static guint
get_close_status (WhisLive *self, guint code)
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
is_proper_close (WhisLive *self, guint code)
{
  return get_state (self) == STATE_DRAINING && self->protocol->goodbye != NULL
         && (code == SOUP_WEBSOCKET_CLOSE_NORMAL || code == SOUP_WEBSOCKET_CLOSE_NO_STATUS);
}

static void
on_closed (WhisLive *self, guint code, const char *words)
{
  guint status = get_close_status (self, code);

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
on_failed (WhisLive *self, const GError *error)
{
  live_fail (self, g_error_copy (error));
}

/* --- connecting ------------------------------------------------------------------------------- */

static void
on_opened (WhisLive *self)
{
  if (self->protocol->says_hello)
    set_state (self, STATE_GREETING);
  else
    live_run (self);
  live_advance (self, TRUE);
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

  self->connection = whis_live_connection_new (self->provider, self->host);
  g_signal_connect_object (self->connection, "opened", G_CALLBACK (on_opened), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "message", G_CALLBACK (on_message), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (on_closed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->connection, "failed", G_CALLBACK (on_failed), self,
                           G_CONNECT_SWAPPED);
  whis_live_connection_open (self->connection, url, self->key);
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
  self->deadline = whis_live_deadline_new (
      options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS, on_deadline, self);
  self->keep_alive_ms = options->keep_alive_ms > 0 ? options->keep_alive_ms : KEEP_ALIVE_MS;
  self->marks = whis_live_marks_new (self->protocol->match, self->protocol->rate);
  self->sender = whis_live_sender_new (self->protocol->rate);

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

  return whis_live_sender_get_n_sent (self->sender) > 0;
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
  guint64 n_pending;

  g_return_if_fail (WHIS_IS_LIVE (self));
  g_return_if_fail (samples != NULL);

  if (get_state (self) == STATE_ENDED || self->finishing)
    return;
  whis_live_sender_push (self->sender, samples);
  n_pending =
      whis_live_sender_get_n_pushed (self->sender) - whis_live_sender_get_n_sent (self->sender);
  if (n_pending > (guint64) MOST_PENDING_S * self->protocol->rate
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
  whis_live_marks_add (self->marks, chunk, has_speech,
                       whis_live_sender_get_n_pushed (self->sender));
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

  self->end_emitted = TRUE;
  clear_source (&self->emission);
  clear_source (&self->partial_pause);
  if (get_state (self) != STATE_ENDED)
    live_leave (self);
  if (self->connection != NULL)
    whis_live_connection_abort (self->connection);
  g_clear_object (&self->connection);
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
  whis_live_deadline_free (self->deadline);
  whis_live_sender_free (self->sender);
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
}
