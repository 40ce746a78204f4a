/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_BUS_ERROR (whis_bus_error_quark ())

/**
 * WhisBusError:
 * @WHIS_BUS_ERROR_NOT_RECORDING: nothing records
 * @WHIS_BUS_ERROR_ALREADY_RECORDING: a dictation is starting or recording
 * @WHIS_BUS_ERROR_NOT_FOUND: there is no such dictation, provider or text
 * @WHIS_BUS_ERROR_DEVICE: the microphone cannot be used
 * @WHIS_BUS_ERROR_STORAGE: the sound cannot be stored
 * @WHIS_BUS_ERROR_KEY: the key is missing or unusable
 * @WHIS_BUS_ERROR_PROVIDER: the provider cannot be used
 * @WHIS_BUS_ERROR_ARGUMENTS: the call's arguments are wrong
 * @WHIS_BUS_ERROR_CLIPBOARD: the clipboard cannot be reached
 * @WHIS_BUS_ERROR_KEYRING: the keyring refused
 * @WHIS_BUS_ERROR_FILE: the file cannot be used
 * @WHIS_BUS_ERROR_FAILED: anything else
 *
 * Errors of the methods of the D-Bus interface, `io.github.whis_gtk.Whis.Error.*`. Every message is
 * a sentence for the user.
 */
typedef enum
{
  WHIS_BUS_ERROR_NOT_RECORDING,
  WHIS_BUS_ERROR_ALREADY_RECORDING,
  WHIS_BUS_ERROR_NOT_FOUND,
  WHIS_BUS_ERROR_DEVICE,
  WHIS_BUS_ERROR_STORAGE,
  WHIS_BUS_ERROR_KEY,
  WHIS_BUS_ERROR_PROVIDER,
  WHIS_BUS_ERROR_ARGUMENTS,
  WHIS_BUS_ERROR_CLIPBOARD,
  WHIS_BUS_ERROR_KEYRING,
  WHIS_BUS_ERROR_FILE,
  WHIS_BUS_ERROR_FAILED,
} WhisBusError;

GQuark whis_bus_error_quark (void);

G_END_DECLS
