/* SPDX-License-Identifier: MIT */
#include "transcription-session.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "sentence.h"
#include "chunk-result.h"
#include "chunk-transcriber.h"
#include "echo.h"
#include "failure.h"
#include "keyring.h"
#include "merge.h"
#include "model-profile.h"

/**
 * WhisTranscriptionSession:
 *
 * How the chunks of a dictation become its text: each is sent once there is a key, unless it has a
 * text already or nobody speaks in it; its answer goes to the history and into the merge. Where the
 * service transcribes live, chunks get their texts from there, and are sent only if that fails.
 *
 * The record is the dictation's, which has a session as long as it lives.
 */

/* As many bytes of the text so far as PartialText carries. */
#define LONGEST_PARTIAL 4000

/* As many bytes of the text so far as a recogniser is given to go on from: about 100 tokens. */
#define LONGEST_CONTEXT 400

struct _WhisTranscriptionSession
{
  GObject parent_instance;

  WhisRecord *record; /* not owned */
  gboolean again;
  GStrv vocabulary;
  gboolean wants_times;
  double temperature;
  WhisSound *sound;
  WhisFailover *failover;
  WhisHistory *history; /* NULL where nothing is recorded */
  WhisLiveChunks *live; /* NULL for none */
  WhisRecord *earlier;  /* an earlier try on the same sound, or NULL */
  GCancellable *cancellable;

  gboolean key_settled;
  WhisMerge *merge;
  gboolean in_order; /* one chunk at a time, with the text before it */
  GQueue pending;    /* WhisRecordChunk, not owned: chunks that wait for the one before */
  guint n_in_flight;
  guint n_with_speech;
  guint n_failed;
  guint n_echoes;
  guint64 done_ms;
  char *language; /* that the first answer which names one heard, or NULL */
  GError *error;  /* the first of a chunk */
};

enum
{
  SETTLED,
  PARTIAL_TEXT,
  WARNING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisTranscriptionSession, whis_transcription_session, G_TYPE_OBJECT)

/* Another version of a text that there is already leaves the record as it was. */
static void
session_save (WhisTranscriptionSession *self, const WhisRecordChunk *chunk)
{
  if (!self->again && self->history != NULL)
    whis_history_put_chunk (self->history, chunk);
}

static void
session_settle (WhisTranscriptionSession *self, const WhisRecordChunk *chunk)
{
  self->done_ms = MAX (self->done_ms, chunk->chunk->start_ms + chunk->chunk->length_ms);
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
emit_partial_text (WhisTranscriptionSession *self, const char *live_text)
{
  g_autofree char *settled = whis_merge_get_prefix (self->merge, LONGEST_PARTIAL);
  g_autofree char *so_far = whis_merge_join (settled, live_text, FALSE);

  if (*so_far != '\0')
    g_signal_emit (self, signals[PARTIAL_TEXT], 0, so_far);
}

static void
session_settle_with_text (WhisTranscriptionSession *self,
                          const WhisRecordChunk *chunk,
                          const char *text)
{
  whis_merge_set (self->merge, chunk->chunk->index, text, chunk->chunk->overlaps_previous);
  emit_partial_text (self, "");
  session_settle (self, chunk);
}

/* What the service was told may come back in any of these forms. */
static gboolean
is_echo (WhisTranscriptionSession *self, const WhisRecordChunk *chunk, const char *text)
{
  g_autofree char *words = NULL;
  g_autofree char *both = NULL;
  guint64 voice_ms = chunk->chunk->voice_ms;

  if (whis_text_echoes_prompt (text, self->record->prompt, voice_ms))
    return TRUE;
  if (self->vocabulary == NULL)
    return FALSE;
  words = g_strjoinv (", ", self->vocabulary);
  both = g_strjoin (". ", words, self->record->prompt, NULL);

  return whis_text_echoes_prompt (text, words, voice_ms)
         || whis_text_echoes_prompt (text, both, voice_ms);
}

static void
set_answer (WhisTranscriptionSession *self, WhisRecordChunk *chunk, const char *text)
{
  if (is_echo (self, chunk, text))
    {
      self->n_echoes++;
      whis_chunk_result_set_echo (chunk);
    }
  else
    whis_chunk_result_set_text (chunk, text);
  session_save (self, chunk);
  session_settle_with_text (self, chunk, chunk->text);
}

static void
session_count (WhisTranscriptionSession *self,
               const char *provider,
               const char *model,
               const guint64 *numbers)
{
  g_autoptr (WhisStatistics) statistics = NULL;

  if (self->history == NULL)
    return;
  statistics = whis_statistics_new (provider, model);
  memcpy (statistics->numbers, numbers, sizeof statistics->numbers);
  whis_statistics_add (self->history, statistics);
}

static void
count_live (WhisTranscriptionSession *self, const WhisHallucinations *found)
{
  const guint64 numbers[WHIS_N_STATISTICS] = {
    [WHIS_STATISTIC_PIECES] = 1,
    [WHIS_STATISTIC_INVENTED] = found->n_invented,
    [WHIS_STATISTIC_LOOPS] = found->n_loops,
    [WHIS_STATISTIC_SOUNDS] = found->n_sounds,
  };

  session_count (self, self->record->provider, whis_live_chunks_get_model (self->live), numbers);
}

static void
on_chunk_answer (WhisTranscriptionSession *self,
                 WhisRecordChunk *chunk,
                 const WhisChunkAnswer *answer)
{
  const WhisFailoverAnswer *given = answer->answer;
  const WhisTranscription *transcription = given->transcription;

  session_count (self, given->provider->id, given->model, answer->numbers);
  if (self->language == NULL)
    self->language = g_strdup (transcription->language);
  whis_chunk_result_set_source (
      chunk, &(WhisChunkSource){ given->provider->id, given->model, given->host, given->tried });
  whis_chunk_result_set_times (chunk, self->wants_times ? transcription->times : NULL);
  whis_chunk_result_set_gaps (chunk, answer->gaps);
  set_answer (self, chunk, transcription->text);
}

/* The service that the user chose. */
static void
set_chosen_source (WhisTranscriptionSession *self, WhisRecordChunk *chunk, const char *model)
{
  whis_chunk_result_set_source (chunk, &(WhisChunkSource){
                                           .provider = self->record->provider,
                                           .model = model,
                                           .host = whis_failover_get_host (self->failover),
                                       });
}

static void
session_settle_with_error (WhisTranscriptionSession *self,
                           WhisRecordChunk *chunk,
                           const GError *error)
{
  self->n_failed++;
  set_chosen_source (self, chunk, whis_failover_get_model (self->failover));
  whis_chunk_result_set_error (chunk, whis_failure_get_code (error), error->message);
  session_save (self, chunk);
  if (self->error == NULL)
    {
      self->error = g_error_copy (error);
      g_signal_emit (self, signals[WARNING], 0, error->message);
    }
  session_settle (self, chunk);
}

typedef struct
{
  WhisTranscriptionSession *session;
  WhisRecordChunk *chunk;
} Flight;

static void send_pending (WhisTranscriptionSession *self);

static void
transcribed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autofree Flight *flight = user_data;
  g_autoptr (WhisTranscriptionSession) self = g_steal_pointer (&flight->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisChunkAnswer) answer =
      whis_chunk_transcribe_finish (WHIS_FAILOVER (object), result, &error);
  WhisRecordChunk *chunk = flight->chunk;

  self->n_in_flight--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (answer == NULL)
    session_settle_with_error (self, chunk, error);
  else
    on_chunk_answer (self, chunk, answer);
  send_pending (self);
}

/* The text before a chunk that begins within a sentence, if there is one without a gap. Behind a
 * whole sentence small models hear twice as many words wrong with it than without (base, 550
 * words). */
static void
add_context (WhisTranscriptionSession *self, WhisSpeechRequest *request, const WhisChunk *chunk)
{
  g_autofree char *context = NULL;

  if (!self->in_order || whis_merge_has_gap (self->merge, chunk->index))
    return;
  context = whis_merge_get_prefix (self->merge, LONGEST_CONTEXT);
  if (!whis_sentence_ends (context))
    whis_speech_request_set_context (request, context);
}

static void
send_chunk (WhisTranscriptionSession *self, WhisRecordChunk *chunk)
{
  g_autoptr (WhisSpeechRequest) request =
      whis_speech_request_new_for_chunk (self->sound, chunk->chunk);
  Flight *flight = g_new0 (Flight, 1);

  whis_speech_request_set_language (request, self->record->language);
  whis_speech_request_set_prompt (request, self->record->prompt);
  add_context (self, request, chunk->chunk);
  whis_speech_request_set_vocabulary (request, (const char *const *) self->vocabulary);
  whis_speech_request_set_temperature (request, self->temperature);
  whis_speech_request_set_wants_times (request, TRUE);
  flight->session = g_object_ref (self);
  flight->chunk = chunk;
  self->n_in_flight++;
  whis_chunk_transcribe_async (chunk->chunk, self->failover, request, self->cancellable,
                               transcribed_cb, flight);
}

static void
session_submit (WhisTranscriptionSession *self, WhisRecordChunk *chunk)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (self->in_order && self->n_in_flight > 0)
    g_queue_push_tail (&self->pending, chunk);
  else
    send_chunk (self, chunk);
}

static void
send_pending (WhisTranscriptionSession *self)
{
  if (self->n_in_flight == 0 && self->pending.length > 0)
    send_chunk (self, g_queue_pop_head (&self->pending));
}

static void
use_earlier (WhisTranscriptionSession *self, WhisRecordChunk *chunk, const WhisRecordChunk *earlier)
{
  whis_chunk_result_copy (chunk, earlier);
  session_save (self, chunk);
  session_settle_with_text (self, chunk, chunk->text);
}

/* Sound that may be speech is marked, and sent when the user asks once more. */
static gboolean
is_to_be_sent (WhisTranscriptionSession *self, const WhisRecordChunk *chunk)
{
  return chunk->chunk->has_speech || (self->again && chunk->gaps != NULL);
}

static void
session_process (WhisTranscriptionSession *self, WhisRecordChunk *chunk)
{
  const WhisRecordChunk *earlier =
      whis_chunk_result_find (self->earlier, chunk->chunk, self->wants_times);

  if (self->live != NULL && whis_live_chunks_add (self->live, chunk))
    return;
  if (!is_to_be_sent (self, chunk))
    session_settle_with_text (self, chunk, "");
  else if (chunk->text != NULL)
    session_settle_with_text (self, chunk, chunk->text);
  else if (earlier != NULL)
    use_earlier (self, chunk, earlier);
  else
    session_submit (self, chunk);
}

/* What was streamed overlaps nothing, however the recording was cut. */
static void
live_text_cb (WhisTranscriptionSession *self,
              WhisRecordChunk *chunk,
              const char *text,
              const WhisHallucinations *found)
{
  if (found != NULL && chunk->chunk->has_speech)
    count_live (self, found);
  set_chosen_source (self, chunk, whis_live_chunks_get_model (self->live));
  chunk->chunk->overlaps_previous = FALSE;
  if (chunk->chunk->has_speech)
    set_answer (self, chunk, text);
  else
    session_settle_with_text (self, chunk, "");
}

static void
live_left_cb (WhisTranscriptionSession *self, WhisRecordChunk *chunk)
{
  if (chunk->chunk->has_speech)
    session_submit (self, chunk);
  else
    session_settle_with_text (self, chunk, "");
}

static void
live_partial_cb (WhisTranscriptionSession *self, const char *text)
{
  emit_partial_text (self, text);
}

static void
live_ended_cb (WhisTranscriptionSession *self, const char *sentence)
{
  g_autofree char *warning = NULL;

  if (sentence == NULL)
    return;
  /* Translators: a sentence about what failed */
  warning = g_strdup_printf (_ ("%s There is no live text any more; nothing is lost, and the "
                                "recording is transcribed as usual."),
                             sentence);
  g_signal_emit (self, signals[WARNING], 0, warning);
}

/**
 * whis_transcription_session_set_live:
 * @self: a session without a key yet
 * @live: what transcribes live
 */
void
whis_transcription_session_set_live (WhisTranscriptionSession *self, WhisLiveChunks *live)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));
  g_return_if_fail (self->live == NULL && !self->key_settled);

  self->live = g_object_ref (live);
  g_signal_connect_object (live, "text", G_CALLBACK (live_text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "left", G_CALLBACK (live_left_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "partial", G_CALLBACK (live_partial_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "ended", G_CALLBACK (live_ended_cb), self, G_CONNECT_SWAPPED);
}

/**
 * whis_transcription_session_show_provisional:
 * @self: a session all of whose chunks are settled
 * @text: what is understood of the sound behind them
 *
 * Tells of it, and keeps nothing.
 */
void
whis_transcription_session_show_provisional (WhisTranscriptionSession *self, const char *text)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));
  g_return_if_fail (text != NULL);

  emit_partial_text (self, text);
}

/**
 * whis_transcription_session_set_earlier:
 * @self: a session
 * @earlier: an earlier try on the same sound, with the same service and model; its texts are taken
 *   over where the chunks are the same
 */
void
whis_transcription_session_set_earlier (WhisTranscriptionSession *self, const WhisRecord *earlier)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  g_clear_pointer (&self->earlier, whis_record_free);
  self->earlier = whis_record_copy (earlier);
}

/**
 * whis_transcription_session_set_key:
 * @self: a session
 * @key: (transfer full) (nullable): the key of the service
 * @error: (transfer full) (nullable): why the key could not be had
 *
 * From here on chunks are sent.
 */
void
whis_transcription_session_set_key (WhisTranscriptionSession *self, char *key, GError *error)
{
  g_autoptr (GError) key_error = error;
  guint n_chunks;

  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));
  g_return_if_fail (!self->key_settled);

  whis_failover_set_key (self->failover, key, key_error);
  if (self->live != NULL && key_error == NULL)
    whis_live_chunks_start (self->live, self->record, (const char *const *) self->vocabulary,
                            whis_failover_get_key (self->failover));
  n_chunks = self->record->chunks->len;
  for (guint i = 0; i < n_chunks; i++)
    session_process (self, g_ptr_array_index (self->record->chunks, i));
  self->key_settled = TRUE;
  g_signal_emit (self, signals[SETTLED], 0);
}

/**
 * whis_transcription_session_end_sound:
 * @self: a session
 *
 * No more chunks come.
 */
void
whis_transcription_session_end_sound (WhisTranscriptionSession *self)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  if (self->live != NULL)
    whis_live_chunks_finish (self->live);
}

/**
 * whis_transcription_session_add:
 * @self: a session
 * @chunk: a new chunk of the sound
 *
 * Adds a chunk to the record and the history, and sends it as soon as there is a key.
 */
void
whis_transcription_session_add (WhisTranscriptionSession *self, const WhisChunk *chunk)
{
  WhisRecordChunk *record;

  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  record = whis_record_chunk_new (chunk);
  if (chunk->sounds != NULL)
    record->gaps = whis_spans_copy (chunk->sounds);
  g_ptr_array_add (self->record->chunks, record);
  self->n_with_speech += chunk->has_speech;
  session_save (self, record);
  if (self->key_settled)
    session_process (self, record);
}

/**
 * whis_transcription_session_set_wishes:
 * @self: a session without a key yet
 * @vocabulary: (nullable): names and terms that may be said
 * @wants_times: whether words or segments with times are wanted
 */
void
whis_transcription_session_set_wishes (WhisTranscriptionSession *self,
                                       const char *const *vocabulary,
                                       gboolean wants_times)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  g_strfreev (self->vocabulary);
  self->vocabulary =
      vocabulary != NULL && vocabulary[0] != NULL ? g_strdupv ((GStrv) vocabulary) : NULL;
  self->wants_times = wants_times;
}

/**
 * whis_transcription_session_set_temperature:
 * @self: a session without a key yet
 * @temperature: how freely tokens are chosen at first, from 0, which is usual, to 1
 */
void
whis_transcription_session_set_temperature (WhisTranscriptionSession *self, double temperature)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  self->temperature = temperature;
}

/**
 * whis_transcription_session_cancel:
 * @self: a session
 *
 * Takes back what was sent and has no answer. Nothing is told any more.
 */
void
whis_transcription_session_cancel (WhisTranscriptionSession *self)
{
  g_return_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  g_queue_clear (&self->pending);
  g_clear_object (&self->sound);
  if (self->live != NULL)
    whis_live_chunks_cancel (self->live);
}

/**
 * whis_transcription_session_is_settled:
 * @self: a session
 *
 * Returns: whether every chunk so far has its text or its error
 */
gboolean
whis_transcription_session_is_settled (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), FALSE);

  return self->key_settled && self->n_in_flight == 0 && self->pending.length == 0
         && (self->live == NULL || whis_live_chunks_get_n_waiting (self->live) == 0);
}

/**
 * whis_transcription_session_get_done_ms:
 * @self: a session
 *
 * Returns: up to where sound has been settled, in milliseconds
 */
guint64
whis_transcription_session_get_done_ms (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), 0);

  return self->done_ms;
}

/**
 * whis_transcription_session_get_error:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): why the first chunk without a text has none
 */
const GError *
whis_transcription_session_get_error (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), NULL);

  return self->error;
}

/**
 * whis_transcription_session_has_failed:
 * @self: a session
 *
 * Returns: whether there was speech, and none of it became text
 */
gboolean
whis_transcription_session_has_failed (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), FALSE);

  return self->n_with_speech > 0 && self->n_failed == self->n_with_speech;
}

gboolean
whis_transcription_session_had_echo (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), FALSE);

  return self->n_echoes > 0;
}

/**
 * whis_transcription_session_get_language:
 * @self: a session
 *
 * Returns: (nullable): the language that was heard, in the service's own form; %NULL if none was
 *   named
 */
const char *
whis_transcription_session_get_language (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), NULL);

  return self->language;
}

/**
 * whis_transcription_session_get_text:
 * @self: a session
 *
 * Returns: (transfer full): the text so far, with a mark where a part is missing
 */
char *
whis_transcription_session_get_text (WhisTranscriptionSession *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIPTION_SESSION (self), NULL);

  return whis_merge_get_text (self->merge, self->record->chunks->len);
}

static void
whis_transcription_session_finalize (GObject *object)
{
  WhisTranscriptionSession *self = WHIS_TRANSCRIPTION_SESSION (object);

  g_queue_clear (&self->pending);
  g_strfreev (self->vocabulary);
  g_clear_object (&self->sound);
  g_object_unref (self->failover);
  g_clear_object (&self->live);
  g_clear_pointer (&self->earlier, whis_record_free);
  g_clear_object (&self->history);
  g_object_unref (self->cancellable);
  g_object_unref (self->merge);
  g_free (self->language);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (whis_transcription_session_parent_class)->finalize (object);
}

static void
whis_transcription_session_class_init (WhisTranscriptionSessionClass *klass)
{
  GType type = WHIS_TYPE_TRANSCRIPTION_SESSION;

  G_OBJECT_CLASS (klass)->finalize = whis_transcription_session_finalize;

  /**
   * WhisTranscriptionSession::settled:
   * @self: a session
   *
   * A chunk has its text or its error, or the key is known.
   */
  signals[SETTLED] =
      g_signal_new ("settled", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisTranscriptionSession::partial-text:
   * @self: a session
   * @text: the text up to the first chunk that is still missing; of a long text the end
   */
  signals[PARTIAL_TEXT] = g_signal_new ("partial-text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisTranscriptionSession::warning:
   * @self: a session
   * @sentence: why a chunk has no text
   */
  signals[WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_transcription_session_init (WhisTranscriptionSession *self)
{
  self->cancellable = g_cancellable_new ();
  self->merge = whis_merge_new ();
  g_queue_init (&self->pending);
}

/* A service in the cloud answers several requests in the time of one; a file is not to wait for
 * that. What is spoken comes no faster than it is recognised. */
static gboolean
keeps_order (WhisFailover *failover, const WhisRecord *record)
{
  const WhisProvider *provider = whis_failover_get_provider (failover);

  return whis_model_profile_find (provider, whis_failover_get_model (failover))->in_order
         && (provider->limit == 1 || !record->is_file);
}

/* Chunks follow each other without a hole; what comes behind one is cut again. */
static void
drop_chunks_behind_hole (GPtrArray *chunks)
{
  for (guint i = 0; i < chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (chunks, i);

      if (chunk->chunk->index == i)
        continue;
      g_ptr_array_set_size (chunks, (int) i);
      return;
    }
}

static void
adopt_chunks (WhisTranscriptionSession *self)
{
  GPtrArray *chunks = self->record->chunks;

  drop_chunks_behind_hole (chunks);
  for (guint i = 0; i < chunks->len; i++)
    {
      WhisRecordChunk *chunk = g_ptr_array_index (chunks, i);

      self->n_with_speech += chunk->chunk->has_speech;
      if (self->again)
        g_clear_pointer (&chunk->text, g_free);
    }
}

/**
 * whis_transcription_session_new:
 * @record: the record of a dictation, which lives longer than the session is used; chunks in it
 *   that have a text keep it
 * @again: whether this is another version: every chunk is sent, and the history keeps the texts
 *   that it has
 * @sound: where the chunks are read from
 * @failover: where chunks become text
 * @history: (nullable): where answers are recorded; %NULL for nowhere
 *
 * Returns: (transfer full): a session that waits for a key
 */
WhisTranscriptionSession *
whis_transcription_session_new (WhisRecord *record,
                                gboolean again,
                                WhisSound *sound,
                                WhisFailover *failover,
                                WhisHistory *history)
{
  WhisTranscriptionSession *self;

  g_return_val_if_fail (record != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_SOUND (sound), NULL);
  g_return_val_if_fail (WHIS_IS_FAILOVER (failover), NULL);
  g_return_val_if_fail (history == NULL || WHIS_IS_HISTORY (history), NULL);

  self = g_object_new (WHIS_TYPE_TRANSCRIPTION_SESSION, NULL);
  self->record = record;
  self->again = again;
  self->failover = g_object_ref (failover);
  g_set_object (&self->history, history);
  self->in_order = keeps_order (failover, record);
  self->sound = g_object_ref (sound);
  adopt_chunks (self);

  return self;
}
