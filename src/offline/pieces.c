/* SPDX-License-Identifier: MIT */
#include "pieces.h"

#include "sentence.h"
#include "guard.h"
#include "utterances.h"

/* Whisper invents an end for 62 of 100 pieces of 30 s and for none of 29 s, and Parakeet leaves
 * words out of longer ones. */
#define LONGEST_SAMPLES (28 * WHIS_SAMPLE_RATE)

/* What is shorter than this has no word in it, and libparakeet divides by its length. */
#define SHORTEST_SAMPLES (WHIS_SAMPLE_RATE / 10)

static guint64
samples_to_ms (gsize samples)
{
  return (guint64) samples * 1000 / WHIS_SAMPLE_RATE;
}

static float *
pieces_convert (const gint16 *samples, gsize n_samples)
{
  float *converted = g_new (float, n_samples);

  for (gsize i = 0; i < n_samples; i++)
    converted[i] = samples[i] / 32768.0f;

  return converted;
}

static GArray *
pieces_cut (const gint16 *samples, gsize n_samples)
{
  g_autoptr (GArray) utterances = NULL;

  if (n_samples > LONGEST_SAMPLES)
    {
      utterances = whis_utterances_find (samples, n_samples);
      return whis_utterances_join (utterances, LONGEST_SAMPLES);
    }

  utterances = g_array_new (FALSE, FALSE, sizeof (WhisUtterance));
  g_array_append_vals (utterances, &(WhisUtterance){ 0, n_samples }, 1);

  return g_steal_pointer (&utterances);
}

/* Moves what was said in a piece to its place in the whole. */
static void
take_piece (WhisTranscript *whole, WhisTranscript *piece, gsize start)
{
  whole->n_removed += piece->n_removed;
  if (whole->language == NULL)
    whole->language = g_strdup (piece->language);
  while (piece->segments->len > 0)
    {
      WhisSegment *segment = g_ptr_array_steal_index (piece->segments, 0);

      whis_segment_shift (segment, samples_to_ms (start));
      whis_transcript_take (whole, segment);
    }
}

/* Words that may be said stay in front of a sentence that goes on. */
static char *
make_prompt (const char *given, const WhisTranscript *last)
{
  g_autofree char *text = whis_transcript_get_text (last);

  if (whis_sentence_ends (text))
    return g_strdup (given);

  return given != NULL ? g_strjoin (" ", given, text, NULL) : g_steal_pointer (&text);
}

static gboolean
is_silent (const gint16 *samples, gsize n_samples)
{
  for (gsize i = 0; i < n_samples; i++)
    if (samples[i] != 0)
      return FALSE;

  return TRUE;
}

/**
 * whis_pieces_transcribe:
 * @engine: an engine
 * @transcribe: recognises a piece
 * @request: how to recognise the sound
 * @samples: (transfer full): sound as signed 16-bit numbers at 16 kHz, one channel; freed as soon
 * as the engine has it as numbers of its own, since both together take a megabyte in half a minute
 * @cancellable: (nullable): ends the work
 * @error: return location
 *
 * Has a sound recognised in pieces of at most 28 s that are cut at pauses, one after the other.
 * The text of one is the prompt of the next where a sentence goes on; behind a whole one it makes
 * small models hear more words wrong. What nobody said is taken out.
 *
 * Returns: (transfer full): what was said, or %NULL with the engine's error
 */
WhisTranscript *
whis_pieces_transcribe (gpointer engine,
                        WhisPieceFunc transcribe,
                        const WhisEngineRequest *request,
                        GBytes *samples,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GBytes) bytes = samples;
  gsize n_samples = g_bytes_get_size (bytes) / sizeof (gint16);
  const gint16 *sound = g_bytes_get_data (bytes, NULL);
  g_autoptr (WhisTranscript) whole = whis_transcript_new (samples_to_ms (n_samples));
  g_autoptr (GArray) pieces = pieces_cut (sound, n_samples);
  g_autofree char *prompt = g_strdup (request->prompt);

  for (guint i = 0; i < pieces->len; i++)
    {
      WhisUtterance span = g_array_index (pieces, WhisUtterance, i);
      gsize length = span.end - span.start;
      g_autoptr (WhisLoudness) loudness = NULL;
      g_autofree float *converted = NULL;
      g_autoptr (WhisTranscript) piece = NULL;
      WhisEngineRequest asked = *request;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (length < SHORTEST_SAMPLES || is_silent (sound + span.start, length))
        continue;
      loudness = whis_loudness_new (sound + span.start, length);
      converted = pieces_convert (sound + span.start, length);
      if (i + 1 == pieces->len)
        g_clear_pointer (&bytes, g_bytes_unref);
      asked.prompt = prompt;
      piece = transcribe (engine, &asked, converted, length, loudness, cancellable, error);
      if (piece == NULL)
        return NULL;
      whis_guard_clean (piece, loudness);
      if (piece->segments->len > 0)
        {
          g_free (prompt);
          prompt = make_prompt (request->prompt, piece);
        }
      take_piece (whole, piece, span.start);
    }

  return g_steal_pointer (&whole);
}
