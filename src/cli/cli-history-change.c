/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-parse.h"
#include "cli-service.h"

/* The service and the id that a command with one id is about. */
static WhisBusWhis1 *
connect_for_one (int argc, char **argv, char **id, int *status)
{
  g_autoptr (WhisBusWhis1) service = NULL;

  if (argc != 2)
    {
      *status =
          whis_cli_usage (_ ("“history %s” needs one id; “whis history” lists them."), argv[0]);
      return NULL;
    }

  service = whis_cli_connect (TRUE, status);
  *id = service != NULL ? whis_cli_history_find (service, argv[1], status) : NULL;

  return *id != NULL ? g_steal_pointer (&service) : NULL;
}

/**
 * whis_cli_history_copy:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history copy`: puts a text on the clipboard again.
 *
 * Returns: the exit status
 */
int
whis_cli_history_copy (int argc, char **argv)
{
  int version = 0;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = { { "version", &version }, { NULL } };

  if (!whis_cli_parse ("history copy", bindings, &argc, &argv, &status))
    return status;
  service = connect_for_one (argc, argv, &id, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_copy_history_entry_sync (service, id, (guint) MAX (version, 0), NULL,
                                                    &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

static int
set_marked (const char *path, gboolean marked, int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  int status = WHIS_EXIT_OK;

  if (!whis_cli_parse (path, NULL, &argc, &argv, &status))
    return status;
  service = connect_for_one (argc, argv, &id, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_mark_history_entry_sync (service, id, marked, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

int
whis_cli_history_mark (int argc, char **argv)
{
  return set_marked ("history mark", TRUE, argc, argv);
}

int
whis_cli_history_unmark (int argc, char **argv)
{
  return set_marked ("history unmark", FALSE, argc, argv);
}

static gboolean
may_delete (guint n)
{
  char answer[16] = "";

  g_printerr (ngettext ("Delete %u dictation with its text and sound? [y/N] ",
                        "Delete %u dictations with their texts and sound? [y/N] ", n),
              n);
  if (fgets (answer, sizeof answer, stdin) == NULL)
    return FALSE;

  return g_ascii_tolower (*answer) == 'y';
}

static GPtrArray *
find_all (WhisBusWhis1 *service, char **names, int *status)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (; *names != NULL; names++)
    {
      char *id = whis_cli_history_find (service, *names, status);

      if (id == NULL)
        return NULL;
      g_ptr_array_add (ids, id);
    }
  g_ptr_array_add (ids, NULL);

  return g_steal_pointer (&ids);
}

/**
 * whis_cli_history_delete:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history delete`: deletes entries, after asking.
 *
 * Returns: the exit status
 */
int
whis_cli_history_delete (int argc, char **argv)
{
  gboolean yes = FALSE;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = { { "yes", &yes }, { NULL } };

  if (!whis_cli_parse ("history delete", bindings, &argc, &argv, &status))
    return status;
  if (argc < 2)
    return whis_cli_usage (_ ("“history delete” needs an id; “whis history” lists them."));
  if (!yes && !isatty (STDIN_FILENO))
    return whis_cli_usage (_ ("Nothing was deleted: without a terminal to ask, “history delete” "
                              "needs --yes."));
  service = whis_cli_connect (TRUE, &status);
  ids = service != NULL ? find_all (service, argv + 1, &status) : NULL;
  if (ids == NULL)
    return status;
  if (!yes && !may_delete (ids->len - 1))
    return WHIS_EXIT_CANCELLED;
  if (!whis_bus_whis1_call_delete_history_entries_sync (service, (const char *const *) ids->pdata,
                                                        NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/* A sound that is played, seen from the terminal. */
typedef struct
{
  GMainLoop *loop;
  WhisBusWhis1 *service;
  const char *id;
  int status;
} Playing;

static void
playing_cb (Playing *playing)
{
  if (g_strcmp0 (whis_bus_whis1_get_playing (playing->service), playing->id) != 0)
    g_main_loop_quit (playing->loop);
}

static void
warning_cb (Playing *playing, const char *id, const char *message)
{
  if (!g_str_equal (id, playing->id))
    return;

  g_printerr ("whis: %s\n", message);
  playing->status = WHIS_EXIT_FAILED;
}

static gboolean
interrupted_cb (gpointer user_data)
{
  Playing *playing = user_data;

  whis_bus_whis1_call_play_sound_sync (playing->service, "", NULL, NULL);
  playing->status = WHIS_EXIT_CANCELLED;
  g_main_loop_quit (playing->loop);

  return G_SOURCE_CONTINUE;
}

static int
wait_for_end (WhisBusWhis1 *service, const char *id)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Playing playing = { loop, service, id, WHIS_EXIT_OK };
  /* Before the call: whoever hears the first sound may press Ctrl+C at once. */
  guint interrupt = g_unix_signal_add (SIGINT, interrupted_cb, &playing);
  guint terminate = g_unix_signal_add (SIGTERM, interrupted_cb, &playing);

  g_signal_connect_swapped (service, "warning", G_CALLBACK (warning_cb), &playing);
  if (whis_bus_whis1_call_play_sound_sync (service, id, NULL, &error))
    {
      /* The properties of before the call come first. */
      g_signal_connect_swapped (service, "notify::playing", G_CALLBACK (playing_cb), &playing);
      g_signal_connect_swapped (service, "notify::g-name-owner", G_CALLBACK (g_main_loop_quit),
                                loop);
      g_main_loop_run (loop);
    }
  else
    playing.status = whis_cli_report (g_steal_pointer (&error));
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_signal_handlers_disconnect_by_data (service, &playing);
  g_signal_handlers_disconnect_by_data (service, loop);

  return playing.status;
}

/**
 * whis_cli_history_play:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history play`: plays a sound to its end, or until Ctrl+C.
 *
 * Returns: the exit status
 */
int
whis_cli_history_play (int argc, char **argv)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autofree char *id = NULL;
  int status = WHIS_EXIT_OK;

  if (!whis_cli_parse ("history play", NULL, &argc, &argv, &status))
    return status;
  service = connect_for_one (argc, argv, &id, &status);

  return service != NULL ? wait_for_end (service, id) : status;
}
