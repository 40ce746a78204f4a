/* SPDX-License-Identifier: MIT */
#include "choice-item.h"
#include "dictation-state-label.h"
#include "languages.h"
#include "provider-item.h"

static void
test_states (void)
{
  g_assert_cmpint (whis_dictation_state_from_nick ("recording"), ==,
                   WHIS_DICTATION_STATE_RECORDING);
  g_assert_cmpint (whis_dictation_state_from_nick ("pondering"), ==, WHIS_DICTATION_STATE_IDLE);
  g_assert_cmpint (whis_dictation_state_from_nick (NULL), ==, WHIS_DICTATION_STATE_IDLE);
  g_assert_true (whis_dictation_state_takes_sound (WHIS_DICTATION_STATE_STARTING));
  g_assert_false (whis_dictation_state_takes_sound (WHIS_DICTATION_STATE_TRANSCRIBING));
  g_assert_true (whis_dictation_state_is_busy (WHIS_DICTATION_STATE_DELIVERING));
  g_assert_false (whis_dictation_state_is_busy (WHIS_DICTATION_STATE_DONE));
}

static void
test_languages (void)
{
  g_autoptr (GListStore) list = whis_languages_new ("yo");
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autoptr (WhisChoiceItem) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (WhisChoiceItem) last = g_list_model_get_item (G_LIST_MODEL (list), n_items - 1);

  g_assert_cmpstr (whis_choice_item_get_name (first), ==, "Automatic");
  g_assert_cmpstr (whis_choice_item_get_id (first), ==, "");
  g_assert_cmpstr (whis_choice_item_get_id (last), ==, "yo");
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "fr"), <, n_items);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "xx"), ==, G_MAXUINT);
}

/* What an older or newer service says is taken as far as it is understood. */
static void
test_providers (void)
{
  g_autoptr (GVariant) descriptions = g_variant_ref_sink (g_variant_new_parsed (
      "[{'id': <'groq'>, 'name': <5>, 'has-key': <'yes'>, 'models': <['m', 'n']>, 'new': <true>},"
      " {'id': <'to-come'>}, {'id': <'offline'>, 'models': <['m', 'n']>, 'host': <'here'>}]"));
  g_autoptr (GListStore) list = whis_provider_list_new (descriptions);
  WhisProviderItem *groq = whis_provider_list_find (G_LIST_MODEL (list), "groq", NULL);
  WhisProviderItem *offline = whis_provider_list_find (G_LIST_MODEL (list), "offline", NULL);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
  g_assert_cmpstr (whis_provider_item_get_name (groq), ==, "Groq");
  g_assert_true (whis_provider_item_lacks_key (groq));
  g_assert_cmpstr (whis_provider_item_get_models (groq)[0], ==, "whisper-large-v3-turbo");
  g_assert_cmpstr (whis_provider_item_get_host (groq), ==, "");
  g_assert_false (whis_provider_item_lacks_key (offline));
  g_assert_cmpstr (whis_provider_item_get_models (offline)[1], ==, "n");
  g_assert_cmpstr (whis_provider_item_get_host (offline), ==, "here");
  g_object_ref (groq);
  g_list_store_remove_all (list);
  g_assert_finalize_object (groq);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/records/states", test_states);
  g_test_add_func ("/window/records/languages", test_languages);
  g_test_add_func ("/window/records/providers", test_providers);

  return g_test_run ();
}
