/* SPDX-License-Identifier: MIT */
#include "assemblyai-answer.h"
#include "bad-answer.h"
#include "json.h"
#include "error-body.h"

#include <string.h>

/* An id is 36 letters; what is much longer is none. */
#define LONGEST_ID 128

static void
add_word (WhisTranscription *transcription, JsonNode *node)
{
  JsonObject *word = whis_json_as_object (node);

  whis_transcription_add_time (transcription, whis_json_get_double (word, "start") / 1000,
                               whis_json_get_double (word, "end") / 1000,
                               whis_json_get_string (word, "text"));
}

/* A finished job without a word has no text or `null`. */
static WhisTranscription *
read_transcription (JsonObject *object)
{
  const char *text = whis_json_get_string (object, "text");
  JsonArray *words = whis_json_get_array (object, "words");
  WhisTranscription *transcription = whis_transcription_new (text != NULL ? text : "");

  transcription->language = g_strdup (whis_json_get_string (object, "language_code"));
  for (guint i = 0; words != NULL && i < json_array_get_length (words); i++)
    add_word (transcription, json_array_get_element (words, i));

  return transcription;
}

/* A failed job comes with status 200. Its reason is in the words alone: they are read as those of
 * the status that would have fitted. */
static GError *
make_job_error (const char *service, const char *data, gsize size, const char *key, const char *why)
{
  g_autoptr (SoupMessageHeaders) no_headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autofree char *folded = g_ascii_strdown (why, -1);
  gboolean is_trouble = strstr (folded, "server error") != NULL
                        || strstr (folded, "try again") != NULL || strstr (folded, "retry") != NULL;

  return whis_error_body_to_error (service, is_trouble ? 500 : 400, no_headers, body, key);
}

static WhisTranscription *
read_failed_job (const char *service,
                 const char *data,
                 gsize size,
                 const char *key,
                 JsonObject *object,
                 GError **error)
{
  const char *why = whis_json_get_string (object, "error");

  if (why == NULL)
    why = "";
  if (strstr (why, "no spoken audio") != NULL)
    return whis_transcription_new ("");
  g_propagate_error (error, make_job_error (service, data, size, key, why));

  return NULL;
}

static gboolean
is_unfinished (const char *status)
{
  return g_strcmp0 (status, "queued") == 0 || g_strcmp0 (status, "processing") == 0;
}

/**
 * whis_assemblyai_answer_parse:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @is_waiting: (out): whether the job is not finished, and has to be asked after again
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Reads the answer of the synchronous endpoint, or the state of a job. Times are in milliseconds.
 *
 * Returns: (transfer full): the transcript, empty when nothing was said; %NULL with @is_waiting, or
 *   with an error: what the service says of a failed job, or %WHIS_SERVICE_ERROR_BAD_ANSWER
 */
WhisTranscription *
whis_assemblyai_answer_parse (const char *service,
                              const char *data,
                              gsize size,
                              const char *key,
                              gboolean *is_waiting,
                              GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *status;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (is_waiting != NULL, NULL);

  root = whis_json_parse (data, size, NULL);
  object = whis_json_as_object (root);
  status = whis_json_get_string (object, "status");
  *is_waiting = is_unfinished (status);
  if (*is_waiting)
    return NULL;
  if (g_strcmp0 (status, "error") == 0)
    return read_failed_job (service, data, size, key, object, error);
  if (g_strcmp0 (status, "completed") == 0 || whis_json_get_string (object, "text") != NULL)
    return read_transcription (object);
  g_propagate_error (error, whis_bad_answer_new (service, data, size, key));

  return NULL;
}

/**
 * whis_assemblyai_answer_dup_upload_url:
 * @data: (array length=size): the answer to an upload
 * @size: its length in bytes
 *
 * Returns: (transfer full) (nullable): where the service keeps the sound. To be given back to the
 *   service, and never to be gone to
 */
char *
whis_assemblyai_answer_dup_upload_url (const char *data, gsize size)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);

  return g_strdup (whis_json_get_string (whis_json_as_object (root), "upload_url"));
}

static gboolean
is_id (const char *id)
{
  gsize length = strlen (id);

  if (length == 0 || length > LONGEST_ID)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (id[i]) && id[i] != '-' && id[i] != '_')
        return FALSE;
    }

  return TRUE;
}

/**
 * whis_assemblyai_answer_dup_id:
 * @data: (array length=size): the answer to an order, the state of a job
 * @size: its length in bytes
 *
 * Returns: (transfer full) (nullable): the job's id, if it is one: it becomes part of an address to
 *   which the key is sent
 */
char *
whis_assemblyai_answer_dup_id (const char *data, gsize size)
{
  g_autoptr (JsonNode) root = NULL;
  const char *id;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  root = whis_json_parse (data, size, NULL);
  id = whis_json_get_string (whis_json_as_object (root), "id");

  return id != NULL && is_id (id) ? g_strdup (id) : NULL;
}
