/* SPDX-License-Identifier: MIT */
#include "local-model-row.h"
#include "mock.h"
#include "preferences.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  GSettings *settings;
  WhisPreferences *window;
  GtkWidget *group;
} Fixture;

static WhisLocalModelRow *
find_row (GtkWidget *widget, const char *id)
{
  if (WHIS_IS_LOCAL_MODEL_ROW (widget)
      && g_str_equal (whis_local_model_row_get_id (WHIS_LOCAL_MODEL_ROW (widget)), id))
    return WHIS_LOCAL_MODEL_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      WhisLocalModelRow *row = find_row (child, id);

      if (row != NULL)
        return row;
    }

  return NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->settings = g_settings_new (WHIS_APP_ID);
  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->group = mock_child (mock_child (fixture->window, "general"), "local_models_group");
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  AWAIT (find_row (fixture->group, "base") != NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
  g_settings_reset (fixture->settings, "provider");
  g_settings_reset (fixture->settings, "models");
  g_clear_object (&fixture->settings);
}

static const char *
get_label (Fixture *fixture, const char *id)
{
  return gtk_button_get_label (mock_child (find_row (fixture->group, id), "button"));
}

static void
click (Fixture *fixture, const char *id)
{
  g_signal_emit_by_name (mock_child (find_row (fixture->group, id), "button"), "clicked");
}

static gboolean
shows_progress (Fixture *fixture, const char *id)
{
  return gtk_widget_get_visible (mock_child (find_row (fixture->group, id), "progress"));
}

static gboolean
subtitle_is (gpointer row, const char *text)
{
  g_autoptr (GString) plain = g_string_new (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));

  /* In front of a unit GLib puts a blank that does not break. */
  g_string_replace (plain, "\u00a0", " ", 0);

  return g_str_equal (plain->str, text);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_widget_get_visible (fixture->group));
  AWAIT (g_strcmp0 (adw_preferences_group_get_description (ADW_PREFERENCES_GROUP (fixture->group)),
                    "1 model is here.")
         == 0);
  /* Size, host and maker are there before anything is fetched. */
  g_assert_true (subtitle_is (find_row (fixture->group, "base"),
                              "80.0 MB from models.example, 2 languages. Somebody (MIT)"));
  g_assert_true (
      subtitle_is (find_row (fixture->group, "tiny"), "80.0 MB, 2 languages. Somebody (MIT)"));
  g_assert_cmpstr (get_label (fixture, "base"), ==, "Download");
  g_assert_cmpstr (get_label (fixture, "tiny"), ==, "Remove");

  /* Only where this recogniser is used. */
  g_settings_set_string (fixture->settings, "provider", "groq");
  g_assert_false (gtk_widget_get_visible (fixture->group));
  g_settings_set_string (fixture->settings, "provider", "offline");
  g_assert_true (gtk_widget_get_visible (fixture->group));
}

static void
test_fetch_and_cancel (Fixture *fixture, gconstpointer data)
{
  GtkProgressBar *bar = mock_child (find_row (fixture->group, "base"), "progress");

  g_assert_false (shows_progress (fixture, "base"));
  click (fixture, "base");
  AWAIT (g_str_equal (get_label (fixture, "base"), "Cancel"));
  g_assert_true (mock_was_called ("Models.Fetch base {'metered': False}"));
  g_assert_true (shows_progress (fixture, "base"));
  mock_emit ("Models.Progress", g_variant_new ("(stt)", "base", (guint64) 20, (guint64) 80));
  AWAIT (gtk_progress_bar_get_fraction (bar) == 0.25);
  click (fixture, "base");
  AWAIT (g_str_equal (get_label (fixture, "base"), "Download"));
  g_assert_true (mock_was_called ("Models.CancelFetch base"));
  g_assert_false (shows_progress (fixture, "base"));
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  click (fixture, "tiny");
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Cancel");
  AWAIT (mock_find_dialog () == NULL);
  g_assert_cmpstr (get_label (fixture, "tiny"), ==, "Remove");
  click (fixture, "tiny");
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Remove");
  AWAIT (g_str_equal (get_label (fixture, "tiny"), "Download"));
  g_assert_cmpuint (mock_count_calls ("Models.Remove tiny"), ==, 1);
}

static void
test_metered (Fixture *fixture, gconstpointer data)
{
  mock_emit ("Models.FetchFailed", g_variant_new ("(sssst)", "base", "metered",
                                                  "The network is metered.", "", (guint64) 0));
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Download");
  AWAIT (g_str_equal (get_label (fixture, "base"), "Cancel"));
  g_assert_true (mock_was_called ("Models.Fetch base {'metered': True}"));
}

static gboolean
has_model (Fixture *fixture, const char *id)
{
  g_autofree char *model = whis_settings_dup_model (fixture->model, "offline");

  return g_strcmp0 (model, id) == 0;
}

static void
set_measure (const char *format, ...)
{
  va_list arguments;
  GVariant *measure;

  va_start (arguments, format);
  measure = g_variant_new_parsed_va (format, &arguments);
  va_end (arguments);
  mock_set ("Models.tiny", measure);
}

static gboolean
says (Fixture *fixture, const char *measure)
{
  g_autofree char *text = g_strdup_printf ("80.0 MB, 2 languages. Somebody (MIT)\n%s", measure);

  return subtitle_is (find_row (fixture->group, "tiny"), text);
}

static void
test_measured (Fixture *fixture, gconstpointer data)
{
  GtkWidget *smaller = mock_child (find_row (fixture->group, "tiny"), "smaller_button");

  set_measure ("{'measuring': <'running'>}");
  AWAIT (says (fixture, "Its speed on this computer is being measured"));
  set_measure ("{'measure-problem': <'It died.'>}");
  AWAIT (says (fixture, "Its speed could not be measured: It died."));
  set_measure ("{'times-faster': <5.32>, 'peak-memory': <uint64 242000000>}");
  AWAIT (says (fixture, "5.3 times faster than speech, 242.0 MB of memory"));
  g_assert_false (gtk_widget_get_visible (smaller));
  set_measure ("{'times-faster': <20.0>, 'gpu-verdict': <'right'>, 'gpu': <'Card 9'>}");
  AWAIT (says (fixture, "20 times faster than speech. The graphics processor Card 9 is used."));
}

static void
test_too_slow (Fixture *fixture, gconstpointer data)
{
  GtkWidget *smaller = mock_child (find_row (fixture->group, "tiny"), "smaller_button");

  set_measure ("{'times-faster': <0.5>, 'replacement': <'base'>, 'replacement-name': <'Base'>}");
  AWAIT (says (fixture, "2.0 times slower than speech: each text would come late"));
  g_assert_true (gtk_widget_get_visible (smaller));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (smaller)), ==, "Use Base");

  /* It is used when it has come, and not before. */
  g_signal_emit_by_name (smaller, "clicked");
  AWAIT (mock_was_called ("Models.Fetch base {'metered': False}"));
  AWAIT (g_str_equal (get_label (fixture, "base"), "Cancel"));
  g_assert_false (has_model (fixture, "base"));
  mock_emit ("Models.Fetched", g_variant_new ("(s)", "base"));
  AWAIT (has_model (fixture, "base"));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("/window/local-models/list", test_list);
  ADD ("/window/local-models/fetch-and-cancel", test_fetch_and_cancel);
  ADD ("/window/local-models/remove", test_remove);
  ADD ("/window/local-models/metered", test_metered);
  ADD ("/window/local-models/measured", test_measured);
  ADD ("/window/local-models/too-slow", test_too_slow);

  return g_test_run ();
}
