/* SPDX-License-Identifier: MIT */
#include "dictation-state-label.h"

#include <glib/gi18n-lib.h>

/**
 * whis_dictation_state_is_no_speech:
 * @state: a state
 * @code: why there is not the whole text, as on the bus; else empty
 *
 * Returns: whether nobody said anything, which is no fault
 */
gboolean
whis_dictation_state_is_no_speech (WhisDictationState state, const char *code)
{
  g_return_val_if_fail (code != NULL, FALSE);

  return state == WHIS_DICTATION_STATE_FAILED && g_str_equal (code, "no-speech");
}

/**
 * whis_dictation_state_get_label:
 * @state: a state
 * @code: why there is not the whole text, as on the bus; else empty
 *
 * Returns: a word or two for people, translated
 */
const char *
whis_dictation_state_get_label (WhisDictationState state, const char *code)
{
  if (whis_dictation_state_is_no_speech (state, code))
    return _ ("No speech heard");

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
