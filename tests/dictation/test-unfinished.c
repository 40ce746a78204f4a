/* SPDX-License-Identifier: MIT */
#include "unfinished.h"

#include <unistd.h>

#include "dictations-fixture.h"
#include "failure.h"
#include "history-fixture.h"
#include "small-models.h"

/* What an earlier run left behind, and what waits to be tried again. Its timers are not waited for:
 * a test looks when they are due, and makes that now. */

typedef struct
{
  DictationsFixture base;
  WhisUnfinished *unfinished;
  guint n_interrupted;
  GString *ready; /* ids */
  GString *tried; /* ids */
} Fixture;

static void
interrupted_cb (Fixture *fixture, guint n)
{
  fixture->n_interrupted += n;
}

static void
ready_cb (Fixture *fixture, const char *id)
{
  g_string_append_printf (fixture->ready, "%s ", id);
}

static void
added_cb (Fixture *fixture, WhisDictation *dictation)
{
  g_string_append_printf (fixture->tried, "%s ", whis_dictation_get_id (dictation));
}

/* A run of the service. */
static void
open_unfinished (Fixture *fixture)
{
  fixture->unfinished = whis_unfinished_new (fixture->base.history, fixture->base.dictations,
                                             fixture->base.local_model);
  g_signal_connect_swapped (fixture->unfinished, "interrupted", G_CALLBACK (interrupted_cb),
                            fixture);
  g_signal_connect_swapped (fixture->unfinished, "ready", G_CALLBACK (ready_cb), fixture);
  g_signal_connect_swapped (fixture->base.dictations, "added", G_CALLBACK (added_cb), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  dictations_fixture_set_up (&fixture->base, data);
  /* PocketSphinx, if it is there, knows English. */
  whis_settings_set_language (fixture->base.settings, "de");
  fixture->ready = g_string_new (NULL);
  fixture->tried = g_string_new (NULL);
}

/* What was asked for ends first. */
static void
close_unfinished (Fixture *fixture)
{
  gpointer watched = fixture->unfinished;

  if (fixture->unfinished == NULL)
    return;
  g_signal_handlers_disconnect_by_data (fixture->unfinished, fixture);
  g_signal_handlers_disconnect_by_data (fixture->base.dictations, fixture);
  g_object_add_weak_pointer (watched, &watched);
  g_clear_object (&fixture->unfinished);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_unfinished (fixture);
  dictations_fixture_tear_down (&fixture->base, data);
  g_string_free (fixture->ready, TRUE);
  g_string_free (fixture->tried, TRUE);
}

static void
create_entry (Fixture *fixture, const char *id, WhisDictationState state, const char *code)
{
  g_autoptr (WhisRecord) record = dictations_fixture_create_entry (&fixture->base, id, state, TRUE);

  record->code = g_strdup (code);
  whis_history_put (fixture->base.history, record);
  flush_history (fixture->base.history);
}

/* The text was there: that of the whole, and that of its chunk. */
static void
create_entry_with_text (Fixture *fixture,
                        const char *id,
                        WhisDictationState state,
                        gboolean deliver)
{
  g_autoptr (WhisRecord) record = dictations_fixture_create_entry (&fixture->base, id, state, TRUE);

  record->text = g_strdup ("It was said.");
  record->deliver = deliver;
  put_chunk (fixture->base.history, id, 0, "It was said.");
  whis_history_put (fixture->base.history, record);
  flush_history (fixture->base.history);
}

static void
wait_for_count (Fixture *fixture, guint n)
{
  while (whis_unfinished_get_count (fixture->unfinished) != n)
    g_main_context_iteration (NULL, TRUE);
}

static void
recover (Fixture *fixture, guint n)
{
  dictations_fixture_restart (&fixture->base);
  open_unfinished (fixture);
  whis_unfinished_recover (fixture->unfinished);
  wait_for_count (fixture, n);
}

static GSource *
wait_for_timer (Fixture *fixture)
{
  GSource *timer;

  while ((timer = g_main_context_find_source_by_user_data (NULL, fixture->unfinished)) == NULL)
    g_main_context_iteration (NULL, TRUE);

  return timer;
}

static gboolean
has_timer (Fixture *fixture)
{
  return g_main_context_find_source_by_user_data (NULL, fixture->unfinished) != NULL;
}

/* GLib puts seconds together with those of others, up to one of them apart. */
static void
assert_due_in_s (Fixture *fixture, gint64 expected_s)
{
  gint64 due = g_source_get_ready_time (wait_for_timer (fixture)) - g_get_monotonic_time ();

  g_assert_cmpint (due, <=, (expected_s + 1) * G_USEC_PER_SEC);
  /* What a busy machine lost since. */
  g_assert_cmpint (due, >=, expected_s * G_USEC_PER_SEC * 3 / 4 - G_USEC_PER_SEC);
}

static void
let_time_pass (Fixture *fixture)
{
  g_source_set_ready_time (wait_for_timer (fixture), 0);
}

static void
wait_for_tried (Fixture *fixture, const char *expected)
{
  while (!g_str_equal (fixture->tried->str, expected))
    {
      g_assert_true (g_str_has_prefix (expected, fixture->tried->str));
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
assert_state (Fixture *fixture, const char *id, WhisDictationState state)
{
  g_autoptr (WhisRecord) entry = get_record (fixture->base.history, id);

  g_assert_cmpint (entry->state, ==, state);
}

/* --- what an earlier run left behind ---------------------------------------------------------- */

static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  static const WhisDictationState states[] = {
    WHIS_DICTATION_STATE_STARTING,
    WHIS_DICTATION_STATE_RECORDING,
    WHIS_DICTATION_STATE_TRANSCRIBING,
    WHIS_DICTATION_STATE_INTERRUPTED,
    /* without a text */
    WHIS_DICTATION_STATE_DELIVERING,
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *id = g_strdup_printf ("entry-%u", i);

      create_entry (fixture, id, states[i], NULL);
    }
  recover (fixture, G_N_ELEMENTS (states));
  g_assert_cmpuint (fixture->n_interrupted, ==, G_N_ELEMENTS (states));
  assert_state (fixture, "entry-1", WHIS_DICTATION_STATE_INTERRUPTED);
  /* The user decides; nothing is sent by itself. */
  g_assert_false (has_timer (fixture));
  g_assert_cmpstr (fixture->tried->str, ==, "");
  g_assert_cmpstr (fixture->ready->str, ==, "");
}

/* What is at its end is none of it. */
static void
test_at_end (Fixture *fixture, gconstpointer data)
{
  create_entry_with_text (fixture, "done", WHIS_DICTATION_STATE_DONE, TRUE);
  create_entry (fixture, "failed", WHIS_DICTATION_STATE_FAILED, "network");
  create_entry (fixture, "cancelled", WHIS_DICTATION_STATE_CANCELLED, NULL);
  create_entry (fixture, "left", WHIS_DICTATION_STATE_RECORDING, NULL);
  recover (fixture, 1);
  g_assert_cmpuint (fixture->n_interrupted, ==, 1);
  assert_state (fixture, "failed", WHIS_DICTATION_STATE_FAILED);
  assert_state (fixture, "cancelled", WHIS_DICTATION_STATE_CANCELLED);
}

/* Nobody knows whether the text arrived: it is offered, and nothing is to be finished. */
static void
test_handed_over (Fixture *fixture, gconstpointer data)
{
  create_entry_with_text (fixture, "delivering", WHIS_DICTATION_STATE_DELIVERING, TRUE);
  create_entry_with_text (fixture, "for-a-caller", WHIS_DICTATION_STATE_TRANSCRIBING, FALSE);
  create_entry_with_text (fixture, "on-its-way", WHIS_DICTATION_STATE_TRANSCRIBING, TRUE);
  recover (fixture, 1);
  g_assert_cmpstr (fixture->ready->str, ==, "delivering for-a-caller ");
  g_assert_cmpuint (fixture->n_interrupted, ==, 1);
  assert_state (fixture, "delivering", WHIS_DICTATION_STATE_DONE);
  assert_state (fixture, "for-a-caller", WHIS_DICTATION_STATE_DONE);
  assert_state (fixture, "on-its-way", WHIS_DICTATION_STATE_INTERRUPTED);
}

/* The next run tells it again, for it is still there; within one run it is told once. */
static void
test_told_once (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "left", WHIS_DICTATION_STATE_RECORDING, NULL);
  create_entry_with_text (fixture, "text", WHIS_DICTATION_STATE_DELIVERING, TRUE);
  recover (fixture, 1);
  whis_unfinished_recover (fixture->unfinished);
  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, NULL);
  wait_for_count (fixture, 2);
  g_assert_cmpuint (fixture->n_interrupted, ==, 1);
  g_assert_cmpstr (fixture->ready->str, ==, "text ");
}

/* Another run of Whis, of another session say, works on it: it is looked at again later. */
static void
test_owned_by_others (Fixture *fixture, gconstpointer data)
{
  int lock;

  create_entry (fixture, "others", WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  create_entry (fixture, "left", WHIS_DICTATION_STATE_RECORDING, NULL);
  dictations_fixture_restart (&fixture->base);
  lock = lock_sound (fixture->base.history, "others", NULL);
  g_assert_cmpint (lock, >=, 0);
  open_unfinished (fixture);
  whis_unfinished_recover (fixture->unfinished);
  wait_for_count (fixture, 1);
  g_assert_cmpuint (fixture->n_interrupted, ==, 1);
  assert_due_in_s (fixture, 5);

  /* It was killed, and has not finished it. */
  whis_history_unlock (fixture->base.history, lock);
  let_time_pass (fixture);
  wait_for_count (fixture, 2);
  g_assert_cmpuint (fixture->n_interrupted, ==, 2);
  g_assert_false (has_timer (fixture));
}

/* The service ends as soon as it has begun. */
static void
test_closed_at_once (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "left", WHIS_DICTATION_STATE_RECORDING, NULL);
  dictations_fixture_restart (&fixture->base);
  open_unfinished (fixture);
  whis_unfinished_recover (fixture->unfinished);
  close_unfinished (fixture);
  assert_state (fixture, "left", WHIS_DICTATION_STATE_INTERRUPTED);
}

/* --- tried again ------------------------------------------------------------------------------ */

static void
change_network (void)
{
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
}

static void
test_network_changes (Fixture *fixture, gconstpointer data)
{
  WhisDictation *dictation;

  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, "network");
  recover (fixture, 1);
  /* What waits was told by the run that made it wait. */
  g_assert_cmpuint (fixture->n_interrupted, ==, 0);
  assert_due_in_s (fixture, 60);
  change_network ();
  change_network ();
  assert_due_in_s (fixture, 2);
  g_assert_cmpstr (fixture->tried->str, ==, "");

  let_time_pass (fixture);
  wait_for_tried (fixture, "waiting ");
  dictation = whis_dictations_get_current (fixture->base.dictations);
  /* The user is long somewhere else. */
  g_assert_true (whis_dictation_offers (dictation));
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  wait_for_count (fixture, 0);
  assert_state (fixture, "waiting", WHIS_DICTATION_STATE_DONE);
  g_assert_cmpuint (dictations_fixture_count_sounds (&fixture->base), ==, 1);
  g_assert_cmpstr (fixture->tried->str, ==, "waiting ");
  g_assert_false (has_timer (fixture));
}

/* Those who waited longest go first. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "c", WHIS_DICTATION_STATE_WAITING, "network");
  create_entry (fixture, "a", WHIS_DICTATION_STATE_WAITING, "server");
  create_entry (fixture, "left", WHIS_DICTATION_STATE_INTERRUPTED, NULL);
  create_entry (fixture, "b", WHIS_DICTATION_STATE_WAITING, "network");
  recover (fixture, 4);
  let_time_pass (fixture);
  wait_for_tried (fixture, "c a b ");
  wait_for_count (fixture, 1);
  assert_state (fixture, "left", WHIS_DICTATION_STATE_INTERRUPTED);
}

/* It cannot go on, here for lack of a model, and stays what it is: each time it is twice as long
 * until the next try, at most an hour. */
static void
test_backs_off (Fixture *fixture, gconstpointer data)
{
  static const gint64 delays_s[] = { 120, 240, 480, 960, 1920, 3600, 3600 };
  g_autoptr (WhisRecord) record = dictations_fixture_create_entry (
      &fixture->base, "waiting", WHIS_DICTATION_STATE_WAITING, TRUE);

  g_free (record->provider);
  record->provider = g_strdup ("offline");
  record->language = g_strdup ("de");
  whis_history_put (fixture->base.history, record);
  recover (fixture, 1);
  for (guint i = 0; i < G_N_ELEMENTS (delays_s); i++)
    {
      let_time_pass (fixture);
      while (g_source_get_ready_time (wait_for_timer (fixture)) == 0)
        g_main_context_iteration (NULL, TRUE);
      assert_due_in_s (fixture, delays_s[i]);
    }
  change_network ();
  assert_due_in_s (fixture, 2);
  g_assert_cmpstr (fixture->tried->str, ==, "");
  assert_state (fixture, "waiting", WHIS_DICTATION_STATE_WAITING);
}

/* A service that is asked earlier than it wants would only say so again. */
static void
test_service_wants_to_wait (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, "network");
  test_service_set_default (fixture->base.service,
                            &(TestPlan){ .status = 429, .header = "Retry-After: 900" });
  recover (fixture, 1);
  let_time_pass (fixture);
  wait_for_tried (fixture, "waiting ");
  dictations_fixture_wait_for (whis_dictations_get_current (fixture->base.dictations),
                               WHIS_DICTATION_STATE_WAITING);
  change_network ();
  assert_due_in_s (fixture, 900);
}

/* The key was taken away meanwhile: that does not pass by itself, so nothing is tried any more. */
static void
test_refused_meanwhile (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, "network");
  test_service_set_default (fixture->base.service, &(TestPlan){ .status = 401 });
  recover (fixture, 1);
  let_time_pass (fixture);
  wait_for_tried (fixture, "waiting ");
  dictations_fixture_wait_for (whis_dictations_get_current (fixture->base.dictations),
                               WHIS_DICTATION_STATE_FAILED);
  wait_for_count (fixture, 0);
  assert_state (fixture, "waiting", WHIS_DICTATION_STATE_FAILED);
  while (has_timer (fixture))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_deleted_meanwhile (Fixture *fixture, gconstpointer data)
{
  const char *const ids[] = { "waiting", NULL };

  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, "network");
  create_entry (fixture, "other", WHIS_DICTATION_STATE_WAITING, "network");
  recover (fixture, 2);
  whis_history_delete (fixture->base.history, ids);
  let_time_pass (fixture);
  wait_for_tried (fixture, "other ");
  dictations_fixture_wait_for (whis_dictations_get_current (fixture->base.dictations),
                               WHIS_DICTATION_STATE_DONE);
  wait_for_count (fixture, 0);
  g_assert_cmpuint (dictations_fixture_count_sounds (&fixture->base), ==, 1);
}

/* The user resumes what is just being tried, or it is tried while the user does so. */
static void
test_not_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  dictations_fixture_plan_hold (&fixture->base, 1);
  create_entry (fixture, "waiting", WHIS_DICTATION_STATE_WAITING, "network");
  recover (fixture, 1);
  let_time_pass (fixture);
  wait_for_tried (fixture, "waiting ");
  let_time_pass (fixture);
  dictations_fixture_wait_for_sounds (&fixture->base, 1);
  g_assert_null (dictations_fixture_continue (&fixture->base, "waiting", WHIS_DICTATION_MODE_RESUME,
                                              NULL, &error));
  g_assert_nonnull (error);
  test_service_release (fixture->base.service);
  wait_for_count (fixture, 0);
  g_assert_cmpuint (dictations_fixture_count_sounds (&fixture->base), ==, 1);
  g_assert_cmpstr (fixture->tried->str, ==, "waiting ");
}

/* --- the keyring and models ------------------------------------------------------------------- */

static void
test_keyring (Fixture *fixture, gconstpointer data)
{
  create_entry (fixture, "network", WHIS_DICTATION_STATE_WAITING, "network");
  create_entry (fixture, "keyring", WHIS_DICTATION_STATE_WAITING, WHIS_FAILURE_KEYRING);
  create_entry (fixture, "model", WHIS_DICTATION_STATE_WAITING, WHIS_FAILURE_NO_MODEL);
  recover (fixture, 3);
  whis_unfinished_try_keyring (fixture->unfinished);
  wait_for_count (fixture, 2);
  g_assert_cmpstr (fixture->tried->str, ==, "keyring ");
  assert_state (fixture, "network", WHIS_DICTATION_STATE_WAITING);
}

/* Without a model a try would fail as it did; it counts as unfinished all the same. */
static void
test_model (Fixture *fixture, gconstpointer data)
{
  g_autofree char *models = g_build_filename (fixture->base.directory, "models", NULL);

  create_entry (fixture, "model", WHIS_DICTATION_STATE_WAITING, WHIS_FAILURE_NO_MODEL);
  recover (fixture, 1);
  g_assert_false (has_timer (fixture));
  create_entry (fixture, "network", WHIS_DICTATION_STATE_WAITING, "network");
  wait_for_count (fixture, 2);
  let_time_pass (fixture);
  wait_for_count (fixture, 1);
  g_assert_cmpstr (fixture->tried->str, ==, "network ");

  small_model_write (models, "small-test.bin", 1);
  whis_local_model_choice_refresh (fixture->base.local_model);
  wait_for_count (fixture, 0);
  g_assert_cmpstr (fixture->tried->str, ==, "network model ");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/unfinished/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();
  small_models_add ();
  /* One that says that there is a network, whatever there is. */
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE);

  ADD ("interrupted", test_interrupted);
  ADD ("at-end", test_at_end);
  ADD ("handed-over", test_handed_over);
  ADD ("told-once", test_told_once);
  ADD ("owned-by-others", test_owned_by_others);
  ADD ("closed-at-once", test_closed_at_once);
  ADD ("network-changes", test_network_changes);
  ADD ("order", test_order);
  ADD ("backs-off", test_backs_off);
  ADD ("service-wants-to-wait", test_service_wants_to_wait);
  ADD ("refused-meanwhile", test_refused_meanwhile);
  ADD ("deleted-meanwhile", test_deleted_meanwhile);
  ADD ("not-twice", test_not_twice);
  ADD ("keyring", test_keyring);
  ADD ("model", test_model);

  return g_test_run ();
}
