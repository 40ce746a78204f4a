/* SPDX-License-Identifier: MIT */
#include "failure.h"

#include <gio/gio.h>

#include "audio-error.h"
#include "clipboard.h"
#include "speech-error.h"
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
  switch ((WhisSpeechError) code)
    {
    case WHIS_SPEECH_ERROR_NO_KEY:
      return "key-missing";
    case WHIS_SPEECH_ERROR_WRONG_KEY:
    case WHIS_SPEECH_ERROR_PERMISSION:
      return "key-wrong";
    case WHIS_SPEECH_ERROR_MONEY:
      return "money";
    case WHIS_SPEECH_ERROR_RATE_LIMIT:
      return "rate-limit";
    case WHIS_SPEECH_ERROR_NETWORK:
    case WHIS_SPEECH_ERROR_TLS:
    case WHIS_SPEECH_ERROR_ADDRESS:
      return "network";
    case WHIS_SPEECH_ERROR_TIMEOUT:
      return "timeout";
    case WHIS_SPEECH_ERROR_TOO_LARGE:
    case WHIS_SPEECH_ERROR_TOO_SHORT:
    case WHIS_SPEECH_ERROR_UNSUPPORTED:
    case WHIS_SPEECH_ERROR_SERVICE_DOWN:
    case WHIS_SPEECH_ERROR_BAD_ANSWER:
    case WHIS_SPEECH_ERROR_REDIRECT:
      return "provider";
    case WHIS_SPEECH_ERROR_FILE:
      return "storage";
    case WHIS_SPEECH_ERROR_RECOGNISER:
      return "recogniser";
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
  if (error->domain == WHIS_SPEECH_ERROR)
    return get_speech_code (error->code);
  if (error->domain == WHIS_STORE_ERROR)
    return "key-missing";
  if (error->domain == WHIS_DELIVERY_ERROR)
    return "clipboard";
  if (g_error_matches (error, WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH))
    return "no-speech";
  if (error->domain == WHIS_DICTATION_ERROR
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";

  return "provider";
}
