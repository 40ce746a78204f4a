/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-history.h"
#include "cli-parse.h"
#include "cli-service.h"
#include "delivery-outcome.h"
#include "whis-bus-delivery.h"

/* The commands that put a text at the cursor and take it back. */

static WhisBusWhis1Delivery *
cli_delivery_connect (WhisBusWhis1 *service, GError **error)
{
  return whis_bus_whis1_delivery_proxy_new_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (service)),
      G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
      WHIS_APP_ID, WHIS_APP_PATH, NULL, error);
}

/* What the user has to know of a text that was not seen to arrive. */
static const char *
describe_outcome (WhisDeliveryOutcome outcome)
{
  switch (outcome)
    {
    case WHIS_DELIVERY_OUTCOME_LANDED:
    case WHIS_DELIVERY_OUTCOME_HANDED_OVER:
      return NULL;
    case WHIS_DELIVERY_OUTCOME_NOT_SEEN:
      return _ ("The text was not seen to arrive; it is on the clipboard.");
    case WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD:
      return _ ("No text field has the focus; the text is on the clipboard.");
    case WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD:
      return _ ("A password field has the focus; nothing was inserted.");
    case WHIS_DELIVERY_OUTCOME_NONE:
    case WHIS_DELIVERY_OUTCOME_COPIED:
    default:
      return _ ("The text is on the clipboard; this desktop lets Whis insert nothing.");
    }
}

static int
cli_delivery_report (const char *outcome)
{
  const char *sentence = describe_outcome (whis_delivery_outcome_from_nick (outcome));

  if (sentence == NULL)
    return WHIS_EXIT_OK;

  g_printerr ("whis: %s\n", sentence);

  return WHIS_EXIT_FAILED;
}

static int
cli_delivery_insert (WhisBusWhis1 *service, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisBusWhis1Delivery) delivery = cli_delivery_connect (service, &error);
  g_autofree char *outcome = NULL;
  g_autofree char *id = NULL;
  int status = WHIS_EXIT_FAILED;
  gboolean answered;

  if (delivery == NULL)
    return whis_cli_report (g_steal_pointer (&error));
  if (name != NULL)
    {
      id = whis_cli_history_find (service, name, &status);
      if (id == NULL)
        return status;
    }

  answered =
      id != NULL
          ? whis_bus_whis1_delivery_call_insert_entry_sync (delivery, id, &outcome, NULL, &error)
          : whis_bus_whis1_delivery_call_insert_last_text_sync (delivery, &outcome, NULL, &error);

  return answered ? cli_delivery_report (outcome) : whis_cli_report (g_steal_pointer (&error));
}

int
whis_cli_paste (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  int status;

  if (!whis_cli_parse ("paste", NULL, &argc, &argv, &status))
    return status;
  if (argc > 2)
    return whis_cli_usage (_ ("“%s” takes no argument “%s”."), "paste", argv[2]);
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  return cli_delivery_insert (service, argc > 1 ? argv[1] : NULL);
}

int
whis_cli_unpaste (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (WhisBusWhis1Delivery) delivery = NULL;
  g_autoptr (GError) error = NULL;
  gboolean undone = FALSE;
  int status;

  if (!whis_cli_parse ("unpaste", NULL, &argc, &argv, &status))
    return status;
  service = whis_cli_connect (FALSE, &status);
  if (service == NULL)
    {
      if (status == WHIS_EXIT_FAILED)
        g_printerr ("whis: %s\n", _ ("Nothing was inserted that could be taken back."));
      return status;
    }

  delivery = cli_delivery_connect (service, &error);
  if (delivery == NULL
      || !whis_bus_whis1_delivery_call_undo_insertion_sync (delivery, &undone, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  if (undone)
    return WHIS_EXIT_OK;

  g_printerr ("whis: %s\n",
              _ ("It cannot be seen that the text still stands before the cursor, so nothing was "
                 "deleted; the text is on the clipboard."));

  return WHIS_EXIT_FAILED;
}
