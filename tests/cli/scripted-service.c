/* SPDX-License-Identifier: MIT */
#include "scripted-service.h"

#include <gio/gunixfdlist.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "whis-bus-delivery.h"
#include "whis-bus-endpoint.h"
#include "whis-bus-models.h"
#include "whis-bus-shortcuts.h"
#include "whis-bus.h"

/* A signal that follows an answer. */
typedef struct
{
  const char *interface;
  char *name;
  GVariant *values;
} Sent;

typedef struct
{
  GVariant *values; /* NULL where it is refused */
  char *error;
  char *message;
  GBytes *file; /* whose descriptor is in the answer */
  GPtrArray *sent;
  gboolean leaves;
} Answer;

static void
sent_free (gpointer data)
{
  Sent *sent = data;

  g_free (sent->name);
  g_variant_unref (sent->values);
  g_free (sent);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->values, g_variant_unref);
  g_clear_pointer (&answer->file, g_bytes_unref);
  g_free (answer->error);
  g_free (answer->message);
  g_ptr_array_unref (answer->sent);
  g_free (answer);
}

static GDBusInterfaceInfo *const *
list_interfaces (void)
{
  static GDBusInterfaceInfo *interfaces[6];

  interfaces[0] = whis_bus_whis1_interface_info ();
  interfaces[1] = whis_bus_whis1_models_interface_info ();
  interfaces[2] = whis_bus_whis1_endpoint_interface_info ();
  interfaces[3] = whis_bus_whis1_delivery_interface_info ();
  interfaces[4] = whis_bus_whis1_shortcuts_interface_info ();

  return interfaces;
}

/* The type of the values of a list of arguments. */
static GVariantType *
join_types (GDBusArgInfo *const *arguments)
{
  g_autoptr (GString) type = g_string_new ("(");

  for (; arguments != NULL && *arguments != NULL; arguments++)
    g_string_append (type, (*arguments)->signature);
  g_string_append_c (type, ')');

  return g_variant_type_new (type->str);
}

static GVariant *
parse_values (GDBusArgInfo *const *arguments, const char *text)
{
  g_autoptr (GVariantType) type = join_types (arguments);
  g_autoptr (GError) error = NULL;
  GVariant *values = g_variant_parse (type, text, NULL, NULL, &error);

  g_assert_no_error (error);

  return values;
}

static const char *
get_last_word (const char *dotted)
{
  const char *dot = strrchr (dotted, '.');

  return dot != NULL ? dot + 1 : dotted;
}

/* Whether a method is named alone or with the area of this interface. */
static gboolean
is_of_interface (const char *name, const GDBusInterfaceInfo *interface)
{
  g_autofree char *area = g_strconcat (get_last_word (interface->name), ".", NULL);

  return strchr (name, '.') == NULL || g_str_has_prefix (name, area);
}

static GDBusMethodInfo *
find_method (const char *name)
{
  for (GDBusInterfaceInfo *const *each = list_interfaces (); *each != NULL; each++)
    {
      GDBusMethodInfo *method = g_dbus_interface_info_lookup_method (*each, get_last_word (name));

      if (method != NULL && is_of_interface (name, *each))
        return method;
    }
  g_error ("there is no method %s", name);
}

static GDBusSignalInfo *
find_signal (const char *name, const char **interface)
{
  for (GDBusInterfaceInfo *const *each = list_interfaces (); *each != NULL; each++)
    {
      GDBusSignalInfo *found = g_dbus_interface_info_lookup_signal (*each, name);

      *interface = (*each)->name;
      if (found != NULL)
        return found;
    }
  g_error ("there is no signal %s", name);
}

static const char *
find_interface_of_property (const char *name)
{
  for (GDBusInterfaceInfo *const *each = list_interfaces (); *each != NULL; each++)
    if (g_dbus_interface_info_lookup_property (*each, name) != NULL)
      return (*each)->name;
  g_error ("there is no property %s", name);
}

static Answer *
ensure_answer (ScriptedService *self, const char *method)
{
  Answer *answer = g_hash_table_lookup (self->answers, method);

  if (answer == NULL)
    {
      answer = g_new0 (Answer, 1);
      answer->sent = g_ptr_array_new_with_free_func (sent_free);
      g_hash_table_insert (self->answers, g_strdup (method), answer);
    }

  return answer;
}

/* What @method answers from now on, as g_variant_parse() reads it. */
void
scripted_service_answer (ScriptedService *self, const char *method, const char *values)
{
  Answer *answer = ensure_answer (self, method);

  g_clear_pointer (&answer->values, g_variant_unref);
  answer->values = parse_values (find_method (method)->out_args, values);
  g_clear_pointer (&answer->error, g_free);
}

/* @method answers with a descriptor, which is read from the beginning. */
void
scripted_service_answer_file (ScriptedService *self, const char *method, const void *data, gsize n)
{
  Answer *answer = ensure_answer (self, method);

  answer->values = g_variant_ref_sink (g_variant_new ("(h)", 0));
  answer->file = g_bytes_new (data, n);
}

/* @error is the last part of its name, or another one as a whole. */
void
scripted_service_refuse (ScriptedService *self,
                         const char *method,
                         const char *error,
                         const char *message)
{
  Answer *answer = ensure_answer (self, method);

  g_clear_pointer (&answer->values, g_variant_unref);
  g_free (answer->error);
  answer->error = strchr (error, '.') != NULL
                      ? g_strdup (error)
                      : g_strconcat ("io.github.whis_gtk.Whis.Error.", error, NULL);
  g_free (answer->message);
  answer->message = g_strdup (message);
}

/* The signal is sent once more each time that @method was answered. */
void
scripted_service_signal (ScriptedService *self,
                         const char *method,
                         const char *name,
                         const char *values)
{
  Sent *sent = g_new0 (Sent, 1);

  sent->name = g_strdup (name);
  sent->values = parse_values (find_signal (name, &sent->interface)->args, values);
  g_ptr_array_add (ensure_answer (self, method)->sent, sent);
}

/* The property changes each time that @method was answered. */
void
scripted_service_change (ScriptedService *self,
                         const char *method,
                         const char *property,
                         const char *value)
{
  Sent *sent = g_new0 (Sent, 1);
  g_autofree char *changed = g_strdup_printf ("(%s, {%s: <%s>}, @as [])", "%s", "%s", value);

  sent->interface = "org.freedesktop.DBus.Properties";
  sent->name = g_strdup ("PropertiesChanged");
  sent->values = g_variant_ref_sink (
      g_variant_new_parsed (changed, find_interface_of_property (property), property));
  g_ptr_array_add (ensure_answer (self, method)->sent, sent);
}

/* From now on the id of the dictation of a file is the file's name, and its text is “text of NAME”.
 */
void
scripted_service_name_dictations (ScriptedService *self)
{
  self->names_dictations = TRUE;
}

void
scripted_service_leave_after (ScriptedService *self, const char *method)
{
  ensure_answer (self, method)->leaves = TRUE;
}

void
scripted_service_set (ScriptedService *self, const char *property, const char *value)
{
  g_autoptr (GError) error = NULL;
  GVariant *parsed = g_variant_parse (NULL, value, NULL, NULL, &error);

  g_assert_no_error (error);
  g_hash_table_insert (self->properties, g_strdup (property), parsed);
}

/* --- calls ------------------------------------------------------------------------------------ */

static void
append_fds (ScriptedService *self, GUnixFDList *fds)
{
  int n = fds != NULL ? g_unix_fd_list_get_length (fds) : 0;

  for (int i = 0; i < n; i++)
    {
      char buffer[4096];
      int fd = g_unix_fd_list_get (fds, i, NULL);
      gssize size = read (fd, buffer, sizeof buffer);

      g_assert_cmpint (size, >=, 0);
      g_string_append_printf (self->calls, " <- %.*s", (int) size, buffer);
      close (fd);
    }
}

static GUnixFDList *
create_fds (ScriptedService *self, GBytes *file)
{
  g_autofree char *path = scripted_service_dup_path (self, "answer-XXXXXX");
  gsize size;
  const void *data = g_bytes_get_data (file, &size);
  int fd = g_mkstemp (path);

  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_unlink (path);

  return g_unix_fd_list_new_from_array (&fd, 1);
}

static void
send_answer (ScriptedService *self, Answer *answer, GDBusMethodInvocation *invocation)
{
  const char *path = g_dbus_method_invocation_get_object_path (invocation);
  g_autoptr (GUnixFDList) fds = answer->file != NULL ? create_fds (self, answer->file) : NULL;

  if (answer->values == NULL && answer->error != NULL)
    g_dbus_method_invocation_return_dbus_error (invocation, answer->error, answer->message);
  else
    g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, answer->values, fds);
  for (guint i = 0; i < answer->sent->len; i++)
    {
      const Sent *sent = g_ptr_array_index (answer->sent, i);

      g_dbus_connection_emit_signal (self->bus, NULL, path, sent->interface, sent->name,
                                     sent->values, NULL);
    }
  if (answer->leaves)
    scripted_service_leave (self);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Options have no order. */
static char *
print_options (GVariant *options)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  GVariantIter iter;
  GVariant *value;
  const char *name;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&s@v}", &name, &value))
    {
      g_autofree char *text = g_variant_print (value, TRUE);

      g_ptr_array_add (entries, g_strdup_printf ("'%s': %s", name, text));
    }
  g_ptr_array_sort (entries, compare_words);
  g_ptr_array_add (entries, NULL);
  joined = g_strjoinv (", ", (char **) entries->pdata);

  return g_strdup_printf ("{%s}", joined);
}

static char *
print_arguments (GVariant *arguments)
{
  g_autoptr (GString) text = g_string_new ("(");

  for (gsize i = 0; i < g_variant_n_children (arguments); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (arguments, i);
      g_autofree char *printed = g_variant_is_of_type (child, G_VARIANT_TYPE_VARDICT)
                                     ? print_options (child)
                                     : g_variant_print (child, FALSE);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", printed);
    }
  g_string_append_c (text, ')');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
transcribe_file (ScriptedService *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  g_autofree char *text = NULL;
  const char *name;

  g_variant_get (arguments, "(h&s@a{sv})", NULL, &name, NULL);
  text = g_strconcat ("text of ", name, NULL);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", name));
  g_dbus_connection_emit_signal (self->bus, NULL, WHIS_APP_PATH,
                                 whis_bus_whis1_interface_info ()->name, "Finished",
                                 g_variant_new ("(ss)", name, text), NULL);
}

static void
on_method_call (GDBusConnection *bus,
                const char *sender,
                const char *path,
                const char *interface,
                const char *method,
                GVariant *arguments,
                GDBusMethodInvocation *invocation,
                gpointer user_data)
{
  ScriptedService *self = user_data;
  g_autofree char *of_area = g_strconcat (get_last_word (interface), ".", method, NULL);
  Answer *of_interface = g_hash_table_lookup (self->answers, of_area);
  Answer *answer =
      of_interface != NULL ? of_interface : g_hash_table_lookup (self->answers, method);
  g_autofree char *text = print_arguments (arguments);
  GDBusMessage *message = g_dbus_method_invocation_get_message (invocation);

  g_string_append_printf (self->calls, "%s%s", method, text);
  append_fds (self, g_dbus_message_get_unix_fd_list (message));
  g_string_append_c (self->calls, '\n');
  if (self->names_dictations && g_str_equal (method, "TranscribeFile"))
    transcribe_file (self, arguments, invocation);
  else if (answer != NULL)
    send_answer (self, answer, invocation);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

/* Nothing, where the test has not said what it is. */
static GVariant *
on_get_property (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *property,
                 GError **error,
                 gpointer user_data)
{
  ScriptedService *self = user_data;
  GVariant *value = g_hash_table_lookup (self->properties, property);
  GDBusPropertyInfo *info = NULL;

  if (value != NULL)
    return g_variant_ref (value);
  for (GDBusInterfaceInfo *const *each = list_interfaces (); *each != NULL && info == NULL; each++)
    info = g_dbus_interface_info_lookup_property (*each, property);
  if (g_str_equal (info->signature, "s"))
    return g_variant_new_string ("");
  if (g_str_equal (info->signature, "b"))
    return g_variant_new_boolean (FALSE);
  if (g_str_equal (info->signature, "u"))
    return g_variant_new_uint32 (0);
  if (g_str_equal (info->signature, "d"))
    return g_variant_new_double (0);

  return g_variant_new_uint64 (0);
}

/* --- the bus ---------------------------------------------------------------------------------- */

static void
call_bus (ScriptedService *self, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
      arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

/* The service is not on the bus any more, and the program that would be started ends at once. */
void
scripted_service_leave (ScriptedService *self)
{
  call_bus (self, "ReleaseName", g_variant_new ("(s)", WHIS_APP_ID));
}

/* What commands find in their environment. */
void
scripted_service_setenv (ScriptedService *self, const char *name, const char *value)
{
  g_hash_table_insert (self->environment, g_strdup (name), g_strdup (value));
}

static void
export_all (ScriptedService *self)
{
  static const GDBusInterfaceVTable table = { on_method_call, on_get_property, NULL };

  for (GDBusInterfaceInfo *const *each = list_interfaces (); *each != NULL; each++)
    {
      g_autoptr (GError) error = NULL;

      g_dbus_connection_register_object (self->bus, WHIS_APP_PATH, *each, &table, self, NULL,
                                         &error);
      g_assert_no_error (error);
    }
}

ScriptedService *
scripted_service_new (void)
{
  ScriptedService *self = g_new0 (ScriptedService, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("whis-test-cli-XXXXXX", &error);
  g_assert_no_error (error);
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  self->calls = g_string_new (NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
  self->properties =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  self->environment = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  export_all (self);
  call_bus (self, "RequestName", g_variant_new ("(su)", WHIS_APP_ID, 0));

  return self;
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_directory (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
scripted_service_free (ScriptedService *self)
{
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
  g_hash_table_unref (self->answers);
  g_hash_table_unref (self->properties);
  g_hash_table_unref (self->environment);
  remove_directory (self->directory);
  g_free (self->directory);
  g_string_free (self->calls, TRUE);
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

/* A file in the directory in which commands run. */
char *
scripted_service_dup_path (ScriptedService *self, const char *name)
{
  return g_build_filename (self->directory, name, NULL);
}

/* --- the command line ------------------------------------------------------------------------- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static char *
dup_text (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_strndup (data != NULL ? data : "", size);
}

static GSubprocess *
spawn (ScriptedService *self, const char *command)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *line = g_strconcat (g_getenv ("WHIS_PROGRAM"), " ", command, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GHashTableIter iter;
  gpointer name, value;
  GSubprocess *process;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_cwd (launcher, self->directory);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_setenv (launcher, "TZ", "UTC", TRUE);
  g_subprocess_launcher_setenv (launcher, "WHIS_SERVICE_PROGRAM", "/bin/false", TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", self->directory, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  g_hash_table_iter_init (&iter, self->environment);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_subprocess_launcher_setenv (launcher, name, value, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);

  return process;
}

/* Runs the command to its end; @input is what comes from standard input before that ends. */
void
scripted_service_run (ScriptedService *self, const char *command, const char *input)
{
  g_autoptr (GSubprocess) process = spawn (self, command);
  g_autoptr (GBytes) bytes =
      g_bytes_new (input != NULL ? input : "", input != NULL ? strlen (input) : 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;

  g_string_truncate (self->calls, 0);
  g_subprocess_communicate_async (process, bytes, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_subprocess_communicate_finish (process, result, &out, &err, &error);
  g_assert_no_error (error);
  g_free (self->out);
  g_free (self->err);
  self->out = dup_text (out);
  self->err = dup_text (err);
  self->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
}

/* Each command with what it has to print, say and call. */
void
scripted_service_check (ScriptedService *self, const ScriptedCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      scripted_service_run (self, cases[i].command, NULL);
      if (cases[i].status != self->status)
        g_test_message ("%s", self->err);
      g_test_message ("whis %s", cases[i].command);
      g_assert_cmpint (self->status, ==, cases[i].status);
      if (cases[i].out != NULL)
        g_assert_cmpstr (self->out, ==, cases[i].out);
      if (cases[i].err != NULL)
        g_assert_cmpstr (self->err, ==, cases[i].err);
      if (cases[i].calls != NULL)
        g_assert_cmpstr (self->calls->str, ==, cases[i].calls);
    }
}
