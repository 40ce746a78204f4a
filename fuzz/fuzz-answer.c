/* SPDX-License-Identifier: MIT */
#include "answer.h"

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
    }

  return 0;
}
