/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisOfflineError:
 * @WHIS_OFFLINE_ERROR_MISSING: the speech model or a GStreamer plug-in is not installed
 * @WHIS_OFFLINE_ERROR_MODEL: the speech model is there and cannot be loaded
 * @WHIS_OFFLINE_ERROR_UNDECODABLE: the bytes are no sound that can be decoded
 * @WHIS_OFFLINE_ERROR_TOO_LONG: the sound is longer than the recogniser takes at once
 * @WHIS_OFFLINE_ERROR_RECOGNITION: the decoder gave up on the sound
 * @WHIS_OFFLINE_ERROR_REQUEST: a field of the request is missing, unknown or wrong
 * @WHIS_OFFLINE_ERROR_NO_MODEL: the request names a model that is not installed
 * @WHIS_OFFLINE_ERROR_LANGUAGE: the model does not know the language
 * @WHIS_OFFLINE_ERROR_SOCKET: the socket cannot be made safely, or another recogniser has it
 *
 * What can go wrong in the embedded recogniser. The messages are sentences for people.
 */
typedef enum
{
  WHIS_OFFLINE_ERROR_MISSING,
  WHIS_OFFLINE_ERROR_MODEL,
  WHIS_OFFLINE_ERROR_UNDECODABLE,
  WHIS_OFFLINE_ERROR_TOO_LONG,
  WHIS_OFFLINE_ERROR_RECOGNITION,
  WHIS_OFFLINE_ERROR_REQUEST,
  WHIS_OFFLINE_ERROR_NO_MODEL,
  WHIS_OFFLINE_ERROR_LANGUAGE,
  WHIS_OFFLINE_ERROR_SOCKET,
} WhisOfflineError;

/* The program's exit code when a model or a plug-in is not installed. */
#define WHIS_EXIT_MISSING 3

/* The same when no model is on this computer that it could use, or not the one that is wanted. */
#define WHIS_EXIT_NO_MODEL 4

#define WHIS_OFFLINE_ERROR (whis_offline_error_quark ())
GQuark whis_offline_error_quark (void);

G_END_DECLS
