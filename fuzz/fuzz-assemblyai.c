/* SPDX-License-Identifier: MIT */
#include "assemblyai-answer.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_transcription (const WhisTranscription *said)
{
  g_assert_true (g_utf8_validate (said->text, -1, NULL));
  for (guint i = 0; i < said->times->len; i++)
    {
      const WhisTimedText *time = g_ptr_array_index (said->times, i);

      g_assert_cmpuint (time->start_ms, <=, time->end_ms);
      g_assert_true (*time->text != '\0' && g_utf8_validate (time->text, -1, NULL));
    }
}

/* The body of an answer of AssemblyAI with status 200: a transcript, the state of a job, or what
 * comes of an upload. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *body = (const char *) data;
  g_autoptr (GError) error = NULL;
  gboolean is_waiting;
  g_autoptr (WhisTranscription) said =
      whis_assemblyai_answer_parse ("Service", body, size, "key", &is_waiting, &error);
  g_autofree char *upload_url = whis_assemblyai_answer_dup_upload_url (body, size);
  g_autofree char *id = whis_assemblyai_answer_dup_id (body, size);

  g_assert_cmpint ((said != NULL) + is_waiting + (error != NULL), ==, 1);
  if (said != NULL)
    check_transcription (said);
  g_assert_true (upload_url == NULL || g_utf8_validate (upload_url, -1, NULL));
  if (id != NULL)
    g_assert_cmpuint (strcspn (id, "/.:@?#%\\ \r\n"), ==, strlen (id));

  return 0;
}
