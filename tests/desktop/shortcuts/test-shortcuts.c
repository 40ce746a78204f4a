/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "bus.h"
#include "gsettings-shortcuts.h"
#include "settings.h"
#include "shortcuts.h"

/* --- a backend that does what it is told -------------------------------------------------------
 */

#define FAKE_TYPE_BACKEND (fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (FakeBackend, fake_backend, FAKE, BACKEND, GObject)

struct _FakeBackend
{
  GObject parent_instance;

  const char *name;
  gboolean offered;
  gboolean asks;
  gboolean refuses;
  guint n_binds;
  guint n_bound;
  gboolean has_cancel;
  gboolean is_removed;
};

static void fake_backend_init_iface (WhisShortcutBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeBackend,
                               fake_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SHORTCUT_BACKEND,
                                                      fake_backend_init_iface))

static const char *
fake_get_name (WhisShortcutBackend *backend)
{
  return FAKE_BACKEND (backend)->name;
}

static gboolean
fake_tells_release (WhisShortcutBackend *backend)
{
  return TRUE;
}

static gboolean
fake_asks_user (WhisShortcutBackend *backend)
{
  return FAKE_BACKEND (backend)->asks;
}

static void
fake_probe_async (WhisShortcutBackend *backend,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (backend, cancellable, callback, user_data);

  g_task_return_boolean (task, FAKE_BACKEND (backend)->offered);
}

static void
fake_bind_async (WhisShortcutBackend *backend,
                 const WhisShortcutBinding *bindings,
                 gsize n_bindings,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  FakeBackend *self = FAKE_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (backend, cancellable, callback, user_data);

  self->n_binds++;
  self->n_bound = (guint) n_bindings;
  if (self->refuses)
    g_task_return_new_error (task, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED, "No.");
  else
    g_task_return_boolean (task, TRUE);
}

static void
fake_unbind (WhisShortcutBackend *backend)
{
  FAKE_BACKEND (backend)->n_bound = 0;
}

static void
fake_set_cancel (WhisShortcutBackend *backend, gboolean bound)
{
  FAKE_BACKEND (backend)->has_cancel = bound;
}

static void
fake_remove (WhisShortcutBackend *backend)
{
  FAKE_BACKEND (backend)->is_removed = TRUE;
}

static char *
fake_dup_trigger (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  return g_strdup ("Press it");
}

static const char *
fake_get_problem (WhisShortcutBackend *backend)
{
  return NULL;
}

static void
fake_backend_init_iface (WhisShortcutBackendInterface *iface)
{
  iface->get_name = fake_get_name;
  iface->tells_release = fake_tells_release;
  iface->asks_user = fake_asks_user;
  iface->probe_async = fake_probe_async;
  iface->bind_async = fake_bind_async;
  iface->unbind = fake_unbind;
  iface->set_cancel = fake_set_cancel;
  iface->remove = fake_remove;
  iface->dup_trigger = fake_dup_trigger;
  iface->get_problem = fake_get_problem;
}

static void
fake_backend_class_init (FakeBackendClass *klass)
{
}

static void
fake_backend_init (FakeBackend *self)
{
}

/* --- a session ---------------------------------------------------------------------------------
 */

typedef struct
{
  Bus bus;
  WhisSettings *settings;
  WhisShortcuts *shortcuts;
  FakeBackend *first;
  FakeBackend *second;
  GString *log;
} Session;

static void
on_toggle (WhisShortcutPress *press, WhisShortcutAction action, Session *session)
{
  g_string_append (session->log, "toggle ");
  whis_shortcuts_set_recording (session->shortcuts, TRUE);
}

static void
on_hold_end (WhisShortcutPress *press, WhisShortcutAction action, Session *session)
{
  g_string_append (session->log, "end ");
  whis_shortcuts_set_recording (session->shortcuts, FALSE);
}

static void
setup (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  WhisShortcutPress *press;

  bus_set_up (&session->bus, NULL);
  session->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  session->log = g_string_new (NULL);
  session->shortcuts = whis_shortcuts_new (session->settings, session->bus.ours);
  session->first = g_object_new (FAKE_TYPE_BACKEND, NULL);
  session->first->name = "first";
  session->second = g_object_new (FAKE_TYPE_BACKEND, NULL);
  session->second->name = "second";
  session->second->offered = TRUE;
  whis_shortcuts_add_backend (session->shortcuts, WHIS_SHORTCUT_BACKEND (session->first));
  whis_shortcuts_add_backend (session->shortcuts, WHIS_SHORTCUT_BACKEND (session->second));
  press = whis_shortcuts_get_press (session->shortcuts);
  g_signal_connect (press, "toggle", G_CALLBACK (on_toggle), session);
  g_signal_connect (press, "hold-end", G_CALLBACK (on_hold_end), session);
}

static void
teardown (Session *session, gconstpointer data)
{
  /* Answers on their way hold it. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (session->shortcuts);
  g_assert_finalize_object (session->first);
  g_assert_finalize_object (session->second);
  whis_settings_set_shortcut (session->settings, "shortcut-toggle", NULL);
  whis_settings_set_shortcuts_refused (session->settings, FALSE);
  g_object_unref (session->settings);
  g_string_free (session->log, TRUE);
  bus_tear_down (&session->bus, NULL);
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
bind (Session *session, const char *trigger, GError **error)
{
  g_autoptr (GVariant) triggers =
      g_variant_ref_sink (g_variant_new_parsed ("{'toggle': %s}", trigger));
  g_autoptr (GAsyncResult) result = NULL;

  whis_shortcuts_bind_async (session->shortcuts, triggers, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_shortcuts_bind_finish (session->shortcuts, result, error);
}

static char *
describe (Session *session, const char *key)
{
  g_autoptr (GVariant) description =
      g_variant_ref_sink (whis_shortcuts_describe (session->shortcuts));
  g_autoptr (GVariant) value = g_variant_lookup_value (description, key, NULL);

  return value != NULL ? g_variant_print (value, FALSE) : NULL;
}

#define assert_description(session, key, expected)                                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *described = describe (session, key);                                          \
    g_assert_cmpstr (described, ==, expected);                                                     \
  }                                                                                                \
  G_STMT_END

/* By what answers, and what others have left behind is removed. */
static void
test_choice (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  whis_shortcuts_start (session->shortcuts);
  g_assert_true (bind (session, "Super+H", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (session->second->n_bound, ==, 1);
  g_assert_cmpuint (session->first->n_binds, ==, 0);
  g_assert_true (session->first->is_removed);
  g_assert_false (session->second->is_removed);
  assert_description (session, "backend", "'second'");
  assert_description (session, "triggers", "{'toggle': 'Press it'}");
  assert_description (session, "holds", "true");
  assert_description (session, "problem", NULL);

  g_assert_true (bind (session, "", &error));
  g_assert_cmpuint (session->second->n_bound, ==, 0);
  g_assert_null (whis_settings_dup_shortcut (session->settings, "shortcut-toggle"));
}

/* Nobody is asked again, neither for another setting nor at the next start, until the user wants.
 */
static void
test_refused (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session->second->asks = TRUE;
  session->second->refuses = TRUE;
  g_assert_false (bind (session, "<Super>h", &error));
  g_assert_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_REFUSED);
  g_assert_true (whis_settings_get_shortcuts_refused (session->settings));
  g_assert_cmpuint (session->second->n_binds, ==, 1);
  assert_description (session, "problem",
                      "'The shortcuts were refused; you can ask for them again in the "
                      "preferences.'");

  whis_shortcuts_start (session->shortcuts);
  bus_settle (&session->bus);
  g_assert_cmpuint (session->second->n_binds, ==, 1);

  session->second->refuses = FALSE;
  g_clear_error (&error);
  g_assert_true (bind (session, "<Super>h", &error));
  g_assert_false (whis_settings_get_shortcuts_refused (session->settings));
  assert_description (session, "problem", NULL);
}

/* A backend that binds again by itself has asked, and the answer holds. */
static void
test_refused_later (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  session->second->asks = TRUE;
  g_assert_true (bind (session, "<Super>h", &error));
  g_assert_cmpuint (session->second->n_binds, ==, 1);
  whis_shortcut_backend_refused (WHIS_SHORTCUT_BACKEND (session->first));
  g_assert_false (whis_settings_get_shortcuts_refused (session->settings));
  whis_shortcut_backend_refused (WHIS_SHORTCUT_BACKEND (session->second));
  g_assert_true (whis_settings_get_shortcuts_refused (session->settings));
  whis_shortcuts_start (session->shortcuts);
  bus_settle (&session->bus);
  g_assert_cmpuint (session->second->n_binds, ==, 1);
}

/* The extension binds the same keys. */
static void
test_shell (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (session, "<Super>h", &error));
  whis_shortcuts_start (session->shortcuts);
  bus_own_name (&session->bus, WHIS_APP_ID ".Shell");
  bus_await (session->second->n_bound == 0);
  assert_description (session, "backend", "'gnome-shell'");
  assert_description (session, "triggers", "{'toggle': 'Super+H'}");
  g_assert_true (session->second->is_removed);

  bus_release_name (&session->bus, WHIS_APP_ID ".Shell");
  bus_await (session->second->n_bound == 1);
  assert_description (session, "backend", "'second'");
}

static void
test_lost (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (session, "<Super>h", &error));
  whis_shortcut_backend_pressed (WHIS_SHORTCUT_BACKEND (session->second),
                                 WHIS_SHORTCUT_ACTION_TOGGLE);
  /* What another one loses is nothing to the key that is held. */
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (session->first), TRUE);
  g_assert_cmpstr (session->log->str, ==, "toggle ");
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (session->second), TRUE);
  g_assert_cmpstr (session->log->str, ==, "toggle end ");
  assert_description (session, "backend", "'second'");

  /* The better one is there now, and tells so. */
  session->first->offered = TRUE;
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (session->first), FALSE);
  bus_await (session->first->n_bound == 1);
  assert_description (session, "backend", "'first'");
  g_assert_cmpuint (session->second->n_bound, ==, 0);

  session->first->offered = FALSE;
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (session->first), FALSE);
  bus_await (session->second->n_bound == 1);
  assert_description (session, "backend", "'second'");
}

static void
test_cancel_while_recording (Session *session, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bind (session, "<Super>h", &error));
  g_assert_false (session->second->has_cancel);
  whis_shortcuts_set_recording (session->shortcuts, TRUE);
  g_assert_true (session->second->has_cancel);

  /* Other shortcuts, while it records. */
  session->second->has_cancel = FALSE;
  g_assert_true (bind (session, "F9", &error));
  g_assert_true (session->second->has_cancel);
  whis_shortcuts_set_recording (session->shortcuts, FALSE);
  g_assert_false (session->second->has_cancel);
}

/* A desktop that runs a command runs it again and again while the key is held. */
static void
test_tap (Session *session, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    whis_shortcuts_tap (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  g_assert_cmpstr (session->log->str, ==, "toggle ");
}

/* The release never comes, since the screen is locked. */
static void
test_locked (Session *session, gconstpointer data)
{
  whis_shortcuts_press (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  g_dbus_connection_emit_signal (session->bus.theirs, NULL, "/org/gnome/ScreenSaver",
                                 "org.gnome.ScreenSaver", "ActiveChanged",
                                 g_variant_new ("(b)", TRUE), NULL);
  bus_await (strstr (session->log->str, "end") != NULL);
  g_assert_cmpstr (session->log->str, ==, "toggle end ");
}

/* The key does nothing else. */
static void
test_check (Session *session, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_shortcuts_check_async (session->shortcuts, NULL, did_finish, &result);
  whis_shortcuts_press (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  whis_shortcuts_press (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  whis_shortcuts_release (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  bus_await (result != NULL);
  g_assert_true (whis_shortcuts_check_finish (session->shortcuts, result, &error));
  g_assert_cmpstr (session->log->str, ==, "");

  whis_shortcuts_press (session->shortcuts, WHIS_SHORTCUT_ACTION_TOGGLE);
  g_assert_cmpstr (session->log->str, ==, "toggle ");
}

/* What to write where nothing answers. */
static void
test_line (Session *session, gconstpointer data)
{
  static const char *const environment[] = { "SWAYSOCK=/run/sway", NULL };

  whis_shortcuts_set_environment (session->shortcuts, environment);
  assert_description (session, "compositor", "'sway'");
  assert_description (session, "line-file", "'~/.config/sway/config'");
  assert_description (session, "line",
                      "'bindsym --no-repeat Mod4+Mod1+d exec whis shortcut press toggle\\n"
                      "bindsym --release Mod4+Mod1+d exec whis shortcut release toggle\\n'");
  whis_settings_set_shortcut (session->settings, "shortcut-toggle", "F9");
  assert_description (session, "line",
                      "'bindsym --no-repeat F9 exec whis shortcut press toggle\\n"
                      "bindsym --release F9 exec whis shortcut release toggle\\n'");
}

/* --- the list of GNOME -------------------------------------------------------------------------
 */

#define GNOME_LIST "org.gnome.settings-daemon.plugins.media-keys"
#define GNOME_PATH "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/"

static gboolean
probe_list (WhisShortcutBackend *backend)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_shortcut_backend_probe_async (backend, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_shortcut_backend_probe_finish (backend, result, NULL);
}

static gboolean
bind_in_list (WhisShortcutBackend *backend, const char *trigger)
{
  WhisShortcutBinding binding = { .action = WHIS_SHORTCUT_ACTION_TOGGLE };
  g_autoptr (GAsyncResult) result = NULL;

  if (trigger != NULL)
    g_assert_true (whis_shortcut_trigger_parse (trigger, &binding.trigger, NULL));
  whis_shortcut_backend_bind_async (backend, &binding, trigger != NULL ? 1 : 0, NULL, did_finish,
                                    &result);
  bus_await (result != NULL);

  return whis_shortcut_backend_bind_finish (backend, result, NULL);
}

static void
assert_list (GSettings *list, const char *expected)
{
  g_autoptr (GVariant) value = g_settings_get_value (list, "custom-keybindings");
  g_autofree char *printed = g_variant_print (value, FALSE);

  g_assert_cmpstr (printed, ==, expected);
}

static void
test_gnome (Session *session, gconstpointer data)
{
  static const char *const others[] = { GNOME_PATH "custom0/", NULL };
  g_autoptr (WhisShortcutBackend) backend =
      WHIS_SHORTCUT_BACKEND (whis_gsettings_shortcuts_new (session->bus.ours));
  g_autoptr (GSettingsSchema) schema =
      g_settings_schema_source_lookup (g_settings_schema_source_get_default (), GNOME_LIST, TRUE);
  g_autoptr (GSettings) list = NULL;
  g_autoptr (GSettings) other = NULL;
  g_autoptr (GSettings) own = NULL;
  g_autofree char *command = NULL;
  g_autofree char *keys = NULL;

  if (schema == NULL)
    {
      g_test_skip ("The settings of GNOME are not installed");
      return;
    }

  list = g_settings_new (GNOME_LIST);
  other = g_settings_new_with_path (GNOME_LIST ".custom-keybinding", others[0]);
  own = g_settings_new_with_path (GNOME_LIST ".custom-keybinding", GNOME_PATH "whis-toggle/");
  g_settings_set_strv (list, "custom-keybindings", others);
  g_settings_set_string (other, "name", "Terminal");
  g_settings_set_string (other, "binding", "<Super>t");

  /* The settings may be installed on another desktop: nobody reads them there. */
  g_assert_false (probe_list (backend));
  g_assert_false (bind_in_list (backend, "<Super><Alt>d"));
  assert_list (list, "['" GNOME_PATH "custom0/']");
  bus_own_name (&session->bus, "org.gnome.SettingsDaemon.MediaKeys");
  g_assert_true (probe_list (backend));

  g_assert_true (bind_in_list (backend, "<Super><Alt>d"));
  assert_list (list, "['" GNOME_PATH "custom0/', '" GNOME_PATH "whis-toggle/']");
  command = g_settings_get_string (own, "command");
  keys = g_settings_get_string (own, "binding");
  g_assert_cmpstr (command, ==, "whis shortcut tap toggle");
  g_assert_cmpstr (keys, ==, "<Super><Alt>d");
  g_assert_null (whis_shortcut_backend_get_problem (backend));

  /* It is not taken from another one. */
  g_assert_true (bind_in_list (backend, "<Super>t"));
  assert_list (list, "['" GNOME_PATH "custom0/']");
  g_assert_cmpstr (whis_shortcut_backend_get_problem (backend), ==,
                   "Super+T is your shortcut for “Terminal”; choose another key for “Dictate”.");

  g_assert_true (bind_in_list (backend, "F9"));
  g_assert_true (bind_in_list (backend, NULL));
  assert_list (list, "['" GNOME_PATH "custom0/']");
  g_assert_null (g_settings_get_user_value (own, "command"));

  g_assert_true (bind_in_list (backend, "F9"));
  g_assert_true (bind_in_list (backend, "Button8"));
  assert_list (list, "['" GNOME_PATH "custom0/']");
  g_assert_cmpstr (whis_shortcut_backend_get_problem (backend), ==,
                   "This desktop takes keys only; choose one for “Dictate”.");

  g_assert_true (bind_in_list (backend, "F9"));
  whis_shortcut_backend_remove (backend);
  assert_list (list, "['" GNOME_PATH "custom0/']");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/shortcuts/" path, Session, NULL, setup, function, teardown)

  ADD ("choice", test_choice);
  ADD ("refused", test_refused);
  ADD ("refused-later", test_refused_later);
  ADD ("shell", test_shell);
  ADD ("lost", test_lost);
  ADD ("cancel-while-recording", test_cancel_while_recording);
  ADD ("tap", test_tap);
  ADD ("locked", test_locked);
  ADD ("check", test_check);
  ADD ("line", test_line);
  ADD ("gnome", test_gnome);

  return g_test_run ();
}
