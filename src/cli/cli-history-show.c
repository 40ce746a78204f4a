/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-output.h"
#include "cli-parse.h"
#include "cli-service.h"
#include "marked-diff.h"

static int
cli_history_show_print (const char *text)
{
  g_autofree char *line = g_strconcat (text, "\n", NULL);

  return whis_cli_print_text (line) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

static int
print_versions (GVariant *entry)
{
  g_autoptr (GVariant) versions =
      g_variant_lookup_value (entry, "versions", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr (GString) output = g_string_new (NULL);

  for (gsize i = 0; versions != NULL && i < g_variant_n_children (versions); i++)
    {
      g_autoptr (GVariant) version = g_variant_get_child_value (versions, i);
      g_autofree char *provider = whis_cli_history_dup_string (version, "provider");
      g_autofree char *model = whis_cli_history_dup_string (version, "model");
      g_autofree char *text = whis_cli_history_dup_string (version, "text");
      guint number = 0;

      g_variant_lookup (version, "number", "u", &number);
      g_string_append_printf (output, "%s%u  %s%s%s\n%s\n", i > 0 ? "\n" : "", number, provider,
                              *model != '\0' ? "  " : "", model, text);
    }

  return whis_cli_print_text (output->str) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

static int
print_version (GVariant *entry, guint number)
{
  g_autofree char *text = whis_cli_history_dup_version (entry, number);
  g_autofree char *message = NULL;

  if (text == NULL)
    return WHIS_EXIT_FAILED;
  if (*text != '\0')
    return cli_history_show_print (text);

  message = whis_cli_history_dup_string (entry, "message");
  g_printerr ("whis: %s\n", *message != '\0' ? message : _ ("This dictation has no text."));

  return WHIS_EXIT_FAILED;
}

/**
 * whis_cli_history_show:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history show`: the text of an entry, or all of it.
 *
 * Returns: the exit status
 */
int
whis_cli_history_show (int argc, char **argv)
{
  gboolean json = FALSE, versions = FALSE;
  int number = 0;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) entry = NULL;
  g_autofree char *line = NULL;
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = {
    { "json", &json },
    { "versions", &versions },
    { "version", &number },
    { NULL },
  };

  if (!whis_cli_parse ("history show", bindings, &argc, &argv, &status))
    return status;
  if (argc != 2 || number < 0)
    return whis_cli_usage (_ ("“history show” needs one id; “whis history” lists them."));
  service = whis_cli_connect (TRUE, &status);
  entry = service != NULL ? whis_cli_history_get (service, argv[1], &status) : NULL;
  if (entry == NULL)
    return status;
  if (versions && !json)
    return print_versions (entry);
  if (!json)
    return print_version (entry, (guint) number);

  line = whis_cli_history_to_json (entry);

  return whis_cli_print_text (line) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

static guint
get_last_version (GVariant *entry)
{
  g_autoptr (GVariant) versions =
      g_variant_lookup_value (entry, "versions", G_VARIANT_TYPE ("aa{sv}"));
  gsize n = versions != NULL ? g_variant_n_children (versions) : 0;
  g_autoptr (GVariant) last = n > 0 ? g_variant_get_child_value (versions, n - 1) : NULL;
  guint number = 0;

  if (last != NULL)
    g_variant_lookup (last, "number", "u", &number);

  return number;
}

static gboolean
parse_version (const char *word, guint *number)
{
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (word, 10, 0, G_MAXUINT, &value, NULL))
    return FALSE;
  *number = (guint) value;

  return TRUE;
}

/* As diff(1): 0 for the same, 1 for different, 2 for trouble, of whatever kind. */
static int
cli_history_show_diff (GVariant *entry, int argc, char **argv)
{
  guint one = 0, other = get_last_version (entry);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *marked = NULL;
  gboolean differs;

  if ((argc > 2 && !parse_version (argv[2], &one))
      || (argc > 3 && !parse_version (argv[3], &other)))
    return whis_cli_usage (_ ("A version is a number; “whis history show --versions” lists them."));
  before = whis_cli_history_dup_version (entry, one);
  after = before != NULL ? whis_cli_history_dup_version (entry, other) : NULL;
  if (after == NULL)
    return WHIS_EXIT_USAGE;

  differs = whis_marked_diff (before, after, &marked);
  if (cli_history_show_print (marked) != WHIS_EXIT_OK)
    return WHIS_EXIT_USAGE;

  return differs ? WHIS_EXIT_FAILED : WHIS_EXIT_OK;
}

/**
 * whis_cli_history_diff:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history diff`: what differs between two versions of a text, word by word.
 *
 * Returns: the exit status: 0 if they are the same, 1 if they differ, 2 for trouble
 */
int
whis_cli_history_diff (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) entry = NULL;
  int status = WHIS_EXIT_OK;

  if (!whis_cli_parse ("history diff", NULL, &argc, &argv, &status))
    return status;
  if (argc < 2 || argc > 4)
    return whis_cli_usage (_ ("“history diff” needs an id, and may name two versions."));
  service = whis_cli_connect (TRUE, &status);
  entry = service != NULL ? whis_cli_history_get (service, argv[1], &status) : NULL;
  if (entry == NULL)
    return WHIS_EXIT_USAGE;

  return cli_history_show_diff (entry, argc, argv);
}
