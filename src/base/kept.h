/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisKept:
 * @WHIS_KEPT_NOTHING: nothing, or there was nothing
 * @WHIS_KEPT_SOUND: the sound that was recorded
 * @WHIS_KEPT_FILE: the user's file, which is as it was
 * @WHIS_KEPT_EARLIER_TEXT: the text in the history, which is as it was
 * @WHIS_KEPT_TEXT: the whole text, in the history
 * @WHIS_KEPT_PART: what was understood, in the history
 * @WHIS_KEPT_PART_COPIED: what was understood, on the clipboard too
 * @WHIS_KEPT_RETRIED: and the service tries again by itself
 * @WHIS_KEPT_AWAITS_MODEL: and it is recognised when a model has come
 * @WHIS_KEPT_DOWNLOAD: what has come of a model; the next download goes on from there
 *
 * What is left of a dictation that has ended without its whole text, or of a download.
 */
typedef enum
{
  WHIS_KEPT_NOTHING = 0,
  WHIS_KEPT_SOUND = 1 << 0,
  WHIS_KEPT_FILE = 1 << 1,
  WHIS_KEPT_EARLIER_TEXT = 1 << 2,
  WHIS_KEPT_TEXT = 1 << 3,
  WHIS_KEPT_PART = 1 << 4,
  WHIS_KEPT_PART_COPIED = 1 << 5,
  WHIS_KEPT_RETRIED = 1 << 6,
  WHIS_KEPT_AWAITS_MODEL = 1 << 7,
  WHIS_KEPT_DOWNLOAD = 1 << 8,
} WhisKept;

char *whis_kept_to_words (WhisKept self);
WhisKept whis_kept_from_words (const char *words);
char *whis_kept_describe (WhisKept self);

G_END_DECLS
