/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "cli-service.h"
#include "settings.h"
#include "whis-bus-endpoint.h"

#define LONGEST_KEY 8192
#define LONGEST_WAIT_MS 5000

/* `whis endpoint on|off|status|key`: the recogniser for other programs. */

static WhisBusWhis1Endpoint *
cli_endpoint_connect (gboolean about_key, int *status)
{
  g_autoptr (WhisBusWhis1) service = whis_cli_connect (TRUE, status);
  g_autoptr (GError) error = NULL;
  WhisBusWhis1Endpoint *endpoint;

  if (service == NULL)
    return NULL;

  if (about_key && !whis_bus_whis1_get_keyring_available (service))
    g_printerr ("%s\n", _ ("There is no keyring, so the key is kept only until Whis quits."));
  endpoint = whis_bus_whis1_endpoint_proxy_new_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
      WHIS_APP_ID, WHIS_APP_PATH, NULL, &error);
  if (endpoint == NULL)
    *status = whis_cli_report (g_steal_pointer (&error));
  else
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (endpoint),
                                      g_dbus_proxy_get_default_timeout (G_DBUS_PROXY (service)));

  return endpoint;
}

static WhisBusWhis1Endpoint *
cli_endpoint_begin (const char *path,
                    const WhisCliBinding *bindings,
                    gboolean about_key,
                    int *argc,
                    char ***argv,
                    int *status)
{
  if (!whis_cli_parse (path, bindings, argc, argv, status))
    return NULL;
  if (*argc > 1)
    {
      *status = whis_cli_usage (_ ("“%s” takes no argument."), path);
      return NULL;
    }

  return cli_endpoint_connect (about_key, status);
}

static int
switch_endpoint (const char *path, gboolean enabled, int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Endpoint) endpoint =
      cli_endpoint_begin (path, NULL, enabled, &argc, &argv, &status);
  g_autoptr (GError) error = NULL;

  if (endpoint == NULL)
    return status;
  if (!whis_bus_whis1_endpoint_call_set_enabled_sync (endpoint, enabled, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_printerr ("%s\n",
              enabled ? _ ("Whis answers other programs on this computer now; “whis endpoint "
                           "status” says where, “whis endpoint key” prints the key that they need.")
                      : _ ("Whis answers no other programs any more."));

  return WHIS_EXIT_OK;
}

/* `whis endpoint on` */
int
whis_cli_endpoint_on (int argc, char **argv)
{
  return switch_endpoint ("endpoint on", TRUE, argc, argv);
}

/* `whis endpoint off` */
int
whis_cli_endpoint_off (int argc, char **argv)
{
  return switch_endpoint ("endpoint off", FALSE, argc, argv);
}

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

static gboolean
expired_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* A service that has just started asks the keyring before it listens. */
static void
wait_until_settled (WhisBusWhis1Endpoint *endpoint)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  gboolean has_expired = FALSE;
  guint timer;

  if (settings == NULL || !whis_settings_get_endpoint (settings))
    return;

  timer = g_timeout_add (LONGEST_WAIT_MS, expired_cb, &has_expired);
  while (!has_expired && is_empty (whis_bus_whis1_endpoint_get_address (endpoint))
         && is_empty (whis_bus_whis1_endpoint_get_problem (endpoint)))
    g_main_context_iteration (NULL, TRUE);
  if (!has_expired)
    g_source_remove (timer);
}

/* `whis endpoint status` */
int
whis_cli_endpoint_status (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Endpoint) endpoint =
      cli_endpoint_begin ("endpoint status", NULL, FALSE, &argc, &argv, &status);
  const char *address, *problem;

  if (endpoint == NULL)
    return status;

  wait_until_settled (endpoint);
  address = whis_bus_whis1_endpoint_get_address (endpoint);
  problem = whis_bus_whis1_endpoint_get_problem (endpoint);
  if (!is_empty (address))
    {
      g_print ("%s\n", address);
      return WHIS_EXIT_OK;
    }
  if (!is_empty (problem))
    {
      g_printerr ("whis: %s\n", problem);
      return WHIS_EXIT_FAILED;
    }
  g_print ("%s\n", _ ("off"));

  return WHIS_EXIT_OK;
}

/* Reads a pipe to its end. */
static gssize
read_pipe (int pipe, char *key)
{
  gsize size = 0;

  while (size < LONGEST_KEY)
    {
      gssize part = read (pipe, key + size, LONGEST_KEY - size);

      if (part < 0 && errno == EINTR)
        continue;
      if (part < 0)
        return -1;
      if (part == 0)
        break;
      size += (gsize) part;
    }

  return (gssize) size;
}

static int
print_key (GUnixFDList *fds, GVariant *handle)
{
  char key[LONGEST_KEY];
  int pipe = fds != NULL ? g_unix_fd_list_get (fds, g_variant_get_handle (handle), NULL) : -1;
  gssize size = pipe >= 0 ? read_pipe (pipe, key) : -1;

  if (pipe >= 0)
    close (pipe);
  if (size < 0)
    {
      g_printerr ("whis: %s\n", _ ("The key could not be read."));
      return WHIS_EXIT_FAILED;
    }
  g_print ("%.*s\n", (int) size, key);
  explicit_bzero (key, sizeof key);

  return WHIS_EXIT_OK;
}

/* `whis endpoint key` */
int
whis_cli_endpoint_key (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  gboolean renew = FALSE;
  const WhisCliBinding bindings[] = { { "new", &renew }, { NULL } };
  g_autoptr (WhisBusWhis1Endpoint) endpoint =
      cli_endpoint_begin ("endpoint key", bindings, TRUE, &argc, &argv, &status);
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GError) error = NULL;

  if (endpoint == NULL)
    return status;
  if (!whis_bus_whis1_endpoint_call_open_key_sync (endpoint, renew, NULL, &handle, &fds, NULL,
                                                   &error))
    return whis_cli_report (g_steal_pointer (&error));

  return print_key (fds, handle);
}

/**
 * whis_cli_endpoint:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis endpoint` without a command of its own, which is a mistake.
 *
 * Returns: the exit status
 */
int
whis_cli_endpoint (int argc, char **argv)
{
  if (argc > 1)
    return whis_cli_usage (
        _ ("There is no command “endpoint %s”; “whis endpoint --help” lists them."), argv[1]);

  return whis_cli_usage (_ ("“whis endpoint” needs a command; “whis endpoint --help” lists them."));
}
