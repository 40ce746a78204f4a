/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-parse.h"
#include "cli-service.h"
#include "cli-status-follow.h"
#include "variant-json.h"

/* What Whis is doing. */

static void
print_status_json (WhisBusWhis1 *service)
{
  g_autoptr (GVariant) status = whis_cli_status_describe (service);
  g_autofree char *line = whis_variant_to_json (status);

  g_print ("%s\n", line);
}

static void
print_status (WhisBusWhis1 *service)
{
  const char *message;

  if (service == NULL)
    {
      g_print ("%s\n", _ ("not running"));
      return;
    }

  g_print ("%s\n", whis_bus_whis1_get_state (service));
  if (whis_bus_whis1_get_continuous (service))
    g_print ("%s\n", _ ("The dictation is continuous: the microphone stays open."));
  message = whis_bus_whis1_get_message (service);
  if (message != NULL && *message != '\0')
    g_print ("%s\n", message);
}

static int
follow_status (WhisCliStatusFormat format)
{
  g_autoptr (GDBusConnection) bus = whis_cli_get_bus ();
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (WhisCliStatusFollow) follow = NULL;
  g_autoptr (GError) error = NULL;

  if (bus == NULL)
    return WHIS_EXIT_NO_SERVICE;

  service = whis_bus_whis1_proxy_new_sync (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, WHIS_APP_ID,
                                           WHIS_APP_PATH, NULL, &error);
  if (service == NULL)
    {
      whis_cli_report (g_steal_pointer (&error));
      return WHIS_EXIT_NO_SERVICE;
    }

  follow = whis_cli_status_follow_new (service, format);

  return whis_cli_status_follow_run (follow);
}

int
whis_cli_status (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  gboolean json = FALSE, follow = FALSE, text = FALSE, waybar = FALSE;
  const WhisCliBinding bindings[] = {
    { "json", &json }, { "follow", &follow }, { "text", &text }, { "waybar", &waybar }, { NULL },
  };
  int status;

  if (!whis_cli_parse ("status", bindings, &argc, &argv, &status))
    return status;
  if ((text || waybar) && !follow)
    return whis_cli_usage (_ ("--text and --waybar belong to --follow."));
  if (text && waybar)
    return whis_cli_usage (_ ("--text and --waybar do not go together."));

  if (follow)
    return follow_status (waybar ? WHIS_CLI_STATUS_WAYBAR
                          : text ? WHIS_CLI_STATUS_JSON_TEXT
                                 : WHIS_CLI_STATUS_JSON);

  service = whis_cli_connect (FALSE, &status);
  if (service == NULL && status != WHIS_EXIT_FAILED)
    return status;
  if (json)
    print_status_json (service);
  else
    print_status (service);

  return WHIS_EXIT_OK;
}
