/* SPDX-License-Identifier: MIT */
#include "mock.h"

#include <signal.h>

/* Generous, since nothing waits for it but a test that is about to fail. */
#define GIVE_UP_SECONDS 60

#define MOCK_INTERFACE "io.github.whis_gtk.WhisMock"

static GSubprocess *process;
static GPtrArray *calls;
static GString *log_text;

static gboolean
give_up_cb (gpointer user_data)
{
  g_printerr ("waited in vain at %s\n", (const char *) user_data);
  abort ();
}

guint
mock_await_begin (const char *what)
{
  return g_timeout_add_seconds (GIVE_UP_SECONDS, give_up_cb, (gpointer) what);
}

static GDBusConnection *
get_bus (void)
{
  static GDBusConnection *bus;
  g_autoptr (GError) error = NULL;

  if (bus == NULL)
    bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);

  return bus;
}

static GVariant *
call (const char *method, GVariant *parameters)
{
  g_autoptr (GError) error = NULL;
  GVariant *reply =
      g_dbus_connection_call_sync (get_bus (), WHIS_APP_ID, WHIS_APP_PATH, MOCK_INTERFACE, method,
                                   parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  return reply;
}

static void
tell (const char *method, GVariant *parameters)
{
  g_variant_unref (call (method, parameters));
}

/* Up to 1.7, libadwaita measures the heading of a message dialog in a way that GTK warns of
 * (https://gitlab.gnome.org/GNOME/libadwaita/-/issues/1025). */
static gboolean
is_of_heading (const char *message)
{
  return adw_get_minor_version () <= 7 && g_str_has_prefix (message, "Trying to measure GtkLabel");
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0)
      {
        g_string_append_printf (log_text, "%s\n", (const char *) fields[i].value);
        if (g_str_equal (fields[i].key, "MESSAGE") && is_of_heading (fields[i].value))
          return G_LOG_WRITER_HANDLED;
      }
  if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

/* Begins a test program; to be called before anything is logged. */
void
mock_init (int *argc, char ***argv)
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  log_text = g_string_new (NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_init (argc, argv, NULL);
  adw_init ();
}

/* All that was logged, debug messages and all, to look for a key in. */
const char *
mock_get_log (void)
{
  return log_text->str;
}

static gboolean
is_owned (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      get_bus (), "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", WHIS_APP_ID), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
      &error);
  gboolean owned;

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &owned);
  return owned;
}

static void
name_changed_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
}

static void
name_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
}

const char *
mock_get_program (void)
{
  static char *program;

  if (program == NULL)
    program = g_test_build_filename (G_TEST_DIST, "window", "mock_service.py", NULL);
  return program;
}

/* Waiting for the name wakes the main loop when it comes or goes. */
static void
await_owned (gboolean owned)
{
  guint watch =
      g_bus_watch_name_on_connection (get_bus (), WHIS_APP_ID, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      name_appeared_cb, name_changed_cb, NULL, NULL);

  AWAIT (is_owned () == owned);
  g_bus_unwatch_name (watch);
}

void
mock_start (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;

  /* Debug messages go to the standard output, which is the test's to report on. */
  g_subprocess_launcher_unsetenv (launcher, "G_MESSAGES_DEBUG");
  g_assert_null (process);
  process = g_subprocess_launcher_spawn (launcher, &error, mock_get_program (), NULL);
  g_assert_no_error (error);
  await_owned (TRUE);
}

/* It ends in failure when it was asked for something that it does not know. */
void
mock_stop (void)
{
  g_autoptr (GError) error = NULL;

  if (process == NULL)
    return;
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&process);
  await_owned (FALSE);
  mock_forget_calls ();
}

void
mock_set (const char *name, GVariant *value)
{
  tell ("Set", g_variant_new ("(sv)", name, value));
}

void
mock_set_state (const char *state)
{
  mock_set ("State", g_variant_new_string (state));
}

void
mock_emit (const char *name, GVariant *values)
{
  tell ("Emit", g_variant_new ("(sv)", name, values));
}

void
mock_fail_next (const char *method, const char *error, const char *message)
{
  tell ("FailNext", g_variant_new ("(sss)", method, error, message));
}

void
mock_hold (const char *method)
{
  tell ("Hold", g_variant_new ("(s)", method));
}

void
mock_release (void)
{
  tell ("Release", NULL);
}

/* The history gets so many entries more. */
void
mock_fill (guint count)
{
  tell ("Fill", g_variant_new ("(u)", count));
}

/* The history gets one more entry, the newest. */
void
mock_add (const char *id, const char *text)
{
  tell ("Add", g_variant_new ("(ss)", id, text));
}

/* An input comes, or goes when it has no name. */
void
mock_offer (GVariant *report)
{
  tell ("Offer", g_variant_new ("(@a(ss))", report));
}

void
mock_alter (const char *id, const char *key, GVariant *value)
{
  tell ("Alter", g_variant_new ("(ssv)", id, key, value));
}

/* What there is of each model (a{ss}), and which is used. */
void
mock_stock (GVariant *states, const char *current)
{
  tell ("Stock", g_variant_new ("(@a{ss}s)", states, current));
}

void
mock_plug (const char *id, const char *name)
{
  tell ("Plug", g_variant_new ("(ss)", id, name));
}

static void
fetch_calls (void)
{
  g_autoptr (GVariant) reply = call ("Calls", NULL);
  g_autoptr (GVariantIter) iter = NULL;
  char *line;

  if (calls == NULL)
    calls = g_ptr_array_new_with_free_func (g_free);
  g_variant_get (reply, "(as)", &iter);
  while (g_variant_iter_next (iter, "s", &line))
    g_ptr_array_add (calls, line);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* How often the mock was called so since the last mock_forget_calls(). To be used with AWAIT, it
 * also makes the main loop turn once more. */
guint
mock_count_calls (const char *expected)
{
  guint count = 0;

  fetch_calls ();
  for (guint i = 0; i < calls->len; i++)
    if (g_str_equal (g_ptr_array_index (calls, i), expected))
      count++;
  g_timeout_add (10, wake_cb, NULL);

  return count;
}

/* How often a method was called, whatever its parameters. */
guint
mock_count_method (const char *method)
{
  g_autofree char *prefix = g_strconcat (method, " ", NULL);
  guint count = mock_count_calls (method);

  for (guint i = 0; i < calls->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (calls, i), prefix))
      count++;

  return count;
}

gboolean
mock_was_called (const char *expected)
{
  return mock_count_calls (expected) > 0;
}

void
mock_forget_calls (void)
{
  if (process != NULL)
    fetch_calls ();
  g_clear_pointer (&calls, g_ptr_array_unref);
}

char *
mock_dup_key (const char *provider)
{
  g_autoptr (GVariant) reply = call ("Key", g_variant_new ("(s)", provider));
  char *key;

  g_variant_get (reply, "(s)", &key);
  return key;
}

WhisServiceProxy *
mock_new_proxy (void)
{
  WhisServiceProxy *proxy = whis_service_proxy_new ();

  AWAIT (whis_service_proxy_get_availability (proxy) == WHIS_AVAILABILITY_RUNNING);
  return proxy;
}

/* Waits until everything that the mock has sent so far has arrived, answers and signals: they come
 * in the order in which they were sent. */
void
mock_settle (WhisServiceProxy *service)
{
  static guint64 elapsed_ms = 0;

  elapsed_ms += 1000;
  mock_set ("Elapsed", g_variant_new_uint64 (elapsed_ms));
  AWAIT (whis_service_proxy_get_elapsed (service) == elapsed_ms);
}

/* One for the whole program: an application that was registered stays on the bus. */
GtkApplication *
mock_get_application (void)
{
  static GtkApplication *application;
  g_autoptr (GError) error = NULL;

  if (application == NULL)
    {
      application = GTK_APPLICATION (
          adw_application_new (WHIS_APP_ID ".WindowTest", G_APPLICATION_NON_UNIQUE));
      g_application_set_resource_base_path (G_APPLICATION (application), WHIS_WINDOW_RESOURCES);
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
    }

  return application;
}

/* A widget by its name in the template. */
gpointer
mock_child (gpointer widget, const char *name)
{
  GObject *child = gtk_widget_get_template_child (widget, G_OBJECT_TYPE (widget), name);

  g_assert_nonnull (child);
  return child;
}

/* A window of that type that can be seen, %NULL if there is none. */
gpointer
mock_find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, type) && gtk_widget_get_visible (l->data))
      return l->data;

  return NULL;
}

/* The button with that label, mnemonic included, somewhere in a widget. */
GtkWidget *
mock_find_button (gpointer root, const char *label)
{
  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (root), label) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *button = mock_find_button (child, label);

      if (button != NULL)
        return button;
    }

  return NULL;
}

/* Whether a label that can be seen has that text, as it is read and not as it is marked up. */
gboolean
mock_shows_text (gpointer root, const char *text)
{
  if (!gtk_widget_get_mapped (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_text (root), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (mock_shows_text (child, text))
      return TRUE;

  return FALSE;
}

/* An AdwAlertDialog is a widget in its parent's window, or in a window of its own. */
static GtkWidget *
find_by_type_name (GtkWidget *root, const char *name)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (root), name) && gtk_widget_get_mapped (root))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_by_type_name (child, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The dialog that asks something, %NULL if none does. */
GtkWidget *
mock_find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GtkWidget *dialog = mock_find_window (ADW_TYPE_MESSAGE_DIALOG);

  for (GList *l = windows; l != NULL && dialog == NULL; l = l->next)
    dialog = find_by_type_name (l->data, "AdwAlertDialog");

  return dialog;
}

/* Answers the dialog that is open, as the user would. */
void
mock_answer (const char *label)
{
  GtkWidget *dialog = mock_find_dialog ();
  GtkWidget *button;

  g_assert_nonnull (dialog);
  button = mock_find_button (dialog, label);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}
