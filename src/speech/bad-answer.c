/* SPDX-License-Identifier: MIT */
#include "bad-answer.h"
#include "json.h"
#include "redact.h"
#include "error-body.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>

/* Takes the sentence. */
static GError *
make_error (char *sentence, const char *detail, gboolean is_retryable)
{
  GError *error = whis_service_error_new_answer (WHIS_SERVICE_ERROR_BAD_ANSWER, sentence, detail,
                                                 200, 0, is_retryable);

  g_free (sentence);

  return error;
}

static GError *
make_no_text_error (const char *service, const char *data, gsize size, const char *key)
{
  g_autoptr (WhisErrorBody) refusal = whis_error_body_parse (data, size);
  g_autofree char *detail = refusal->message != NULL ? whis_redact (refusal->message, key) : NULL;

  return make_error (g_strdup_printf (_ ("The answer of %s has no text in it. Check the model and "
                                         "the address in the preferences."),
                                      service),
                     detail, FALSE);
}

/**
 * whis_bad_answer_new:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200 that has no transcript in it
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of the service's words
 *
 * Says what is wrong with an answer. One that was cut off may be whole the next time; one that says
 * something else will not.
 *
 * Returns: (transfer full): a %WHIS_SERVICE_ERROR_BAD_ANSWER
 */
GError *
whis_bad_answer_new (const char *service, const char *data, gsize size, const char *key)
{
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  while (size > 0 && g_ascii_isspace (*data))
    {
      data++;
      size--;
    }
  if (size == 0)
    return make_error (g_strdup_printf (_ ("The answer of %s is empty. Try again."), service), NULL,
                       TRUE);
  if (*data == '<')
    return make_error (g_strdup_printf (_ ("The answer of %s is a web page, not a transcript. "
                                           "Check the address in the preferences."),
                                        service),
                       NULL, FALSE);
  root = whis_json_parse (data, size, NULL);
  if (root == NULL)
    return make_error (
        g_strdup_printf (_ ("The answer of %s is broken or cut off. Try again."), service), NULL,
        TRUE);

  return make_no_text_error (service, data, size, key);
}

/**
 * whis_unfinished_answer_new:
 * @service: name of the service, for people
 * @data: (array length=size): body of an answer with status 200 that promises a transcript
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of the service's words
 * @status: what it says of itself
 *
 * What is there of such an answer may be half.
 *
 * Returns: (transfer full): a %WHIS_SERVICE_ERROR_SERVICE_DOWN
 */
GError *
whis_unfinished_answer_new (const char *service,
                            const char *data,
                            gsize size,
                            const char *key,
                            const char *status)
{
  g_autoptr (WhisErrorBody) refusal = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *sentence = NULL;

  g_return_val_if_fail (service != NULL && status != NULL, NULL);

  refusal = whis_error_body_parse (data, size);
  detail = whis_redact (refusal->message != NULL ? refusal->message : status, key);
  sentence = g_strdup_printf (_ ("%s did not finish the transcript. Try again."), service);

  return whis_service_error_new_answer (WHIS_SERVICE_ERROR_SERVICE_DOWN, sentence, detail, 200, 0,
                                        TRUE);
}
