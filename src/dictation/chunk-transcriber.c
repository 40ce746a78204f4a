/* SPDX-License-Identifier: MIT */
#include "chunk-transcriber.h"

#include <string.h>

#include "frame-format.h"
#include "hallucination.h"
#include "speech-gaps.h"
#include "words.h"

/* How often what was left out is looked for, and how much sound that may be, of the chunk's. */
#define MOST_ROUNDS 2
#define MOST_EXTRA 2

/* Fewer words than these may well be said twice. */
#define FEWEST_WORDS_OF_ECHO 4

#define RESERVOIR_FRAMES 4

/* Sound in front of a gap and behind it, in each round: a model that left the same words out again
 * hears them between other silences. */
static const struct
{
  guint before_ms;
  guint behind_ms;
} margins[MOST_ROUNDS] = { { 200, 500 }, { 60, 700 } };

/* A chunk on its way. */
typedef struct
{
  WhisChunk *chunk;
  WhisSpeechRequest *request;
  WhisChunkAnswer *result;
  gboolean is_sound; /* the model says that it is no speech */
  guint round;
  GArray *gaps; /* of this round */
  guint gap;
  guint64 extra_ms;
  guint64 shift_ms; /* where the sound begins that was sent last */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  whis_chunk_free (work->chunk);
  whis_speech_request_unref (work->request);
  g_clear_pointer (&work->result, whis_chunk_answer_free);
  g_clear_pointer (&work->gaps, g_array_unref);
  g_free (work);
}

/**
 * whis_chunk_answer_free:
 * @self: (transfer full): what came of a chunk
 */
void
whis_chunk_answer_free (WhisChunkAnswer *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->answer, whis_failover_answer_free);
  g_clear_pointer (&self->gaps, g_array_unref);
  g_free (self);
}

/**
 * whis_chunk_get_sent_from_ms:
 * @chunk: a chunk
 *
 * Every frame of a recording is as long as the other, so that a byte has its time. What is sent
 * begins a little before the chunk's own sound.
 *
 * Returns: where in the dictation the first byte's sound is, in milliseconds
 */
guint64
whis_chunk_get_sent_from_ms (const WhisChunk *chunk)
{
  g_return_val_if_fail (chunk != NULL, 0);

  return chunk->offset / whis_chunk_get_frame_size (chunk) * WHIS_FRAME_MS;
}

static WhisTranscription *
get_transcription (const Work *work)
{
  return work->result->answer->transcription;
}

static void
return_result (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  WhisChunkAnswer *result = g_steal_pointer (&work->result);

  if (result->gaps == NULL)
    result->gaps = whis_spans_new ();
  result->numbers[WHIS_STATISTIC_PIECES] = 1;
  result->numbers[WHIS_STATISTIC_HOLES_LEFT] = result->gaps->len;
  g_task_return_pointer (task, result, (GDestroyNotify) whis_chunk_answer_free);
}

/* --- what was left out ------------------------------------------------------------------------ */

/* A request for a part of the chunk's sound, without anything that was said before. */
static WhisSpeechRequest *
cut_request (Work *work, guint64 from_ms, guint64 to_ms)
{
  const WhisChunk *chunk = work->chunk;
  guint frame_size = whis_chunk_get_frame_size (chunk);
  guint64 sent_from = whis_chunk_get_sent_from_ms (chunk) / WHIS_FRAME_MS;
  guint64 end = (chunk->start_ms + chunk->length_ms) / WHIS_FRAME_MS;
  guint64 first = MAX (from_ms / WHIS_FRAME_MS, sent_from);
  guint64 last = CLAMP (to_ms / WHIS_FRAME_MS + 1, first, end);
  guint64 lead = MIN (RESERVOIR_FRAMES, first - sent_from);
  guint64 skipped = (first - lead - sent_from) * frame_size;
  guint64 size = MIN ((last - first + lead) * frame_size, chunk->size - skipped);
  WhisSpeechRequest *request = whis_speech_request_new (
      work->request->sound, chunk->offset + skipped, size, (last - first) * WHIS_FRAME_MS);

  work->shift_ms = (first - lead) * WHIS_FRAME_MS;
  whis_speech_request_set_language (request, work->request->language);
  whis_speech_request_set_wants_times (request, TRUE);

  return request;
}

static void look_for_gaps (GTask *task);
static void ask_for_gap (GTask *task);

static gboolean
has_same_words (const char *text, const char *other)
{
  g_autoptr (GArray) words = whis_words_split (text);
  g_autoptr (GArray) others = whis_words_split (other);

  if (words->len != others->len)
    return FALSE;
  for (guint i = 0; i < words->len; i++)
    if (!g_str_equal (g_array_index (words, WhisWord, i).key,
                      g_array_index (others, WhisWord, i).key))
      return FALSE;

  return TRUE;
}

/* An answer of the same words as the whole text found nothing: their times were wrong, or the model
 * repeats itself. */
static void
on_gap_answer (Work *work, WhisTranscription *found)
{
  WhisHallucinations removed = { 0 };
  WhisSpan gap = g_array_index (work->gaps, WhisSpan, work->gap);

  whis_transcription_shift (found, work->shift_ms);
  whis_hallucinations_remove (found, work->chunk->voice, &removed);
  /* What goes wrong once more is no find. */
  if (removed.n_loops == 0 && !removed.is_doubtful
      && !has_same_words (found->text, get_transcription (work)->text)
      && whis_speech_gaps_fill (get_transcription (work), found, &gap))
    work->result->numbers[WHIS_STATISTIC_HOLES_FILLED]++;
}

static void
gap_answered_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisFailoverAnswer) answer =
      whis_failover_transcribe_finish (WHIS_FAILOVER (object), result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  /* The text that there is counts, also if no more can be had. */
  if (answer != NULL)
    on_gap_answer (work, answer->transcription);
  else
    work->round = MOST_ROUNDS;
  work->gap++;
  ask_for_gap (g_steal_pointer (&task));
}

/* Asks for the next gap of this round, or goes on to the next round. Takes the task. */
static void
ask_for_gap (GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Work *work = g_task_get_task_data (task);
  g_autoptr (WhisSpeechRequest) request = NULL;
  const WhisSpan *gap;

  if (work->gap >= work->gaps->len || work->round >= MOST_ROUNDS)
    {
      work->round++;
      look_for_gaps (g_steal_pointer (&task));
      return;
    }
  gap = &g_array_index (work->gaps, WhisSpan, work->gap);
  request = cut_request (work,
                         gap->start_ms > margins[work->round].before_ms
                             ? gap->start_ms - margins[work->round].before_ms
                             : 0,
                         gap->end_ms + margins[work->round].behind_ms);
  if (work->extra_ms + request->duration_ms > MOST_EXTRA * work->chunk->length_ms)
    {
      work->round = MOST_ROUNDS;
      look_for_gaps (g_steal_pointer (&task));
      return;
    }
  work->extra_ms += request->duration_ms;
  whis_failover_transcribe_async (g_task_get_source_object (task), request,
                                  g_task_get_cancellable (task), gap_answered_cb,
                                  g_object_ref (task));
}

/* Whether the model gives times, so that an answer without a word says something. */
static gboolean
may_have_gaps (const Work *work)
{
  const WhisFailoverAnswer *answer = work->result->answer;

  return work->chunk->voice != NULL && !work->is_sound
         && ((answer->provider->fields & WHIS_FIELD_TIMES) != 0
             || answer->transcription->times->len > 0)
         && whis_provider_describe_model (answer->provider, answer->model)->times != NULL;
}

/* Takes the task. */
static void
look_for_gaps (GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Work *work = g_task_get_task_data (task);

  g_clear_pointer (&work->gaps, g_array_unref);
  work->gap = 0;
  work->gaps = may_have_gaps (work)
                   ? whis_speech_gaps_find (get_transcription (work), work->chunk->voice)
                   : whis_spans_new ();
  if (work->round == 0)
    work->result->numbers[WHIS_STATISTIC_HOLES_FOUND] = work->gaps->len;
  if (work->gaps->len > 0 && work->round < MOST_ROUNDS)
    {
      ask_for_gap (g_steal_pointer (&task));
      return;
    }
  work->result->gaps = g_steal_pointer (&work->gaps);
  return_result (task);
}

/* --- what nobody said ------------------------------------------------------------------------- */

/* Models that hear nothing tend to say once more what they were told was said before. */
static gboolean
repeats_context (const char *text, const char *context)
{
  g_autoptr (GArray) words = NULL;
  g_autoptr (GArray) before = NULL;

  if (context == NULL)
    return FALSE;
  words = whis_words_split (text);
  before = whis_words_split (context);
  if (words->len < FEWEST_WORDS_OF_ECHO || words->len > before->len)
    return FALSE;
  for (guint i = 0; i < words->len; i++)
    if (!g_str_equal (g_array_index (words, WhisWord, i).key,
                      g_array_index (before, WhisWord, before->len - words->len + i).key))
      return FALSE;

  return TRUE;
}

/* Where voice was heard is not known of an old chunk: all of it may be. */
static void
remove_hallucinations (Work *work, WhisTranscription *transcription, WhisHallucinations *found)
{
  g_autoptr (GArray) all = whis_spans_new ();
  const WhisChunk *chunk = work->chunk;

  whis_spans_add (all, chunk->start_ms, chunk->start_ms + chunk->length_ms);
  whis_hallucinations_remove (transcription, chunk->voice != NULL ? chunk->voice : all, found);
}

static void
count_removed (Work *work, const WhisHallucinations *found)
{
  guint64 *numbers = work->result->numbers;

  numbers[WHIS_STATISTIC_INVENTED] += found->n_invented;
  numbers[WHIS_STATISTIC_LOOPS] += found->n_loops;
  numbers[WHIS_STATISTIC_SOUNDS] += found->n_sounds;
}

static void
again_answered_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisFailoverAnswer) answer =
      whis_failover_transcribe_finish (WHIS_FAILOVER (object), result, &error);
  WhisHallucinations found = { 0 };

  if (g_task_return_error_if_cancelled (task))
    return;
  if (answer != NULL)
    {
      whis_transcription_shift (answer->transcription, whis_chunk_get_sent_from_ms (work->chunk));
      remove_hallucinations (work, answer->transcription, &found);
    }
  /* Two looks that see the same repetition: it was said. */
  if (answer != NULL && !found.is_doubtful)
    {
      if (!g_str_equal (answer->transcription->text, get_transcription (work)->text))
        work->result->numbers[WHIS_STATISTIC_LOOPS]++;
      count_removed (work, &found);
      whis_failover_answer_free (work->result->answer);
      work->result->answer = g_steal_pointer (&answer);
    }
  look_for_gaps (g_steal_pointer (&task));
}

static void
ask_again (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_copy (work->request);

  work->extra_ms += work->chunk->length_ms;
  whis_speech_request_set_prompt (request, NULL);
  whis_speech_request_set_context (request, NULL);
  whis_failover_transcribe_async (g_task_get_source_object (task), request,
                                  g_task_get_cancellable (task), again_answered_cb,
                                  g_object_ref (task));
}

static void
answered_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  WhisFailoverAnswer *answer =
      whis_failover_transcribe_finish (WHIS_FAILOVER (object), result, &error);
  WhisHallucinations found = { 0 };

  if (answer == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  work->result->answer = answer;
  whis_transcription_shift (answer->transcription, whis_chunk_get_sent_from_ms (work->chunk));
  found.is_doubtful = repeats_context (answer->transcription->text, work->request->context);
  remove_hallucinations (work, answer->transcription, &found);
  count_removed (work, &found);
  work->is_sound = found.n_sounds > 0 && *answer->transcription->text == '\0';
  if (found.is_doubtful)
    ask_again (task);
  else
    look_for_gaps (g_steal_pointer (&task));
}

/**
 * whis_chunk_transcribe_async:
 * @chunk: a chunk
 * @failover: where its sound goes
 * @request: a request for its sound
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is an answer or an error
 * @data: data for @callback
 *
 * Turns a chunk into text, removes what nobody said, and asks again for what was left out: at most
 * two times, and for no more than twice the chunk's sound.
 */
void
whis_chunk_transcribe_async (const WhisChunk *chunk,
                             WhisFailover *failover,
                             WhisSpeechRequest *request,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  GTask *task;
  Work *work;

  g_return_if_fail (chunk != NULL);
  g_return_if_fail (WHIS_IS_FAILOVER (failover));
  g_return_if_fail (request != NULL);

  task = g_task_new (failover, cancellable, callback, data);
  g_task_set_source_tag (task, whis_chunk_transcribe_async);
  work = g_new0 (Work, 1);
  work->chunk = whis_chunk_copy (chunk);
  work->request = whis_speech_request_ref (request);
  work->result = g_new0 (WhisChunkAnswer, 1);
  g_task_set_task_data (task, work, work_free);
  whis_failover_transcribe_async (failover, request, cancellable, answered_cb, task);
}

/**
 * whis_chunk_transcribe_finish:
 * @failover: the failover
 * @result: what the callback got
 * @error: return location for the error of the first service
 *
 * Returns: (transfer full): what came of the chunk; %NULL on error
 */
WhisChunkAnswer *
whis_chunk_transcribe_finish (WhisFailover *failover, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, failover), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_chunk_transcribe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
