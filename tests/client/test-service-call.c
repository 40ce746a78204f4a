/* SPDX-License-Identifier: MIT */
#include "service-call.h"

#include "bus-error.h"

static void
assert_sentence (GError *error, const char *expected)
{
  g_autofree char *sentence = whis_service_call_error_to_sentence (error);

  g_assert_cmpstr (sentence, ==, expected);
  g_error_free (error);
}

static void
test_of_the_service (void)
{
  assert_sentence (g_dbus_error_new_for_dbus_error ("io.github.whis_gtk.Whis.Error.NotFound",
                                                    "There is no such dictation."),
                   "There is no such dictation.");
  assert_sentence (g_dbus_error_new_for_dbus_error ("io.github.whis_gtk.Whis.Error.Newer",
                                                    "A service of tomorrow says this."),
                   "A service of tomorrow says this.");
}

static void
test_of_the_bus (void)
{
  const char *sentence = "Whis did not answer; start it again if this stays so.";

  assert_sentence (g_dbus_error_new_for_dbus_error ("org.freedesktop.DBus.Error.NoReply", "gone"),
                   sentence);
  assert_sentence (g_dbus_error_new_for_dbus_error ("org.example.Error", "what"), sentence);
  assert_sentence (g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timeout was reached"), sentence);
  assert_sentence (g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed"), sentence);
}

static void
test_of_this_program (void)
{
  assert_sentence (g_error_new (WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED, "There is no display."),
                   "There is no display.");
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
  (void) whis_bus_error_quark ();
  g_test_add_func ("/service-call/error/of-the-service", test_of_the_service);
  g_test_add_func ("/service-call/error/of-the-bus", test_of_the_bus);
  g_test_add_func ("/service-call/error/of-this-program", test_of_this_program);
  g_test_add_func ("/service-call/dictation-options", test_dictation_options);
  g_test_add_func ("/service-call/history-query", test_history_query);

  return g_test_run ();
}
