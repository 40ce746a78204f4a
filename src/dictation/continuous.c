/* SPDX-License-Identifier: MIT */
#include "continuous.h"

#include <glib/gi18n-lib.h>

/* Speech has been heard as lately as that after it was spoken, in milliseconds. */
#define SPOKEN_MS 500

/**
 * WhisContinuous:
 *
 * Continuous dictation: the microphone stays open, and what was said is delivered at each longer
 * pause.
 *
 * Each passage between two such pauses is a dictation of its own, with its own recording, entry in
 * the history and text, so that nothing that keeps a dictation from being lost has to know of
 * passages. The next one takes the microphone over in the middle of the pause, without a gap. It
 * ends when the last one is stopped, or when nobody has spoken for as long as the settings say.
 */
struct _WhisContinuous
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisDictations *dictations;

  /* While the microphone is being handed over, else %NULL. */
  WhisDictation *former;
  WhisDictation *next;

  gboolean awaits_speech; /* no passage could be begun in this pause */
  gboolean has_told;      /* of such a problem */
};

enum
{
  ENDED,
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisContinuous, whis_continuous, G_TYPE_OBJECT)

static void
continuous_end (WhisContinuous *self, WhisDictation *dictation, guint seconds)
{
  g_autofree char *reason = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Nobody has spoken for %u second, so the microphone was closed.",
                   "Nobody has spoken for %u seconds, so the microphone was closed.", seconds),
      seconds);

  whis_dictation_stop_because (dictation, reason);
  g_signal_emit (self, signals[ENDED], 0, reason);
}

/* What is said goes on in the passage that there is; the next pause is another chance. */
static void
continuous_go_on (WhisContinuous *self, const GError *error)
{
  self->awaits_speech = TRUE;
  if (!self->has_told && error != NULL)
    g_signal_emit (self, signals[PROBLEM], 0, error);
  self->has_told = TRUE;
}

static void
continuous_follow (WhisContinuous *self, WhisDictation *former)
{
  g_autoptr (GError) error = NULL;
  WhisDictation *next = whis_dictations_follow (self->dictations, former, &error);

  if (next != NULL && whis_dictation_state_takes_sound (whis_dictation_get_state (next)))
    {
      self->former = g_object_ref (former);
      self->next = g_object_ref (next);
      return;
    }

  whis_dictation_cancel_split (former);
  continuous_go_on (self, next != NULL ? whis_dictation_get_error (next) : error);
}

/* Ten times in a second of sound. */
static void
level_cb (WhisContinuous *self, double level, WhisDictation *dictation)
{
  guint seconds = whis_settings_get_continuous_end (self->settings);
  gboolean has_spoken;
  guint64 quiet_ms;

  if (whis_dictation_get_state (dictation) != WHIS_DICTATION_STATE_RECORDING || self->next != NULL)
    return;

  quiet_ms = whis_dictation_get_quiet_ms (dictation, &has_spoken);
  if (quiet_ms < SPOKEN_MS)
    self->awaits_speech = FALSE;
  if (quiet_ms >= (guint64) seconds * 1000)
    continuous_end (self, dictation, seconds);
  else if (!self->awaits_speech && whis_dictation_begin_split (dictation))
    continuous_follow (self, dictation);
}

/* The microphone is taken over, or will not be: that it could not be, or that somebody has ended
 * the passage by its id before it has begun, which is meant for the whole. */
static void
next_changed (WhisContinuous *self)
{
  WhisDictationState state = whis_dictation_get_state (self->next);
  g_autoptr (WhisDictation) former = NULL;
  g_autoptr (WhisDictation) next = NULL;
  const GError *error;

  if (state == WHIS_DICTATION_STATE_STARTING)
    return;

  former = g_steal_pointer (&self->former);
  next = g_steal_pointer (&self->next);
  error = whis_dictation_get_error (next);
  if (state == WHIS_DICTATION_STATE_RECORDING)
    {
      self->has_told = FALSE;
      whis_dictation_hand_over (former);
    }
  else if (state == WHIS_DICTATION_STATE_TRANSCRIBING)
    whis_dictation_stop (former);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    whis_dictation_cancel (former);
  else
    continuous_go_on (self, error);
}

/* The user stops or cancels in the very moment: it holds for the whole. */
static void
former_changed (WhisContinuous *self)
{
  g_autoptr (WhisDictation) former = NULL;
  g_autoptr (WhisDictation) next = NULL;

  if (whis_dictation_state_takes_sound (whis_dictation_get_state (self->former)))
    return;

  former = g_steal_pointer (&self->former);
  next = g_steal_pointer (&self->next);
  whis_dictation_discard (next);
}

static void
state_changed_cb (WhisContinuous *self, GParamSpec *pspec, WhisDictation *dictation)
{
  if (dictation == self->next)
    next_changed (self);
  else if (dictation == self->former)
    former_changed (self);
}

static void
added_cb (WhisContinuous *self, WhisDictation *dictation)
{
  if (!whis_dictation_is_continuous (dictation))
    return;

  self->awaits_speech = FALSE;
  self->has_told = self->has_told && whis_dictation_follows (dictation);
  g_signal_connect_object (dictation, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
whis_continuous_dispose (GObject *object)
{
  WhisContinuous *self = WHIS_CONTINUOUS (object);

  g_clear_object (&self->former);
  g_clear_object (&self->next);
  g_clear_object (&self->settings);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_continuous_parent_class)->dispose (object);
}

static void
whis_continuous_class_init (WhisContinuousClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_continuous_dispose;

  /**
   * WhisContinuous::ended:
   * @self: a continuous dictation
   * @reason: why, a sentence for the user
   *
   * The microphone was closed, and not by the user.
   */
  signals[ENDED] = g_signal_new ("ended", WHIS_TYPE_CONTINUOUS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisContinuous::problem:
   * @self: a continuous dictation
   * @error: why
   *
   * The next passage could not be begun; the one that there is goes on, and is delivered at a later
   * pause. Told once, until that has succeeded.
   */
  signals[PROBLEM] = g_signal_new ("problem", WHIS_TYPE_CONTINUOUS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_continuous_init (WhisContinuous *self)
{
}

/**
 * whis_continuous_new:
 * @settings: after which silence it ends
 * @dictations: the dictations, of which those that are continuous are split and stopped
 *
 * Returns: (transfer full): an object that works as long as it lives
 */
WhisContinuous *
whis_continuous_new (WhisSettings *settings, WhisDictations *dictations)
{
  WhisContinuous *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_DICTATIONS (dictations), NULL);

  self = g_object_new (WHIS_TYPE_CONTINUOUS, NULL);
  self->settings = g_object_ref (settings);
  self->dictations = g_object_ref (dictations);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);

  return self;
}
