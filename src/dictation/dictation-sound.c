/* SPDX-License-Identifier: MIT */
#include "dictation-sound.h"

#include "dictation-file.h"
#include "dictation-source.h"

/**
 * WhisDictationSound:
 *
 * The sound of one dictation: what records it from the microphone or a file, or cuts what was
 * recorded before, and how that ends.
 */

#define SILENCE_DB (-100.0)

struct _WhisDictationSound
{
  GObject parent_instance;

  WhisDictationSource *source;
  WhisDictationFile *file;
  WhisCapture *capture; /* NULL before the start, and after the release */

  gboolean takes_sound; /* the microphone is open, and nothing has ended that */
  gboolean recorded;    /* nothing more is written to the file */
  gboolean ended;       /* no more sound comes */
  gboolean closing;     /* the dictation has ended, but its last sound is on its way to the file */
  gboolean released;
  guint64 elapsed_ms;
  double level;
  gboolean silent;
  char *silence_warning;
};

enum
{
  PROP_SILENT = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  STARTED,
  LEVEL,
  CHUNK,
  SAMPLES,
  WARNING,
  WARNING_PASSED,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictationSound, whis_dictation_sound, G_TYPE_OBJECT)

/* --- its file --------------------------------------------------------------------------------- */

static void
on_capture_saved (WhisCapture *capture)
{
  g_signal_handlers_disconnect_by_func (capture, on_capture_saved, NULL);
  g_object_unref (capture);
}

/* What the disk had no room for is in memory only, and goes there as soon as there is room. */
static void
whis_dictation_sound_keep_until_saved (WhisDictationSound *self)
{
  if (self->capture != NULL && !whis_dictation_file_is_saved (self->file))
    g_signal_connect (g_object_ref (self->capture), "saved", G_CALLBACK (on_capture_saved), NULL);
}

/* The last dictation is remembered; its file is not kept open for that, nor what recorded it. What
 * was cancelled may still be written to for a moment, so that only its last reference closes it. */
static void
whis_dictation_sound_release_capture (WhisDictationSound *self)
{
  if (self->capture == NULL || !whis_dictation_file_is_saved (self->file))
    return;

  self->elapsed_ms = whis_capture_get_elapsed_ms (self->capture);
  g_signal_handlers_disconnect_by_data (self->capture, self);
  g_clear_object (&self->capture);
  whis_dictation_file_close (self->file, self->recorded);
}

static void
whis_dictation_sound_close_file (WhisDictationSound *self)
{
  whis_dictation_sound_keep_until_saved (self);
  whis_dictation_file_unlock (self->file);
  whis_dictation_sound_release_capture (self);
}

/**
 * whis_dictation_sound_release:
 * @self: the sound of a dictation that has ended
 *
 * Unlocks and closes the file, now or when the sound that is on its way there has arrived. What the
 * disk still refuses is kept until it takes it.
 */
void
whis_dictation_sound_release (WhisDictationSound *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));

  self->released = TRUE;
  if (!self->closing)
    whis_dictation_sound_close_file (self);
}

/**
 * whis_dictation_sound_delete:
 * @self: the sound of a dictation that ends
 *
 * Deletes what was recorded, if no other process has it.
 */
void
whis_dictation_sound_delete (WhisDictationSound *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));

  whis_dictation_file_delete (self->file);
}

/* --- what is heard ---------------------------------------------------------------------------- */

static void
whis_dictation_sound_set_silent (WhisDictationSound *self, gboolean silent)
{
  if (self->silent == silent)
    return;

  self->silent = silent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SILENT]);
  if (!silent && self->silence_warning != NULL)
    g_signal_emit (self, signals[WARNING_PASSED], 0, self->silence_warning);
}

static void
whis_dictation_sound_lock_file (WhisDictationSound *self)
{
  if (!self->released)
    whis_dictation_file_lock (self->file);
}

static void
on_capture_started (WhisDictationSound *self)
{
  whis_dictation_sound_lock_file (self);
  g_signal_emit (self, signals[STARTED], 0);
}

static void
on_capture_level (WhisDictationSound *self, double level)
{
  if (!self->takes_sound)
    return;

  self->level = level;
  g_signal_emit (self, signals[LEVEL], 0, level);
}

static void
on_capture_silent (WhisDictationSound *self, gboolean silent, const char *sentence)
{
  if (!self->takes_sound)
    return;

  whis_dictation_sound_set_silent (self, silent);
  if (!silent || sentence == NULL)
    return;

  g_free (self->silence_warning);
  self->silence_warning = g_strdup (sentence);
  g_signal_emit (self, signals[WARNING], 0, sentence);
}

static void
on_capture_sound (WhisDictationSound *self, GBytes *samples)
{
  g_signal_emit (self, signals[SAMPLES], 0, samples);
}

static void
on_capture_chunk (WhisDictationSound *self, const WhisChunk *chunk)
{
  whis_dictation_sound_lock_file (self);
  g_signal_emit (self, signals[CHUNK], 0, chunk);
}

static void
on_capture_warning (WhisDictationSound *self, const char *sentence)
{
  g_signal_emit (self, signals[WARNING], 0, sentence);
}

static void
on_capture_ended (WhisDictationSound *self, const GError *error)
{
  self->ended = TRUE;
  self->recorded = TRUE;
  self->takes_sound = FALSE;
  self->level = SILENCE_DB;
  if (self->closing)
    {
      self->closing = FALSE;
      whis_dictation_sound_close_file (self);
    }
  whis_dictation_sound_set_silent (self, FALSE);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
whis_dictation_sound_connect (WhisDictationSound *self)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "started", G_CALLBACK (on_capture_started) }, { "level", G_CALLBACK (on_capture_level) },
    { "silent", G_CALLBACK (on_capture_silent) },   { "sound", G_CALLBACK (on_capture_sound) },
    { "chunk", G_CALLBACK (on_capture_chunk) },     { "warning", G_CALLBACK (on_capture_warning) },
    { "ended", G_CALLBACK (on_capture_ended) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->capture, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
}

/* --- start and end ---------------------------------------------------------------------------- */

/**
 * whis_dictation_sound_start:
 * @self: the sound of a dictation that starts
 * @record: the chunks that there are, and how long a new one may be
 * @profile: how sound is to be cut
 * @samples_rate: the rate of [signal@DictationSound::samples] in Hz; 0 for no such signal
 * @error: return location for an error of [error@AudioError]
 *
 * Opens the microphone or the file, or cuts the rest of what was recorded before.
 *
 * Returns: whether sound comes, or all of it is there; %FALSE with an error
 */
gboolean
whis_dictation_sound_start (WhisDictationSound *self,
                            const WhisRecord *record,
                            const WhisModelProfile *profile,
                            guint samples_rate,
                            GError **error)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), FALSE);
  g_return_val_if_fail (self->capture == NULL && !self->ended, FALSE);

  self->capture = whis_dictation_source_create_capture (self->source, self->file, record, profile,
                                                        samples_rate);
  if (self->capture == NULL)
    {
      self->ended = TRUE;
      return TRUE;
    }

  whis_dictation_source_set_former (self->source, NULL);
  self->takes_sound = whis_dictation_sound_uses_microphone (self);
  whis_dictation_sound_connect (self);
  if (whis_capture_start (self->capture, error))
    return TRUE;

  self->takes_sound = FALSE;
  self->ended = TRUE;

  return FALSE;
}

/**
 * whis_dictation_sound_set_passes_samples:
 * @self: a sound that was started
 * @passes: whether [signal@DictationSound::samples] is wanted
 */
void
whis_dictation_sound_set_passes_samples (WhisDictationSound *self, gboolean passes)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));

  if (self->capture != NULL)
    whis_capture_set_passes_sound (self->capture, passes);
}

/**
 * whis_dictation_sound_stop:
 * @self: a sound that comes from the microphone
 *
 * Takes no more sound, after a tail; [signal@DictationSound::ended] follows.
 */
void
whis_dictation_sound_stop (WhisDictationSound *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));
  g_return_if_fail (self->capture != NULL);

  self->takes_sound = FALSE;
  whis_dictation_sound_set_silent (self, FALSE);
  whis_capture_stop (self->capture);
}

/**
 * whis_dictation_sound_get_microphone:
 * @self: a sound
 *
 * Returns: (transfer none) (nullable): what has the microphone; %NULL if nothing has
 */
WhisCapture *
whis_dictation_sound_get_microphone (WhisDictationSound *self)
{
  return self->takes_sound ? self->capture : NULL;
}

/**
 * whis_dictation_sound_follow:
 * @self: a sound that is not started
 * @former: one whose split was begun
 *
 * Makes it begin where @former is split.
 */
void
whis_dictation_sound_follow (WhisDictationSound *self, WhisDictationSound *former)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (former));

  whis_dictation_source_set_former (self->source, former->capture);
}

/**
 * whis_dictation_sound_hand_over:
 * @self: a sound whose microphone was taken over
 *
 * What is heard is that of the next one; [signal@DictationSound::ended] follows.
 */
void
whis_dictation_sound_hand_over (WhisDictationSound *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));

  self->takes_sound = FALSE;
  whis_dictation_sound_set_silent (self, FALSE);
}

/**
 * whis_dictation_sound_end:
 * @self: the sound of a dictation that ends early
 * @wanted: whether the sound may be wanted after all: it is then recorded to its end, also if it
 *   was on its way there, and saved when the disk has room
 */
void
whis_dictation_sound_end (WhisDictationSound *self, gboolean wanted)
{
  g_return_if_fail (WHIS_IS_DICTATION_SOUND (self));

  self->takes_sound = FALSE;
  if (self->capture != NULL && !self->ended)
    {
      if (wanted && whis_dictation_source_is_only_copy (self->source))
        {
          whis_capture_stop (self->capture);
          self->closing = TRUE;
        }
      else
        {
          whis_capture_cancel (self->capture);
          self->ended = TRUE;
        }
    }
  self->level = SILENCE_DB;
  whis_dictation_sound_set_silent (self, FALSE);
}

/* --- what is known of it ---------------------------------------------------------------------- */

/**
 * whis_dictation_sound_get_readable:
 * @self: a sound
 *
 * Returns: (transfer none) (nullable): where its chunks are read from; %NULL after the release
 */
WhisSound *
whis_dictation_sound_get_readable (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), NULL);

  return whis_dictation_file_get_readable (self->file);
}

gboolean
whis_dictation_sound_uses_microphone (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), FALSE);

  return whis_dictation_source_is_microphone (self->source);
}

/**
 * whis_dictation_sound_has_original:
 * @self: a sound
 *
 * Returns: whether it is a copy of a file that the user still has
 */
gboolean
whis_dictation_sound_has_original (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), FALSE);

  return whis_dictation_source_has_original (self->source);
}

/**
 * whis_dictation_sound_has_ended:
 * @self: a sound
 *
 * Returns: whether no more sound comes
 */
gboolean
whis_dictation_sound_has_ended (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), TRUE);

  return self->ended;
}

/**
 * whis_dictation_sound_is_complete:
 * @self: a sound
 *
 * Returns: whether no more sound is on its way to its file
 */
gboolean
whis_dictation_sound_is_complete (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), TRUE);

  return self->ended || self->capture == NULL;
}

/**
 * whis_dictation_sound_is_closing:
 * @self: a sound
 *
 * Returns: whether the dictation has ended, and the last sound is on its way to its file
 */
gboolean
whis_dictation_sound_is_closing (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), FALSE);

  return self->closing;
}

/**
 * whis_dictation_sound_get_silent:
 * @self: a sound
 *
 * Returns: whether the microphone has given nothing but silence for seconds
 */
gboolean
whis_dictation_sound_get_silent (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), FALSE);

  return self->silent;
}

/**
 * whis_dictation_sound_get_quiet_ms:
 * @self: the sound
 * @has_spoken: (out): whether speech was heard at all
 *
 * Returns: for how long no speech was heard, in milliseconds; 0 when no sound is taken
 */
guint64
whis_dictation_sound_get_quiet_ms (WhisDictationSound *self, gboolean *has_spoken)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), 0);

  *has_spoken = FALSE;

  return self->capture != NULL ? whis_capture_get_quiet_ms (self->capture, has_spoken) : 0;
}

/**
 * whis_dictation_sound_get_level:
 * @self: a sound
 *
 * Returns: peak input level in dBFS, -100 when no sound is taken
 */
double
whis_dictation_sound_get_level (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), SILENCE_DB);

  return self->level;
}

/**
 * whis_dictation_sound_get_size:
 * @self: a sound
 *
 * Returns: how many bytes of it there are, as far as that is known without asking the disk
 */
guint64
whis_dictation_sound_get_size (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), 0);

  return whis_dictation_file_get_size (self->file);
}

/**
 * whis_dictation_sound_get_elapsed_ms:
 * @self: a sound
 *
 * Returns: its length so far in milliseconds
 */
guint64
whis_dictation_sound_get_elapsed_ms (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), 0);

  return self->capture != NULL ? whis_capture_get_elapsed_ms (self->capture) : self->elapsed_ms;
}

/**
 * whis_dictation_sound_get_duration_ms:
 * @self: a sound
 *
 * Returns: its length in all, in milliseconds; 0 while that is unknown
 */
guint64
whis_dictation_sound_get_duration_ms (WhisDictationSound *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_SOUND (self), 0);

  if (self->ended)
    return whis_dictation_sound_get_elapsed_ms (self);

  return self->capture != NULL && !whis_dictation_sound_uses_microphone (self)
             ? whis_capture_get_duration_ms (self->capture)
             : 0;
}

static void
whis_dictation_sound_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_SILENT)
    g_value_set_boolean (value, WHIS_DICTATION_SOUND (object)->silent);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_dictation_sound_dispose (GObject *object)
{
  WhisDictationSound *self = WHIS_DICTATION_SOUND (object);

  g_clear_object (&self->capture);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (whis_dictation_sound_parent_class)->dispose (object);
}

static void
whis_dictation_sound_finalize (GObject *object)
{
  WhisDictationSound *self = WHIS_DICTATION_SOUND (object);

  g_clear_pointer (&self->source, whis_dictation_source_free);
  g_free (self->silence_warning);

  G_OBJECT_CLASS (whis_dictation_sound_parent_class)->finalize (object);
}

static void
install_signal (guint signal, const char *name, GType parameter)
{
  const gboolean has_parameter = parameter != G_TYPE_NONE;

  signals[signal] = g_signal_new (name, WHIS_TYPE_DICTATION_SOUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, has_parameter ? 1 : 0, parameter);
}

static void
whis_dictation_sound_install_signals (void)
{
  /**
   * WhisDictationSound::started:
   * @self: a sound
   *
   * The first sound has come.
   */
  install_signal (STARTED, "started", G_TYPE_NONE);

  /**
   * WhisDictationSound::level:
   * @self: a sound
   * @level: peak input level in dBFS
   *
   * About ten times a second while the microphone is open.
   */
  install_signal (LEVEL, "level", G_TYPE_DOUBLE);

  /**
   * WhisDictationSound::chunk:
   * @self: a sound
   * @chunk: the next chunk
   */
  install_signal (CHUNK, "chunk", WHIS_TYPE_CHUNK);

  /**
   * WhisDictationSound::samples:
   * @self: a sound
   * @samples: what is being recorded, see [signal@Capture::sound]
   */
  install_signal (SAMPLES, "samples", G_TYPE_BYTES);

  /**
   * WhisDictationSound::warning:
   * @self: a sound
   * @sentence: what went wrong, though the recording goes on
   */
  install_signal (WARNING, "warning", G_TYPE_STRING);

  /**
   * WhisDictationSound::warning-passed:
   * @self: a sound
   * @sentence: an earlier [signal@DictationSound::warning], which is not so any more
   */
  install_signal (WARNING_PASSED, "warning-passed", G_TYPE_STRING);

  /**
   * WhisDictationSound::ended:
   * @self: a sound
   * @error: (nullable): a [error@AudioError], if something other than a stop ended it
   *
   * No more sound comes, and all of it is in its file, or in memory while the disk has no room.
   */
  install_signal (ENDED, "ended", G_TYPE_ERROR);
}

static void
whis_dictation_sound_class_init (WhisDictationSoundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_dictation_sound_get_property;
  object_class->dispose = whis_dictation_sound_dispose;
  object_class->finalize = whis_dictation_sound_finalize;

  properties[PROP_SILENT] =
      g_param_spec_boolean ("silent", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  whis_dictation_sound_install_signals ();
}

static void
whis_dictation_sound_init (WhisDictationSound *self)
{
  self->level = SILENCE_DB;
}

/**
 * whis_dictation_sound_new:
 * @plan: what the dictation is to do
 * @history: where its sound is kept
 * @captures: (nullable): who makes its captures; %NULL for those of this process
 *
 * Returns: (transfer full): a sound that is not started
 */
WhisDictationSound *
whis_dictation_sound_new (const WhisDictationPlan *plan,
                          WhisHistory *history,
                          const WhisCaptureKinds *captures)
{
  WhisDictationSound *self;

  g_return_val_if_fail (plan != NULL && plan->record != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);

  self = g_object_new (WHIS_TYPE_DICTATION_SOUND, NULL);
  self->elapsed_ms = plan->record->length_ms;
  self->source = whis_dictation_source_new (plan, captures);
  self->file = whis_dictation_file_new (plan, history);

  return self;
}
