/* SPDX-License-Identifier: MIT */
/* The rows of models for this computer: what each state is called and offers, and failures. */
#include "preferences-fixture.h"

#include "local-model-row.h"
#include "local-models.h"

static WhisLocalModelRow *
create_row (const char *facts)
{
  g_autoptr (GVariant) parsed = g_variant_ref_sink (g_variant_new_parsed (facts));
  WhisLocalModelRow *row =
      WHIS_LOCAL_MODEL_ROW (g_object_ref_sink (whis_local_model_row_new ("base")));

  whis_local_model_row_show (row, parsed);
  return row;
}

/* In front of a unit GLib puts a blank that does not break. */
static char *
dup_subtitle (gpointer row)
{
  g_autoptr (GString) plain = g_string_new (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)));

  g_string_replace (plain, "\u00a0", " ", 0);
  return g_strdup (plain->str);
}

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

static gpointer
get_group (Fixture *fixture)
{
  return mock_child (fixture->general, "local_models_group");
}

static const char *
get_label (Fixture *fixture, const char *id)
{
  return gtk_button_get_label (mock_child (find_row (get_group (fixture), id), "button"));
}

static void
click (Fixture *fixture, const char *id)
{
  AWAIT (find_row (get_group (fixture), id) != NULL);
  g_signal_emit_by_name (mock_child (find_row (get_group (fixture), id), "button"), "clicked");
}

static gboolean
shows_toast (Fixture *fixture, const char *text)
{
  return mock_shows_text (gtk_widget_get_root (fixture->general), text);
}

#define FACTS                                                                                      \
  "'id': <'base'>, 'name': <'Base <b>&'>, 'bytes': <uint64 80000000>, 'hosts': <'a.example'>,"     \
  " 'license': <'MIT'>, 'attribution': <'Some & Body'>, 'languages': <['en']>"

/* What there is of a model, and what can be done with it. */
static void
test_states (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *facts;
    const char *subtitle;
    const char *button;
  } cases[] = {
    { "{" FACTS ", 'state': <'absent'>}", "80.0 MB from a.example, 1 language. Some & Body (MIT)",
      "Download" },
    { "{" FACTS ", 'state': <'absent'>, 'checksum-verified': <false>}",
      "80.0 MB from a.example, 1 language. Some & Body (MIT). Its checksum was not yet verified "
      "against the address",
      "Download" },
    { "{" FACTS ", 'state': <'partial'>, 'done': <uint64 20000000>}",
      "20.0 MB of 80.0 MB are here; the download goes on from there", "Download" },
    { "{" FACTS ", 'state': <'fetching'>, 'done': <uint64 20000000>}",
      "80.0 MB from a.example, 1 language. Some & Body (MIT)", "Cancel" },
    { "{" FACTS ", 'state': <'damaged'>}", "Its file is damaged; download it again", "Download" },
    { "{" FACTS ", 'state': <'own'>}", "80.0 MB, your own, not verified", "Remove" },
    { "{" FACTS ", 'state': <'unchecked'>}", "80.0 MB, 1 language. Some & Body (MIT)", "Remove" },
    { "{'id': <'base'>, 'name': <'Base <b>&'>, 'state': <'verified'>, 'bytes': <uint64 1000>}",
      "1.0 kB", "Remove" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WhisLocalModelRow *row = create_row (cases[i].facts);
      g_autofree char *subtitle = dup_subtitle (row);

      g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "Base <b>&");
      g_assert_cmpstr (subtitle, ==, cases[i].subtitle);
      g_assert_cmpstr (gtk_button_get_label (mock_child (row, "button")), ==, cases[i].button);
      g_assert_true (is_visible (row, "button"));
      g_assert_cmpint (is_visible (row, "progress"), ==, g_str_equal (cases[i].button, "Cancel"));
      g_assert_finalize_object (row);
    }
}

/* A package of the system put it there, and removes it. */
static void
test_system (Fixture *fixture, gconstpointer data)
{
  WhisLocalModelRow *row = create_row ("{" FACTS ", 'state': <'verified'>, 'system': <true>}");

  g_assert_false (is_visible (row, "button"));
  g_assert_true (whis_local_model_row_is_here (row));
  g_assert_finalize_object (row);
}

/* More than all is all, and a length of nothing is none. */
static void
test_progress (Fixture *fixture, gconstpointer data)
{
  WhisLocalModelRow *row =
      create_row ("{" FACTS ", 'state': <'fetching'>, 'done': <uint64 20000000>}");
  GtkProgressBar *bar = mock_child (row, "progress");

  g_assert_cmpfloat (gtk_progress_bar_get_fraction (bar), ==, 0.25);
  whis_local_model_row_show_progress (row, 90, 80);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (bar), ==, 1);
  whis_local_model_row_show_progress (row, 90, 0);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (bar), ==, 0);
  g_assert_finalize_object (row);
}

/* The call itself is refused. */
static void
test_fetch_is_refused (Fixture *fixture, gconstpointer data)
{
  AWAIT (find_row (get_group (fixture), "base") != NULL);
  mock_fail_next ("Models.Fetch", "Storage", "There is no room for Base.");
  click (fixture, "base");
  AWAIT (shows_toast (fixture, "There is no room for Base."));
  g_assert_cmpstr (get_label (fixture, "base"), ==, "Download");
}

static void
test_remove_is_refused (Fixture *fixture, gconstpointer data)
{
  click (fixture, "tiny");
  AWAIT (mock_find_dialog () != NULL);
  mock_fail_next ("Models.Remove", "Storage", "The file belongs to somebody else.");
  mock_answer ("_Remove");
  AWAIT (shows_toast (fixture, "The file belongs to somebody else."));
  g_assert_cmpstr (get_label (fixture, "tiny"), ==, "Remove");
}

/* Nobody is told that what they have ended has ended. */
static void
test_cancelled_says_nothing (Fixture *fixture, gconstpointer data)
{
  AWAIT (find_row (get_group (fixture), "base") != NULL);
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "cancelled", "Cancelled.", "", (guint64) 0));
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "network", "No network.", "", (guint64) 0));
  AWAIT (shows_toast (fixture, "No network."));
  g_assert_false (shows_toast (fixture, "Cancelled."));
}

/* Whoever does not want to pay does not. */
static void
test_metered_refused (Fixture *fixture, gconstpointer data)
{
  AWAIT (find_row (get_group (fixture), "base") != NULL);
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "metered", "It is metered.", "", (guint64) 0));
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Cancel");
  AWAIT (mock_find_dialog () == NULL);
  mock_settle (fixture->service);
  g_assert_cmpuint (mock_count_method ("Models.Fetch"), ==, 0);
}

static gboolean
count_says (Fixture *fixture, const char *sentence)
{
  return g_strcmp0 (adw_preferences_group_get_description (get_group (fixture)), sentence) == 0;
}

/* Models come and go, by the command line too. */
static void
test_list_changes (Fixture *fixture, gconstpointer data)
{
  AWAIT (count_says (fixture, "1 model is here."));
  mock_stock (g_variant_new_parsed ("{'base': 'verified', 'tiny': 'own', 'large': 'absent'}"),
              "base");
  AWAIT (count_says (fixture, "2 models are here."));
  g_assert_cmpstr (get_label (fixture, "large"), ==, "Download");
  mock_stock (g_variant_new_parsed ("{'base': 'damaged'}"), "");
  AWAIT (count_says (fixture, "None is here yet."));
  g_assert_null (find_row (get_group (fixture), "large"));
  g_assert_null (find_row (get_group (fixture), "tiny"));
}

/* The service was restarted: the list is that of the new one. */
static void
test_service_returns (Fixture *fixture, gconstpointer data)
{
  AWAIT (find_row (get_group (fixture), "base") != NULL);
  mock_stock (g_variant_new_parsed ("{'large': 'verified'}"), "large");
  AWAIT (find_row (get_group (fixture), "large") != NULL);
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->general));
  mock_start ();
  AWAIT (find_row (get_group (fixture), "base") != NULL);
  AWAIT (find_row (get_group (fixture), "large") == NULL);
  click (fixture, "base");
  AWAIT (g_str_equal (get_label (fixture, "base"), "Cancel"));
}

/* One object for all who look at the models, and none after the service's proxy. */
static void
test_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisLocalModels) models = whis_local_models_get (fixture->service);
  g_autoptr (WhisLocalModels) again = whis_local_models_get (fixture->service);
  g_autoptr (GVariant) tiny = NULL;
  g_autoptr (GVariant) here = NULL;

  g_assert_true (models == again);
  AWAIT (whis_local_models_get_list (models) != NULL);
  tiny = whis_local_models_find (models, "tiny");
  here = whis_local_models_find_first (models, whis_local_model_facts_are_usable);
  g_assert_cmpstr (whis_local_model_facts_get (tiny, "name"), ==, "Tiny");
  g_assert_cmpstr (whis_local_model_facts_get (tiny, "no-such-key"), ==, "");
  g_assert_true (g_variant_equal (tiny, here));
  g_assert_null (whis_local_models_find (models, "huge"));
  g_assert_null (whis_local_models_find (models, NULL));
  g_assert_cmpstr (whis_local_models_get_current (models), ==, "tiny");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/models/" path, Fixture, NULL, preferences_set_up, function,     \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("states", test_states);
  ADD ("system", test_system);
  ADD ("progress", test_progress);
  ADD ("fetch-is-refused", test_fetch_is_refused);
  ADD ("remove-is-refused", test_remove_is_refused);
  ADD ("cancelled-says-nothing", test_cancelled_says_nothing);
  ADD ("metered-refused", test_metered_refused);
  ADD ("list-changes", test_list_changes);
  ADD ("service-returns", test_service_returns);
  ADD ("shared", test_shared);

  return g_test_run ();
}
