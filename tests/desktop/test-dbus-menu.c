/* SPDX-License-Identifier: MIT */
#include "bus.h"
#include "dbus-menu.h"

#define PATH "/menu"
#define INTERFACE "com.canonical.dbusmenu"

typedef struct
{
  Bus bus;
  GMenu *menu;
  GMenu *first_section;
  GSimpleActionGroup *actions;
  WhisDBusMenu *exporter;
  GString *activated; /* names and parameters of the actions */
} Fixture;

static void
note_activation (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append (fixture->activated, g_action_get_name (G_ACTION (action)));
  if (parameter != NULL)
    g_string_append_printf (fixture->activated, ":%s", g_variant_get_string (parameter, NULL));
  g_string_append_c (fixture->activated, ' ');
}

static void
add_action (Fixture *fixture, const char *name, const char *parameter_type, GVariant *state)
{
  g_autoptr (GSimpleAction) action = NULL;
  g_autoptr (GVariantType) type = NULL;

  if (parameter_type != NULL)
    type = g_variant_type_new (parameter_type);
  action = state != NULL ? g_simple_action_new_stateful (name, type, state)
                         : g_simple_action_new (name, type);
  g_signal_connect (action, "activate", G_CALLBACK (note_activation), fixture);
  g_action_map_add_action (G_ACTION_MAP (fixture->actions), G_ACTION (action));
}

static void
set_enabled (Fixture *fixture, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (fixture->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
set_state (Fixture *fixture, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (fixture->actions), name);

  g_simple_action_set_state (G_SIMPLE_ACTION (action), state);
}

static void
append_hidden_when (GMenu *menu, const char *label, const char *action, const char *when)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, action);

  g_menu_item_set_attribute (item, "hidden-when", "s", when);
  g_menu_append_item (menu, item);
}

/* The menu of a program such as ours: a section of actions, a submenu of choices, a last section.
 */
static void
fill_menu (Fixture *fixture)
{
  g_autoptr (GMenu) languages = g_menu_new ();
  g_autoptr (GMenu) empty = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();

  g_menu_append (fixture->first_section, "_Start", "app.start");
  append_hidden_when (fixture->first_section, "_Cancel", "app.cancel", "action-disabled");
  g_menu_append_section (fixture->menu, NULL, G_MENU_MODEL (fixture->first_section));
  g_menu_append_section (fixture->menu, NULL, G_MENU_MODEL (empty));
  g_menu_append (languages, "English", "app.language::en");
  g_menu_append (languages, "Deutsch", "app.language::de");
  g_menu_append_submenu (fixture->menu, "_Language", G_MENU_MODEL (languages));
  g_menu_append (fixture->menu, "_Quiet", "quiet");
  g_menu_append (last, "Nobody's", "app.nobody");
  g_menu_append (last, "No language", "app.language");
  append_hidden_when (last, "Missing", "app.nobody", "action-missing");
  g_menu_append (last, "Quit", "app.quit");
  g_menu_append_section (fixture->menu, "End", G_MENU_MODEL (last));
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  bus_set_up (&fixture->bus, NULL);
  fixture->activated = g_string_new (NULL);
  fixture->actions = g_simple_action_group_new ();
  add_action (fixture, "start", NULL, NULL);
  add_action (fixture, "cancel", NULL, NULL);
  add_action (fixture, "quit", NULL, NULL);
  add_action (fixture, "language", "s", g_variant_new_string ("en"));
  add_action (fixture, "quiet", NULL, g_variant_new_boolean (FALSE));

  fixture->menu = g_menu_new ();
  fixture->first_section = g_menu_new ();
  fill_menu (fixture);

  fixture->exporter =
      whis_dbus_menu_new (G_MENU_MODEL (fixture->menu), G_ACTION_GROUP (fixture->actions));
  whis_dbus_menu_export (fixture->exporter, fixture->bus.ours, PATH, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_assert_finalize_object (fixture->exporter);
  g_assert_finalize_object (fixture->menu);
  g_assert_finalize_object (fixture->first_section);
  g_assert_finalize_object (fixture->actions);
  g_string_free (fixture->activated, TRUE);
  bus_tear_down (&fixture->bus, NULL);
}

static GVariant *
call (Fixture *fixture, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply;

  reply = bus_call (&fixture->bus, PATH, INTERFACE, method, parameters, &error);
  g_assert_no_error (error);

  return reply;
}

static void
assert_call_fails (Fixture *fixture, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  reply = bus_call (&fixture->bus, PATH, INTERFACE, method, parameters, &error);
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
}

/* A layout as one line: [label] in brackets if disabled, - for a separator, * if toggled on. */
static void
draw (GVariant *layout, GString *line)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (layout, 1);
  g_autoptr (GVariant) children = g_variant_get_child_value (layout, 2);
  GVariantDict dict;
  GVariantIter iter;
  GVariant *child;
  const char *label = "-";
  const char *toggle = NULL;
  gboolean enabled = TRUE;
  int state = 0;

  g_variant_dict_init (&dict, properties);
  g_variant_dict_lookup (&dict, "label", "&s", &label);
  g_variant_dict_lookup (&dict, "enabled", "b", &enabled);
  g_variant_dict_lookup (&dict, "toggle-type", "&s", &toggle);
  g_variant_dict_lookup (&dict, "toggle-state", "i", &state);
  g_string_append_printf (line, enabled ? "%s" : "[%s]", label);
  if (toggle != NULL)
    g_string_append_printf (line, " %s%s", toggle, state == 1 ? "*" : "");

  if (g_variant_dict_contains (&dict, "children-display"))
    {
      g_string_append (line, " {");
      g_variant_iter_init (&iter, children);
      while (g_variant_iter_loop (&iter, "v", &child))
        {
          g_string_append (line, " ");
          draw (child, line);
          g_string_append (line, ";");
        }
      g_string_append (line, " }");
    }
  g_variant_dict_clear (&dict);
}

static char *
get_drawing (Fixture *fixture, int parent, int depth)
{
  GString *line = g_string_new (NULL);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) layout = NULL;

  reply = call (fixture, "GetLayout", g_variant_new ("(iias)", parent, depth, NULL));
  layout = g_variant_get_child_value (reply, 1);
  draw (layout, line);

  return g_string_free (line, FALSE);
}

static guint
get_revision (Fixture *fixture)
{
  g_autoptr (GVariant) reply = call (fixture, "GetLayout", g_variant_new ("(iias)", 0, 0, NULL));
  guint revision;

  g_variant_get_child (reply, 0, "u", &revision);

  return revision;
}

/* The id of the item with this label, wherever it is; 0 if there is none. */
static int
find_id (Fixture *fixture, const char *label)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GVariant) items = NULL;
  GVariantIter iter;
  GVariant *properties;
  int found = 0;
  int id;

  reply = call (fixture, "GetGroupProperties", g_variant_new ("(aias)", NULL, NULL));
  items = g_variant_get_child_value (reply, 0);
  g_variant_iter_init (&iter, items);
  while (g_variant_iter_loop (&iter, "(i@a{sv})", &id, &properties))
    {
      const char *this_label = NULL;

      g_variant_lookup (properties, "label", "&s", &this_label);
      if (g_strcmp0 (this_label, label) == 0)
        found = id;
    }

  return found;
}

static void
click (Fixture *fixture, int id)
{
  g_autoptr (GVariant) reply = NULL;

  reply =
      call (fixture, "Event", g_variant_new ("(isvu)", id, "clicked", g_variant_new_int32 (0), 0));
}

static void
test_layout (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *drawing = get_drawing (fixture, 0, -1);

  g_assert_cmpstr (drawing, ==,
                   "- { _Start; _Cancel; -; _Language { English radio*; Deutsch radio; }; "
                   "_Quiet checkmark; -; [End]; [Nobody's]; [No language]; Quit; }");
}

static void
test_layout_depth (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *none = get_drawing (fixture, 0, 0);
  g_autofree char *one = get_drawing (fixture, 0, 1);
  g_autofree char *inner = get_drawing (fixture, find_id (fixture, "_Language"), 1);
  g_autofree char *huge = get_drawing (fixture, 0, G_MAXINT);
  g_autofree char *negative = get_drawing (fixture, 0, G_MININT);
  g_autofree char *all = get_drawing (fixture, 0, -1);

  g_assert_cmpstr (none, ==, "- { }");
  g_assert_nonnull (strstr (one, "_Language { };"));
  g_assert_cmpstr (inner, ==, "_Language { English radio*; Deutsch radio; }");
  g_assert_cmpstr (huge, ==, all);
  g_assert_cmpstr (negative, ==, all);
}

static void
test_hidden (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *drawing = NULL;
  guint revision = get_revision (fixture);

  set_enabled (fixture, "cancel", FALSE);
  bus_await_signal (&fixture->bus, "LayoutUpdated");
  drawing = get_drawing (fixture, 0, 1);

  g_assert_null (strstr (drawing, "_Cancel"));
  g_assert_cmpuint (get_revision (fixture), >, revision);
}

static void
test_enabled_follows (Fixture *fixture, gconstpointer user_data)
{
  guint revision = get_revision (fixture);
  int id = find_id (fixture, "_Start");
  g_autofree char *disabled =
      g_strdup_printf ("ItemsPropertiesUpdated ([(%d, {'enabled': <false>})], [])", id);
  g_autofree char *enabled =
      g_strdup_printf ("ItemsPropertiesUpdated ([], [(%d, ['enabled'])])", id);

  set_enabled (fixture, "start", FALSE);
  bus_await_signal (&fixture->bus, disabled);
  set_enabled (fixture, "start", TRUE);
  bus_await_signal (&fixture->bus, enabled);

  /* The layout is the same: an open menu stays as it is. */
  g_assert_false (bus_has_heard (&fixture->bus, "LayoutUpdated"));
  g_assert_cmpuint (get_revision (fixture), ==, revision);
}

static void
test_state_follows (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *drawing = NULL;

  set_state (fixture, "quiet", g_variant_new_boolean (TRUE));
  set_state (fixture, "language", g_variant_new_string ("de"));
  bus_await_signal (&fixture->bus, "ItemsPropertiesUpdated");
  drawing = get_drawing (fixture, 0, -1);

  g_assert_nonnull (strstr (drawing, "{ English radio; Deutsch radio*; }; _Quiet checkmark*;"));
}

static void
test_label_changes (Fixture *fixture, gconstpointer user_data)
{
  int id = find_id (fixture, "_Start");
  g_autofree char *expected =
      g_strdup_printf ("ItemsPropertiesUpdated ([(%d, {'label': <'_Stop'>})], [])", id);

  g_menu_remove (fixture->first_section, 0);
  g_menu_insert (fixture->first_section, 0, "_Stop", "app.start");
  bus_await_signal (&fixture->bus, expected);

  g_assert_cmpint (find_id (fixture, "_Stop"), ==, id);
  g_assert_false (bus_has_heard (&fixture->bus, "LayoutUpdated"));
}

static void
test_items_change (Fixture *fixture, gconstpointer user_data)
{
  int start = find_id (fixture, "_Start");
  int quit = find_id (fixture, "Quit");
  guint revision = get_revision (fixture);
  g_autofree char *drawing = NULL;

  g_menu_insert (fixture->first_section, 0, "New", "app.start");
  bus_await_signal (&fixture->bus, "LayoutUpdated");
  drawing = get_drawing (fixture, 0, 1);

  g_assert_true (g_str_has_prefix (drawing, "- { New; _Start; _Cancel;"));
  g_assert_cmpuint (get_revision (fixture), >, revision);
  g_assert_cmpint (find_id (fixture, "Quit"), ==, quit);

  /* An id that was given once is not given to something else. */
  g_menu_remove_all (fixture->menu);
  bus_await_signal (&fixture->bus, "LayoutUpdated");
  g_menu_append (fixture->menu, "Later", "app.cancel");
  bus_await_signal (&fixture->bus, "LayoutUpdated");
  g_assert_cmpint (find_id (fixture, "Later"), >, MAX (start, quit));
}

static void
test_about_to_show (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GVariant) before = call (fixture, "AboutToShow", g_variant_new ("(i)", 0));
  g_autoptr (GVariant) after = NULL;
  g_autoptr (GVariant) group = NULL;
  const int ids[] = { 0, 4242 };
  gboolean need_update;

  g_variant_get (before, "(b)", &need_update);
  g_assert_false (need_update);

  /* The call is on its way before the menu changes, and is answered after it. */
  g_menu_append (fixture->menu, "Later", "app.cancel");
  group = call (fixture, "AboutToShowGroup",
                g_variant_new ("(@ai)", g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, ids, 2,
                                                                   sizeof (int))));
  after = g_variant_get_child_value (group, 1);
  g_assert_cmpuint (g_variant_n_children (after), ==, 1);
  assert_call_fails (fixture, "AboutToShow", g_variant_new ("(i)", 4242));
}

static void
test_click (Fixture *fixture, gconstpointer user_data)
{
  click (fixture, find_id (fixture, "_Start"));
  click (fixture, find_id (fixture, "Deutsch"));
  g_assert_cmpstr (fixture->activated->str, ==, "start language:de ");
}

static void
test_click_in_vain (Fixture *fixture, gconstpointer user_data)
{
  int start = find_id (fixture, "_Start");
  g_autoptr (GVariant) hovered = NULL;
  g_autoptr (GVariant) unknown = NULL;

  hovered = call (fixture, "Event",
                  g_variant_new ("(isvu)", start, "hovered", g_variant_new_string (""), 0));
  unknown = call (fixture, "Event",
                  g_variant_new ("(isvu)", start, "exploded", g_variant_new_string (""), 0));
  set_enabled (fixture, "start", FALSE);
  click (fixture, start);
  click (fixture, find_id (fixture, "Nobody's"));
  click (fixture, find_id (fixture, "No language"));
  click (fixture, 0);
  assert_call_fails (fixture, "Event",
                     g_variant_new ("(isvu)", 4242, "clicked", g_variant_new_int32 (0), 0));
  assert_call_fails (fixture, "Event",
                     g_variant_new ("(isvu)", G_MININT, "clicked", g_variant_new_int32 (0), 0));

  g_assert_cmpstr (fixture->activated->str, ==, "");
}

static void
test_event_group (Fixture *fixture, gconstpointer user_data)
{
  GVariantBuilder events = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(isvu)"));
  g_autoptr (GVariant) reply = NULL;
  g_autofree char *printed = NULL;

  g_variant_builder_add (&events, "(isvu)", find_id (fixture, "_Start"), "clicked",
                         g_variant_new_int32 (0), 0);
  g_variant_builder_add (&events, "(isvu)", 4242, "clicked", g_variant_new_int32 (0), 0);
  g_variant_builder_add (&events, "(isvu)", find_id (fixture, "Quit"), "clicked",
                         g_variant_new_int32 (0), 0);
  reply = call (fixture, "EventGroup", g_variant_new ("(a(isvu))", &events));
  printed = g_variant_print (reply, FALSE);

  g_assert_cmpstr (printed, ==, "([4242],)");
  g_assert_cmpstr (fixture->activated->str, ==, "start quit ");
}

static void
test_properties (Fixture *fixture, gconstpointer user_data)
{
  static const char *const names[] = { "label", "nonsense", "", NULL };
  int id = find_id (fixture, "Quit");
  const int ids[] = { id, 4242, id, -1, G_MININT };
  g_autoptr (GVariant) label = NULL;
  g_autoptr (GVariant) group = NULL;
  g_autofree char *printed_label = NULL;
  g_autofree char *printed_group = NULL;
  g_autofree char *expected = g_strdup_printf ("([(%d, {'label': <'Quit'>})],)", id);

  label = call (fixture, "GetProperty", g_variant_new ("(is)", id, "label"));
  printed_label = g_variant_print (label, FALSE);
  g_assert_cmpstr (printed_label, ==, "(<'Quit'>,)");

  group = call (fixture, "GetGroupProperties",
                g_variant_new ("(@ai^as)",
                               g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, ids,
                                                          G_N_ELEMENTS (ids), sizeof (int)),
                               names));
  printed_group = g_variant_print (group, FALSE);
  g_assert_cmpstr (printed_group, ==, expected);

  assert_call_fails (fixture, "GetProperty", g_variant_new ("(is)", id, "nonsense"));
  assert_call_fails (fixture, "GetProperty", g_variant_new ("(is)", -7, "label"));
  assert_call_fails (fixture, "GetLayout", g_variant_new ("(iias)", 4242, -1, NULL));
}

static void
test_version (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GVariant) version = bus_get (&fixture->bus, PATH, INTERFACE, "Version");
  g_autoptr (GVariant) status = bus_get (&fixture->bus, PATH, INTERFACE, "Status");
  g_autoptr (GVariant) direction = bus_get (&fixture->bus, PATH, INTERFACE, "TextDirection");

  g_assert_cmpuint (g_variant_get_uint32 (version), ==, 3);
  g_assert_cmpstr (g_variant_get_string (status, NULL), ==, "normal");
  g_assert_cmpstr (g_variant_get_string (direction, NULL), ==, "ltr");
}

/* A menu that contains itself is drawn as deep as anybody wants to see, and not for ever. */
static void
test_endless (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *drawing = NULL;

  g_menu_append_submenu (fixture->menu, "Again", G_MENU_MODEL (fixture->menu));
  bus_await_signal (&fixture->bus, "LayoutUpdated");
  drawing = get_drawing (fixture, 0, -1);

  g_assert_nonnull (strstr (drawing, "Again {"));
  g_menu_remove_all (fixture->menu);
  bus_await_signal (&fixture->bus, "LayoutUpdated");
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/dbus-menu/layout", test_layout);
  ADD ("/dbus-menu/layout-depth", test_layout_depth);
  ADD ("/dbus-menu/hidden", test_hidden);
  ADD ("/dbus-menu/enabled-follows", test_enabled_follows);
  ADD ("/dbus-menu/state-follows", test_state_follows);
  ADD ("/dbus-menu/label-changes", test_label_changes);
  ADD ("/dbus-menu/items-change", test_items_change);
  ADD ("/dbus-menu/about-to-show", test_about_to_show);
  ADD ("/dbus-menu/click", test_click);
  ADD ("/dbus-menu/click-in-vain", test_click_in_vain);
  ADD ("/dbus-menu/event-group", test_event_group);
  ADD ("/dbus-menu/properties", test_properties);
  ADD ("/dbus-menu/version", test_version);
  ADD ("/dbus-menu/endless", test_endless);

  return g_test_run ();
}
