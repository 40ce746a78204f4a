/* SPDX-License-Identifier: MIT */
/* Whether the service that the settings name can be used. */
#include "chosen-service.h"
#include "mock.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  GSettings *settings;
  WhisChosenService *chosen;
  guint n_changes;
} Fixture;

static void
count_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->settings = g_settings_new (WHIS_APP_ID);
  fixture->chosen = whis_chosen_service_new (fixture->service, fixture->model);
  g_signal_connect_swapped (fixture->chosen, "changed", G_CALLBACK (count_cb), fixture);
  AWAIT (whis_service_proxy_is_running (fixture->service));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->chosen != NULL)
    g_assert_finalize_object (fixture->chosen);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
  g_settings_reset (fixture->settings, "provider");
  g_clear_object (&fixture->settings);
}

/* Nobody is asked about the recogniser of this computer. */
static void
test_local (Fixture *fixture, gconstpointer data)
{
  g_assert_true (whis_chosen_service_is_local (fixture->chosen));
  g_assert_false (whis_chosen_service_lacks_key (fixture->chosen));
  g_assert_cmpstr (whis_chosen_service_get_name (fixture->chosen), ==, "Offline");
  g_assert_cmpuint (mock_count_method ("ListProviders"), ==, 0);
}

static void
test_key (Fixture *fixture, gconstpointer data)
{
  g_settings_set_string (fixture->settings, "provider", "openai");
  g_assert_false (whis_chosen_service_is_local (fixture->chosen));
  g_assert_cmpstr (whis_chosen_service_get_name (fixture->chosen), ==, "OpenAI");
  AWAIT (whis_chosen_service_lacks_key (fixture->chosen));

  /* That of another one is not known at once. */
  g_settings_set_string (fixture->settings, "provider", "groq");
  g_assert_false (whis_chosen_service_lacks_key (fixture->chosen));
  fixture->n_changes = 0;
  AWAIT (fixture->n_changes == 1);
  g_assert_false (whis_chosen_service_lacks_key (fixture->chosen));
}

/* The answer about a service that is no longer chosen changes nothing. */
static void
test_in_haste (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListProviders");
  g_settings_set_string (fixture->settings, "provider", "openai");
  AWAIT (mock_was_called ("ListProviders"));
  g_settings_set_string (fixture->settings, "provider", "offline");
  fixture->n_changes = 0;
  mock_release ();
  mock_set_state ("recording");
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_RECORDING);
  g_assert_cmpuint (fixture->n_changes, ==, 0);
  g_assert_false (whis_chosen_service_lacks_key (fixture->chosen));
}

/* Without an answer it is not said that a key is missing. */
static void
test_unanswered (Fixture *fixture, gconstpointer data)
{
  mock_fail_next ("ListProviders", "Failed", "The services are not known.");
  g_settings_set_string (fixture->settings, "provider", "openai");
  AWAIT (mock_was_called ("ListProviders"));
  g_assert_false (whis_chosen_service_lacks_key (fixture->chosen));
}

/* It goes while a question is on its way. */
static void
test_disposed (Fixture *fixture, gconstpointer data)
{
  mock_hold ("ListProviders");
  g_settings_set_string (fixture->settings, "provider", "openai");
  AWAIT (mock_was_called ("ListProviders"));
  g_assert_finalize_object (g_steal_pointer (&fixture->chosen));
  mock_release ();
  mock_set_state ("recording");
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_RECORDING);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/chosen-service/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("local", test_local);
  ADD ("key", test_key);
  ADD ("in-haste", test_in_haste);
  ADD ("unanswered", test_unanswered);
  ADD ("disposed", test_disposed);

  return g_test_run ();
}
