/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * WhisStateTable:
 * @get_type: the registered enum of the states, whose values count from 0
 * @n_states: how many states there are, at most 32
 * @edges: for each state, the states that may follow, as bits of %WHIS_STATE_BIT
 *
 * The states of a machine and what may follow what. Static data.
 */
typedef struct
{
  GType (*get_type) (void);
  guint n_states;
  const guint *edges;
} WhisStateTable;

/**
 * WHIS_STATE_BIT:
 * @state: a state
 *
 * Its bit in the edges of a [struct@StateTable].
 */
#define WHIS_STATE_BIT(state) (1u << (state))

typedef struct _WhisStateMachine WhisStateMachine;

/**
 * WhisStateChangedFunc:
 * @from: the state until now
 * @to: the new state
 * @user_data: what was given with the function
 *
 * Called after a change. It may change the state again, and may free the machine.
 */
typedef void (*WhisStateChangedFunc) (int from, int to, gpointer user_data);

WhisStateMachine *whis_state_machine_new (const WhisStateTable *table,
                                          WhisStateChangedFunc changed,
                                          gpointer user_data);
void whis_state_machine_free (WhisStateMachine *self);

void whis_state_machine_set_name (WhisStateMachine *self, const char *name);
gboolean whis_state_machine_set (WhisStateMachine *self, int state);
int whis_state_machine_get (WhisStateMachine *self);

const char *whis_state_table_get_nick (const WhisStateTable *table, int state);
gboolean whis_state_table_may_follow (const WhisStateTable *table, int from, int to);
gboolean whis_state_table_is_final (const WhisStateTable *table, int state);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisStateMachine, whis_state_machine_free)

G_END_DECLS
