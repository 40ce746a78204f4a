/* SPDX-License-Identifier: MIT
 *
 * What the voice detector makes of sounds: reads names of WAV files (16 kHz, one channel, 16 bits)
 * as arguments, prints for each its length, how much voice was heard in it, how many requests a
 * service would get, with how much sound, and how much is marked in place of that, in milliseconds.
 * bench/voices.py makes the sounds.
 */
#include <stdlib.h>

#include "chunker.h"
#include "voice.h"

#define WAV_HEADER 44
#define LONGEST_MS 30000
#define FRAME_MS 36
#define FRAME_BYTES 144

typedef struct
{
  guint64 voice_ms;
  guint n_requests;
  guint64 sent_ms;
  guint64 marked_ms;
} Heard;

static void
take_chunks (WhisChunker *chunker, WhisChunk *(*cut) (WhisChunker *), Heard *heard)
{
  WhisChunk *chunk;

  while ((chunk = cut (chunker)) != NULL)
    {
      heard->voice_ms += chunk->voice_ms;
      heard->n_requests += chunk->has_speech;
      if (chunk->sounds != NULL)
        heard->marked_ms += whis_spans_get_ms (chunk->sounds, 0, G_MAXUINT64);
      heard->sent_ms += chunk->has_speech ? chunk->length_ms : 0;
      whis_chunk_free (chunk);
    }
}

static void
decide (WhisVoice *voice, WhisChunker *chunker)
{
  WhisVoiceKind kind;

  while (whis_voice_next (voice, &kind))
    if (kind == WHIS_VOICE_SOUND)
      whis_chunker_add_sound (chunker, WHIS_VOICE_STEP_MS);
    else
      whis_chunker_add_voice (chunker, WHIS_VOICE_STEP_MS, kind == WHIS_VOICE_SPEECH);
}

static void
hear (const char *path)
{
  g_autoptr (WhisVoice) voice = whis_voice_new ();
  g_autoptr (WhisChunker) chunker = whis_chunker_new ("d", LONGEST_MS, FRAME_MS);
  g_autofree char *data = NULL;
  g_autoptr (GError) error = NULL;
  Heard heard = { 0 };
  gsize size, n_samples;
  const gint16 *samples;

  if (!g_file_get_contents (path, &data, &size, &error) || size < WAV_HEADER)
    g_error ("%s: %s", path, error != NULL ? error->message : "no WAV file");
  samples = (const gint16 *) (gpointer) (data + WAV_HEADER);
  n_samples = (size - WAV_HEADER) / sizeof *samples;

  for (gsize i = 0; i < n_samples; i += WHIS_VOICE_RATE / 10)
    {
      whis_voice_push (voice, samples + i, MIN (WHIS_VOICE_RATE / 10, n_samples - i));
      decide (voice, chunker);
    }
  whis_voice_finish (voice);
  decide (voice, chunker);
  for (gsize i = 0; i < n_samples / (WHIS_VOICE_RATE / 1000) / FRAME_MS; i++)
    {
      whis_chunker_add_frame (chunker, FRAME_BYTES);
      take_chunks (chunker, whis_chunker_next, &heard);
    }
  take_chunks (chunker, whis_chunker_flush, &heard);
  g_print ("%s %zu %" G_GUINT64_FORMAT " %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", path,
           n_samples / (WHIS_VOICE_RATE / 1000), heard.voice_ms, heard.n_requests, heard.sent_ms,
           heard.marked_ms);
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    hear (argv[i]);

  return EXIT_SUCCESS;
}
