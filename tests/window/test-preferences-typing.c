/* SPDX-License-Identifier: MIT */
/* What is being typed in the preferences stays while the service says something new. */
#include "preferences-fixture.h"

static void
type (gpointer widget, const char *name, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (mock_child (widget, name)), text);
}

/* A model came or went, for which the services are listed anew. */
static void
list_anew (Fixture *fixture)
{
  mock_forget_calls ();
  mock_stock (g_variant_new_parsed ("{'base': 'verified', 'tiny': 'verified'}"), "tiny");
  AWAIT (mock_count_method ("ListProviders") > 0);
  mock_settle (fixture->service);
}

static void
test_address (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 4);
  type (fixture->services, "address", "http://local");
  list_anew (fixture);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "http://local");
  /* It is not complained about before it is finished. */
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}"));

  type_and_apply (fixture->services, "address", "http://localhost:8000/v1");
  g_assert_true (setting_is (fixture, "addresses", "{'custom': 'http://localhost:8000/v1'}"));
  list_anew (fixture);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "http://localhost:8000/v1");
  type (fixture->services, "address", "http://localhost:80");
  list_anew (fixture);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "http://localhost:80");
}

/* One that was refused, too: its reason stands below it. */
static void
test_refused_address (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 4);
  type_and_apply (fixture->services, "address", "localhost:8000");
  list_anew (fixture);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "localhost:8000");
  g_assert_true (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));
  g_assert_true (is_visible (fixture->services, "validation_row"));

  /* Another service has an address of its own, and who comes back begins anew. */
  select_provider (fixture, 5);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "");
  select_provider (fixture, 4);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "");
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));
}

static void
test_model (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 1);
  type (fixture->services, "model", "whisp");
  list_anew (fixture);
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "whisp");
  g_assert_true (setting_is (fixture, "models", "@a{ss} {}"));

  /* Of another service it is none. */
  select_provider (fixture, 2);
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "whisper-large-v3-turbo");
  select_provider (fixture, 1);
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "gpt-transcribe");
}

/* A name that is taken back is the default's again. */
static void
test_model_taken_back (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 1);
  type_and_apply (fixture->services, "model", "   ");
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "gpt-transcribe");
  g_assert_true (setting_is (fixture, "models", "@a{ss} {}"));
}

/* While one key is stored another one is being pasted. */
static void
test_key (Fixture *fixture, gconstpointer data)
{
  GtkWidget *openai = preferences_find_group (fixture->keys, "OpenAI");
  GtkWidget *mistral = preferences_find_group (fixture->keys, "Mistral");

  type (mistral, "entry", "half a k");
  type_and_apply (openai, "entry", "sk-0123456789");
  AWAIT (g_str_equal (adw_preferences_row_get_title (mock_child (openai, "status")),
                      "In the keyring"));
  g_assert_cmpstr (typed (mistral, "entry"), ==, "half a k");
  g_assert_cmpstr (typed (openai, "entry"), ==, "");
}

static void
test_prompt (Fixture *fixture, gconstpointer data)
{
  type (fixture->general, "prompt", "About hob");
  type (fixture->general, "vocabulary", "Frodo, Bil");
  list_anew (fixture);
  g_settings_set_string (fixture->settings, "language", "de");
  g_assert_cmpstr (typed (fixture->general, "prompt"), ==, "About hob");
  g_assert_cmpstr (typed (fixture->general, "vocabulary"), ==, "Frodo, Bil");
  g_assert_true (setting_is (fixture, "prompt", "''"));
}

/* A service that was restarted is no reason to type anew. */
static void
test_service_returns (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 4);
  type (fixture->services, "address", "http://local");
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->general));
  mock_start ();
  AWAIT (gtk_widget_get_sensitive (fixture->general));
  AWAIT (mock_count_method ("ListProviders") > 0);
  mock_settle (fixture->service);
  g_assert_cmpstr (typed (fixture->services, "address"), ==, "http://local");
  g_assert_true (setting_is (fixture, "provider", "'custom'"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/typing/" path, Fixture, NULL, preferences_set_up, function,     \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("address", test_address);
  ADD ("refused-address", test_refused_address);
  ADD ("model", test_model);
  ADD ("model-taken-back", test_model_taken_back);
  ADD ("key", test_key);
  ADD ("prompt", test_prompt);
  ADD ("service-returns", test_service_returns);

  return g_test_run ();
}
