/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-parse.h"
#include "cli-service.h"

/* As the bus calls them, in the order of the columns. */
static const char *const numbers[] = {
  "pieces", "holes-found", "holes-filled", "holes-left", "invented", "loops", "sounds",
};

static void
print_row (GVariant *row)
{
  const char *provider = "", *model = "";

  g_variant_lookup (row, "provider", "&s", &provider);
  g_variant_lookup (row, "model", "&s", &model);
  g_print ("%-12s %-28s", provider, *model != '\0' ? model : "-");
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      guint64 number = 0;

      g_variant_lookup (row, numbers[i], "t", &number);
      g_print (" %8" G_GUINT64_FORMAT, number);
    }
  g_print ("\n");
}

/**
 * whis_cli_statistics:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis stats`: shows what was put right in the texts of each model.
 *
 * Returns: the exit status
 */
int
whis_cli_statistics (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) statistics = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *row;
  int status;

  if (!whis_cli_parse ("stats", NULL, &argc, &argv, &status))
    return status;
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_list_statistics_sync (service, &statistics, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_print ("%-12s %-28s %8s %8s %8s %8s %8s %8s %8s\n", _ ("service"), _ ("model"), _ ("pieces"),
           /* Translators: stretches of speech that were in no text, in columns of 8 letters */
           _ ("holes"), _ ("filled"), _ ("left"), _ ("invented"), _ ("loops"), _ ("sounds"));
  g_variant_iter_init (&iter, statistics);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    print_row (row);

  return WHIS_EXIT_OK;
}
