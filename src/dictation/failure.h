/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_DICTATION_ERROR (whis_dictation_error_quark ())

/**
 * WhisDictationError:
 * @WHIS_DICTATION_ERROR_NO_SPEECH: nobody said anything
 * @WHIS_DICTATION_ERROR_ECHO: the service answered with the hint alone
 * @WHIS_DICTATION_ERROR_ACCIDENT: the recording was too short to be meant
 * @WHIS_DICTATION_ERROR_INTERRUPTED: the service ended first
 * @WHIS_DICTATION_ERROR_INCOMPLETE: not all of a file was read
 * @WHIS_DICTATION_ERROR_NO_SOUND: the sound is not there any more
 * @WHIS_DICTATION_ERROR_CAP: the user's monthly cap is reached
 *
 * Errors of a dictation as a whole. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_DICTATION_ERROR_NO_SPEECH,
  WHIS_DICTATION_ERROR_ECHO,
  WHIS_DICTATION_ERROR_ACCIDENT,
  WHIS_DICTATION_ERROR_INTERRUPTED,
  WHIS_DICTATION_ERROR_INCOMPLETE,
  WHIS_DICTATION_ERROR_NO_SOUND,
  WHIS_DICTATION_ERROR_CAP,
} WhisDictationError;

GQuark whis_dictation_error_quark (void);

/* The code of a dictation in which nobody said anything. */
#define WHIS_FAILURE_NO_SPEECH "no-speech"

/* The code of what waits for the keyring. */
#define WHIS_FAILURE_KEYRING "keyring"

/* The code of what waits for a model. */
#define WHIS_FAILURE_NO_MODEL "no-model"

const char *whis_failure_get_code (const GError *error);
gboolean whis_failure_may_pass (const GError *error);
gboolean whis_failure_is_no_speech (const GError *error);
gboolean whis_failure_is_about_key (const GError *error);
gboolean whis_failure_waits_for_model (const GError *error);

G_END_DECLS
