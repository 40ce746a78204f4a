/* SPDX-License-Identifier: MIT */
#include "dictation-state.h"

G_DEFINE_ENUM_TYPE (WhisDictationState,
                    whis_dictation_state,
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_RECORDING, "recording"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_TRANSCRIBING, "transcribing"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_DELIVERING, "delivering"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (WHIS_DICTATION_STATE_INTERRUPTED, "interrupted"))

#define TO(state) WHIS_STATE_BIT (WHIS_DICTATION_STATE_##state)

/* What may end a dictation wherever it stands. */
#define TO_AN_END (TO (FAILED) | TO (CANCELLED) | TO (INTERRUPTED))

/* From each state, the states that may follow. A file goes from starting to transcribing. A
 * dictation that waits or was interrupted goes on as a new object, from idle. One that is delivered
 * when Whis ends is done: nobody will know whether its text arrived. */
static const guint edges[] = {
  [WHIS_DICTATION_STATE_IDLE] = TO (STARTING),
  [WHIS_DICTATION_STATE_STARTING] = TO (RECORDING) | TO (TRANSCRIBING) | TO_AN_END,
  [WHIS_DICTATION_STATE_RECORDING] = TO (TRANSCRIBING) | TO_AN_END,
  [WHIS_DICTATION_STATE_TRANSCRIBING] = TO (DELIVERING) | TO (DONE) | TO (WAITING) | TO_AN_END,
  [WHIS_DICTATION_STATE_DELIVERING] = TO (DONE) | TO (WAITING) | TO (FAILED) | TO (CANCELLED),
  [WHIS_DICTATION_STATE_DONE] = 0,
  [WHIS_DICTATION_STATE_FAILED] = 0,
  [WHIS_DICTATION_STATE_CANCELLED] = 0,
  [WHIS_DICTATION_STATE_WAITING] = 0,
  [WHIS_DICTATION_STATE_INTERRUPTED] = 0,
};

static const WhisStateTable table = { whis_dictation_state_get_type, G_N_ELEMENTS (edges), edges };

/**
 * whis_dictation_state_get_table:
 *
 * Returns: (transfer none): the states of a dictation, and what may follow what
 */
const WhisStateTable *
whis_dictation_state_get_table (void)
{
  return &table;
}

/**
 * whis_dictation_state_get_nick:
 * @state: a state
 *
 * Returns: its word in the D-Bus interface
 */
const char *
whis_dictation_state_get_nick (WhisDictationState state)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (WHIS_TYPE_DICTATION_STATE);
  GEnumValue *value = g_enum_get_value (states, (int) state);

  g_return_val_if_fail (value != NULL, NULL);

  return value->value_nick;
}

/**
 * whis_dictation_state_from_nick:
 * @nick: (nullable): a word from the bus
 *
 * Returns: the state of that name; `idle` for a word that a newer service may have added
 */
WhisDictationState
whis_dictation_state_from_nick (const char *nick)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (WHIS_TYPE_DICTATION_STATE);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (states, nick) : NULL;

  return value != NULL ? (WhisDictationState) value->value : WHIS_DICTATION_STATE_IDLE;
}

/**
 * whis_dictation_state_may_follow:
 * @from: a state
 * @to: another state
 *
 * Returns: whether a dictation may go from @from to @to
 */
gboolean
whis_dictation_state_may_follow (WhisDictationState from, WhisDictationState to)
{
  return whis_state_table_may_follow (&table, (int) from, (int) to);
}

/**
 * whis_dictation_state_is_final:
 * @state: a state
 *
 * Returns: whether no state follows in the life of this object
 */
gboolean
whis_dictation_state_is_final (WhisDictationState state)
{
  return whis_state_table_is_final (&table, (int) state);
}

/**
 * whis_dictation_state_is_busy:
 * @state: a state
 *
 * Returns: whether there is something that can be cancelled
 */
gboolean
whis_dictation_state_is_busy (WhisDictationState state)
{
  return state != WHIS_DICTATION_STATE_IDLE && !whis_dictation_state_is_final (state);
}

/**
 * whis_dictation_state_takes_sound:
 * @state: a state
 *
 * Returns: whether the microphone is open, or about to be
 */
gboolean
whis_dictation_state_takes_sound (WhisDictationState state)
{
  return state == WHIS_DICTATION_STATE_STARTING || state == WHIS_DICTATION_STATE_RECORDING;
}

/**
 * whis_dictation_state_is_unfinished:
 * @state: a state
 *
 * Returns: whether the dictation ended for now, but is to be finished later
 */
gboolean
whis_dictation_state_is_unfinished (WhisDictationState state)
{
  return state == WHIS_DICTATION_STATE_WAITING || state == WHIS_DICTATION_STATE_INTERRUPTED;
}
