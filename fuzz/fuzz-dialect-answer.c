/* SPDX-License-Identifier: MIT */
#include "deepgram-answer.h"
#include "elevenlabs-answer.h"
#include "gemini-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The body of an answer with status 200; PARSE is the parser of the service. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) said = PARSE ("Service", (const char *) data, size, "key", &error);

  g_assert_true ((said == NULL) == (error != NULL));
  if (said == NULL)
    return 0;
  g_assert_true (g_utf8_validate (said->text, -1, NULL));
  for (guint i = 0; i < said->times->len; i++)
    {
      const WhisTimedText *time = g_ptr_array_index (said->times, i);

      g_assert_cmpuint (time->start_ms, <=, time->end_ms);
      g_assert_true (*time->text != '\0' && g_utf8_validate (time->text, -1, NULL));
    }

  return 0;
}
