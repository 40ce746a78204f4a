/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "import-text.h"

static gboolean dry_run;
static gboolean again;
static gboolean overwrite;

static const GOptionEntry entries[] = {
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_ ("Say what would happen, and change nothing"),
    NULL },
  { "again", 0, 0, G_OPTION_ARG_NONE, &again, N_ ("Also when it was done before"), NULL },
  { "overwrite", 0, 0, G_OPTION_ARG_NONE, &overwrite,
    N_ ("Replace settings and keys that Whis has already"), NULL },
  { NULL },
};

static int
print_report (GVariant *report)
{
  g_autofree char *text = whis_import_text_new (report, dry_run);

  g_print ("%s", text);
  if (whis_import_text_has (report, "kept"))
    g_print ("%s\n", _ ("“whis import --again --overwrite” replaces what is kept."));

  return whis_import_text_has (report, "waiting") || whis_import_text_has (report, "failed")
             ? WHIS_EXIT_FAILED
             : WHIS_EXIT_OK;
}

static int
import_original (void)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) report = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder options;
  int status;

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "dry-run", g_variant_new_boolean (dry_run));
  g_variant_builder_add (&options, "{sv}", "again", g_variant_new_boolean (again));
  g_variant_builder_add (&options, "{sv}", "overwrite", g_variant_new_boolean (overwrite));
  if (!whis_bus_whis1_call_import_original_sync (service, g_variant_builder_end (&options), &report,
                                                 NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return print_report (report);
}

/**
 * whis_cli_import:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis import [--dry-run] [--again] [--overwrite]`: settings, presets and keys of the earlier
 * Whis.
 *
 * Returns: the exit status
 */
int
whis_cli_import (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_summary (
      context, _ ("Imports settings, presets and keys of the earlier Whis, the program in Rust."));
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return whis_cli_usage ("%s", error->message);
  if (argc > 1)
    return whis_cli_usage (_ ("“%s” takes no argument “%s”."), "import", argv[1]);

  return import_original ();
}
