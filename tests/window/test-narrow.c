/* SPDX-License-Identifier: MIT */
/* The windows on a telephone: everything fits into 360 pixels, and the views are chosen below. */
#include "home-fixture.h"

#include "failure-card.h"
#include "preferences.h"
#include "view-title.h"

#define PHONE_WIDTH 360
#define LONG_WORD "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

static int
get_least_width (gpointer widget)
{
  int least;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  return least;
}

static GtkWidget *
find_switcher_bar (GtkWidget *root)
{
  if (ADW_IS_VIEW_SWITCHER_BAR (root))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_switcher_bar (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_switcher (Home *home, gconstpointer data)
{
  AdwViewSwitcherBar *bar = ADW_VIEW_SWITCHER_BAR (find_switcher_bar (GTK_WIDGET (home->window)));

  gtk_window_set_default_size (GTK_WINDOW (home->window), 700, 600);
  AWAIT (!adw_view_switcher_bar_get_reveal (bar));
  gtk_window_set_default_size (GTK_WINDOW (home->window), PHONE_WIDTH, 600);
  AWAIT (adw_view_switcher_bar_get_reveal (bar));
  gtk_window_set_default_size (GTK_WINDOW (home->window), 700, 600);
  AWAIT (!adw_view_switcher_bar_get_reveal (bar));
}

/* Whatever a service says. */
static void
test_failure_fits (Home *home, gconstpointer data)
{
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
  mock_set ("Unfinished", g_variant_new_uint32 (12));
  mock_emit ("Failed", g_variant_new ("(ssssb)", "d1", "key-wrong", LONG_WORD, "text sound", TRUE));
  AWAIT (failure_says (home->failure, LONG_WORD));
  AWAIT (is_shown (mock_child (home->window, "banner"), "card"));
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
}

static void
test_text_fits (Home *home, gconstpointer data)
{
  mock_set ("Destination", g_variant_new_string (LONG_WORD ".example"));
  mock_set ("Provider", g_variant_new_string ("custom"));
  mock_emit ("Finished", g_variant_new ("(ss)", "d1", LONG_WORD LONG_WORD));
  AWAIT (is_shown (home->text, "copy"));
  AWAIT (g_str_has_suffix (label_of (home->recorder, "destination"), ".example"));
  home_set_state (home, "recording");
  mock_set ("Elapsed", g_variant_new_uint64 (G_GUINT64_CONSTANT (360000000)));
  AWAIT (g_str_equal (label_of (home->recorder, "elapsed"), "100:00:00"));
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
}

static void
test_history_fits (Home *home, gconstpointer data)
{
  mock_alter ("h0", "name", g_variant_new_string (LONG_WORD ".flac"));
  mock_alter ("h0", "text", g_variant_new_string (LONG_WORD));
  home_show_history (home);
  AWAIT (home_row_is (home, 0, "h0"));
  home_await_frames (home, 3);
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);

  home_open_entry (home, "h0");
  home_await_frames (home, 3);
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
  home_open_entry (home, "h4");
  AWAIT (is_shown (home->entry, "unfinished"));
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
}

/* However long the name of a model is. */
static void
test_versions_fit (Home *home, gconstpointer data)
{
  mock_alter (
      "h3", "versions",
      g_variant_new_parsed ("[{'number': <uint32 0>, 'created': <int64 0>, 'provider': <'groq'>,"
                            " 'model': <'a'>, 'text': <'One.'>},"
                            " {'number': <uint32 1>, 'created': <int64 0>, 'provider': <'groq'>,"
                            " 'model': <%s>, 'text': <'Two.'>}]",
                            LONG_WORD));
  home_open_entry (home, "h3");
  AWAIT (is_shown (mock_child (home->entry, "versions"), "choices"));
  gtk_check_button_set_active (mock_child (mock_child (home->entry, "versions"), "compare"), TRUE);
  g_assert_cmpint (get_least_width (mock_child (home->window, "toasts")), <=, PHONE_WIDTH);
}

static void
test_preferences_fit (Home *home, gconstpointer data)
{
  WhisPreferences *preferences = whis_preferences_new (home->service, home->settings);
  const char *const pages[] = { "general", "keys", "usage" };

  whis_preferences_present (preferences, mock_get_application (), NULL);
  g_object_add_weak_pointer (G_OBJECT (preferences), (gpointer *) &preferences);
  AWAIT (mock_was_called ("ListProviders"));
  AWAIT (mock_was_called ("ListUsage"));
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    g_assert_cmpint (get_least_width (mock_child (preferences, pages[i])), <=, PHONE_WIDTH);
  whis_preferences_close (preferences);
  AWAIT (preferences == NULL);
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/narrow/" path, Home, GUINT_TO_POINTER (entries), home_set_up, function,     \
              home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);
  /* As on a telephone: windows are neither minimised nor made larger. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);

  ADD ("switcher", 0, test_switcher);
  ADD ("failure-fits", 0, test_failure_fits);
  ADD ("text-fits", 0, test_text_fits);
  ADD ("history-fits", 12, test_history_fits);
  ADD ("versions-fit", 12, test_versions_fit);
  ADD ("preferences-fit", 0, test_preferences_fit);

  return g_test_run ();
}
