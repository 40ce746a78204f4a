/* SPDX-License-Identifier: MIT */
#include "transcription.h"
#include "line.h"

#include <math.h>

/* Ten days: no request is longer, and a number beyond is none of seconds. */
#define LATEST_SECONDS 864000.0

G_DEFINE_BOXED_TYPE (WhisTranscription,
                     whis_transcription,
                     whis_transcription_copy,
                     whis_transcription_free)

static void
segment_free (gpointer data)
{
  WhisTranscriptionSegment *segment = data;

  g_free (segment->text);
  g_free (segment);
}

static gpointer
copy_segment (gconstpointer data, gpointer unused)
{
  WhisTranscriptionSegment *copy = g_memdup2 (data, sizeof (WhisTranscriptionSegment));

  copy->text = g_strdup (copy->text);

  return copy;
}

/**
 * whis_transcription_new:
 * @text: words of a service; made into one line of valid UTF-8 without control characters
 *
 * Returns: (transfer full): a transcription without times
 */
WhisTranscription *
whis_transcription_new (const char *text)
{
  WhisTranscription *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (WhisTranscription, 1);
  self->text = whis_line_new (text);
  self->times = whis_timed_texts_new ();
  self->segments = g_ptr_array_new_with_free_func (segment_free);

  return self;
}

/**
 * whis_transcription_copy:
 * @self: a transcription
 *
 * Returns: (transfer full): a copy of @self
 */
WhisTranscription *
whis_transcription_copy (const WhisTranscription *self)
{
  WhisTranscription *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (WhisTranscription, 1);
  copy->text = g_strdup (self->text);
  copy->language = g_strdup (self->language);
  copy->times = whis_timed_texts_copy (self->times);
  copy->segments = g_ptr_array_copy (self->segments, copy_segment, NULL);

  return copy;
}

/**
 * whis_transcription_free:
 * @self: (transfer full) (nullable): a transcription
 */
void
whis_transcription_free (WhisTranscription *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->language);
  g_ptr_array_unref (self->times);
  g_ptr_array_unref (self->segments);
  g_free (self);
}

static gboolean
is_time (double seconds)
{
  return isfinite (seconds) && seconds >= 0 && seconds <= LATEST_SECONDS;
}

/**
 * whis_transcription_add_time:
 * @self: a transcription
 * @start_s: where a part begins, in seconds
 * @end_s: where it ends, in seconds
 * @text: its words
 *
 * Adds a word or a segment with its place in the sound. What cannot be a time or has no words in it
 * is left out.
 */
void
whis_transcription_add_time (WhisTranscription *self,
                             double start_s,
                             double end_s,
                             const char *text)
{
  g_autofree char *line = NULL;

  g_return_if_fail (self != NULL);

  if (text == NULL || !is_time (start_s) || !is_time (end_s))
    return;
  line = whis_line_new (text);
  if (*line != '\0')
    g_ptr_array_add (self->times, whis_timed_text_new ((guint64) (start_s * 1000 + 0.5),
                                                       (guint64) (end_s * 1000 + 0.5), line));
}

/**
 * whis_transcription_add_segment:
 * @self: a transcription
 * @start_s: where a part begins, in seconds
 * @end_s: where it ends, in seconds
 * @avg_logprob: mean logarithm of the tokens' probabilities, or NaN
 * @no_speech_prob: how likely nobody speaks, or NaN
 * @text: its words
 *
 * Adds what the model thought of a part. What cannot be a time or has no words in it is left out.
 */
void
whis_transcription_add_segment (WhisTranscription *self,
                                double start_s,
                                double end_s,
                                double avg_logprob,
                                double no_speech_prob,
                                const char *text)
{
  g_autofree char *line = NULL;
  WhisTranscriptionSegment *segment;

  g_return_if_fail (self != NULL);

  if (text == NULL || !is_time (start_s) || !is_time (end_s))
    return;
  line = whis_line_new (text);
  if (*line == '\0')
    return;

  segment = g_new0 (WhisTranscriptionSegment, 1);
  segment->start_ms = (guint64) (start_s * 1000 + 0.5);
  segment->end_ms = (guint64) (end_s * 1000 + 0.5);
  segment->avg_logprob = avg_logprob;
  segment->no_speech_prob = no_speech_prob;
  segment->text = g_steal_pointer (&line);
  g_ptr_array_add (self->segments, segment);
}

/**
 * whis_transcription_shift:
 * @self: a transcription
 * @ms: where in a recording the sound that was sent begins, in milliseconds
 *
 * Makes the times those of the recording.
 */
void
whis_transcription_shift (WhisTranscription *self, guint64 ms)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->times->len; i++)
    {
      WhisTimedText *part = g_ptr_array_index (self->times, i);

      part->start_ms += ms;
      part->end_ms += ms;
    }
  for (guint i = 0; i < self->segments->len; i++)
    {
      WhisTranscriptionSegment *segment = g_ptr_array_index (self->segments, i);

      segment->start_ms += ms;
      segment->end_ms += ms;
    }
}
