/* SPDX-License-Identifier: MIT */
#include "state-title.h"

#include <glib/gi18n-lib.h>

/**
 * whis_state_title_get:
 * @state: a state
 *
 * Returns: a word or two for people, translated
 */
const char *
whis_state_title_get (WhisDictationState state)
{
  switch (state)
    {
    case WHIS_DICTATION_STATE_STARTING:
      return _ ("Starting…");
    case WHIS_DICTATION_STATE_RECORDING:
      return _ ("Recording");
    case WHIS_DICTATION_STATE_TRANSCRIBING:
      return _ ("Transcribing…");
    case WHIS_DICTATION_STATE_DELIVERING:
      return _ ("Delivering the text…");
    case WHIS_DICTATION_STATE_DONE:
      return _ ("Done");
    case WHIS_DICTATION_STATE_FAILED:
      return _ ("That did not work");
    case WHIS_DICTATION_STATE_CANCELLED:
      return _ ("Cancelled");
    case WHIS_DICTATION_STATE_WAITING:
      return _ ("Kept, and waiting");
    case WHIS_DICTATION_STATE_INTERRUPTED:
      return _ ("Interrupted");
    case WHIS_DICTATION_STATE_IDLE:
    default:
      return _ ("Ready");
    }
}
