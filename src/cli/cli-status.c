/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-parse.h"
#include "cli-service.h"
#include "variant-json.h"

/* What Whis is doing. */

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static void
print_status_json (WhisBusWhis1 *service)
{
  g_autoptr (GVariant) status = NULL;
  g_autofree char *line = NULL;

  if (service != NULL)
    status = g_variant_new_parsed (
        "{'running': <true>, 'state': <%s>, 'dictation': <%s>, 'provider': <%s>, "
        "'destination': <%s>, 'message': <%s>, 'elapsed_ms': <%t>, 'tray': <%b>}",
        or_empty (whis_bus_whis1_get_state (service)),
        or_empty (whis_bus_whis1_get_dictation (service)),
        or_empty (whis_bus_whis1_get_provider (service)),
        or_empty (whis_bus_whis1_get_destination (service)),
        or_empty (whis_bus_whis1_get_message (service)), whis_bus_whis1_get_elapsed (service),
        whis_bus_whis1_get_tray (service));
  else
    status = g_variant_new_parsed (
        "{'running': <false>, 'state': <'idle'>, 'dictation': <''>, 'provider': <''>, "
        "'destination': <''>, 'message': <''>, 'elapsed_ms': <@t 0>, 'tray': <false>}");
  g_variant_ref_sink (status);
  line = whis_variant_to_json (status);
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
  message = whis_bus_whis1_get_message (service);
  if (message != NULL && *message != '\0')
    g_print ("%s\n", message);
}

int
whis_cli_status (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  gboolean json = FALSE;
  const WhisCliBinding bindings[] = { { "json", &json }, { NULL } };
  g_autoptr (GDBusConnection) bus = NULL;
  int status;

  if (!whis_cli_parse ("status", bindings, &argc, &argv, &status))
    return status;

  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  service = whis_cli_connect (FALSE, &status);
  if (service == NULL && bus == NULL)
    return status;
  if (json)
    print_status_json (service);
  else
    print_status (service);

  return WHIS_EXIT_OK;
}
