/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisEndpointError:
 * @WHIS_ENDPOINT_ERROR_FORM: the request is no form that could be read
 * @WHIS_ENDPOINT_ERROR_VALUE: a field has a value that it cannot have
 * @WHIS_ENDPOINT_ERROR_FILE: there is no file, or no sound in it
 * @WHIS_ENDPOINT_ERROR_TOO_LARGE: the file is larger than what is taken
 * @WHIS_ENDPOINT_ERROR_LANGUAGE: the model does not know the language
 * @WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL: there is no such model on this computer
 * @WHIS_ENDPOINT_ERROR_NO_RECOGNISER: there is no model at all, or the recogniser cannot be started
 * @WHIS_ENDPOINT_ERROR_STORAGE: the file cannot be kept while it is worked on
 * @WHIS_ENDPOINT_ERROR_PORT: the address cannot be listened at
 * @WHIS_ENDPOINT_ERROR_FAILED: something else
 *
 * Why a request is refused, or none is taken. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_ENDPOINT_ERROR_FORM,
  WHIS_ENDPOINT_ERROR_VALUE,
  WHIS_ENDPOINT_ERROR_FILE,
  WHIS_ENDPOINT_ERROR_TOO_LARGE,
  WHIS_ENDPOINT_ERROR_LANGUAGE,
  WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL,
  WHIS_ENDPOINT_ERROR_NO_RECOGNISER,
  WHIS_ENDPOINT_ERROR_STORAGE,
  WHIS_ENDPOINT_ERROR_PORT,
  WHIS_ENDPOINT_ERROR_FAILED,
} WhisEndpointError;

#define WHIS_ENDPOINT_ERROR (whis_endpoint_error_quark ())
GQuark whis_endpoint_error_quark (void);

G_END_DECLS
