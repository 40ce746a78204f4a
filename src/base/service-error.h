/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_SERVICE_ERROR (whis_service_error_quark ())

/**
 * WhisServiceError:
 * @WHIS_SERVICE_ERROR_NO_KEY: the provider needs a key and there is none
 * @WHIS_SERVICE_ERROR_WRONG_KEY: the provider refused the key (401)
 * @WHIS_SERVICE_ERROR_PERMISSION: the key may not do this, or not from here (403)
 * @WHIS_SERVICE_ERROR_CREDIT: no credit left, or a spending limit is reached (402, some 429)
 * @WHIS_SERVICE_ERROR_RATE_LIMIT: too many requests, or too much sound, for now (429, some 413)
 * @WHIS_SERVICE_ERROR_TOO_LARGE: the piece of sound is too large or too long (413, some 400)
 * @WHIS_SERVICE_ERROR_TOO_SHORT: the piece of sound is too short (some 400); nothing was said
 * @WHIS_SERVICE_ERROR_UNSUPPORTED: the provider does not take the request as it is: the path, a
 *   field, the kind of sound (400, 404, 405, 415, 422, 501)
 * @WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE: the provider or the model does not take the language
 * @WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL: the provider does not know the model, or not for this key
 * @WHIS_SERVICE_ERROR_RETIRED: the provider has switched the model off
 * @WHIS_SERVICE_ERROR_SERVICE_DOWN: the provider is overloaded or broken (408, 409, 5xx)
 * @WHIS_SERVICE_ERROR_NETWORK: no connection, or it was lost, or the network wants a sign-in (511)
 * @WHIS_SERVICE_ERROR_TLS: the connection is not safe
 * @WHIS_SERVICE_ERROR_TIMEOUT: no progress in time
 * @WHIS_SERVICE_ERROR_BAD_ANSWER: an answer that is not a transcript
 * @WHIS_SERVICE_ERROR_REDIRECT: the provider sent us elsewhere (3xx); we do not go
 * @WHIS_SERVICE_ERROR_ADDRESS: the address of the own server cannot be used
 * @WHIS_SERVICE_ERROR_FILE: the sound could not be read from its file
 * @WHIS_SERVICE_ERROR_RECOGNISER: the embedded recogniser does not run
 * @WHIS_SERVICE_ERROR_NO_MODEL: the embedded recogniser has no model on this computer that it could
 *   use
 *
 * Errors of the speech room. The message is one sentence for people, the provider's own words
 * behind it. A cancelled operation is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  WHIS_SERVICE_ERROR_NO_KEY,
  WHIS_SERVICE_ERROR_WRONG_KEY,
  WHIS_SERVICE_ERROR_PERMISSION,
  WHIS_SERVICE_ERROR_CREDIT,
  WHIS_SERVICE_ERROR_RATE_LIMIT,
  WHIS_SERVICE_ERROR_TOO_LARGE,
  WHIS_SERVICE_ERROR_TOO_SHORT,
  WHIS_SERVICE_ERROR_UNSUPPORTED,
  WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE,
  WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL,
  WHIS_SERVICE_ERROR_RETIRED,
  WHIS_SERVICE_ERROR_SERVICE_DOWN,
  WHIS_SERVICE_ERROR_NETWORK,
  WHIS_SERVICE_ERROR_TLS,
  WHIS_SERVICE_ERROR_TIMEOUT,
  WHIS_SERVICE_ERROR_BAD_ANSWER,
  WHIS_SERVICE_ERROR_REDIRECT,
  WHIS_SERVICE_ERROR_ADDRESS,
  WHIS_SERVICE_ERROR_FILE,
  WHIS_SERVICE_ERROR_RECOGNISER,
  WHIS_SERVICE_ERROR_NO_MODEL,
} WhisServiceError;

GQuark whis_service_error_quark (void);

GError *whis_service_error_new (WhisServiceError code, const char *sentence, const char *detail);
GError *whis_service_error_new_answer (WhisServiceError code,
                                       const char *sentence,
                                       const char *detail,
                                       guint status,
                                       guint64 retry_after_ms,
                                       gboolean is_retryable);

const char *whis_service_error_get_detail (const GError *error);
guint whis_service_error_get_status (const GError *error);
guint64 whis_service_error_get_retry_after_ms (const GError *error);
gboolean whis_service_error_is_retryable (const GError *error);

G_END_DECLS
