/* SPDX-License-Identifier: MIT */
/* The page that says what was sent and what it cost. */
#include "preferences-fixture.h"

static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_ACTION_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static const char *
sent (Fixture *fixture, const char *title)
{
  GtkWidget *row = find_row (mock_child (fixture->window, "usage"), title);

  return row != NULL ? adw_action_row_get_subtitle (ADW_ACTION_ROW (row)) : "";
}

/* A month of a service is a row; where there is a cap, it is said beside what was spent. */
static void
test_rows (Fixture *fixture, gconstpointer data)
{
  AWAIT (*sent (fixture, "Groq · November 2026") != '\0');
  g_assert_cmpstr (sent (fixture, "OpenAI · November 2026"), ==,
                   "214 requests, 89.0 minutes, about $0.40 of $5.00");
  g_assert_cmpstr (sent (fixture, "Groq · November 2026"), ==,
                   "31 requests, 10.0 minutes, about $0.01");
  g_assert_cmpstr (sent (fixture, "OpenAI · October 2026"), ==,
                   "180 requests, 68.3 minutes, about $0.31");
}

/* A cap is one service's: looking at another one changes nothing. */
static void
test_cap_of_service (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = mock_child (fixture->window, "usage");

  gtk_spin_button_set_value (mock_child (page, "cap"), 7.5);
  g_assert_true (setting_is (fixture, "monthly-caps", "{'openai': 7.5}"));

  adw_combo_row_set_selected (mock_child (page, "provider"), 2);
  g_assert_true (setting_is (fixture, "monthly-caps", "{'openai': 7.5}"));
  g_assert_true (setting_is (fixture, "prices", "@a{sd} {}"));
  g_assert_cmpfloat (gtk_spin_button_get_value (mock_child (page, "cap")), ==, 0);
}

/* What cannot be listed leaves what is there. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = mock_child (fixture->window, "usage");

  AWAIT (*sent (fixture, "Groq · November 2026") != '\0');
  mock_forget_calls ();
  mock_fail_next ("ListUsage", "Storage", "The history cannot be read.");
  gtk_spin_button_set_value (mock_child (page, "price"), 0.004);
  AWAIT (mock_count_method ("ListUsage") == 1);
  mock_set ("Elapsed", g_variant_new_uint64 (1));
  AWAIT (whis_service_proxy_get_elapsed (fixture->service) == 1);
  g_assert_cmpstr (sent (fixture, "Groq · November 2026"), !=, "");
  g_assert_false (is_visible (page, "nothing"));
}

/* Only services that may ask for money are there. */
static void
test_services (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (mock_child (fixture->window, "usage"), "provider");
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (adw_combo_row_get_model (row)); i++)
    {
      g_autoptr (GObject) choice = g_list_model_get_item (adw_combo_row_get_model (row), i);
      g_autofree char *name = NULL;

      g_object_get (choice, "name", &name, NULL);
      g_string_append_printf (names, "%s|", name);
    }
  g_assert_cmpstr (names->str, ==, "OpenAI|Groq|Mistral|Own server|Azure OpenAI|");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/usage/" path, Fixture, NULL, preferences_set_up, function,                  \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("rows", test_rows);
  ADD ("cap-of-service", test_cap_of_service);
  ADD ("refused", test_refused);
  ADD ("services", test_services);

  return g_test_run ();
}
