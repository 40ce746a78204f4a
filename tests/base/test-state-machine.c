/* SPDX-License-Identifier: MIT */
#include "state-machine.h"

#include "dictation-state.h"

/* A door, with an edge back and an end. */
typedef enum
{
  DOOR_CLOSED,
  DOOR_OPEN,
  DOOR_LOCKED,
  DOOR_REMOVED,
  N_DOORS,
} Door;

static GType door_get_type (void);

G_DEFINE_ENUM_TYPE (Door,
                    door,
                    G_DEFINE_ENUM_VALUE (DOOR_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DOOR_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (DOOR_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (DOOR_REMOVED, "removed"))

static const guint edges[N_DOORS] = {
  [DOOR_CLOSED] =
      WHIS_STATE_BIT (DOOR_OPEN) | WHIS_STATE_BIT (DOOR_LOCKED) | WHIS_STATE_BIT (DOOR_REMOVED),
  [DOOR_OPEN] = WHIS_STATE_BIT (DOOR_CLOSED),
  [DOOR_LOCKED] = WHIS_STATE_BIT (DOOR_CLOSED),
};

static const WhisStateTable table = { door_get_type, N_DOORS, edges };

typedef struct
{
  guint n_changes;
  int from;
  int to;
} Changes;

static void
changed_cb (int from, int to, gpointer user_data)
{
  Changes *changes = user_data;

  changes->n_changes++;
  changes->from = from;
  changes->to = to;
}

/* The shortest way over declared edges. */
static void
go_to (WhisStateMachine *machine, Door door)
{
  if (door != DOOR_CLOSED)
    g_assert_true (whis_state_machine_set (machine, door));
  g_assert_cmpint (whis_state_machine_get (machine), ==, door);
}

static void
test_declared (void)
{
  for (int from = 0; from < N_DOORS; from++)
    for (int to = 0; to < N_DOORS; to++)
      {
        Changes changes = { 0 };
        g_autoptr (WhisStateMachine) machine =
            whis_state_machine_new (&table, changed_cb, &changes);

        if (!whis_state_table_may_follow (&table, from, to))
          continue;
        go_to (machine, (Door) from);
        changes.n_changes = 0;
        g_assert_true (whis_state_machine_set (machine, to));
        g_assert_cmpint (whis_state_machine_get (machine), ==, to);
        g_assert_cmpuint (changes.n_changes, ==, 1);
        g_assert_cmpint (changes.from, ==, from);
        g_assert_cmpint (changes.to, ==, to);
      }
}

/* What was logged last as a warning of the room. */
static char *warned;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (level != G_LOG_LEVEL_WARNING)
    return g_log_writer_default (level, fields, n_fields, user_data);

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      {
        g_free (warned);
        warned = g_strdup (fields[i].value);
      }

  return G_LOG_WRITER_HANDLED;
}

static void
test_undeclared (void)
{
  for (int from = 0; from < N_DOORS; from++)
    for (int to = -1; to <= N_DOORS; to++)
      {
        Changes changes = { 0 };
        g_autoptr (WhisStateMachine) machine =
            whis_state_machine_new (&table, changed_cb, &changes);
        g_autofree char *warning = g_strdup_printf ("front door: no edge from %s to %s",
                                                    whis_state_table_get_nick (&table, from),
                                                    whis_state_table_get_nick (&table, to));

        if (whis_state_table_may_follow (&table, from, to))
          continue;
        whis_state_machine_set_name (machine, "front door");
        go_to (machine, (Door) from);
        changes.n_changes = 0;
        g_clear_pointer (&warned, g_free);
        g_assert_false (whis_state_machine_set (machine, to));
        g_assert_cmpstr (warned, ==, warning);
        g_assert_cmpint (whis_state_machine_get (machine), ==, from);
        g_assert_cmpuint (changes.n_changes, ==, 0);
      }
  g_clear_pointer (&warned, g_free);
}

static void
test_final (void)
{
  g_assert_false (whis_state_table_is_final (&table, DOOR_CLOSED));
  g_assert_false (whis_state_table_is_final (&table, DOOR_OPEN));
  g_assert_true (whis_state_table_is_final (&table, DOOR_REMOVED));
  g_assert_true (whis_state_table_is_final (&table, N_DOORS));
}

static void
test_nicks (void)
{
  g_assert_cmpstr (whis_state_table_get_nick (&table, DOOR_LOCKED), ==, "locked");
  g_assert_cmpstr (whis_state_table_get_nick (&table, N_DOORS), ==, "none");
}

typedef struct
{
  WhisStateMachine *machine;
  GString *order;
} Chain;

/* A door that is opened is closed and removed. */
static void
go_on_cb (int from, int to, gpointer user_data)
{
  Chain *chain = user_data;

  g_string_append (chain->order, whis_state_table_get_nick (&table, to));
  if (to == DOOR_OPEN)
    whis_state_machine_set (chain->machine, DOOR_CLOSED);
  else if (to == DOOR_CLOSED)
    whis_state_machine_set (chain->machine, DOOR_REMOVED);
  else
    g_clear_pointer (&chain->machine, whis_state_machine_free);
}

static void
test_changed_while_told (void)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Chain chain = { .order = order };

  chain.machine = whis_state_machine_new (&table, go_on_cb, &chain);
  g_assert_true (whis_state_machine_set (chain.machine, DOOR_OPEN));
  g_assert_cmpstr (order->str, ==, "openclosedremoved");
  g_assert_null (chain.machine);
}

/* The edges of a dictation have a row for each of its states. */
static void
test_dictation_table (void)
{
  const WhisStateTable *states = whis_dictation_state_get_table ();
  g_autoptr (GEnumClass) values = g_type_class_ref (WHIS_TYPE_DICTATION_STATE);

  g_assert_cmpuint (states->n_states, ==, values->n_values);
  for (guint i = 0; i < values->n_values; i++)
    g_assert_cmpint (values->values[i].value, ==, i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/state-machine/declared", test_declared);
  g_test_add_func ("/state-machine/undeclared", test_undeclared);
  g_test_add_func ("/state-machine/final", test_final);
  g_test_add_func ("/state-machine/nicks", test_nicks);
  g_test_add_func ("/state-machine/changed-while-told", test_changed_while_told);
  g_test_add_func ("/state-machine/dictation-table", test_dictation_table);

  g_log_set_writer_func (write_log, NULL, NULL);

  return g_test_run ();
}
