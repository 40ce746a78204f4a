/* SPDX-License-Identifier: MIT */
#include "live-chunks.h"

#include <glib/gi18n-lib.h>

/**
 * WhisLiveChunks:
 *
 * Live text as one more way in which the chunks of a dictation get their texts: sound is streamed
 * while it is recorded, and each chunk gets what was understood of its part of the stream. When the
 * connection is lost, the chunks that have no text yet are left for the ordinary way.
 *
 * A chunk that was cut inside speech is not told to the service: its sound runs on into the next
 * one, which gets the text of both.
 */

/* Sound from before the key was found; more than so much is no live text any more. */
#define MOST_EARLY_BYTES (30 * 24000 * 2)

struct _WhisLiveChunks
{
  GObject parent_instance;

  const WhisProvider *provider;
  char *address;
  char *model;
  WhisMeter *meter;
  WhisLive *live; /* NULL before the key is known */
  GQueue early;   /* GBytes */
  gsize early_bytes;
  GQueue waiting; /* WhisRecordChunk, not owned, oldest first */
  /* whether speech runs on into the chunk with this index, whose mark counts for both */
  gboolean has_open_speech;
  guint next;
  gboolean over;
};

enum
{
  TEXT,
  LEFT,
  PARTIAL,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLiveChunks, whis_live_chunks, G_TYPE_OBJECT)

static void
drop_early_sound (WhisLiveChunks *self)
{
  g_queue_clear_full (&self->early, (GDestroyNotify) g_bytes_unref);
  self->early_bytes = 0;
}

/* A session that never came about costs nothing. */
static void
uncount_unsent (WhisLiveChunks *self)
{
  if (self->live == NULL || whis_live_has_sent (self->live))
    return;

  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    {
      const WhisChunk *chunk = ((const WhisRecordChunk *) l->data)->chunk;

      if (chunk->has_speech)
        whis_meter_take_back (self->meter, self->provider, chunk->length_ms);
    }
}

/* Leaves what has no text to the ordinary way. */
static void
live_chunks_end (WhisLiveChunks *self, const char *sentence)
{
  G_GNUC_UNUSED g_autoptr (WhisLiveChunks) alive = g_object_ref (self);

  if (self->over)
    return;
  self->over = TRUE;
  drop_early_sound (self);
  uncount_unsent (self);
  while (self->waiting.length > 0)
    g_signal_emit (self, signals[LEFT], 0, g_queue_pop_head (&self->waiting));
  g_signal_emit (self, signals[ENDED], 0, sentence);
}

static gboolean
is_among_next (WhisLiveChunks *self, guint index)
{
  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    {
      const WhisRecordChunk *chunk = l->data;

      if (chunk->chunk->index == index)
        return TRUE;
    }

  return FALSE;
}

/* Whose the text of chunk @index is: those before it were cut inside speech, and where it has no
 * speech itself, the words are those of the last one that has. */
static guint
find_owner (WhisLiveChunks *self, guint index)
{
  guint owner = index;

  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    {
      const WhisRecordChunk *chunk = l->data;

      if (chunk->chunk->has_speech)
        owner = chunk->chunk->index;
      if (chunk->chunk->index == index)
        break;
    }

  return owner;
}

/* Where a voice was heard in chunk @index and those before it, whose text is one. Of a chunk of
 * which that is not known all may be voice. */
static GArray *
collect_voice (WhisLiveChunks *self, guint index)
{
  GArray *all = whis_spans_new ();

  for (GList *l = self->waiting.head; l != NULL; l = l->next)
    {
      const WhisChunk *chunk = ((const WhisRecordChunk *) l->data)->chunk;

      if (chunk->voice == NULL)
        whis_spans_add (all, chunk->start_ms, chunk->start_ms + chunk->length_ms);
      for (guint i = 0; chunk->voice != NULL && i < chunk->voice->len; i++)
        {
          const WhisSpan *span = &g_array_index (chunk->voice, WhisSpan, i);

          whis_spans_add (all, span->start_ms, span->end_ms);
        }
      if (chunk->index == index)
        break;
    }

  return all;
}

/* Removes what nobody said, as in every answer. A live text has no times of its own, so that what
 * counts is how much voice there was for all of it. Returns: %NULL where another look is needed. */
static char *
remove_hallucinations (WhisLiveChunks *self,
                       guint index,
                       const char *text,
                       WhisHallucinations *found)
{
  g_autoptr (WhisTranscription) transcription = whis_transcription_new (text);
  g_autoptr (GArray) voice = collect_voice (self, index);

  whis_hallucinations_remove (transcription, voice, found);

  return found->is_doubtful ? NULL : g_strdup (transcription->text);
}

/* Gives up waiting for a chunk and those before it. They have their text, which is that of one of
 * them; or, without a @text, they are left to the ordinary way. So is speech before a chunk whose
 * text is empty: its words cannot be in there. */
static void
live_chunks_settle (WhisLiveChunks *self,
                    guint index,
                    const char *text,
                    const WhisHallucinations *found)
{
  G_GNUC_UNUSED g_autoptr (WhisLiveChunks) alive = g_object_ref (self);
  WhisRecordChunk *chunk = NULL;
  gboolean is_empty = text == NULL || *text == '\0';
  guint owner;

  owner = find_owner (self, index);
  while (chunk == NULL || chunk->chunk->index != index)
    {
      guint number;

      chunk = g_queue_pop_head (&self->waiting);
      number = chunk->chunk->index;
      if (text == NULL || (is_empty && number != index && chunk->chunk->has_speech))
        g_signal_emit (self, signals[LEFT], 0, chunk);
      else
        g_signal_emit (self, signals[TEXT], 0, chunk, number == owner ? text : "",
                       number == owner ? found : NULL);
    }
}

static void
text_cb (WhisLiveChunks *self, guint index, const char *text)
{
  g_autofree char *rest = NULL;
  WhisHallucinations found = { 0 };

  if (!is_among_next (self, index))
    return;
  rest = remove_hallucinations (self, index, text, &found);
  live_chunks_settle (self, index, rest, &found);
}

static void
missing_cb (WhisLiveChunks *self, guint index)
{
  if (is_among_next (self, index))
    live_chunks_settle (self, index, NULL, NULL);
}

static void
partial_cb (WhisLiveChunks *self, const char *text)
{
  g_signal_emit (self, signals[PARTIAL], 0, text);
}

static void
ended_cb (WhisLiveChunks *self, const GError *error)
{
  live_chunks_end (self, error != NULL ? error->message : NULL);
}

static void
connect_live (WhisLiveChunks *self)
{
  g_signal_connect_object (self->live, "text", G_CALLBACK (text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "missing", G_CALLBACK (missing_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "partial", G_CALLBACK (partial_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->live, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
}

static void
live_chunks_mark (WhisLiveChunks *self, const WhisChunk *chunk)
{
  gboolean runs_on = self->has_open_speech && chunk->index == self->next;

  self->has_open_speech = chunk->cut_in_speech && (chunk->has_speech || runs_on);
  self->next = chunk->index + 1;
  if (!chunk->cut_in_speech)
    whis_live_mark (self->live, chunk->index, chunk->has_speech || runs_on);
}

/**
 * whis_live_chunks_start:
 * @self: live chunks
 * @record: what is known of the dictation
 * @vocabulary: (nullable): names and terms that may be said
 * @key: (nullable): the key of the service
 *
 * Connects to the service.
 */
void
whis_live_chunks_start (WhisLiveChunks *self,
                        const WhisRecord *record,
                        const char *const *vocabulary,
                        const char *key)
{
  const WhisLiveOptions options = {
    .provider = self->provider,
    .dialect = self->provider->live,
    .address = self->address != NULL ? self->address : self->provider->base_url,
    .model = self->model,
    .language = record->language,
    .prompt = record->prompt,
    .vocabulary = vocabulary,
    .key = key,
  };

  g_return_if_fail (WHIS_IS_LIVE_CHUNKS (self));
  g_return_if_fail (self->live == NULL);

  if (self->over)
    return;
  self->live = whis_live_new (&options);
  connect_live (self);
  whis_live_start (self->live);
  for (GList *l = self->early.head; l != NULL; l = l->next)
    whis_live_push (self->live, l->data);
  drop_early_sound (self);
}

/**
 * whis_live_chunks_push:
 * @self: live chunks
 * @samples: the next sound, mono `S16LE` at whis_live_chunks_get_rate()
 */
void
whis_live_chunks_push (WhisLiveChunks *self, GBytes *samples)
{
  g_return_if_fail (WHIS_IS_LIVE_CHUNKS (self));
  g_return_if_fail (samples != NULL);

  if (self->over)
    return;
  if (self->live != NULL)
    {
      whis_live_push (self->live, samples);
      return;
    }
  g_queue_push_tail (&self->early, g_bytes_ref (samples));
  self->early_bytes += g_bytes_get_size (samples);
  if (self->early_bytes > MOST_EARLY_BYTES)
    live_chunks_end (self, NULL);
}

/**
 * whis_live_chunks_add:
 * @self: live chunks
 * @chunk: a chunk whose sound has been pushed; must live as long as it waits
 *
 * Returns: whether the chunk waits for its live text; otherwise it is to go the ordinary way
 */
gboolean
whis_live_chunks_add (WhisLiveChunks *self, WhisRecordChunk *chunk)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (WHIS_IS_LIVE_CHUNKS (self), FALSE);
  g_return_val_if_fail (chunk != NULL, FALSE);

  if (self->over || self->live == NULL || !whis_meter_knows_usage (self->meter, self->provider))
    return FALSE;
  if (chunk->chunk->has_speech
      && !whis_meter_admit (self->meter, self->provider, self->model, chunk->chunk->length_ms,
                            &error))
    {
      whis_live_cancel (self->live);
      live_chunks_end (self, error->message);
      return FALSE;
    }
  g_queue_push_tail (&self->waiting, chunk);
  live_chunks_mark (self, chunk->chunk);

  return TRUE;
}

/**
 * whis_live_chunks_finish:
 * @self: live chunks
 *
 * No more sound comes; the last texts do. A session that did not begin before never does, since
 * nobody would end it.
 */
void
whis_live_chunks_finish (WhisLiveChunks *self)
{
  const WhisRecordChunk *last;

  g_return_if_fail (WHIS_IS_LIVE_CHUNKS (self));

  if (self->live == NULL)
    live_chunks_end (self, NULL);
  if (self->over)
    return;
  last = g_queue_peek_tail (&self->waiting);
  /* It has no next one to run on into. */
  if (last != NULL && last->chunk->cut_in_speech)
    whis_live_mark (self->live, last->chunk->index, last->chunk->has_speech);
  whis_live_finish (self->live);
}

/**
 * whis_live_chunks_cancel:
 * @self: live chunks
 *
 * Closes the connection. Nothing is told any more.
 */
void
whis_live_chunks_cancel (WhisLiveChunks *self)
{
  g_return_if_fail (WHIS_IS_LIVE_CHUNKS (self));

  self->over = TRUE;
  drop_early_sound (self);
  g_queue_clear (&self->waiting);
  if (self->live != NULL)
    whis_live_cancel (self->live);
}

/**
 * whis_live_chunks_get_rate:
 * @self: live chunks
 *
 * Returns: the rate of the samples that the service wants, in Hz
 */
guint
whis_live_chunks_get_rate (WhisLiveChunks *self)
{
  g_return_val_if_fail (WHIS_IS_LIVE_CHUNKS (self), 0);

  return whis_live_dialect_get_rate (self->provider->live);
}

/**
 * whis_live_chunks_get_model:
 * @self: live chunks
 *
 * Returns: (nullable): the model that hears the sound
 */
const char *
whis_live_chunks_get_model (WhisLiveChunks *self)
{
  g_return_val_if_fail (WHIS_IS_LIVE_CHUNKS (self), NULL);

  return self->model;
}

/**
 * whis_live_chunks_get_n_waiting:
 * @self: live chunks
 *
 * Returns: how many chunks wait for their text
 */
guint
whis_live_chunks_get_n_waiting (WhisLiveChunks *self)
{
  g_return_val_if_fail (WHIS_IS_LIVE_CHUNKS (self), 0);

  return self->waiting.length;
}

static void
whis_live_chunks_dispose (GObject *object)
{
  WhisLiveChunks *self = WHIS_LIVE_CHUNKS (object);

  whis_live_chunks_cancel (self);
  g_clear_object (&self->live);
  g_clear_object (&self->meter);

  G_OBJECT_CLASS (whis_live_chunks_parent_class)->dispose (object);
}

static void
whis_live_chunks_finalize (GObject *object)
{
  WhisLiveChunks *self = WHIS_LIVE_CHUNKS (object);

  g_free (self->address);
  g_free (self->model);

  G_OBJECT_CLASS (whis_live_chunks_parent_class)->finalize (object);
}

static void
whis_live_chunks_class_init (WhisLiveChunksClass *klass)
{
  GType type = WHIS_TYPE_LIVE_CHUNKS;

  G_OBJECT_CLASS (klass)->dispose = whis_live_chunks_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_live_chunks_finalize;

  /**
   * WhisLiveChunks::text:
   * @self: live chunks
   * @chunk: (type gpointer): the #WhisRecordChunk that has waited longest
   * @text: its text, without what nobody said
   * @found: (type gpointer) (nullable): the #WhisHallucinations that were found in it; %NULL where
   *   the words are in the text of another chunk
   */
  signals[TEXT] = g_signal_new ("text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                3, G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_POINTER);

  /**
   * WhisLiveChunks::left:
   * @self: live chunks
   * @chunk: (type gpointer): a #WhisRecordChunk that gets no live text
   */
  signals[LEFT] = g_signal_new ("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_POINTER);

  /**
   * WhisLiveChunks::partial:
   * @self: live chunks
   * @text: what is understood after the last chunk that has its text
   */
  signals[PARTIAL] = g_signal_new ("partial", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisLiveChunks::ended:
   * @self: live chunks
   * @sentence: (nullable): what went wrong
   *
   * There is no more live text.
   */
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
}

static void
whis_live_chunks_init (WhisLiveChunks *self)
{
  g_queue_init (&self->early);
  g_queue_init (&self->waiting);
}

/**
 * whis_live_chunks_new:
 * @provider: a service with live transcription
 * @address: (nullable): the address that the user chose
 * @model: (nullable): its model; %NULL for its default
 * @meter: who counts what is sent
 *
 * Returns: (transfer full): live chunks; sound that comes before the start is kept for it
 */
WhisLiveChunks *
whis_live_chunks_new (const WhisProvider *provider,
                      const char *address,
                      const char *model,
                      WhisMeter *meter)
{
  WhisLiveChunks *self;

  g_return_val_if_fail (provider != NULL && provider->live != WHIS_LIVE_NONE, NULL);
  g_return_val_if_fail (WHIS_IS_METER (meter), NULL);

  self = g_object_new (WHIS_TYPE_LIVE_CHUNKS, NULL);
  self->provider = provider;
  self->address = g_strdup (address);
  self->model = g_strdup (
      model != NULL && *model != '\0' ? model : whis_provider_get_default_live_model (provider));
  self->meter = g_object_ref (meter);

  return self;
}
