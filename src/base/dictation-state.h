/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DICTATION_STATE (whis_dictation_state_get_type ())

/**
 * WhisDictationState:
 * @WHIS_DICTATION_STATE_IDLE: not started
 * @WHIS_DICTATION_STATE_STARTING: the source is being opened
 * @WHIS_DICTATION_STATE_RECORDING: sound arrives
 * @WHIS_DICTATION_STATE_TRANSCRIBING: no more sound is taken, or a file is read; text is awaited
 * @WHIS_DICTATION_STATE_DELIVERING: the text is put where it belongs
 * @WHIS_DICTATION_STATE_DONE: the text was delivered
 * @WHIS_DICTATION_STATE_FAILED: there is no text, or not all of it
 * @WHIS_DICTATION_STATE_CANCELLED: the user ended it
 * @WHIS_DICTATION_STATE_WAITING: the service could not be reached; it goes on when that changes
 * @WHIS_DICTATION_STATE_INTERRUPTED: Whis ended in the middle of it; it can be finished
 *
 * Where a dictation stands. The nicks are the words of the D-Bus interface.
 */
typedef enum
{
  WHIS_DICTATION_STATE_IDLE,
  WHIS_DICTATION_STATE_STARTING,
  WHIS_DICTATION_STATE_RECORDING,
  WHIS_DICTATION_STATE_TRANSCRIBING,
  WHIS_DICTATION_STATE_DELIVERING,
  WHIS_DICTATION_STATE_DONE,
  WHIS_DICTATION_STATE_FAILED,
  WHIS_DICTATION_STATE_CANCELLED,
  WHIS_DICTATION_STATE_WAITING,
  WHIS_DICTATION_STATE_INTERRUPTED,
} WhisDictationState;

GType whis_dictation_state_get_type (void);

const char *whis_dictation_state_get_nick (WhisDictationState state);
WhisDictationState whis_dictation_state_from_nick (const char *nick);
gboolean whis_dictation_state_may_follow (WhisDictationState from, WhisDictationState to);
gboolean whis_dictation_state_is_final (WhisDictationState state);
gboolean whis_dictation_state_is_busy (WhisDictationState state);
gboolean whis_dictation_state_takes_sound (WhisDictationState state);
gboolean whis_dictation_state_is_unfinished (WhisDictationState state);

G_END_DECLS
