/* SPDX-License-Identifier: MIT */
#include "pause-buffer.h"

#include "chunker.h"
#include "voice.h"

/* What the next recording gets of the pause, at most: more than a recogniser wants before speech,
 * and more than speech that sets in may be noticed late. */
#define LEAD_MS 500

/* What is held is lost if the process is killed, so that it is never more than this: whatever the
 * next recording waits for, what is said goes into the one that there is. It is as much as the
 * system may hold of a file between two times that it is flushed to the disk. */
#define LONGEST_HELD_MS 5000

/* By how much later it is decided what was speech, and what has to be decided of any pause. */
#define DECISION_MS 1000
#define SHORTEST_QUIET_MS 300

/**
 * WhisPauseBuffer:
 *
 * Holds back the sound of a longer pause, so that a recording can end in it and the next one begin
 * with the very next sample.
 *
 * Sound is held from a moment before the pause is long enough on. If speech sets in before that, it
 * goes on its way. The recording is split at the first sample that is held: before it is the most
 * of the pause, and behind it some of it. That is known in one of two ways: nothing at all was
 * heard around the split; or, in noise, it was decided that what was heard is no speech, which
 * takes up to a second and a half longer.
 */
struct _WhisPauseBuffer
{
  guint pause_ms;
  guint quiet_ms; /* so much of it is decided when it is as long as that */
  guint lead_ms;

  GArray *samples; /* gint16 */
  gboolean is_holding;
  gboolean is_splitting;
  guint64 since_ms; /* where the first sample that is held was heard */
  WhisPauseEvidence evidence;
};

/**
 * whis_pause_buffer_new:
 * @pause_ms: the shortest pause in which a recording is split, in milliseconds
 *
 * Returns: (transfer full): a buffer that holds nothing
 */
WhisPauseBuffer *
whis_pause_buffer_new (guint pause_ms)
{
  WhisPauseBuffer *self;

  g_return_val_if_fail (pause_ms > 0, NULL);

  self = g_new0 (WhisPauseBuffer, 1);
  self->pause_ms = pause_ms;
  self->lead_ms = MIN (LEAD_MS, pause_ms / 2);
  self->quiet_ms = MAX (pause_ms, DECISION_MS + SHORTEST_QUIET_MS) - DECISION_MS;
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  return self;
}

/**
 * whis_pause_buffer_free:
 * @self: (transfer full) (nullable): a buffer
 */
void
whis_pause_buffer_free (WhisPauseBuffer *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->samples);
  g_free (self);
}

/* Nothing but the room was heard since the split. */
static gboolean
is_calm (WhisPauseBuffer *self)
{
  return self->evidence.heard_ms - self->evidence.calm_ms <= self->since_ms;
}

/* What was heard since the split may be speech, but none was before that for some time. */
static gboolean
is_undecided (WhisPauseBuffer *self)
{
  return self->evidence.quiet_ms >= self->quiet_ms
         && self->evidence.decided_ms - self->evidence.quiet_ms <= self->since_ms;
}

static gboolean
should_begin (WhisPauseBuffer *self)
{
  const WhisPauseEvidence *evidence = &self->evidence;

  return evidence->spoken_ms >= WHIS_CHUNKER_SPEECH_MS
         && (evidence->calm_ms >= self->pause_ms - self->lead_ms
             || evidence->quiet_ms >= self->quiet_ms);
}

static guint64
held_ms (WhisPauseBuffer *self)
{
  return self->samples->len / (WHIS_VOICE_RATE / 1000);
}

static gboolean
should_end (WhisPauseBuffer *self)
{
  if (held_ms (self) >= LONGEST_HELD_MS)
    return TRUE;

  return !self->is_splitting && !is_calm (self) && !is_undecided (self);
}

/**
 * whis_pause_buffer_update:
 * @self: a buffer
 * @evidence: what is known of the recording, the samples that come next among it
 *
 * To be called before every [method@PauseBuffer.push] would be. When it returns %FALSE after it
 * returned %TRUE, what was held goes on its way first, see [method@PauseBuffer.take].
 *
 * Returns: whether the samples that come next are to be held
 */
gboolean
whis_pause_buffer_update (WhisPauseBuffer *self, const WhisPauseEvidence *evidence)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (evidence != NULL, FALSE);

  self->evidence = *evidence;
  if (self->is_holding && should_end (self))
    {
      self->is_holding = FALSE;
      self->is_splitting = FALSE;
    }
  else if (!self->is_holding && should_begin (self))
    {
      self->is_holding = TRUE;
      self->since_ms = evidence->heard_ms;
    }

  return self->is_holding;
}

/**
 * whis_pause_buffer_push:
 * @self: a buffer that holds
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 */
void
whis_pause_buffer_push (WhisPauseBuffer *self, const gint16 *samples, gsize n_samples)
{
  g_return_if_fail (self != NULL);

  g_array_append_vals (self->samples, samples, (guint) n_samples);
}

/**
 * whis_pause_buffer_take:
 * @self: a buffer
 *
 * Returns: (transfer full) (nullable) (element-type gint16): what was held, which is not any more;
 *   %NULL for nothing
 */
GArray *
whis_pause_buffer_take (WhisPauseBuffer *self)
{
  GArray *taken;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->samples->len == 0)
    return NULL;

  taken = g_steal_pointer (&self->samples);
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));

  return taken;
}

gsize
whis_pause_buffer_get_n_samples (WhisPauseBuffer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->samples->len;
}

/**
 * whis_pause_buffer_get_quiet_ms:
 * @self: a buffer that holds
 *
 * Returns: for how long nobody had spoken where the first sample that is held was heard
 */
guint64
whis_pause_buffer_get_quiet_ms (WhisPauseBuffer *self)
{
  guint64 spoken_until;

  g_return_val_if_fail (self != NULL, 0);

  spoken_until = self->evidence.decided_ms - self->evidence.quiet_ms;

  return self->since_ms > spoken_until ? self->since_ms - spoken_until : 0;
}

static gboolean
is_long_enough (WhisPauseBuffer *self)
{
  const WhisPauseEvidence *evidence = &self->evidence;

  return (is_calm (self) && evidence->calm_ms >= self->pause_ms)
         || (is_undecided (self) && evidence->decided_ms >= self->since_ms + self->lead_ms);
}

/**
 * whis_pause_buffer_begin_split:
 * @self: a buffer
 *
 * If there is a pause that is long enough: all that is heard from here on is held, speech too,
 * until the next recording takes it or [method@PauseBuffer.cancel_split] is called.
 *
 * Returns: whether there is such a pause
 */
gboolean
whis_pause_buffer_begin_split (WhisPauseBuffer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->is_splitting = self->is_splitting || (self->is_holding && is_long_enough (self));

  return self->is_splitting;
}

/**
 * whis_pause_buffer_cancel_split:
 * @self: a buffer
 *
 * There will be no next recording: what is held goes on its way if somebody speaks.
 */
void
whis_pause_buffer_cancel_split (WhisPauseBuffer *self)
{
  g_return_if_fail (self != NULL);

  self->is_splitting = FALSE;
}

gboolean
whis_pause_buffer_is_splitting (WhisPauseBuffer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_splitting;
}
