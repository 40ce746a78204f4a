/* SPDX-License-Identifier: MIT */
#include "service-call.h"

static void
test_error_sentence (void)
{
  g_autoptr (GError) error = g_dbus_error_new_for_dbus_error (
      "io.github.whis_gtk.Whis.Error.NotFound", "There is no such dictation.\nid: a");
  g_autofree char *sentence = whis_service_call_error_to_sentence (error);

  g_assert_cmpstr (sentence, ==, "There is no such dictation.");
}

static void
test_dictation_options (void)
{
  g_autoptr (GVariant) all =
      g_variant_ref_sink (whis_service_dictation_options ("groq", "whisper-large-v3", ""));
  g_autoptr (GVariant) none =
      g_variant_ref_sink (whis_service_dictation_options (NULL, NULL, NULL));
  const char *language = NULL;

  g_assert_cmpuint (g_variant_n_children (all), ==, 3);
  g_assert_true (g_variant_lookup (all, "language", "&s", &language));
  g_assert_cmpstr (language, ==, "");
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
}

static void
test_history_query (void)
{
  g_autoptr (GVariant) marked =
      g_variant_ref_sink (g_variant_new_parsed ("{'marked': <true>, 'limit': <@u 7>}"));
  g_autoptr (GVariant) query =
      g_variant_ref_sink (whis_service_history_query (marked, 500, G_MAXUINT));
  gboolean is_marked = FALSE;
  guint offset = 0, limit = 0;

  g_assert_true (g_variant_lookup (query, "marked", "b", &is_marked));
  g_assert_true (is_marked);
  g_assert_true (g_variant_lookup (query, "offset", "u", &offset));
  g_assert_cmpuint (offset, ==, 500);
  g_assert_true (g_variant_lookup (query, "limit", "u", &limit));
  g_assert_cmpuint (limit, ==, WHIS_SERVICE_HISTORY_PAGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-call/error-sentence", test_error_sentence);
  g_test_add_func ("/service-call/dictation-options", test_dictation_options);
  g_test_add_func ("/service-call/history-query", test_history_query);

  return g_test_run ();
}
