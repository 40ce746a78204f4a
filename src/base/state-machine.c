/* SPDX-License-Identifier: MIT */
#include "state-machine.h"

/**
 * WhisStateMachine:
 *
 * Where an object stands: one of the states of a table, changed along the edges of that table only.
 *
 * Every change is logged at debug level. A change that the table does not declare is a programmer's
 * error; it is logged as a warning and refused, and the state stays: one object that is confused
 * must not end a process in which others record. For one thread.
 */
struct _WhisStateMachine
{
  const WhisStateTable *table;
  char *name;
  int state;
  WhisStateChangedFunc changed;
  gpointer user_data;
};

static gboolean
is_state (const WhisStateTable *table, int state)
{
  return state >= 0 && (guint) state < table->n_states;
}

/**
 * whis_state_table_get_nick:
 * @table: a table of states
 * @state: a state
 *
 * Returns: the nick of @state; `none` for a number that is none
 */
const char *
whis_state_table_get_nick (const WhisStateTable *table, int state)
{
  g_autoptr (GEnumClass) states = NULL;
  GEnumValue *value;

  g_return_val_if_fail (table != NULL, NULL);

  states = g_type_class_ref (table->get_type ());
  value = g_enum_get_value (states, state);

  return value != NULL ? value->value_nick : "none";
}

/**
 * whis_state_table_may_follow:
 * @table: a table of states
 * @from: a state
 * @to: another state
 *
 * Returns: whether there is an edge from @from to @to
 */
gboolean
whis_state_table_may_follow (const WhisStateTable *table, int from, int to)
{
  g_return_val_if_fail (table != NULL, FALSE);

  return is_state (table, from) && is_state (table, to)
         && (table->edges[from] & WHIS_STATE_BIT (to)) != 0;
}

/**
 * whis_state_table_is_final:
 * @table: a table of states
 * @state: a state
 *
 * Returns: whether no state follows @state
 */
gboolean
whis_state_table_is_final (const WhisStateTable *table, int state)
{
  g_return_val_if_fail (table != NULL, TRUE);

  return !is_state (table, state) || table->edges[state] == 0;
}

/**
 * whis_state_machine_new:
 * @table: the states
 * @changed: (nullable) (scope notified): what is told of every change
 * @user_data: for @changed
 *
 * Returns: (transfer full): a machine in state 0
 */
WhisStateMachine *
whis_state_machine_new (const WhisStateTable *table,
                        WhisStateChangedFunc changed,
                        gpointer user_data)
{
  WhisStateMachine *self;

  g_return_val_if_fail (table != NULL, NULL);
  g_return_val_if_fail (table->n_states > 0 && table->n_states <= 32, NULL);

  self = g_new0 (WhisStateMachine, 1);
  self->table = table;
  self->changed = changed;
  self->user_data = user_data;

  return self;
}

/**
 * whis_state_machine_free:
 * @self: (transfer full) (nullable): a machine
 */
void
whis_state_machine_free (WhisStateMachine *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self);
}

/**
 * whis_state_machine_set_name:
 * @self: a machine
 * @name: (nullable): what it is called in logs; %NULL for the type of its states
 */
void
whis_state_machine_set_name (WhisStateMachine *self, const char *name)
{
  g_return_if_fail (self != NULL);

  g_free (self->name);
  self->name = g_strdup (name);
}

static const char *
get_name (WhisStateMachine *self)
{
  return self->name != NULL ? self->name : g_type_name (self->table->get_type ());
}

/**
 * whis_state_machine_set:
 * @self: a machine
 * @state: the state that follows
 *
 * The one place that changes the state.
 *
 * Returns: whether that edge is declared; otherwise the state is as it was, and nobody is told
 */
gboolean
whis_state_machine_set (WhisStateMachine *self, int state)
{
  int from;

  g_return_val_if_fail (self != NULL, FALSE);

  from = self->state;
  if (!whis_state_table_may_follow (self->table, from, state))
    {
      g_warning ("%s: no edge from %s to %s", get_name (self),
                 whis_state_table_get_nick (self->table, from),
                 whis_state_table_get_nick (self->table, state));
      return FALSE;
    }

  g_debug ("%s: %s -> %s", get_name (self), whis_state_table_get_nick (self->table, from),
           whis_state_table_get_nick (self->table, state));
  self->state = state;
  if (self->changed != NULL)
    self->changed (from, state, self->user_data);

  return TRUE;
}

int
whis_state_machine_get (WhisStateMachine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->state;
}
