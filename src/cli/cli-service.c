/* SPDX-License-Identifier: MIT */
#include "cli-service.h"

#include <glib/gi18n-lib.h>

#include "display-variables.h"
#include "service-call.h"
#include "service-start.h"
#include "session-bus.h"

/**
 * whis_cli_status_from_code:
 * @code: the word of the D-Bus signal `Failed`
 *
 * Returns: the exit status that tells the same
 */
WhisExit
whis_cli_status_from_code (const char *code)
{
  g_return_val_if_fail (code != NULL, WHIS_EXIT_FAILED);

  if (g_str_equal (code, "no-speech"))
    return WHIS_EXIT_NO_SPEECH;
  if (g_str_equal (code, "cancelled"))
    return WHIS_EXIT_CANCELLED;

  return WHIS_EXIT_FAILED;
}

/* What to type next; NULL if there is nothing. */
static char *
dup_next_command (WhisBusWhis1 *service, const WhisDictationEnd *end)
{
  if (service != NULL && g_str_equal (end->code, "clipboard"))
    return g_strdup (_ ("“whis last” prints it."));
  if (service != NULL && g_str_equal (end->code, "key-missing"))
    return g_strdup_printf (_ ("“whis key set %s” adds one."),
                            whis_bus_whis1_get_provider (service));
  if (end->resumable)
    return g_strdup_printf (_ ("“whis history retry %s” tries again."), end->id);

  return NULL;
}

/**
 * whis_cli_describe_failure:
 * @service: (nullable): the service, if the dictation was followed
 * @end: how it ended, without a text
 *
 * Returns: (transfer full): what happened, what was kept, and what to type next
 */
char *
whis_cli_describe_failure (WhisBusWhis1 *service, const WhisDictationEnd *end)
{
  g_autofree char *command = NULL;
  g_autofree char *kept = NULL;
  GString *sentences;

  g_return_val_if_fail (service == NULL || WHIS_BUS_IS_WHIS1 (service), NULL);
  g_return_val_if_fail (end != NULL && end->text == NULL, NULL);

  command = dup_next_command (service, end);
  sentences = g_string_new (end->message);
  kept = whis_kept_describe (end->kept);
  if (*kept != '\0')
    g_string_append_printf (sentences, " %s", kept);
  if (command != NULL)
    g_string_append_printf (sentences, " %s", command);

  return g_string_free (sentences, FALSE);
}

/**
 * whis_cli_report:
 * @error: (transfer full): what went wrong
 *
 * Says on standard error what went wrong, and what was kept.
 *
 * Returns: the exit status
 */
int
whis_cli_report (GError *error)
{
  g_autoptr (GError) owned = error;
  g_autoptr (WhisDictationEnd) end = whis_dictation_end_new_from_error (owned);
  g_autofree char *sentences = whis_cli_describe_failure (NULL, end);

  g_printerr ("whis: %s\n", sentences);

  return WHIS_EXIT_FAILED;
}

/**
 * whis_cli_usage:
 * @format: what is wrong with the arguments
 * @...: for @format
 *
 * Returns: the exit status
 */
int
whis_cli_usage (const char *format, ...)
{
  va_list args;
  g_autofree char *sentence = NULL;

  va_start (args, format);
  sentence = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("whis: %s\n", sentence);

  return WHIS_EXIT_USAGE;
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
} Start;

static void
started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Start *start = user_data;

  whis_service_start_finish (G_DBUS_CONNECTION (object), result, &start->error);
  g_main_loop_quit (start->loop);
}

static gboolean
start_service (GDBusConnection *bus, GError **error)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Start start = { loop, NULL };

  whis_service_start_async (bus, NULL, started_cb, &start);
  g_main_loop_run (loop);
  if (start.error == NULL)
    return TRUE;

  g_propagate_error (error, start.error);
  return FALSE;
}

static gboolean
has_owner (WhisBusWhis1 *service)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (service));

  return owner != NULL;
}

static GVariant *
call_once (GDBusConnection *bus, const char *method, GVariant *arguments, GError **error)
{
  whis_display_hand_over (bus);

  return g_dbus_connection_call_sync (
      bus, WHIS_APP_ID, WHIS_APP_PATH, whis_bus_whis1_interface_info ()->name, method, arguments,
      NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, WHIS_SERVICE_CALL_TIMEOUT_MS, NULL, error);
}

/**
 * whis_cli_is_not_running:
 * @error: (nullable): what came of a call that does not start the service
 *
 * Returns: whether it says, as dbus-daemon or dbus-broker do, that the service does not run
 */
gboolean
whis_cli_is_not_running (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN);
}

/**
 * whis_cli_call:
 * @method: a method of the service
 * @arguments: (nullable) (transfer none): its arguments, which are not floating
 * @not_running: (nullable): what is said if the service does not run; %NULL to start it then
 *
 * Does with the service what takes one call, without a proxy: that would read all properties first,
 * and whoever has a shortcut waits for it.
 *
 * Returns: the exit status, after a sentence on standard error if it did not work
 */
int
whis_cli_call (const char *method, GVariant *arguments, const char *not_running)
{
  g_autoptr (GDBusConnection) bus = whis_cli_get_bus ();
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (method != NULL, WHIS_EXIT_FAILED);

  if (bus == NULL)
    return WHIS_EXIT_NO_SERVICE;

  answer = call_once (bus, method, arguments, &error);
  if (whis_cli_is_not_running (error) && not_running != NULL)
    {
      g_printerr ("whis: %s\n", not_running);
      return WHIS_EXIT_FAILED;
    }
  if (whis_cli_is_not_running (error))
    {
      g_clear_error (&error);
      if (!start_service (bus, &error))
        {
          whis_cli_report (g_steal_pointer (&error));
          return WHIS_EXIT_NO_SERVICE;
        }
      answer = call_once (bus, method, arguments, &error);
    }

  return answer != NULL ? WHIS_EXIT_OK : whis_cli_report (g_steal_pointer (&error));
}

static WhisBusWhis1 *
create_proxy (GDBusConnection *bus, GError **error)
{
  WhisBusWhis1 *service = whis_bus_whis1_proxy_new_sync (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
                                                         WHIS_APP_ID, WHIS_APP_PATH, NULL, error);

  if (service != NULL)
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (service), WHIS_SERVICE_CALL_TIMEOUT_MS);

  return service;
}

/**
 * whis_cli_get_bus:
 *
 * Returns: (transfer full) (nullable): the session bus; %NULL after a sentence on standard error
 */
GDBusConnection *
whis_cli_get_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = whis_session_bus_get (&error);

  /* The bus may go away while an answer is waited for; that is to be said. */
  if (bus != NULL)
    g_dbus_connection_set_exit_on_close (bus, FALSE);
  else
    g_printerr ("whis: %s\n", error->message);

  return bus;
}

/**
 * whis_cli_connect:
 * @start: whether to start the service if it does not run
 * @status: (out): the exit status if there is no service; %WHIS_EXIT_FAILED if it does not run and
 *   @start is %FALSE, about which nothing was said
 *
 * Returns: (transfer full) (nullable): the service; %NULL after a sentence on standard error but
 * for that
 */
WhisBusWhis1 *
whis_cli_connect (gboolean start, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = whis_cli_get_bus ();
  g_autoptr (WhisBusWhis1) service = NULL;

  *status = WHIS_EXIT_NO_SERVICE;
  if (bus == NULL)
    return NULL;

  service = create_proxy (bus, &error);
  if (service != NULL && !has_owner (service) && start)
    {
      g_clear_object (&service);
      if (start_service (bus, &error))
        service = create_proxy (bus, &error);
    }
  if (service == NULL)
    {
      whis_cli_report (g_steal_pointer (&error));
      return NULL;
    }

  if (!has_owner (service))
    {
      *status = start ? WHIS_EXIT_NO_SERVICE : WHIS_EXIT_FAILED;
      return NULL;
    }

  whis_display_hand_over (bus);
  /* A command that needs no answer may end before this has left. */
  g_dbus_connection_flush_sync (bus, NULL, NULL);

  return g_steal_pointer (&service);
}
