/* SPDX-License-Identifier: MIT */
/* The services to choose from: lists that are refused or are others than before, and what is shown
 * of a choice that was made elsewhere. */
#include "preferences-fixture.h"

static AdwComboRow *
get_row (Fixture *fixture)
{
  return mock_child (fixture->services, "provider");
}

static const char *
get_subtitle (gpointer row)
{
  return adw_action_row_get_subtitle (ADW_ACTION_ROW (row));
}

static const char *
get_validation (Fixture *fixture)
{
  return gtk_label_get_text (mock_child (fixture->services, "validation"));
}

static GMenuModel *
get_suggestions (Fixture *fixture)
{
  return gtk_menu_button_get_menu_model (mock_child (fixture->services, "suggestions"));
}

static char *
dup_suggestion (Fixture *fixture, int position)
{
  char *label = NULL;

  g_menu_model_get_item_attribute (get_suggestions (fixture), position, G_MENU_ATTRIBUTE_LABEL, "s",
                                   &label);
  return label;
}

static gboolean
suggests (Fixture *fixture, int position, const char *text)
{
  g_autofree char *label = dup_suggestion (fixture, position);

  return g_strcmp0 (label, text) == 0;
}

/* The list cannot be had once: what is there stays, and the setting with it. */
static void
test_list_is_refused (Fixture *fixture, gconstpointer data)
{
  AdwActionRow *status = mock_child (preferences_find_group (fixture->keys, "OpenAI"), "status");

  /* When the models are known the services are listed once more. */
  AWAIT (mock_shows_text (fixture->general, "Base"));
  mock_settle (fixture->service);
  select_provider (fixture, 2);
  mock_fail_next ("ListProviders", "Failed", "Not now.");
  type_and_apply (preferences_find_group (fixture->keys, "OpenAI"), "entry", "a-key");
  AWAIT (g_strcmp0 (get_subtitle (status), "The key is in the keyring.") == 0);
  mock_settle (fixture->service);
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (status)), ==, "No key");
  g_assert_cmpuint (adw_combo_row_get_selected (get_row (fixture)), ==, 2);
  g_assert_true (setting_is (fixture, "provider", "'groq'"));
}

/* A list that is renewed is no choice of the user, whatever stands first in it. */
static void
test_list_is_renewed (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *fallback = mock_child (mock_child (fixture->general, "fallback_group"), "provider");

  select_provider (fixture, 3);
  adw_combo_row_set_selected (fallback, 2);
  g_assert_true (setting_is (fixture, "fallback-provider", "'openai'"));
  mock_forget_calls ();
  mock_stock (g_variant_new_parsed ("{'base': 'verified'}"), "base");
  AWAIT (mock_count_method ("ListProviders") > 0);
  mock_settle (fixture->service);
  g_assert_true (setting_is (fixture, "provider", "'mistral'"));
  g_assert_cmpuint (adw_combo_row_get_selected (get_row (fixture)), ==, 3);
  g_assert_true (setting_is (fixture, "fallback-provider", "'openai'"));
  g_assert_cmpuint (adw_combo_row_get_selected (fallback), ==, 2);
}

/* The settings name a service that this Whis does not know: it is left alone. */
static void
test_unknown_provider (Fixture *fixture, gconstpointer data)
{
  g_settings_set_string (fixture->settings, "provider", "of-next-year");
  AWAIT (adw_combo_row_get_selected (get_row (fixture)) == GTK_INVALID_LIST_POSITION);
  g_assert_true (setting_is (fixture, "provider", "'of-next-year'"));

  /* Nothing that is typed then is given to another one. */
  type_and_apply (fixture->services, "model", "some-model");
  type_and_apply (fixture->services, "address", "http://localhost");
  g_assert_true (setting_is (fixture, "models", "@a{ss} {}"));
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}"));
  select_provider (fixture, 1);
  g_assert_true (setting_is (fixture, "provider", "'openai'"));
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "gpt-transcribe");
}

/* More at a time than the list has by itself. */
static void
test_large_limit (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *limit = mock_child (fixture->services, "limit");

  g_settings_set_value (fixture->settings, "limits",
                        g_variant_new_parsed ("{'openai': uint32 40}"));
  select_provider (fixture, 1);
  g_assert_cmpuint (adw_combo_row_get_selected (limit), ==, 40);
  g_assert_true (setting_is (fixture, "limits", "{'openai': uint32 40}"));
  select_provider (fixture, 2);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (limit)), ==, 17);
  g_assert_true (setting_is (fixture, "limits", "{'openai': uint32 40}"));
}

/* A deployment has a name that only its owner knows. */
static void
test_model_is_required (Fixture *fixture, gconstpointer data)
{
  AdwPreferencesRow *model = mock_child (fixture->services, "model");

  select_provider (fixture, 5);
  g_assert_cmpstr (adw_preferences_row_get_title (model), ==, "_Model (Required)");
  type_and_apply (fixture->services, "model", "my-deployment");
  g_assert_cmpstr (adw_preferences_row_get_title (model), ==, "_Model");
  g_assert_true (setting_is (fixture, "models", "{'azure': 'my-deployment'}"));
}

/* What an address looks like is said before one is typed, and no red. */
static void
test_address_hint (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 4);
  g_assert_cmpstr (get_validation (fixture), ==,
                   "Give the address of the server, for instance http://127.0.0.1:8000/v1.");
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->services, "validation"), "error"));
  select_provider (fixture, 5);
  g_assert_cmpstr (
      get_validation (fixture), ==,
      "Give the address of the server, for instance https://RESOURCE.openai.azure.com.");

  /* An address that is taken back is empty again. */
  select_provider (fixture, 4);
  type_and_apply (fixture->services, "address", "http://localhost:8000/v1");
  type_and_apply (fixture->services, "address", "  ");
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}")
                 || setting_is (fixture, "addresses", "{'custom': ''}"));
  g_assert_true (is_visible (fixture->services, "validation_row"));
}

/* An error goes while it is being mended, and comes only with what was applied. */
static void
test_address_is_mended (Fixture *fixture, gconstpointer data)
{
  gpointer address = mock_child (fixture->services, "address");

  select_provider (fixture, 4);
  gtk_editable_set_text (GTK_EDITABLE (address), "localhos");
  g_assert_false (gtk_widget_has_css_class (address, "error"));
  g_signal_emit_by_name (address, "apply");
  g_assert_true (gtk_widget_has_css_class (address, "error"));
  gtk_editable_set_text (GTK_EDITABLE (address), "http://localhost");
  g_assert_false (gtk_widget_has_css_class (address, "error"));
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}"));
}

/* The answer about one service is none about the other that was chosen meanwhile. */
static void
test_listing_is_late (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 1);
  mock_hold ("ListModels");
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  AWAIT (mock_was_called ("ListModels openai"));
  select_provider (fixture, 2);
  mock_release ();
  mock_settle (fixture->service);
  g_assert_true (suggests (fixture, 0, "whisper-large-v3-turbo"));
  g_assert_cmpint (g_menu_model_get_n_items (get_suggestions (fixture)), ==, 2);
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));
}

/* A server of one's own may have no list: it is said, and cannot be chosen. */
static void
test_no_models (Fixture *fixture, gconstpointer data)
{
  g_autofree char *action = NULL;

  select_provider (fixture, 5);
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  AWAIT (mock_was_called ("ListModels azure"));
  AWAIT (suggests (fixture, 0, "This service has no list of models"));
  g_menu_model_get_item_attribute (get_suggestions (fixture), 0, G_MENU_ATTRIBUTE_ACTION, "s",
                                   &action);
  g_assert_cmpstr (action, ==, "service.none");
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));
}

/* A second service without a key is no help, and the row says so until there is one. */
static void
test_fallback_without_key (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (mock_child (fixture->general, "fallback_group"), "provider");

  adw_combo_row_set_selected (row, 4);
  g_assert_true (setting_is (fixture, "fallback-provider", "'mistral'"));
  g_assert_cmpstr (get_subtitle (row), ==,
                   "It needs an API key, which you can add on the next page");
  type_and_apply (preferences_find_group (fixture->keys, "Mistral"), "entry", "a-key");
  AWAIT (g_str_equal (get_subtitle (row), "Gets the pieces that the first one fails on"));
}

/* Where the sound goes is said of each. */
static void
test_destinations (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    guint position;
    const char *subtitle;
  } cases[] = {
    { 1, "Sound goes to api.openai.com" },
    { 2, "Sound goes to api.groq.com" },
    { 3, "Sound goes to api.mistral.ai" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      select_provider (fixture, cases[i].position);
      g_assert_true (g_str_has_prefix (get_subtitle (get_row (fixture)), cases[i].subtitle));
    }
  /* An own address stands in its own row. */
  select_provider (fixture, 4);
  g_assert_null (strstr (get_subtitle (get_row (fixture)), "Sound goes to"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/providers/" path, Fixture, NULL, preferences_set_up, function,  \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("list-is-refused", test_list_is_refused);
  ADD ("list-is-renewed", test_list_is_renewed);
  ADD ("unknown-provider", test_unknown_provider);
  ADD ("large-limit", test_large_limit);
  ADD ("model-is-required", test_model_is_required);
  ADD ("address-hint", test_address_hint);
  ADD ("address-is-mended", test_address_is_mended);
  ADD ("listing-is-late", test_listing_is_late);
  ADD ("no-models", test_no_models);
  ADD ("fallback-without-key", test_fallback_without_key);
  ADD ("destinations", test_destinations);

  return g_test_run ();
}
