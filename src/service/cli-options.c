/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"

static void
add_string (GVariantDict *options, const char *name, const char *value)
{
  if (value != NULL)
    g_variant_dict_insert (options, name, "s", value);
}

/**
 * whis_cli_parse_start_options:
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's name on
 * @more: options of this command besides those of the D-Bus method `Start`
 * @parameters: (nullable): what follows the options, for the help
 * @status: (out): the exit status if the arguments are wrong
 *
 * Parses the options of a command that starts a dictation for the terminal.
 *
 * Returns: (transfer full) (nullable): the options for the call
 */
GVariant *
whis_cli_parse_start_options (int *argc,
                              char ***argv,
                              const GOptionEntry *more,
                              const char *parameters,
                              int *status)
{
  g_autofree char *provider = NULL;
  g_autofree char *model = NULL;
  g_autofree char *language = NULL;
  g_autofree char *microphone = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);
  const GOptionEntry entries[] = {
    { "provider", 'p', 0, G_OPTION_ARG_STRING, &provider,
      N_ ("Use this transcription service; “whis providers” lists them"), N_ ("ID") },
    { "model", 'm', 0, G_OPTION_ARG_STRING, &model, N_ ("Use this model"), N_ ("NAME") },
    { "language", 'l', 0, G_OPTION_ARG_STRING, &language,
      N_ ("Spoken language, such as “en”; “auto” to detect it"), N_ ("CODE") },
    { "microphone", 0, 0, G_OPTION_ARG_STRING, &microphone, N_ ("Record from this source"),
      N_ ("NAME") },
    { NULL }
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, more, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *status = whis_cli_usage ("%s", error->message);
      return NULL;
    }

  add_string (&options, "provider", provider);
  add_string (&options, "model", model);
  add_string (&options, "language", g_strcmp0 (language, "auto") == 0 ? "" : language);
  add_string (&options, "microphone", microphone);
  g_variant_dict_insert (&options, "deliver", "b", FALSE);
  g_variant_dict_insert (&options, "attached", "b", TRUE);

  return g_variant_ref_sink (g_variant_dict_end (&options));
}
