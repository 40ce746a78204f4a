/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "import-text.h"

/* What was asked for. */
typedef struct
{
  gboolean dry_run;
  gboolean again;
  gboolean overwrite;
} Request;

static int
print_report (GVariant *report, gboolean dry_run)
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
import_original (const Request *request)
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
  g_variant_builder_add (&options, "{sv}", "dry-run", g_variant_new_boolean (request->dry_run));
  g_variant_builder_add (&options, "{sv}", "again", g_variant_new_boolean (request->again));
  g_variant_builder_add (&options, "{sv}", "overwrite", g_variant_new_boolean (request->overwrite));
  if (!whis_bus_whis1_call_import_original_sync (service, g_variant_builder_end (&options), &report,
                                                 NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return print_report (report, request->dry_run);
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
  Request request = { FALSE };
  const WhisCliBinding bindings[] = {
    { "dry-run", &request.dry_run },
    { "again", &request.again },
    { "overwrite", &request.overwrite },
    { NULL },
  };
  int status;

  if (!whis_cli_parse ("import", bindings, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return whis_cli_usage (_ ("“%s” takes no argument “%s”."), "import", argv[1]);

  return import_original (&request);
}
