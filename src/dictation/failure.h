/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_DICTATION_ERROR (whis_dictation_error_quark ())

/**
 * WhisDictationError:
 * @WHIS_DICTATION_ERROR_NO_SPEECH: nobody said anything
 * @WHIS_DICTATION_ERROR_INTERRUPTED: the service ended first
 *
 * Errors of a dictation as a whole. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_DICTATION_ERROR_NO_SPEECH,
  WHIS_DICTATION_ERROR_INTERRUPTED,
} WhisDictationError;

GQuark whis_dictation_error_quark (void);

const char *whis_failure_get_code (const GError *error);

G_END_DECLS
