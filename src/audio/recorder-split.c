/* SPDX-License-Identifier: MIT */
/* How a recording ends in a pause, and the next one begins with the very next sample. */
#include "recorder-private.h"

/**
 * whis_recorder_split_in_pauses:
 * @recorder: a recorder that has heard nothing
 * @pause_ms: the shortest pause in which it may be split, in milliseconds
 *
 * Makes a recorder that records ready for [method@Recorder.begin_split].
 */
void
whis_recorder_split_in_pauses (WhisRecorder *recorder, guint pause_ms)
{
  g_return_if_fail (recorder != NULL);
  g_return_if_fail (recorder->pause == NULL);

  recorder->pause = whis_pause_buffer_new (pause_ms);
}

/* With the feed lock. */
static void
apply_cancel (WhisRecorder *recorder)
{
  if (g_atomic_int_compare_and_exchange (&recorder->is_split_cancelled, TRUE, FALSE))
    whis_pause_buffer_cancel_split (recorder->pause);
}

/* With the feed lock. */
static gboolean
is_splitting (WhisRecorder *recorder)
{
  if (recorder->finished || recorder->pause == NULL)
    return FALSE;

  apply_cancel (recorder);

  return whis_pause_buffer_is_splitting (recorder->pause);
}

/* Whether what was just heard is held back, because it may belong to the next recording. */
gboolean
whis_recorder_holds (WhisRecorder *recorder)
{
  WhisPauseEvidence evidence;

  if (recorder->pause == NULL)
    return FALSE;

  apply_cancel (recorder);
  evidence = (WhisPauseEvidence){ .heard_ms = whis_recorder_get_elapsed_ms (recorder),
                                  .calm_ms = whis_voice_get_calm_ms (recorder->voice),
                                  .decided_ms = recorder->decided_ms,
                                  .quiet_ms = recorder->quiet_ms,
                                  .spoken_ms = recorder->spoken_ms };

  return whis_pause_buffer_update (recorder->pause, &evidence);
}

/**
 * whis_recorder_begin_split:
 * @recorder: a recorder
 *
 * If nobody has spoken for as long as [method@Recorder.split_in_pauses] said, nothing more is
 * recorded but held, until [method@Recorder.split] or [method@Recorder.cancel_split]. Does not
 * wait.
 *
 * Returns: whether there is such a pause
 */
gboolean
whis_recorder_begin_split (WhisRecorder *recorder)
{
  gboolean begun;

  g_return_val_if_fail (recorder != NULL, FALSE);

  if (!g_mutex_trylock (&recorder->feed_lock))
    return FALSE;

  begun = recorder->pause != NULL && !recorder->finished;
  if (begun)
    {
      apply_cancel (recorder);
      begun = whis_pause_buffer_begin_split (recorder->pause);
    }
  g_mutex_unlock (&recorder->feed_lock);

  return begun;
}

/**
 * whis_recorder_cancel_split:
 * @recorder: a recorder
 *
 * It goes on recording, with the next sound. Does not wait.
 */
void
whis_recorder_cancel_split (WhisRecorder *recorder)
{
  g_return_if_fail (recorder != NULL);

  if (recorder->pause != NULL)
    g_atomic_int_set (&recorder->is_split_cancelled, TRUE);
}

/**
 * whis_recorder_is_splitting:
 * @recorder: a recorder
 *
 * Returns: whether [method@Recorder.split] may succeed, now or in a moment
 */
gboolean
whis_recorder_is_splitting (WhisRecorder *recorder)
{
  gboolean splits;

  g_return_val_if_fail (recorder != NULL, FALSE);

  if (!g_mutex_trylock (&recorder->feed_lock))
    return TRUE;

  splits = is_splitting (recorder);
  g_mutex_unlock (&recorder->feed_lock);

  return splits;
}

/* What was heard behind the split is heard again by the next one. */
static void
leave_held (WhisRecorder *recorder, WhisRecorder *next)
{
  gsize n_held = whis_pause_buffer_get_n_samples (recorder->pause);

  next->inherited = whis_pause_buffer_take (recorder->pause);
  next->loudest = recorder->loudest; /* it is the same microphone */
  next->quiet_before_ms = whis_pause_buffer_get_quiet_ms (recorder->pause);
  whis_pause_buffer_cancel_split (recorder->pause);

  g_mutex_lock (&recorder->lock);
  recorder->n_samples -= MIN (recorder->n_samples, n_held);
  g_mutex_unlock (&recorder->lock);
}

/**
 * whis_recorder_split:
 * @recorder: a recorder that nobody feeds at this moment
 * @next: one that is prepared, and has heard nothing
 *
 * Ends @recorder at the split that [method@Recorder.begin_split] has begun. What it holds is what
 * @next hears first. Does not wait.
 *
 * Returns: whether there was a split; %FALSE if it has finished, or does not hold any more
 */
gboolean
whis_recorder_split (WhisRecorder *recorder, WhisRecorder *next)
{
  gboolean splits;

  g_return_val_if_fail (recorder != NULL && next != NULL, FALSE);
  g_return_val_if_fail (next->inherited == NULL, FALSE);

  g_mutex_lock (&recorder->feed_lock);
  splits = is_splitting (recorder);
  if (splits)
    leave_held (recorder, next);
  g_mutex_unlock (&recorder->feed_lock);

  return splits;
}
