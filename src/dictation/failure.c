/* SPDX-License-Identifier: MIT */
#include "failure.h"

#include <gio/gio.h>

#include "audio-error.h"
#include "clipboard.h"
#include "service-error.h"
#include "settings-error.h"
#include "store-error.h"

G_DEFINE_QUARK (whis_dictation_error, whis_dictation_error)

static const char *
get_audio_code (int code)
{
  switch ((WhisAudioError) code)
    {
    case WHIS_AUDIO_ERROR_NO_MICROPHONE:
    case WHIS_AUDIO_ERROR_NO_SERVER:
    case WHIS_AUDIO_ERROR_DEVICE:
    case WHIS_AUDIO_ERROR_FAILED:
      return "device";
    case WHIS_AUDIO_ERROR_STORAGE:
      return "storage";
    case WHIS_AUDIO_ERROR_FILE:
      return "file";
    default:
      g_return_val_if_reached ("device");
    }
}

static const char *
get_speech_code (int code)
{
  switch ((WhisServiceError) code)
    {
    case WHIS_SERVICE_ERROR_NO_KEY:
      return "key-missing";
    case WHIS_SERVICE_ERROR_WRONG_KEY:
      return "key-wrong";
    case WHIS_SERVICE_ERROR_PERMISSION:
      return "permission";
    case WHIS_SERVICE_ERROR_CREDIT:
      return "money";
    case WHIS_SERVICE_ERROR_RATE_LIMIT:
      return "rate-limit";
    case WHIS_SERVICE_ERROR_TOO_LARGE:
      return "too-large";
    case WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE:
      return "language";
    case WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL:
    case WHIS_SERVICE_ERROR_RETIRED:
      return "model";
    case WHIS_SERVICE_ERROR_ADDRESS:
    case WHIS_SERVICE_ERROR_REDIRECT:
      return "address";
    case WHIS_SERVICE_ERROR_NETWORK:
    case WHIS_SERVICE_ERROR_TLS:
      return "network";
    case WHIS_SERVICE_ERROR_TIMEOUT:
      return "timeout";
    case WHIS_SERVICE_ERROR_TOO_SHORT:
    case WHIS_SERVICE_ERROR_UNSUPPORTED:
    case WHIS_SERVICE_ERROR_SERVICE_DOWN:
    case WHIS_SERVICE_ERROR_BAD_ANSWER:
      return "provider";
    case WHIS_SERVICE_ERROR_FILE:
      return "storage";
    case WHIS_SERVICE_ERROR_RECOGNISER:
      return "recogniser";
    case WHIS_SERVICE_ERROR_NO_MODEL:
      return WHIS_FAILURE_NO_MODEL;
    default:
      g_return_val_if_reached ("provider");
    }
}

static const char *
get_store_code (int code)
{
  switch ((WhisStoreError) code)
    {
    case WHIS_STORE_ERROR_NOT_FOUND:
    case WHIS_STORE_ERROR_BUSY:
    case WHIS_STORE_ERROR_HISTORY:
    case WHIS_STORE_ERROR_TOO_NEW:
      return "storage";
    case WHIS_STORE_ERROR_BAD_API_KEY:
      return "key-missing";
    case WHIS_STORE_ERROR_KEYRING_LOCKED:
    case WHIS_STORE_ERROR_KEYRING:
      return WHIS_FAILURE_KEYRING;
    default:
      g_return_val_if_reached ("storage");
    }
}

static const char *
get_dictation_code (int code)
{
  switch ((WhisDictationError) code)
    {
    case WHIS_DICTATION_ERROR_NO_SPEECH:
    case WHIS_DICTATION_ERROR_ECHO:
      return WHIS_FAILURE_NO_SPEECH;
    case WHIS_DICTATION_ERROR_ACCIDENT:
      return "cancelled";
    case WHIS_DICTATION_ERROR_INTERRUPTED:
      return "interrupted";
    case WHIS_DICTATION_ERROR_INCOMPLETE:
    case WHIS_DICTATION_ERROR_NO_SOUND:
      return "file";
    case WHIS_DICTATION_ERROR_CAP:
      return "cap";
    default:
      g_return_val_if_reached ("provider");
    }
}

/**
 * whis_failure_get_code:
 * @error: an error of any room
 *
 * Returns: the word of the D-Bus signal `Failed` for @error
 */
const char *
whis_failure_get_code (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == WHIS_AUDIO_ERROR)
    return get_audio_code (error->code);
  if (error->domain == WHIS_SERVICE_ERROR)
    return get_speech_code (error->code);
  if (error->domain == WHIS_STORE_ERROR)
    return get_store_code (error->code);
  if (error->domain == WHIS_SETTINGS_ERROR)
    return "storage";
  if (error->domain == WHIS_DELIVERY_ERROR)
    return "clipboard";
  if (error->domain == WHIS_DICTATION_ERROR)
    return get_dictation_code (error->code);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";

  return "provider";
}

/**
 * whis_failure_may_pass:
 * @error: an error of any room
 *
 * Returns: whether the same request may well succeed later, without the user changing anything
 */
gboolean
whis_failure_may_pass (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TIMEOUT)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS)
         || (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER)
             && whis_service_error_is_retryable (error))
         || g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED)
         || g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING);
}

/**
 * whis_failure_is_no_speech:
 * @error: an error of any room
 *
 * Returns: whether there was simply nothing to recognise
 */
gboolean
whis_failure_is_no_speech (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_str_equal (whis_failure_get_code (error), WHIS_FAILURE_NO_SPEECH);
}

/**
 * whis_failure_is_about_key:
 * @error: an error of any room
 *
 * Returns: whether another API key would help
 */
gboolean
whis_failure_is_about_key (const GError *error)
{
  const char *code;

  g_return_val_if_fail (error != NULL, FALSE);

  code = whis_failure_get_code (error);

  return g_str_equal (code, "key-missing") || g_str_equal (code, "key-wrong")
         || g_str_equal (code, "permission");
}

/**
 * whis_failure_waits_for_model:
 * @error: an error of any room
 *
 * Returns: whether the same request succeeds once a model has come to this computer
 */
gboolean
whis_failure_waits_for_model (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL);
}
