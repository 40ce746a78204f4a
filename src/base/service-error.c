/* SPDX-License-Identifier: MIT */
#include "service-error.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *detail;
  guint status;
  guint64 retry_after_ms;
  gboolean is_retryable;
} WhisServiceErrorPrivate;

static void
whis_service_error_private_init (WhisServiceErrorPrivate *priv)
{
  *priv = (WhisServiceErrorPrivate){ 0 };
}

static void
whis_service_error_private_copy (const WhisServiceErrorPrivate *from, WhisServiceErrorPrivate *to)
{
  *to = *from;
  to->detail = g_strdup (from->detail);
}

static void
whis_service_error_private_clear (WhisServiceErrorPrivate *priv)
{
  g_clear_pointer (&priv->detail, g_free);
}

G_DEFINE_EXTENDED_ERROR (WhisServiceError, whis_service_error)

/**
 * whis_service_error_new:
 * @code: what happened
 * @sentence: what happened and what to do, in the user's language
 * @detail: (nullable): the provider's or the system's own words, free of secrets
 *
 * Returns: (transfer full): an error that another try cannot mend, unless its code is one of the
 *   network's
 */
GError *
whis_service_error_new (WhisServiceError code, const char *sentence, const char *detail)
{
  gboolean is_retryable = code == WHIS_SERVICE_ERROR_NETWORK || code == WHIS_SERVICE_ERROR_TIMEOUT
                          || code == WHIS_SERVICE_ERROR_RECOGNISER;

  return whis_service_error_new_answer (code, sentence, detail, 0, 0, is_retryable);
}

/**
 * whis_service_error_new_answer:
 * @code: what happened
 * @sentence: what happened and what to do, in the user's language
 * @detail: (nullable): the provider's own words, free of secrets
 * @status: the HTTP status, 0 for none
 * @retry_after_ms: the wait that the provider asked for in milliseconds, 0 for none
 * @is_retryable: whether another try may succeed
 *
 * Returns: (transfer full): an error
 */
GError *
whis_service_error_new_answer (WhisServiceError code,
                               const char *sentence,
                               const char *detail,
                               guint status,
                               guint64 retry_after_ms,
                               gboolean is_retryable)
{
  GError *error;
  WhisServiceErrorPrivate *priv;

  g_return_val_if_fail (sentence != NULL, NULL);

  error = g_error_new_literal (WHIS_SERVICE_ERROR, code, sentence);
  if (detail != NULL && *detail != '\0')
    {
      g_free (error->message);
      /* Translators: a sentence about a failure, then the words of the service or the system */
      error->message = g_strdup_printf (_ ("%s (%s)"), sentence, detail);
    }
  priv = whis_service_error_get_private (error);
  priv->detail = g_strdup (detail);
  priv->status = status;
  priv->retry_after_ms = retry_after_ms;
  priv->is_retryable = is_retryable;

  return error;
}

static const WhisServiceErrorPrivate *
look_into (const GError *error)
{
  if (error == NULL || error->domain != WHIS_SERVICE_ERROR)
    return NULL;

  return whis_service_error_get_private (error);
}

/**
 * whis_service_error_get_detail:
 * @error: (nullable): an error
 *
 * Returns: (transfer none) (nullable): the provider's or the system's own words behind it
 */
const char *
whis_service_error_get_detail (const GError *error)
{
  const WhisServiceErrorPrivate *priv = look_into (error);

  return priv != NULL ? priv->detail : NULL;
}

/**
 * whis_service_error_get_status:
 * @error: (nullable): an error
 *
 * Returns: the HTTP status behind it; 0 when there was no answer
 */
guint
whis_service_error_get_status (const GError *error)
{
  const WhisServiceErrorPrivate *priv = look_into (error);

  return priv != NULL ? priv->status : 0;
}

/**
 * whis_service_error_get_retry_after_ms:
 * @error: (nullable): an error
 *
 * Returns: the wait that the provider asked for, in milliseconds; 0 when it asked for none
 */
guint64
whis_service_error_get_retry_after_ms (const GError *error)
{
  const WhisServiceErrorPrivate *priv = look_into (error);

  return priv != NULL ? priv->retry_after_ms : 0;
}

/**
 * whis_service_error_is_retryable:
 * @error: (nullable): an error
 *
 * Returns: whether another try may succeed without the user doing anything
 */
gboolean
whis_service_error_is_retryable (const GError *error)
{
  const WhisServiceErrorPrivate *priv = look_into (error);

  return priv != NULL && priv->is_retryable;
}
