/* SPDX-License-Identifier: MIT */
#include "shell-method.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHELL_NAME WHIS_APP_ID ".Shell"
#define SHELL_PATH WHIS_APP_PATH "/Shell"
#define SHELL_INTERFACE "io.github.whis_gtk.Whis1.Shell"

/* The Shell answers at once, or is busy with something that blocks it. */
#define QUERY_TIMEOUT_MS 150

/* The extension waits until the field has each piece; a text of an hour is 13 pieces. */
#define COMMIT_TIMEOUT_MS 20000

struct _WhisShellMethod
{
  GObject parent_instance;

  GDBusConnection *connection;
};

static void whis_shell_method_insertion_method_init (WhisInsertionMethodInterface *interface);
static void whis_shell_method_focus_source_init (WhisFocusSourceInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisShellMethod,
                               whis_shell_method,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_INSERTION_METHOD,
                                                      whis_shell_method_insertion_method_init)
                                   G_IMPLEMENT_INTERFACE (WHIS_TYPE_FOCUS_SOURCE,
                                                          whis_shell_method_focus_source_init))

static void
shell_method_call (WhisShellMethod *self,
                   const char *method,
                   GVariant *arguments,
                   const char *answer,
                   int timeout_ms,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_dbus_connection_call (self->connection, SHELL_NAME, SHELL_PATH, SHELL_INTERFACE, method,
                          arguments, G_VARIANT_TYPE (answer), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          timeout_ms, cancellable, callback, user_data);
}

/* An extension that is not switched on is not offered; anything else that fails before a text was
 * handed over is a failure of this method. */
static void
shell_method_return_error (GTask *task, GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, error);
  else
    {
      g_debug ("The extension of GNOME Shell does not answer: %s", error->message);
      g_error_free (error);
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                               _ ("The extension of GNOME Shell is not switched on."));
    }
}

static void
on_shell_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  gboolean is_there = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &is_there);
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                           is_there ? _ ("The extension of GNOME Shell is not switched on.")
                                    : _ ("The desktop lets no other program press keys."));
}

/* Of a text that is only copied this is the reason; nobody needs to hear of an extension where
 * there is no GNOME Shell. */
static void
shell_method_return_reason (GTask *task, GError *error)
{
  WhisShellMethod *self = g_task_get_source_object (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }

  g_error_free (error);
  g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "NameHasOwner",
                          g_variant_new ("(s)", "org.gnome.Shell"), G_VARIANT_TYPE ("(b)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, g_task_get_cancellable (task),
                          on_shell_looked_up, g_object_ref (task));
}

static const char *
whis_shell_method_get_name (WhisInsertionMethod *method)
{
  return "gnome-shell";
}

static gboolean
whis_shell_method_uses_clipboard (WhisInsertionMethod *method)
{
  return FALSE;
}

static void
on_owner_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer != NULL)
    g_task_return_boolean (task, TRUE);
  else
    shell_method_return_error (task, error);
}

static void
whis_shell_method_probe_async (WhisInsertionMethod *method,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisShellMethod *self = WHIS_SHELL_METHOD (method);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_shell_method_probe_async);
  g_dbus_connection_call (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetNameOwner", g_variant_new ("(s)", SHELL_NAME),
                          G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable,
                          on_owner_known, g_steal_pointer (&task));
}

static gboolean
whis_shell_method_probe_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shell_method_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What the extension says of a call for whose error it cannot be known whether it did anything. */
static gboolean
is_before_the_call (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
on_committed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *outcome;

  if (answer == NULL)
    {
      if (is_before_the_call (error))
        shell_method_return_error (task, error);
      else
        {
          /* The text may stand there: it is not pasted once more. */
          g_message ("The extension of GNOME Shell did not say what became of a text: %s",
                     error->message);
          g_error_free (error);
          g_task_return_int (task, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
        }
      return;
    }

  g_variant_get (answer, "(&s)", &outcome);
  if (strcmp (outcome, "no-text-field") == 0)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_FOCUS, "%s",
                             _ ("The focused window takes no text from an input method."));
  else if (strcmp (outcome, "focus-changed") == 0)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_FOCUS, "%s",
                             _ ("Another window has got the focus."));
  else
    g_task_return_int (task, (gssize) whis_delivery_outcome_from_nick (outcome));
}

static void
shell_method_commit (GTask *task)
{
  WhisShellMethod *self = g_task_get_source_object (task);
  WhisInsertion *insertion = g_task_get_task_data (task);
  g_autofree char *terminal_text = NULL;

  if (insertion->focus != NULL && insertion->focus->kind == WHIS_FOCUS_TERMINAL)
    terminal_text = whis_insertion_get_terminal_text (insertion, FALSE);

  /* Not the cancellable: the text may have been handed over when the answer is given up. */
  shell_method_call (
      self, "Commit",
      g_variant_new ("(ss)", terminal_text != NULL ? terminal_text : insertion->text, ""), "(s)",
      COMMIT_TIMEOUT_MS, NULL, on_committed, g_object_ref (task));
}

static void
on_insert_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_shell_method_probe_finish (WHIS_INSERTION_METHOD (source), result, &error))
    shell_method_commit (task);
  else
    shell_method_return_reason (task, error);
}

/* The words go over the bus only where somebody is there to take them. */
static void
whis_shell_method_insert_async (WhisInsertionMethod *method,
                                WhisInsertion *insertion,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (method, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_shell_method_insert_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, whis_insertion_ref (insertion),
                        (GDestroyNotify) whis_insertion_unref);
  whis_shell_method_probe_async (method, cancellable, on_insert_probed, g_steal_pointer (&task));
}

static WhisDeliveryOutcome
whis_shell_method_insert_finish (WhisInsertionMethod *method, GAsyncResult *result, GError **error)
{
  gssize outcome;

  g_return_val_if_fail (g_task_is_valid (result, method), WHIS_DELIVERY_OUTCOME_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shell_method_insert_async),
                        WHIS_DELIVERY_OUTCOME_NONE);

  outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome > 0 ? (WhisDeliveryOutcome) outcome : WHIS_DELIVERY_OUTCOME_NONE;
}

static WhisFocusKind
focus_kind_from_nick (const char *nick)
{
  static const struct
  {
    const char *nick;
    WhisFocusKind kind;
  } kinds[] = {
    { "text", WHIS_FOCUS_TEXT },
    { "password", WHIS_FOCUS_PASSWORD },
    { "terminal", WHIS_FOCUS_TERMINAL },
    { "none", WHIS_FOCUS_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].nick, nick) == 0)
      return kinds[i].kind;

  return WHIS_FOCUS_UNKNOWN;
}

static void
on_focus_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) focus = NULL;
  const char *kind = "", *application = "", *identity = "", *text_before = NULL;
  g_autofree char *window = NULL;
  WhisFocus *told;

  if (answer == NULL)
    {
      shell_method_return_error (task, error);
      return;
    }

  focus = g_variant_get_child_value (answer, 0);
  g_variant_lookup (focus, "kind", "&s", &kind);
  g_variant_lookup (focus, "application", "&s", &application);
  g_variant_lookup (focus, "identity", "&s", &identity);
  g_variant_lookup (focus, "text-before", "&s", &text_before);

  window = g_strconcat ("shell:", identity, NULL);
  told = whis_focus_new (focus_kind_from_nick (kind), *application != '\0' ? application : NULL,
                         *identity != '\0' ? window : NULL);
  whis_focus_set_text_before (told, text_before);
  g_task_return_pointer (task, told, (GDestroyNotify) whis_focus_unref);
}

static void
whis_shell_method_query_async (WhisFocusSource *source,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisShellMethod *self = WHIS_SHELL_METHOD (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_shell_method_query_async);
  shell_method_call (self, "GetFocus", NULL, "(a{sv})", QUERY_TIMEOUT_MS, cancellable,
                     on_focus_told, g_steal_pointer (&task));
}

static WhisFocus *
whis_shell_method_query_finish (WhisFocusSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shell_method_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean done;

  if (answer == NULL)
    {
      shell_method_return_error (task, error);
      return;
    }

  g_variant_get (answer, "(b)", &done);
  g_task_return_boolean (task, done);
}

static void
on_take_back_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_shell_method_probe_finish (WHIS_INSERTION_METHOD (source), result, &error))
    shell_method_call (WHIS_SHELL_METHOD (source), "TakeBack",
                       g_variant_new ("(s)", g_task_get_task_data (task)), "(b)", COMMIT_TIMEOUT_MS,
                       g_task_get_cancellable (task), on_taken_back, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
whis_shell_method_take_back_async (WhisInsertionMethod *method,
                                   const char *text,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (method, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_shell_method_take_back_async);
  g_task_set_task_data (task, g_strdup (text), g_free);
  whis_shell_method_probe_async (method, cancellable, on_take_back_probed, g_steal_pointer (&task));
}

static gboolean
whis_shell_method_take_back_finish (WhisInsertionMethod *method,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, method), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_shell_method_take_back_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_shell_method_finalize (GObject *object)
{
  g_clear_object (&WHIS_SHELL_METHOD (object)->connection);

  G_OBJECT_CLASS (whis_shell_method_parent_class)->finalize (object);
}

static void
whis_shell_method_class_init (WhisShellMethodClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_shell_method_finalize;
}

static void
whis_shell_method_insertion_method_init (WhisInsertionMethodInterface *interface)
{
  interface->get_name = whis_shell_method_get_name;
  interface->uses_clipboard = whis_shell_method_uses_clipboard;
  interface->probe_async = whis_shell_method_probe_async;
  interface->probe_finish = whis_shell_method_probe_finish;
  interface->insert_async = whis_shell_method_insert_async;
  interface->insert_finish = whis_shell_method_insert_finish;
  interface->take_back_async = whis_shell_method_take_back_async;
  interface->take_back_finish = whis_shell_method_take_back_finish;
}

static void
whis_shell_method_focus_source_init (WhisFocusSourceInterface *interface)
{
  interface->query_async = whis_shell_method_query_async;
  interface->query_finish = whis_shell_method_query_finish;
}

static void
whis_shell_method_init (WhisShellMethod *self)
{
}

/**
 * whis_shell_method_new:
 * @connection: the session bus
 *
 * The input method of GNOME Shell, by the extension of Whis, which answers on the bus while it is
 * switched on. It is a #WhisFocusSource, too.
 *
 * Returns: (transfer full): a new method
 */
WhisShellMethod *
whis_shell_method_new (GDBusConnection *connection)
{
  WhisShellMethod *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_SHELL_METHOD, NULL);
  self->connection = g_object_ref (connection);

  return self;
}
