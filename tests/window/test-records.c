/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "choice.h"
#include "state-title.h"
#include "languages.h"
#include "provider.h"
#include "recorder-view.h"

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
test_elapsed (void)
{
  static const struct
  {
    guint64 milliseconds;
    const char *text;
  } cases[] = {
    { 0, "0:00" },
    { 999, "0:00" },
    { 1000, "0:01" },
    { 59999, "0:59" },
    { 3599999, "59:59" },
    { 3600000, "1:00:00" },
    { 36061000, "10:01:01" },
    { G_MAXUINT64, "5124095576030:25:51" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = whis_format_elapsed (cases[i].milliseconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_addresses (void)
{
  static const char *const good[] = {
    "",
    "http://localhost:8000/v1",
    "https://speech.example.org",
    "http://[::1]:8080/v1",
    "http://127.0.0.1",
    "http://192.168.1.5:8000",
    "http://100.101.102.103:8000",
    "http://nas.local:8000",
    "http://whisper:8000",
  };
  static const char *const bad[] = {
    "localhost",
    "localhost:8000",
    "ftp://example.org",
    "http://",
    "http:///v1",
    "https",
    "http://user:word@example.org/v1",
    "http://example.org/v1?key=1",
    "http://example.org/#v1",
    "http://exa mple.org",
    "javascript:alert(1)",
    "http://[::1",
    "http://example.org/v1",
    "http://8.8.8.8/v1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_null (whis_address_find_problem (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *problem = whis_address_find_problem (bad[i]);

      g_test_message ("%s: %s", bad[i], problem);
      g_assert_nonnull (problem);
    }
}

static void
test_address_remarks (void)
{
  static const struct
  {
    const char *address;
    const char *part;
  } cases[] = {
    { "", "for instance http://hint" }, { "http://192.168.1.2/v1", "not encrypted" },
    { "http://LOCALHOST/v1", NULL },    { "http://127.0.0.9/v1", NULL },
    { "http://[::1]:1/v1", NULL },      { "https://example.org/v1", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *remark = whis_address_find_remark (cases[i].address, "http://hint");

      if (cases[i].part == NULL)
        g_assert_null (remark);
      else
        g_assert_nonnull (strstr (remark, cases[i].part));
    }
}

static void
test_languages (void)
{
  g_autoptr (GListStore) list = whis_languages_new ("yo");
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (list));
  g_autoptr (WhisChoice) first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_autoptr (WhisChoice) last = g_list_model_get_item (G_LIST_MODEL (list), n_items - 1);

  g_assert_cmpstr (whis_choice_get_name (first), ==, "Automatic");
  g_assert_cmpstr (whis_choice_get_id (first), ==, "");
  g_assert_cmpstr (whis_choice_get_id (last), ==, "yo");
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "fr"), <, n_items);
  g_assert_cmpuint (whis_choice_list_find (G_LIST_MODEL (list), "xx"), ==, G_MAXUINT);
}

/* What an older or newer service says is taken as far as it is understood. */
static void
test_provider (void)
{
  g_autoptr (GVariant) description = g_variant_ref_sink (g_variant_new_parsed (
      "{'id': <'a'>, 'name': <5>, 'has-key': <'yes'>, 'models': <['m', 'n']>, 'new': <true>}"));
  g_autoptr (WhisProvider) provider = whis_provider_new (description);

  g_assert_cmpstr (whis_provider_get_id (provider), ==, "a");
  g_assert_cmpstr (whis_provider_get_name (provider), ==, "");
  g_assert_false (whis_provider_get_has_key (provider));
  g_assert_cmpstr (whis_provider_get_models (provider)[1], ==, "n");
  g_assert_finalize_object (g_steal_pointer (&provider));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/window/records/states", test_states);
  g_test_add_func ("/window/records/elapsed", test_elapsed);
  g_test_add_func ("/window/records/addresses", test_addresses);
  g_test_add_func ("/window/records/address-remarks", test_address_remarks);
  g_test_add_func ("/window/records/languages", test_languages);
  g_test_add_func ("/window/records/provider", test_provider);

  return g_test_run ();
}
