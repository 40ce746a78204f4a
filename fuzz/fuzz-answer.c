/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "hallucination.h"
#include "speech-gaps.h"

/* What is done with an answer before anybody sees it. */
static void
check (WhisTranscription *transcription)
{
  g_autoptr (GArray) voice = whis_spans_new ();
  g_autoptr (GArray) gaps = NULL;
  WhisHallucinations found = { 0 };

  whis_spans_add (voice, 100, 900);
  whis_spans_add (voice, 1500, 9000);
  whis_hallucinations_remove (transcription, voice, &found);
  g_assert_true (g_utf8_validate (transcription->text, -1, NULL));
  gaps = whis_speech_gaps_find (transcription, voice);
  for (guint i = 0; i < gaps->len; i++)
    {
      g_autoptr (WhisTranscription) more = whis_transcription_copy (transcription);

      whis_speech_gaps_fill (transcription, more, &g_array_index (gaps, WhisSpan, i));
    }
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The body of an answer with status 200. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const types[] = { NULL, "application/json", "text/plain" };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = whis_answer_parse (
          "Service", i % 2 == 0 ? WHIS_ANSWER_LINES_OF_WORDS : WHIS_ANSWER_LINES_AS_THEY_ARE,
          types[i / 2], (const char *) data, size, "key", &error);

      g_assert_true ((transcription == NULL) == (error != NULL));
      g_assert_true (transcription == NULL || g_utf8_validate (transcription->text, -1, NULL));
      if (transcription != NULL)
        check (transcription);
    }

  return 0;
}
