/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-model.h"
#include "cli-service.h"

/* `whis providers`, `whis models` and `whis usage`: which services there are, and what they are
 * sent. */

static void
print_provider (GVariant *provider)
{
  const char *id = "", *name = "", *source = "", *note = "";
  gboolean needs_key = FALSE;
  const char *key;

  g_variant_lookup (provider, "id", "&s", &id);
  g_variant_lookup (provider, "name", "&s", &name);
  g_variant_lookup (provider, "key-source", "&s", &source);
  g_variant_lookup (provider, "note", "&s", &note);
  g_variant_lookup (provider, "needs-key", "b", &needs_key);
  if (*source != '\0')
    key = source;
  else
    key = needs_key ? _ ("no key") : "-";
  g_print ("%-12s %-22s %-12s %s\n", id, name, key, note);
}

/**
 * whis_cli_providers:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis providers`: lists the services.
 *
 * Returns: the exit status
 */
int
whis_cli_providers (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) providers = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *provider;
  int status;

  if (!whis_cli_parse ("providers", NULL, &argc, &argv, &status))
    return status;
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_list_providers_sync (service, &providers, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_variant_iter_init (&iter, providers);
  while (g_variant_iter_loop (&iter, "@a{sv}", &provider))
    print_provider (provider);

  return WHIS_EXIT_OK;
}

static void
print_model (GVariant *model)
{
  const char *id = "", *retires = "";
  gboolean live = FALSE;
  g_autofree char *note = NULL;

  g_variant_lookup (model, "id", "&s", &id);
  g_variant_lookup (model, "retires", "&s", &retires);
  g_variant_lookup (model, "live", "b", &live);
  if (*retires != '\0')
    /* Translators: the day on which a model is switched off */
    note = g_strdup_printf (_ ("until %s"), retires);
  g_print ("%-36s %-18s %s\n", id, note != NULL ? note : "", live ? _ ("live only") : "");
}

/**
 * whis_cli_models:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis models PROVIDER`: asks a service for its models; `whis models local` lists those for this
 * computer.
 *
 * Returns: the exit status
 */
int
whis_cli_models (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) models = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *model;
  int status;

  if (!whis_cli_parse ("models", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return whis_cli_usage (
        _ ("Write “whis models PROVIDER” or “whis models local”; “whis providers” lists the "
           "services."));
  if (g_str_equal (argv[1], "local"))
    return whis_cli_model_list ();
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_list_models_sync (service, argv[1], &models, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  if (g_variant_n_children (models) == 0)
    g_printerr (_ ("%s has no list of models; its server decides.\n"), argv[1]);

  g_variant_iter_init (&iter, models);
  while (g_variant_iter_loop (&iter, "@a{sv}", &model))
    print_model (model);

  return WHIS_EXIT_OK;
}

/* An amount of money, or nothing where none is known. */
static char *
print_money (GVariant *row, const char *member)
{
  double amount;

  return g_variant_lookup (row, member, "d", &amount) ? g_strdup_printf ("$%.2f", amount)
                                                      : g_strdup ("");
}

static void
print_usage (GVariant *row)
{
  const char *month = "", *provider = "";
  guint64 requests = 0, sent_ms = 0;
  g_autofree char *cost = print_money (row, "cost");
  g_autofree char *cap = print_money (row, "cap");

  g_variant_lookup (row, "month", "&s", &month);
  g_variant_lookup (row, "provider", "&s", &provider);
  g_variant_lookup (row, "requests", "t", &requests);
  g_variant_lookup (row, "sent", "t", &sent_ms);
  g_print ("%-8s %-12s %8" G_GUINT64_FORMAT " %10.1f %10s %10s\n", month, provider, requests,
           (double) sent_ms / 1000, cost, cap);
}

/**
 * whis_cli_usage_list:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis usage`: shows what was sent to each service, and what that cost as far as it is known.
 *
 * Returns: the exit status
 */
int
whis_cli_usage_list (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) usage = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *row;
  int status;

  if (!whis_cli_parse ("usage", NULL, &argc, &argv, &status))
    return status;
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_list_usage_sync (service, &usage, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  g_print ("%-8s %-12s %8s %10s %10s %10s\n", _ ("month"), _ ("service"), _ ("requests"),
           _ ("seconds"), _ ("cost"), _ ("cap"));
  g_variant_iter_init (&iter, usage);
  while (g_variant_iter_loop (&iter, "@a{sv}", &row))
    print_usage (row);

  return WHIS_EXIT_OK;
}
