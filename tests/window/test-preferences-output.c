/* SPDX-License-Identifier: MIT */
/* The rows about where a text goes. */
#include "choice-item.h"
#include "preferences-fixture.h"

typedef struct
{
  const char *row;
  const char *key;
  const char *const values[6]; /* in the order of the list */
} Row;

static const Row rows[] = {
  { "delivery", "delivery", { "insert", "both", "paste", "commit", "copy" } },
  { "spacing", "spacing", { "automatic", "space", "newline", "none" } },
};

static AdwComboRow *
get_row (Fixture *fixture, const Row *row)
{
  return mock_child (mock_child (fixture->general, "output_group"), row->row);
}

static const char *
get_chosen (AdwComboRow *row)
{
  return whis_choice_item_get_id (adw_combo_row_get_selected_item (row));
}

/* What is chosen in the window is what the service reads, and each has a name. */
static void
test_choose (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AdwComboRow *row = get_row (fixture, &rows[i]);
      guint n = g_list_model_get_n_items (adw_combo_row_get_model (row));

      g_assert_cmpuint (n, ==, g_strv_length ((char **) rows[i].values));
      g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
      for (guint j = n; j-- > 0;)
        {
          g_autofree char *value = NULL;

          adw_combo_row_set_selected (row, j);
          value = g_settings_get_string (fixture->settings, rows[i].key);
          g_assert_cmpstr (value, ==, rows[i].values[j]);
          g_assert_cmpstr (whis_choice_item_get_name (adw_combo_row_get_selected_item (row)), !=,
                           rows[i].values[j]);
        }
    }
}

/* What is chosen elsewhere is shown, and not taken for a choice of the user. */
static void
test_shown (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; rows[i].values[j] != NULL; j++)
      {
        g_settings_set_string (fixture->settings, rows[i].key, rows[i].values[j]);
        g_assert_cmpstr (get_chosen (get_row (fixture, &rows[i])), ==, rows[i].values[j]);
      }
}

/* Preferences that are opened show what there was, and change nothing. */
static void
test_opened_later (Fixture *fixture, gconstpointer data)
{
  g_settings_set_string (fixture->settings, "delivery", "copy");
  g_settings_set_string (fixture->settings, "spacing", "none");
  whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);

  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->general = mock_child (fixture->window, "general");
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  g_assert_cmpstr (get_chosen (get_row (fixture, &rows[0])), ==, "copy");
  g_assert_cmpstr (get_chosen (get_row (fixture, &rows[1])), ==, "none");
  g_assert_true (setting_is (fixture, "delivery", "'copy'"));
  g_assert_true (setting_is (fixture, "spacing", "'none'"));
}

static void
test_clipboard (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = mock_child (fixture->general, "output_group");
  GtkSwitch *restore = mock_child (group, "restore_clipboard");
  GtkSwitch *history = mock_child (group, "clipboard_history");

  g_assert_true (gtk_switch_get_active (restore));
  gtk_switch_set_active (restore, FALSE);
  g_assert_true (setting_is (fixture, "restore-clipboard", "false"));
  gtk_switch_set_active (history, FALSE);
  g_assert_true (setting_is (fixture, "clipboard-history", "false"));
  g_settings_reset (fixture->settings, "clipboard-history");
  g_assert_true (gtk_switch_get_active (history));
  g_assert_false (gtk_switch_get_active (restore));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences-output/" path, Fixture, NULL, preferences_set_up, function,     \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("choose", test_choose);
  ADD ("shown", test_shown);
  ADD ("opened-later", test_opened_later);
  ADD ("clipboard", test_clipboard);

  return g_test_run ();
}
