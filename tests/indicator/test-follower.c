/* SPDX-License-Identifier: MIT */
#include "bus-service.h"
#include "follower.h"

typedef struct
{
  BusService service;
  WhisServiceProxy *proxy;
  WhisIndicatorFollower *follower;
  guint n_ended;
} Fixture;

static void
on_ended (Fixture *self)
{
  self->n_ended++;
}

static void
tell_sound (Fixture *self, const char *dictation, guint64 elapsed, double level)
{
  whis_bus_whis1_set_dictation (self->service.skeleton, dictation);
  whis_bus_whis1_set_level (self->service.skeleton, level);
  whis_bus_whis1_set_elapsed (self->service.skeleton, elapsed);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->service.skeleton));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  bus_service_start (&self->service);
}

/* Begins to follow “one”, and waits until the service is found. */
static void
follow (Fixture *self)
{
  self->proxy = whis_service_proxy_new ();
  self->follower = whis_indicator_follower_new (self->proxy, "one");
  g_signal_connect_swapped (self->follower, "ended", G_CALLBACK (on_ended), self);
  while (self->service.n_watching == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
follow_recording (Fixture *self)
{
  bus_service_set_recording (&self->service, "one");
  whis_bus_whis1_set_elapsed (self->service.skeleton, 1500);
  follow (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->follower);
  g_assert_finalize_object (self->proxy);
  bus_service_stop (&self->service);
}

static const WhisIndicatorContent *
get_content (Fixture *self)
{
  return whis_indicator_follower_get_content (self->follower);
}

/* What was told before it was there is known, and it asks for the text once. */
static void
test_catches_up (Fixture *self, gconstpointer data)
{
  whis_bus_whis1_set_silent (self->service.skeleton, TRUE);
  follow_recording (self);
  g_assert_cmpuint (self->service.n_watching, ==, 1);
  g_assert_cmpuint (get_content (self)->elapsed_ms, ==, 1500);
  g_assert_true (get_content (self)->is_silent);
  g_assert_true (whis_indicator_content_is_open (get_content (self)));
  g_assert_cmpuint (self->n_ended, ==, 0);
}

/* Which it was started for may be over already, and another one may record. */
static void
test_catches_up_with_next (Fixture *self, gconstpointer data)
{
  bus_service_set_recording (&self->service, "two");
  whis_bus_whis1_set_elapsed (self->service.skeleton, 300);
  follow (self);
  g_assert_cmpuint (get_content (self)->elapsed_ms, ==, 300);
  bus_service_tell_state (&self->service, "one", "done");
  bus_service_tell_state (&self->service, "two", "transcribing");
  while (get_content (self)->state != WHIS_DICTATION_STATE_TRANSCRIBING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_ended, ==, 0);
}

static void
test_catches_up_with_end (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *dictation;
    const char *state;
  } cases[] = { { "", "idle" }, { "two", "transcribing" }, { "one", "done" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (self->follower != NULL)
        {
          g_assert_finalize_object (g_steal_pointer (&self->follower));
          g_assert_finalize_object (g_steal_pointer (&self->proxy));
        }
      self->service.n_watching = self->n_ended = 0;
      whis_bus_whis1_set_state (self->service.skeleton, cases[i].state);
      whis_bus_whis1_set_dictation (self->service.skeleton, cases[i].dictation);
      follow (self);
      g_assert_cmpuint (self->n_ended, ==, 1);
    }
}

static void
test_text (Fixture *self, gconstpointer data)
{
  follow_recording (self);
  whis_bus_whis1_emit_partial_text (self->service.skeleton, "two", "of another one");
  whis_bus_whis1_emit_partial_text (self->service.skeleton, "one", "what was said");
  while (*get_content (self)->text == '\0')
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (whis_indicator_content_get_detail (get_content (self)), ==, "what was said");
}

static void
test_level (Fixture *self, gconstpointer data)
{
  follow_recording (self);
  tell_sound (self, "one", 1600, 0);
  while (get_content (self)->elapsed_ms != 1600)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (whis_level_history_get_latest (&get_content (self)->levels), ==,
                    WHIS_LEVEL_HISTORY_STEPS);
  tell_sound (self, "one", 1700, -100);
  while (get_content (self)->elapsed_ms != 1700)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (whis_level_history_get_latest (&get_content (self)->levels), ==, 0);

  whis_bus_whis1_set_silent (self->service.skeleton, TRUE);
  while (!get_content (self)->is_silent)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (whis_indicator_content_get_label (get_content (self)), ==, "No sound is heard");
}

static void
test_ends (Fixture *self, gconstpointer data)
{
  follow_recording (self);
  bus_service_tell_state (&self->service, "one", "transcribing");
  while (get_content (self)->state != WHIS_DICTATION_STATE_TRANSCRIBING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (whis_indicator_content_is_open (get_content (self)));
  g_assert_cmpuint (self->n_ended, ==, 0);
  bus_service_tell_state (&self->service, "one", "done");
  while (self->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  /* What comes after that is for the next one that is started. */
  bus_service_tell_state (&self->service, "two", "recording");
  whis_bus_whis1_emit_partial_text (self->service.skeleton, "one", "late");
  while (*get_content (self)->text == '\0')
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_ended, ==, 1);
  g_assert_cmpint (get_content (self)->state, ==, WHIS_DICTATION_STATE_DONE);
}

/* A failure stays until it is read, or until the next dictation records. */
static void
test_failure (Fixture *self, gconstpointer data)
{
  follow_recording (self);
  whis_bus_whis1_emit_partial_text (self->service.skeleton, "one", "what was said");
  whis_bus_whis1_emit_failed (self->service.skeleton, "one", "network", "No network.", "sound",
                              TRUE);
  whis_bus_whis1_emit_failed (self->service.skeleton, "two", "server", "Of another one.", "sound",
                              TRUE);
  bus_service_tell_state (&self->service, "one", "failed");
  while (!whis_indicator_content_is_problem (get_content (self)))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (whis_indicator_content_get_detail (get_content (self)), ==, "No network.");
  g_assert_cmpuint (self->n_ended, ==, 0);

  bus_service_tell_state (&self->service, "two", "starting");
  bus_service_tell_state (&self->service, "two", "recording");
  while (!whis_indicator_content_is_open (get_content (self)))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (get_content (self)->message, ==, "");
  g_assert_cmpstr (get_content (self)->text, ==, "");
  g_assert_cmpuint (get_content (self)->elapsed_ms, ==, 0);
  bus_service_tell_state (&self->service, "two", "cancelled");
  while (self->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_failure_is_read (Fixture *self, gconstpointer data)
{
  gint64 before;

  whis_bus_whis1_set_code (self->service.skeleton, "network");
  whis_bus_whis1_set_message (self->service.skeleton, "No network.");
  whis_bus_whis1_set_state (self->service.skeleton, "failed");
  whis_bus_whis1_set_dictation (self->service.skeleton, "one");
  before = g_get_monotonic_time ();
  follow (self);
  g_assert_cmpstr (whis_indicator_content_get_detail (get_content (self)), ==, "No network.");
  while (self->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - before, >, 3 * G_USEC_PER_SEC);
}

static void
test_service_goes (Fixture *self, gconstpointer data)
{
  follow_recording (self);
  g_dbus_connection_close_sync (self->service.bus, NULL, NULL);
  while (self->n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->n_ended, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/follower/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("catches-up", test_catches_up);
  ADD ("catches-up/with-next", test_catches_up_with_next);
  ADD ("catches-up/with-end", test_catches_up_with_end);
  ADD ("text", test_text);
  ADD ("level", test_level);
  ADD ("ends", test_ends);
  ADD ("failure", test_failure);
  ADD ("failure/is-read", test_failure_is_read);
  ADD ("service-goes", test_service_goes);
#undef ADD

  return g_test_run ();
}
