/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "cli-follow.h"
#include "cli-output.h"
#include "cli-service.h"

static const WhisCliBinding no_more[] = { { NULL } };

static int
cli_history_again_follow (WhisCliFollow *follower, const char *id)
{
  int status = whis_cli_follow_run (follower, id);
  g_autofree char *line = NULL;

  if (whis_cli_follow_get_text (follower) == NULL)
    return status;
  line = g_strconcat (whis_cli_follow_get_text (follower), "\n", NULL);

  return whis_cli_print_text (line) ? status : WHIS_EXIT_FAILED;
}

/**
 * whis_cli_history_retry:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history retry`: finishes a dictation that waits, was interrupted, failed or was cancelled.
 *
 * Returns: the exit status
 */
int
whis_cli_history_retry (int argc, char **argv)
{
  g_autoptr (GVariant) choice = NULL;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (WhisCliFollow) follower = NULL;
  g_autofree char *id = NULL;
  g_autofree char *resumed = NULL;
  g_autoptr (GError) error = NULL;
  int status = WHIS_EXIT_OK;

  choice = whis_cli_parse_choice ("history retry", no_more, &argc, &argv, &status);
  if (choice == NULL)
    return status;
  if (argc > 2)
    return whis_cli_usage (_ ("“history retry” takes one id, or none for the newest."));
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  id = argc > 1 ? whis_cli_history_find (service, argv[1], &status) : g_strdup ("");
  if (id == NULL)
    return status;

  follower = whis_cli_follow_new (service);
  if (!whis_bus_whis1_call_resume_sync (service, id, choice, &resumed, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return cli_history_again_follow (follower, resumed);
}

/**
 * whis_cli_history_again:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history again`: transcribes a sound once more, with another service or model.
 *
 * Returns: the exit status
 */
int
whis_cli_history_again (int argc, char **argv)
{
  g_autoptr (GVariant) choice = NULL;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (WhisCliFollow) follower = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  int status = WHIS_EXIT_OK;

  choice = whis_cli_parse_choice ("history again", no_more, &argc, &argv, &status);
  if (choice == NULL)
    return status;
  if (argc != 2 || !g_variant_lookup (choice, "provider", "&s", NULL))
    return whis_cli_usage (_ ("“history again” needs an id and --provider; “whis providers” lists "
                              "the services."));
  service = whis_cli_connect (TRUE, &status);
  id = service != NULL ? whis_cli_history_find (service, argv[1], &status) : NULL;
  if (id == NULL)
    return status;

  follower = whis_cli_follow_new (service);
  if (!whis_bus_whis1_call_transcribe_again_sync (service, id, choice, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return cli_history_again_follow (follower, id);
}
