/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisSpacing:
 * @WHIS_SPACING_AUTOMATIC: a space in front where the text before the cursor needs one
 * @WHIS_SPACING_SPACE: a space behind
 * @WHIS_SPACING_NEWLINE: a newline behind
 * @WHIS_SPACING_NONE: nothing
 *
 * What is put around a text that is inserted. The nicks are the values of the setting `spacing`.
 */
typedef enum
{
  WHIS_SPACING_AUTOMATIC,
  WHIS_SPACING_SPACE,
  WHIS_SPACING_NEWLINE,
  WHIS_SPACING_NONE,
} WhisSpacing;

WhisSpacing whis_spacing_from_nick (const char *nick);
char *whis_spacing_apply (WhisSpacing self,
                          const char *text,
                          const char *text_before,
                          const char *language);

G_END_DECLS
