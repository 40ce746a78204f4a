/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include "service-call.h"

#define MAX_BINDINGS 16

/**
 * whis_cli_parse_choice:
 * @path: the command
 * @more: what becomes of its options besides `--provider`, `--model` and `--language`
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's name on
 * @status: (out): the exit status if this is all
 *
 * Parses the options of a command that says what a dictation is transcribed with.
 *
 * Returns: (transfer full) (nullable): the options for the call
 */
GVariant *
whis_cli_parse_choice (const char *path,
                       const WhisCliBinding *more,
                       int *argc,
                       char ***argv,
                       int *status)
{
  g_autofree char *provider = NULL;
  g_autofree char *model = NULL;
  g_autofree char *language = NULL;
  WhisCliBinding bindings[MAX_BINDINGS] = {
    { "provider", &provider },
    { "model", &model },
    { "language", &language },
  };

  for (gsize n = 3; more->option != NULL; n++, more++)
    {
      g_assert (n + 1 < MAX_BINDINGS);
      bindings[n] = *more;
    }
  if (!whis_cli_parse (path, bindings, argc, argv, status))
    return NULL;

  return g_variant_ref_sink (whis_service_dictation_options (
      provider, model, g_strcmp0 (language, "auto") == 0 ? "" : language));
}

/**
 * whis_cli_parse_start_options:
 * @path: the command
 * @more: what becomes of its options besides those of the D-Bus method `Start`
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's name on
 * @status: (out): the exit status if this is all
 *
 * Parses the options of a command that starts a dictation for the terminal.
 *
 * Returns: (transfer full) (nullable): the options for the call
 */
GVariant *
whis_cli_parse_start_options (const char *path,
                              const WhisCliBinding *more,
                              int *argc,
                              char ***argv,
                              int *status)
{
  g_autoptr (GVariant) choice = whis_cli_parse_choice (path, more, argc, argv, status);
  GVariantDict options;

  if (choice == NULL)
    return NULL;

  g_variant_dict_init (&options, choice);
  g_variant_dict_insert (&options, "deliver", "b", FALSE);
  g_variant_dict_insert (&options, "attached", "b", TRUE);

  return g_variant_ref_sink (g_variant_dict_end (&options));
}
