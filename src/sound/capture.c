/* SPDX-License-Identifier: MIT */
#include "capture.h"

/* After a stop the last sound takes the tail and a few milliseconds. */
#define STOP_TIMEOUT_MS 2000

/**
 * WhisCapture:
 *
 * What gives a dictation its sound: it records, and cuts what it records into chunks, or only cuts.
 * This class is the state machine and what is told; implementations are elsewhere, and need not be
 * in this process.
 *
 * A started capture keeps itself alive until it has ended or is cancelled. All signals are emitted
 * in the thread-default main context of the thread that made the capture. Every capture that was
 * started emits [signal@Capture::ended] once, unless it is cancelled: then it is silent from there
 * on.
 */
typedef struct
{
  WhisStateMachine *machine;
  GMainContext *context;
  GSource *timeout;
  GError *error; /* what ended it */
  gboolean has_started;
  gboolean cancelled;
  guint64 duration_ms;
} WhisCapturePrivate;

enum
{
  SIGNAL_STARTED,
  SIGNAL_LEVEL,
  SIGNAL_CHUNK,
  SIGNAL_SOUND,
  SIGNAL_WARNING,
  SIGNAL_SILENT,
  SIGNAL_SAVED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WhisCapture, whis_capture, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (WhisCaptureState,
                    whis_capture_state,
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_NEW, "new"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_RECORDING, "recording"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_SWITCHING, "switching"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_STOPPING, "stopping"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_CLOSING, "closing"),
                    G_DEFINE_ENUM_VALUE (WHIS_CAPTURE_STATE_ENDED, "ended"))

#define TO(state) WHIS_STATE_BIT (WHIS_CAPTURE_STATE_##state)

static const guint edges[] = {
  [WHIS_CAPTURE_STATE_NEW] = TO (STARTING) | TO (ENDED),
  [WHIS_CAPTURE_STATE_STARTING] = TO (RECORDING) | TO (STOPPING) | TO (CLOSING) | TO (ENDED),
  [WHIS_CAPTURE_STATE_RECORDING] = TO (SWITCHING) | TO (STOPPING) | TO (CLOSING) | TO (ENDED),
  [WHIS_CAPTURE_STATE_SWITCHING] = TO (RECORDING) | TO (CLOSING) | TO (ENDED),
  [WHIS_CAPTURE_STATE_STOPPING] = TO (CLOSING) | TO (ENDED),
  [WHIS_CAPTURE_STATE_CLOSING] = TO (ENDED),
  [WHIS_CAPTURE_STATE_ENDED] = 0,
};

static const WhisStateTable states = { whis_capture_state_get_type, G_N_ELEMENTS (edges), edges };

/**
 * whis_capture_state_get_table:
 *
 * Returns: (transfer none): the states of a capture, and what may follow what
 */
const WhisStateTable *
whis_capture_state_get_table (void)
{
  return &states;
}

static WhisCapturePrivate *
get_private (WhisCapture *self)
{
  return whis_capture_get_instance_private (self);
}

static void
clear_timeout (WhisCapture *self)
{
  WhisCapturePrivate *priv = get_private (self);

  if (priv->timeout != NULL)
    g_source_destroy (priv->timeout);
  g_clear_pointer (&priv->timeout, g_source_unref);
}

/**
 * whis_capture_start:
 * @self: a capture
 * @error: return location for a [error@AudioError]
 *
 * Starts recording. This returns at once; that sound really comes is told by
 * [signal@Capture::started], that it does not, or that no file can be made, by
 * [signal@Capture::ended].
 *
 * Returns: whether it started; %FALSE with `FILE` set when it never will, without a signal
 */
gboolean
whis_capture_start (WhisCapture *self, GError **error)
{
  WhisCaptureClass *klass;

  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (whis_capture_get_state (self) == WHIS_CAPTURE_STATE_NEW, FALSE);

  klass = WHIS_CAPTURE_GET_CLASS (self);
  if (klass->prepare != NULL && !klass->prepare (self, error))
    return FALSE;

  g_object_ref (self);
  whis_capture_set_state (self, WHIS_CAPTURE_STATE_STARTING);
  klass->start (self);

  return TRUE;
}

static gboolean
stop_expired_cb (gpointer user_data)
{
  whis_capture_close (user_data);

  return G_SOURCE_REMOVE;
}

/**
 * whis_capture_stop:
 * @self: a capture
 *
 * Ends the recording, after a short tail of sound when it is from the microphone. The last chunks
 * and [signal@Capture::ended] follow. Does nothing on a capture that is not running.
 */
void
whis_capture_stop (WhisCapture *self)
{
  WhisCaptureState state;
  guint tail_ms;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  state = whis_capture_get_state (self);
  if (state == WHIS_CAPTURE_STATE_SWITCHING)
    whis_capture_close (self);
  if (state != WHIS_CAPTURE_STATE_STARTING && state != WHIS_CAPTURE_STATE_RECORDING)
    return;

  tail_ms = WHIS_CAPTURE_GET_CLASS (self)->stop (self);
  whis_capture_set_state (self, WHIS_CAPTURE_STATE_STOPPING);
  whis_capture_set_timeout (self, tail_ms + STOP_TIMEOUT_MS, stop_expired_cb);
}

static void
capture_leave (WhisCapture *self)
{
  clear_timeout (self);
  WHIS_CAPTURE_GET_CLASS (self)->leave (self);
  whis_capture_set_state (self, WHIS_CAPTURE_STATE_ENDED);
}

/**
 * whis_capture_cancel:
 * @self: a capture
 *
 * Ends the recording at once. No signal is emitted any more. What has been written stays in the
 * file, which is the caller's to remove. On a capture that has ended, what the disk did not take is
 * not tried any more.
 */
void
whis_capture_cancel (WhisCapture *self)
{
  WhisCaptureClass *klass;
  WhisCaptureState state;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  klass = WHIS_CAPTURE_GET_CLASS (self);
  state = whis_capture_get_state (self);
  get_private (self)->cancelled = TRUE;
  if (klass->cancel != NULL)
    klass->cancel (self);
  if (state == WHIS_CAPTURE_STATE_ENDED)
    return;

  capture_leave (self);
  if (state != WHIS_CAPTURE_STATE_NEW)
    g_object_unref (self);
}

/**
 * whis_capture_set_passes_sound:
 * @self: a capture that was started with a `live_rate`
 * @passes: whether [signal@Capture::sound] is wanted from now on; it is at first
 */
void
whis_capture_set_passes_sound (WhisCapture *self, gboolean passes)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (WHIS_CAPTURE_GET_CLASS (self)->set_passes_sound != NULL)
    WHIS_CAPTURE_GET_CLASS (self)->set_passes_sound (self, passes);
}

WhisCaptureState
whis_capture_get_state (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), WHIS_CAPTURE_STATE_NEW);

  return (WhisCaptureState) whis_state_machine_get (get_private (self)->machine);
}

/**
 * whis_capture_get_elapsed_ms:
 * @self: a capture
 *
 * Returns: how much sound was recorded so far, in milliseconds
 */
guint64
whis_capture_get_elapsed_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return WHIS_CAPTURE_GET_CLASS (self)->get_elapsed_ms (self);
}

/**
 * whis_capture_get_quiet_ms:
 * @self: a capture
 * @has_spoken: (out): whether speech was heard at all
 *
 * Returns: for how long no speech was heard, in milliseconds of sound: since the last, or since the
 *   start; 0 where that is not known
 */
guint64
whis_capture_get_quiet_ms (WhisCapture *self, gboolean *has_spoken)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);
  g_return_val_if_fail (has_spoken != NULL, 0);

  *has_spoken = FALSE;
  if (WHIS_CAPTURE_GET_CLASS (self)->get_quiet_ms == NULL)
    return 0;

  return WHIS_CAPTURE_GET_CLASS (self)->get_quiet_ms (self, has_spoken);
}

/**
 * whis_capture_begin_split:
 * @self: a capture
 *
 * If it records from a microphone, and nobody has spoken for as long as its options say: what is
 * heard from a point in this pause on is held for another capture, which takes the microphone over
 * at that point. This ends there then, without a gap between the two.
 *
 * Returns: whether there is such a pause; the next capture is to be started at once, or
 *   whis_capture_cancel_split() to be called
 */
gboolean
whis_capture_begin_split (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return whis_capture_get_state (self) == WHIS_CAPTURE_STATE_RECORDING
         && WHIS_CAPTURE_GET_CLASS (self)->begin_split != NULL
         && WHIS_CAPTURE_GET_CLASS (self)->begin_split (self);
}

/**
 * whis_capture_cancel_split:
 * @self: a capture
 *
 * No other capture will take the microphone over: what was held is recorded here.
 */
void
whis_capture_cancel_split (WhisCapture *self)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (WHIS_CAPTURE_GET_CLASS (self)->cancel_split != NULL)
    WHIS_CAPTURE_GET_CLASS (self)->cancel_split (self);
}

/**
 * whis_capture_get_duration_ms:
 * @self: a capture
 *
 * Returns: length of the file's sound in milliseconds; 0 while it is unknown, and for a microphone
 */
guint64
whis_capture_get_duration_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return get_private (self)->duration_ms;
}

/**
 * whis_capture_get_context:
 * @self: a capture
 *
 * Returns: (transfer none): the context in which it lives
 */
GMainContext *
whis_capture_get_context (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), NULL);

  return get_private (self)->context;
}

gboolean
whis_capture_is_cancelled (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return get_private (self)->cancelled;
}

/**
 * whis_capture_has_started:
 * @self: a capture
 *
 * Returns: whether there was any sound
 */
gboolean
whis_capture_has_started (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return get_private (self)->has_started;
}

/**
 * whis_capture_has_error:
 * @self: a capture
 *
 * Returns: whether it ends with an error
 */
gboolean
whis_capture_has_error (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return get_private (self)->error != NULL;
}

/**
 * whis_capture_set_name:
 * @self: a capture
 * @name: (nullable): what it is called in logs
 */
void
whis_capture_set_name (WhisCapture *self, const char *name)
{
  g_autofree char *full = NULL;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  full = g_strconcat ("capture ", name, NULL);
  whis_state_machine_set_name (get_private (self)->machine, full);
}

/**
 * whis_capture_set_state:
 * @self: a capture
 * @state: the state that follows
 *
 * For what only an implementation knows, such as that a microphone is gone.
 */
void
whis_capture_set_state (WhisCapture *self, WhisCaptureState state)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  whis_state_machine_set (get_private (self)->machine, (int) state);
}

/**
 * whis_capture_set_timeout:
 * @self: a capture
 * @ms: how long to wait
 * @func: (scope notified): what to call with the capture
 *
 * Sets the one timeout of the capture, which ends when sound comes, and at the end.
 */
void
whis_capture_set_timeout (WhisCapture *self, guint ms, GSourceFunc func)
{
  WhisCapturePrivate *priv;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  priv = get_private (self);
  clear_timeout (self);
  priv->timeout = g_timeout_source_new (ms);
  g_source_set_callback (priv->timeout, func, self, NULL);
  g_source_attach (priv->timeout, priv->context);
}

/**
 * whis_capture_take_error:
 * @self: a capture
 * @error: (transfer full): why it ends
 *
 * The first error is the one that is told at the end.
 */
void
whis_capture_take_error (WhisCapture *self, GError *error)
{
  WhisCapturePrivate *priv;

  g_return_if_fail (WHIS_IS_CAPTURE (self));
  g_return_if_fail (error != NULL);

  priv = get_private (self);
  if (priv->error == NULL)
    priv->error = error;
  else
    g_error_free (error);
}

/**
 * whis_capture_emit_started:
 * @self: a capture that is starting or switching
 * @duration_ms: how much sound there will be, in milliseconds; 0 if that is unknown
 *
 * Sound comes.
 */
void
whis_capture_emit_started (WhisCapture *self, guint64 duration_ms)
{
  WhisCapturePrivate *priv;
  WhisCaptureState state;
  gboolean is_first;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  priv = get_private (self);
  state = whis_capture_get_state (self);
  is_first = !priv->has_started;
  priv->has_started = TRUE;
  if (is_first)
    priv->duration_ms = duration_ms;
  if (state == WHIS_CAPTURE_STATE_STARTING || state == WHIS_CAPTURE_STATE_SWITCHING)
    {
      clear_timeout (self);
      whis_capture_set_state (self, WHIS_CAPTURE_STATE_RECORDING);
    }
  if (is_first)
    g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

static gboolean
is_over (WhisCapture *self)
{
  return whis_capture_get_state (self) == WHIS_CAPTURE_STATE_ENDED;
}

void
whis_capture_emit_level (WhisCapture *self, double peak_db)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_LEVEL], 0, peak_db);
}

void
whis_capture_emit_chunk (WhisCapture *self, WhisChunk *chunk)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_CHUNK], 0, chunk);
}

void
whis_capture_emit_sound (WhisCapture *self, GBytes *samples)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_SOUND], 0, samples);
}

/**
 * whis_capture_emit_warning:
 * @self: a capture
 * @sentence: what is not as it was asked for
 *
 * Goes on after the end, too: the disk may have room again.
 */
void
whis_capture_emit_warning (WhisCapture *self, const char *sentence)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!get_private (self)->cancelled)
    g_signal_emit (self, signals[SIGNAL_WARNING], 0, sentence);
}

void
whis_capture_emit_silent (WhisCapture *self, gboolean silent, const char *warning)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!is_over (self))
    g_signal_emit (self, signals[SIGNAL_SILENT], 0, silent, warning);
}

void
whis_capture_emit_saved (WhisCapture *self)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (!get_private (self)->cancelled)
    g_signal_emit (self, signals[SIGNAL_SAVED], 0);
}

/**
 * whis_capture_close:
 * @self: a capture that was started
 *
 * Takes no more sound, and does not wait for any. The last chunks are told, and then the end. Does
 * nothing on a capture that is closing or has ended.
 */
void
whis_capture_close (WhisCapture *self)
{
  WhisCaptureState state;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  state = whis_capture_get_state (self);
  if (state == WHIS_CAPTURE_STATE_CLOSING || state == WHIS_CAPTURE_STATE_ENDED)
    return;

  clear_timeout (self);
  whis_capture_set_state (self, WHIS_CAPTURE_STATE_CLOSING);
  WHIS_CAPTURE_GET_CLASS (self)->close (self);
}

/**
 * whis_capture_end:
 * @self: a capture that was started
 *
 * Everything was heard, and every chunk told. Does nothing on a capture that has ended.
 */
void
whis_capture_end (WhisCapture *self)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (is_over (self))
    return;

  capture_leave (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, get_private (self)->error);
  g_object_unref (self);
}

static void
whis_capture_finalize (GObject *object)
{
  WhisCapture *self = WHIS_CAPTURE (object);
  WhisCapturePrivate *priv = get_private (self);

  clear_timeout (self);
  whis_state_machine_free (priv->machine);
  g_main_context_unref (priv->context);
  g_clear_error (&priv->error);

  G_OBJECT_CLASS (whis_capture_parent_class)->finalize (object);
}

static void
whis_capture_install_signals (void)
{
  /**
   * WhisCapture::started:
   *
   * The first sound arrived. For a file its length is known from here on, if it is known at all.
   */
  signals[SIGNAL_STARTED] = g_signal_new ("started", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCapture::level:
   * @peak_db: the loudest sample of the last 100 ms, in dB relative to full scale (0 or less)
   *
   * Ten times a second while the microphone is recorded.
   */
  signals[SIGNAL_LEVEL] = g_signal_new ("level", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  /**
   * WhisCapture::chunk:
   * @chunk: the chunk, which can be read from the recording
   *
   * The next chunk is complete.
   */
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WHIS_TYPE_CHUNK);

  /**
   * WhisCapture::sound:
   * @samples: some 100 ms of sound, signed 16 bits, little endian, one channel
   *
   * What is being recorded, at the rate that was asked for. The sound of a chunk comes before
   * [signal@Capture::chunk], up to the moment at which the chunk was cut, which is a little later
   * than its end; nothing that was heard after that moment does.
   */
  signals[SIGNAL_SOUND] = g_signal_new ("sound", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
whis_capture_install_signals_of_sound (void)
{
  /**
   * WhisCapture::warning:
   * @message: a sentence for the user
   *
   * Recording goes on, but not quite as it was asked for.
   */
  signals[SIGNAL_WARNING] = g_signal_new ("warning", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisCapture::silent:
   * @silent: whether nothing but silence comes from the microphone
   * @warning: (nullable): a sentence about that for the user, the first time
   *
   * The microphone gave less than the noise of any live one for three seconds from its start on, or
   * later nothing at all for five; or there is sound again.
   */
  signals[SIGNAL_SILENT] = g_signal_new ("silent", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);

  /**
   * WhisCapture::saved:
   *
   * After a warning that the recording could not be written: all of it is in the file now. This may
   * come after the end.
   */
  signals[SIGNAL_SAVED] = g_signal_new ("saved", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCapture::ended:
   * @error: (nullable): a [error@AudioError], if something other than a stop ended it
   *
   * No more sound will come, and every chunk has been told, also after an error.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_capture_class_init (WhisCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_capture_finalize;

  whis_capture_install_signals ();
  whis_capture_install_signals_of_sound ();
}

static void
whis_capture_init (WhisCapture *self)
{
  WhisCapturePrivate *priv = get_private (self);

  priv->context = g_main_context_ref_thread_default ();
  priv->machine = whis_state_machine_new (&states, NULL, NULL);
}
