/* SPDX-License-Identifier: MIT */
/* What a screen reader is told: that each thing to press has a name, says it once and without the
 * mark of its key, and that states and changes are announced. GTK's own record of that is read. */
#include "home-fixture.h"
#include "preferences-fixture.h"

#include "accessible-labels.h"
#include "history-row.h"

static gboolean
has_label (gpointer widget, const char *label)
{
  g_autofree char *other = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, NULL);

  if (other != NULL)
    g_test_message ("%s is called %s", G_OBJECT_TYPE_NAME (widget), other);
  return other == NULL;
}

static gboolean
has_description (gpointer widget, const char *description)
{
  g_autofree char *other = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, NULL);

  return other == NULL;
}

/* GTK says that a button with an icon is labelled by the icon, which has no name. */
static gboolean
is_named (gpointer widget)
{
  return gtk_test_accessible_has_property (widget, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || (GTK_IS_BUTTON (widget) && gtk_button_get_label (widget) != NULL);
}

/* What GTK and libadwaita have inside of their own widgets names itself. */
static gboolean
is_of_toolkit (GtkWidget *widget)
{
  const char *const owners[] = { "GtkWindowControls", "GtkMenuButton",      "GtkDropDown",
                                 "GtkSearchEntry",    "GtkSpinButton",      "GtkPopoverMenu",
                                 "AdwComboRow",       "AdwEntryRow",        "AdwPasswordEntryRow",
                                 "AdwViewSwitcher",   "AdwViewSwitcherBar", "AdwBackButton" };

  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL; up = gtk_widget_get_parent (up))
    for (gsize i = 0; i < G_N_ELEMENTS (owners); i++)
      if (g_str_equal (G_OBJECT_TYPE_NAME (up), owners[i]))
        return TRUE;

  return FALSE;
}

static gboolean
is_to_press (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_SEARCH_ENTRY (widget)
         || GTK_IS_TEXT_VIEW (widget) || GTK_IS_LIST_VIEW (widget) || GTK_IS_DROP_DOWN (widget)
         || GTK_IS_PROGRESS_BAR (widget);
}

/* Counts what has no name, and writes down what that is. */
static guint
count_nameless (GtkWidget *root, guint *n_named)
{
  guint count = 0;

  /* Some buttons get their label together with their place. */
  if (!gtk_widget_get_visible (root))
    return 0;
  if (is_to_press (root) && !is_of_toolkit (root))
    {
      if (is_named (root))
        (*n_named)++;
      else
        {
          g_test_message ("%s %s has no name", G_OBJECT_TYPE_NAME (root),
                          gtk_buildable_get_buildable_id (GTK_BUILDABLE (root)));
          count++;
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    count += count_nameless (child, n_named);

  return count;
}

static void
test_home (Home *home, gconstpointer data)
{
  guint n_named = 0;

  home_open_entry (home, "h4");
  g_assert_cmpuint (count_nameless (GTK_WIDGET (home->window), &n_named), ==, 0);
  g_assert_cmpuint (n_named, >=, 20);
}

static void
test_preferences (Fixture *fixture, gconstpointer data)
{
  guint n_named = 0;

  AWAIT (mock_shows_text (fixture->general, "Base"));
  g_assert_cmpuint (count_nameless (fixture->general, &n_named), ==, 0);
  g_assert_cmpuint (count_nameless (fixture->keys, &n_named), ==, 0);
  g_assert_cmpuint (n_named, >=, 10);
  g_assert_true (has_label (mock_child (fixture->services, "suggestions"), "Known models"));
}

/* The rows of keys come when the services are known. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");

  g_assert_true (has_label (mock_child (group, "remove"), "Remove the key"));
  g_assert_true (has_description (mock_child (group, "remove"), ""));
  g_assert_true (has_label (mock_child (group, "check"), "Check"));
  g_assert_true (has_label (mock_child (group, "link"), "Get a key"));
}

static GtkWidget *
find_row (GtkWidget *root)
{
  if (WHIS_IS_HISTORY_ROW (root) && gtk_widget_get_mapped (root))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = find_row (child);

      if (row != NULL)
        return row;
    }

  return NULL;
}

/* Whoever goes through the history hears which dictation it is, and what became of it. */
static void
test_rows (Home *home, gconstpointer data)
{
  GtkWidget *item;
  g_autofree char *name = NULL;

  mock_alter ("h0", "state", g_variant_new_string ("failed"));
  mock_alter ("h0", "text", g_variant_new_string ("Half a sentence"));
  home_show_history (home);
  AWAIT (find_row (home->history) != NULL);
  item = gtk_widget_get_parent (find_row (home->history));
  name = g_strdup_printf ("%s, Failed, Half a sentence, 0:07 · OpenAI",
                          label_of (find_row (home->history), "when"));
  AWAIT (has_label (item, name));

  /* The same when it changes while it is shown. */
  mock_alter ("h0", "state", g_variant_new_string ("done"));
  mock_alter ("h0", "marked", g_variant_new_boolean (TRUE));
  g_free (name);
  name = g_strdup_printf ("%s, Marked, Half a sentence, 0:07 · OpenAI",
                          label_of (find_row (home->history), "when"));
  AWAIT (has_label (item, name));
}

/* Names change with what the button does. */
static void
test_entry (Home *home, gconstpointer data)
{
  GtkWidget *play = mock_child (home->entry, "play");
  GtkWidget *mark = mock_child (home->entry, "mark");

  home_open_entry (home, "h0");
  g_assert_true (has_label (play, "Play the sound"));
  g_assert_true (has_label (mark, "Mark, and keep always"));
  gtk_widget_activate_action (home->entry, "entry.play", NULL);
  gtk_widget_activate_action (home->entry, "entry.mark", NULL);
  AWAIT (has_label (play, "Stop playing"));
  AWAIT (has_label (mark, "Unmark"));
  g_assert_true (has_description (mark, ""));
  g_assert_false (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (play),
                                                    GTK_ACCESSIBLE_RELATION_LABELLED_BY));
}

/* The mark of a key is not read, and a doubled one is a character. */
static void
test_mnemonics (void)
{
  static const struct
  {
    const char *label;
    const char *name;
  } cases[] = {
    { "_Finish", "Finish" },
    { "Open _File", "Open File" },
    { "Plain", "Plain" },
    { "a__b", "a_b" },
    { "_", "_" },
    { "_Ä", "Ä" },
    { "Stop and _Quit", "Stop and Quit" },
  };
  GtkWidget *box = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (cases[i].label);

      gtk_box_append (GTK_BOX (box), button);
      whis_accessible_labels_fix (box);
      g_assert_true (has_label (button, cases[i].name));
      g_assert_false (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (button),
                                                        GTK_ACCESSIBLE_RELATION_LABELLED_BY));
      gtk_box_remove (GTK_BOX (box), button);
    }
  g_object_unref (box);
}

/* A tooltip is no second name, and a button without one keeps its description. */
static void
test_tooltips (void)
{
  GtkWidget *with = g_object_ref_sink (gtk_button_new_from_icon_name ("list-add-symbolic"));
  GtkWidget *without = g_object_ref_sink (gtk_button_new_from_icon_name ("list-add-symbolic"));

  gtk_widget_set_tooltip_text (with, "Add");
  gtk_accessible_update_property (GTK_ACCESSIBLE (without), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  "More of it", -1);
  whis_accessible_labels_fix (with);
  whis_accessible_labels_fix (without);
  g_assert_true (has_description (with, ""));
  g_assert_true (has_description (without, "More of it"));
  g_object_unref (with);
  g_object_unref (without);
}

/* What comes by itself is told by itself. */
static void
test_roles (Home *home, gconstpointer data)
{
  GtkWidget *failure = mock_child (home->entry, "failure");

  g_assert_true (
      gtk_test_accessible_has_role (mock_child (failure, "message"), GTK_ACCESSIBLE_ROLE_ALERT));
  g_assert_true (gtk_test_accessible_has_role (mock_child (home->failure, "message"),
                                               GTK_ACCESSIBLE_ROLE_ALERT));
  g_assert_true (gtk_test_accessible_has_role (mock_child (home->entry, "state_title"),
                                               GTK_ACCESSIBLE_ROLE_STATUS));
  g_assert_true (gtk_test_accessible_has_role (
      mock_child (mock_child (home->entry, "versions"), "summary"), GTK_ACCESSIBLE_ROLE_STATUS));
  /* An icon beside words says nothing of its own. */
  g_assert_true (gtk_test_accessible_has_role (mock_child (home->entry, "state_icon"),
                                               GTK_ACCESSIBLE_ROLE_PRESENTATION));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/accessible/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,     \
              home_tear_down)

int
main (int argc, char *argv[])
{
  /* In place of what talks to a screen reader. */
  g_setenv ("GTK_A11Y", "test", TRUE);
  mock_init (&argc, &argv);

  g_test_add_func ("/window/accessible/mnemonics", test_mnemonics);
  g_test_add_func ("/window/accessible/tooltips", test_tooltips);
  ADD ("home", test_home);
  ADD ("entry", test_entry);
  ADD ("roles", test_roles);
  ADD ("rows", test_rows);
  g_test_add ("/window/accessible/keys", Fixture, NULL, preferences_set_up, test_keys,
              preferences_tear_down);
  g_test_add ("/window/accessible/preferences", Fixture, NULL, preferences_set_up, test_preferences,
              preferences_tear_down);

  return g_test_run ();
}
