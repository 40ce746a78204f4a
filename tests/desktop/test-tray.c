/* SPDX-License-Identifier: MIT */
#include "bus.h"
#include "foreign-status-notifier-watcher.h"
#include "tray.h"

#define ITEM_PATH "/StatusNotifierItem"
#define ITEM_INTERFACE "org.kde.StatusNotifierItem"
#define MENU_INTERFACE "com.canonical.dbusmenu"
#define WATCHER_NAME "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"

/* A panel: its watcher notes who registers. */
typedef struct
{
  Bus bus;
  WhisDBusStatusNotifierWatcher *watcher;
  GPtrArray *registered;
  gboolean refuses;

  GMenu *menu;
  GSimpleActionGroup *actions;
  guint n_activated;
} Fixture;

static void
note_activation (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_activated++;
}

static gboolean
register_item (WhisDBusStatusNotifierWatcher *watcher,
               GDBusMethodInvocation *invocation,
               const char *service,
               gpointer user_data)
{
  Fixture *fixture = user_data;

  if (fixture->refuses)
    {
      g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                     G_DBUS_ERROR_ACCESS_DENIED, "Full");
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  g_ptr_array_add (fixture->registered, g_strdup (service));
  whis_dbus_status_notifier_watcher_complete_register_status_notifier_item (watcher, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
start_panel (Fixture *fixture, gboolean has_host)
{
  g_autoptr (GError) error = NULL;

  fixture->watcher = whis_dbus_status_notifier_watcher_skeleton_new ();
  whis_dbus_status_notifier_watcher_set_is_status_notifier_host_registered (fixture->watcher,
                                                                            has_host);
  g_signal_connect (fixture->watcher, "handle-register-status-notifier-item",
                    G_CALLBACK (register_item), fixture);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (fixture->watcher),
                                    fixture->bus.theirs, WATCHER_PATH, &error);
  g_assert_no_error (error);
  bus_own_name (&fixture->bus, WATCHER_NAME);
}

static void
stop_panel (Fixture *fixture)
{
  bus_release_name (&fixture->bus, WATCHER_NAME);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (fixture->watcher));
  g_clear_object (&fixture->watcher);
}

static void
set_host (Fixture *fixture, gboolean has_host)
{
  whis_dbus_status_notifier_watcher_set_is_status_notifier_host_registered (fixture->watcher,
                                                                            has_host);
  if (has_host)
    whis_dbus_status_notifier_watcher_emit_status_notifier_host_registered (fixture->watcher);
  else
    whis_dbus_status_notifier_watcher_emit_status_notifier_host_unregistered (fixture->watcher);
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new ("toggle", NULL);

  bus_set_up (&fixture->bus, NULL);
  fixture->registered = g_ptr_array_new_with_free_func (g_free);
  fixture->menu = g_menu_new ();
  fixture->actions = g_simple_action_group_new ();
  g_menu_append (fixture->menu, "_Start", "app.toggle");
  g_signal_connect (action, "activate", G_CALLBACK (note_activation), fixture);
  g_action_map_add_action (G_ACTION_MAP (fixture->actions), G_ACTION (action));
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  if (fixture->watcher != NULL)
    stop_panel (fixture);
  g_ptr_array_unref (fixture->registered);
  g_assert_finalize_object (fixture->menu);
  g_assert_finalize_object (fixture->actions);
  bus_tear_down (&fixture->bus, NULL);
}

static WhisTray *
tray_new (Fixture *fixture)
{
  WhisTray *tray = whis_tray_new (fixture->bus.ours, G_MENU_MODEL (fixture->menu),
                                  G_ACTION_GROUP (fixture->actions), "app.toggle");

  whis_tray_set_icon_name (tray, WHIS_APP_ID "-idle-symbolic");

  return tray;
}

static WhisTray *
hosted_tray_new (Fixture *fixture)
{
  WhisTray *tray;

  start_panel (fixture, TRUE);
  tray = tray_new (fixture);
  bus_await (whis_tray_get_hosted (tray));
  bus_forget (&fixture->bus);

  return tray;
}

static GVariant *
get (Fixture *fixture, const char *property)
{
  return bus_get (&fixture->bus, ITEM_PATH, ITEM_INTERFACE, property);
}

static void
assert_text (Fixture *fixture, const char *property, const char *expected)
{
  g_autoptr (GVariant) value = get (fixture, property);

  g_assert_cmpstr (g_variant_get_string (value, NULL), ==, expected);
}

static void
call (Fixture *fixture, const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  reply = bus_call (&fixture->bus, ITEM_PATH, ITEM_INTERFACE, method, parameters, &error);
  g_assert_no_error (error);
}

static void
test_registers (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);

  g_assert_cmpuint (fixture->registered->len, ==, 1);
  g_assert_cmpstr (fixture->registered->pdata[0], ==,
                   g_dbus_connection_get_unique_name (fixture->bus.ours));
  g_assert_true (whis_tray_get_settled (tray));
  g_assert_finalize_object (tray);
}

static void
test_no_panel (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = tray_new (fixture);

  g_assert_false (whis_tray_get_settled (tray));
  bus_await (whis_tray_get_settled (tray));
  g_assert_false (whis_tray_get_hosted (tray));

  /* The panel is slower than we are. */
  start_panel (fixture, TRUE);
  bus_await (whis_tray_get_hosted (tray));
  g_assert_finalize_object (tray);
}

static void
count_notify (guint *count)
{
  (*count)++;
}

static void
test_panel_restarts (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  guint n_hosted = 0;
  guint n_settled = 0;

  g_signal_connect_swapped (tray, "notify::hosted", G_CALLBACK (count_notify), &n_hosted);
  g_signal_connect_swapped (tray, "notify::settled", G_CALLBACK (count_notify), &n_settled);

  stop_panel (fixture);
  bus_await (!whis_tray_get_hosted (tray));
  start_panel (fixture, TRUE);
  bus_await (whis_tray_get_hosted (tray));

  g_assert_cmpuint (fixture->registered->len, ==, 2);
  g_assert_cmpuint (n_hosted, ==, 2);
  g_assert_cmpuint (n_settled, ==, 0);
  g_assert_finalize_object (tray);
}

/* A watcher alone shows nothing. */
static void
test_no_host (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray;

  start_panel (fixture, FALSE);
  tray = tray_new (fixture);
  bus_await (whis_tray_get_settled (tray));
  g_assert_false (whis_tray_get_hosted (tray));

  set_host (fixture, TRUE);
  bus_await (whis_tray_get_hosted (tray));
  set_host (fixture, FALSE);
  bus_await (!whis_tray_get_hosted (tray));
  g_assert_cmpuint (fixture->registered->len, ==, 1);
  g_assert_finalize_object (tray);
}

static void
test_refused (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray;

  fixture->refuses = TRUE;
  start_panel (fixture, TRUE);
  tray = tray_new (fixture);
  bus_await (whis_tray_get_settled (tray));
  g_assert_false (whis_tray_get_hosted (tray));
  g_assert_finalize_object (tray);
}

/* The answers come when nobody is there any more. */
static void
test_gone_early (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray;

  start_panel (fixture, TRUE);
  tray = tray_new (fixture);
  bus_await (fixture->registered->len == 1);
  g_assert_finalize_object (tray);
  bus_settle (&fixture->bus);
}

/* What a host reads before it shows anything. */
static void
test_properties (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  g_autoptr (GVariant) menu = get (fixture, "Menu");
  g_autoptr (GVariant) is_menu = get (fixture, "ItemIsMenu");
  g_autoptr (GVariant) version = NULL;

  assert_text (fixture, "Id", WHIS_APP_ID);
  assert_text (fixture, "Category", "ApplicationStatus");
  assert_text (fixture, "Status", "Active");
  assert_text (fixture, "IconName", WHIS_APP_ID "-idle-symbolic");
  g_assert_false (g_variant_get_boolean (is_menu));

  version = bus_get (&fixture->bus, g_variant_get_string (menu, NULL), MENU_INTERFACE, "Version");
  g_assert_cmpuint (g_variant_get_uint32 (version), ==, 3);
  g_assert_finalize_object (tray);
}

static void
test_icon (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  g_autoptr (GVariant) pixels = NULL;
  g_autoptr (GVariant) attention = NULL;

  whis_tray_set_icon_name (tray, WHIS_APP_ID "-recording-symbolic");
  bus_await_signal (&fixture->bus, "NewIcon ()");
  assert_text (fixture, "IconName", WHIS_APP_ID "-recording-symbolic");
  assert_text (fixture, "AttentionIconName", WHIS_APP_ID "-recording-symbolic");
  pixels = get (fixture, "IconPixmap");
  attention = get (fixture, "AttentionIconPixmap");
  g_assert_cmpuint (g_variant_n_children (pixels), >, 0);
  g_assert_true (g_variant_equal (pixels, attention));

  bus_forget (&fixture->bus);
  whis_tray_set_icon_name (tray, WHIS_APP_ID "-recording-symbolic");
  g_assert_false (bus_has_heard (&fixture->bus, "NewIcon"));
  g_assert_finalize_object (tray);
}

static void
test_pixmaps (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  g_autoptr (GVariant) pixmaps = get (fixture, "IconPixmap");
  g_autoptr (GVariant) none = NULL;
  GVariantIter iter;
  GVariant *pixels;
  int width, height;

  if (g_variant_n_children (pixmaps) == 0)
    g_test_skip ("built without rsvg-convert");

  g_variant_iter_init (&iter, pixmaps);
  while (g_variant_iter_loop (&iter, "(ii@ay)", &width, &height, &pixels))
    {
      gsize size;
      const guint8 *argb = g_variant_get_fixed_array (pixels, &size, 1);
      gsize middle = ((gsize) height / 4 * (gsize) width + (gsize) width / 2) * 4;

      g_assert_cmpint (width, ==, height);
      g_assert_cmpuint (size, ==, (gsize) width * (gsize) height * 4);
      /* A corner is clear, and the microphone is there. */
      g_assert_cmpuint (argb[0], ==, 0);
      g_assert_cmpuint (argb[middle], ==, 255);
    }

  whis_tray_set_icon_name (tray, "somebody-elses-icon");
  none = get (fixture, "IconPixmap");
  g_assert_cmpuint (g_variant_n_children (none), ==, 0);
  g_assert_finalize_object (tray);
}

static void
test_title_and_tooltip (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  g_autoptr (GVariant) tooltip = NULL;
  g_autofree char *printed = NULL;

  whis_tray_set_title (tray, "Whis");
  bus_await_signal (&fixture->bus, "NewTitle ()");
  assert_text (fixture, "Title", "Whis");

  whis_tray_set_tooltip (tray, "R & D", "1 < 2\nsecond line");
  bus_await_signal (&fixture->bus, "NewToolTip ()");
  tooltip = get (fixture, "ToolTip");
  printed = g_variant_print (tooltip, FALSE);
  g_assert_cmpstr (printed, ==, "('', [], 'R & D', '1 &lt; 2\\nsecond line')");
  g_assert_finalize_object (tray);
}

static void
test_icon_theme_path (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);

  whis_tray_set_icon_theme_path (tray, "/somewhere/icons");
  bus_await_signal (&fixture->bus, "NewIconThemePath ('/somewhere/icons',)");
  assert_text (fixture, "IconThemePath", "/somewhere/icons");
  whis_tray_set_icon_theme_path (tray, "");
  bus_await_signal (&fixture->bus, "NewIconThemePath ('',)");
  g_assert_finalize_object (tray);
}

static void
test_clicks (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);

  call (fixture, "Activate", g_variant_new ("(ii)", 10, 10));
  g_assert_cmpuint (fixture->n_activated, ==, 1);

  call (fixture, "SecondaryActivate", g_variant_new ("(ii)", -1, G_MAXINT));
  g_assert_cmpuint (fixture->n_activated, ==, 2);

  call (fixture, "ContextMenu", g_variant_new ("(ii)", 0, 0));
  call (fixture, "Scroll", g_variant_new ("(is)", 120, "vertical"));
  g_assert_cmpuint (fixture->n_activated, ==, 2);
  g_assert_finalize_object (tray);
}

typedef struct
{
  gboolean answered;
  char *error; /* of D-Bus; NULL for none */
} Answer;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  answer->answered = TRUE;
  answer->error = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;
}

static void
send_token (Fixture *fixture, const char *token, Answer *answer)
{
  g_dbus_connection_call (fixture->bus.theirs,
                          g_dbus_connection_get_unique_name (fixture->bus.ours), ITEM_PATH,
                          ITEM_INTERFACE, "ProvideXdgActivationToken", g_variant_new ("(s)", token),
                          NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, answered_cb, answer);
}

static void
click_item (Fixture *fixture, int id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
      bus_call (&fixture->bus, ITEM_PATH "/menu", MENU_INTERFACE, "Event",
                g_variant_new ("(isvu)", id, "clicked", g_variant_new_int32 (0), 0), &error);

  g_assert_no_error (error);
}

static void
assert_refused (Answer *answer)
{
  bus_await (answer->answered);
  /* With this one GNOME's host would provide no token any more. */
  g_assert_cmpstr (answer->error, !=, "org.freedesktop.DBus.Error.UnknownMethod");
  g_assert_cmpstr (answer->error, ==, "org.freedesktop.DBus.Error.Failed");
  g_clear_pointer (&answer->error, g_free);
  answer->answered = FALSE;
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  char **taken = user_data;

  g_free (*taken);
  *taken = whis_tray_take_activation_token (g_object_get_data (G_OBJECT (action), "tray"));
}

/* A host shows a busy pointer until the window is there, or until it is told that none comes. */
static void
test_token (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GSimpleAction) open = g_simple_action_new ("open", NULL);
  Answer answer = { FALSE, NULL };
  g_autofree char *taken = NULL;
  WhisTray *tray;

  g_menu_append (fixture->menu, "_Open", "app.open");
  g_signal_connect (open, "activate", G_CALLBACK (open_cb), &taken);
  g_action_map_add_action (G_ACTION_MAP (fixture->actions), G_ACTION (open));
  tray = hosted_tray_new (fixture);
  g_object_set_data (G_OBJECT (open), "tray", tray);

  /* A click in the menu that opens no window; the next window does not get that token. */
  send_token (fixture, "for a recording", &answer);
  click_item (fixture, 1);
  g_assert_cmpuint (fixture->n_activated, ==, 1);
  assert_refused (&answer);
  click_item (fixture, 2);
  g_assert_null (taken);

  /* One that does. */
  send_token (fixture, "for a window", &answer);
  click_item (fixture, 2);
  g_assert_cmpstr (taken, ==, "for a window");
  bus_await (answer.answered);
  g_assert_null (answer.error);
  g_assert_null (whis_tray_take_activation_token (tray));
  answer.answered = FALSE;

  /* A host that waits for the answer before it says what was clicked. */
  send_token (fixture, "for a click on the icon", &answer);
  assert_refused (&answer);
  call (fixture, "Activate", g_variant_new ("(ii)", 10, 10));

  /* One that does not, and one that goes away. */
  send_token (fixture, "for another click", &answer);
  call (fixture, "Activate", g_variant_new ("(ii)", 10, 10));
  assert_refused (&answer);
  g_assert_cmpuint (fixture->n_activated, ==, 3);
  send_token (fixture, "for nothing", &answer);
  bus_settle (&fixture->bus);
  g_assert_finalize_object (tray);
  assert_refused (&answer);
}

/* Two of them cannot be on one connection; the second does no harm. */
static void
test_second_item (Fixture *fixture, gconstpointer user_data)
{
  WhisTray *tray = hosted_tray_new (fixture);
  WhisTray *second;

  second = tray_new (fixture);
  g_assert_true (whis_tray_get_settled (second));
  g_assert_false (whis_tray_get_hosted (second));
  g_assert_finalize_object (second);
  assert_text (fixture, "Status", "Active");
  g_assert_finalize_object (tray);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/tray/registers", test_registers);
  ADD ("/tray/no-panel", test_no_panel);
  ADD ("/tray/panel-restarts", test_panel_restarts);
  ADD ("/tray/no-host", test_no_host);
  ADD ("/tray/refused", test_refused);
  ADD ("/tray/gone-early", test_gone_early);
  ADD ("/tray/properties", test_properties);
  ADD ("/tray/icon", test_icon);
  ADD ("/tray/pixmaps", test_pixmaps);
  ADD ("/tray/title-and-tooltip", test_title_and_tooltip);
  ADD ("/tray/icon-theme-path", test_icon_theme_path);
  ADD ("/tray/clicks", test_clicks);
  ADD ("/tray/token", test_token);
  ADD ("/tray/second-item", test_second_item);

  return g_test_run ();
}
