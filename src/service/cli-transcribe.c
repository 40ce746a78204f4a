/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli-follow.h"
#include "cli-output.h"
#include "cli-service.h"

#define BAR_WIDTH 30

/* `whis transcribe`: files into text. */
typedef struct
{
  WhisBusWhis1 *service;
  GVariant *options;
  gboolean json;
  GString *output;
  gboolean shows_bar;
} Run;

static void
progress_cb (WhisCliFollow *follower, guint64 done, guint64 total, gpointer user_data)
{
  int filled = total > 0 ? (int) (done * BAR_WIDTH / total) : 0;

  g_printerr ("\r\033[K[");
  for (int i = 0; i < BAR_WIDTH; i++)
    g_printerr ("%s", i < filled ? "#" : "-");
  if (total > 0)
    g_printerr ("] %3u %%", (guint) (done * 100 / total));
  else
    g_printerr ("] %u s", (guint) (done / 1000));
}

/* For one line on a terminal: a name may have newlines in it, and worse. */
static char *
display_name (const char *path)
{
  char *name = g_filename_display_name (path);

  for (char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';

  return name;
}

static int
open_file (const char *path)
{
  g_autofree char *name = display_name (path);
  struct stat status;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 || fstat (fd, &status) != 0)
    {
      g_printerr (_ ("whis: %s cannot be read: %s.\n"), name, g_strerror (errno));
      return -1;
    }
  if (S_ISDIR (status.st_mode))
    {
      g_printerr (_ ("whis: %s is a directory; name the files in it.\n"), name);
      close (fd);
      return -1;
    }
  (void) fcntl (fd, F_SETFL, 0);

  return fd;
}

static char *
send_file (Run *run, const char *path, GError **error)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autofree char *name = g_filename_display_basename (path);
  char *id = NULL;
  int fd = open_file (path);
  int handle;

  if (fd < 0)
    return NULL;

  handle = g_unix_fd_list_append (fds, fd, error);
  close (fd);
  if (handle < 0)
    return NULL;
  whis_bus_whis1_call_transcribe_file_sync (run->service, g_variant_new_handle (handle), name,
                                            run->options, fds, &id, NULL, NULL, error);

  return id;
}

static void
add_json (Run *run, const char *path, const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *line = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "file");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, text);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  line = json_to_string (root, FALSE);
  g_string_append_printf (run->output, "%s\n", line);
}

static int
transcribe_file (Run *run, const char *path)
{
  g_autoptr (WhisCliFollow) follower = whis_cli_follow_new (run->service);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  int status;

  if (run->shows_bar)
    g_signal_connect (follower, "progress", G_CALLBACK (progress_cb), NULL);
  id = send_file (run, path, &error);
  if (id == NULL)
    return error != NULL ? whis_cli_report (g_steal_pointer (&error)) : WHIS_EXIT_FAILED;

  status = whis_cli_follow_run (follower, id);
  if (run->shows_bar)
    g_printerr ("\r\033[K");
  if (whis_cli_follow_get_text (follower) == NULL)
    return status;
  if (run->json)
    add_json (run, path, whis_cli_follow_get_text (follower));
  else
    g_string_append_printf (run->output, "%s\n", whis_cli_follow_get_text (follower));

  return status;
}

/* Standard output gets each text as soon as it is there, a file gets all of them at the end. */
static int
transcribe_files (Run *run, char **paths, const char *output_path)
{
  int status = WHIS_EXIT_OK;

  for (; *paths != NULL && status != WHIS_EXIT_CANCELLED && status != WHIS_EXIT_NO_SERVICE; paths++)
    {
      int file_status = transcribe_file (run, *paths);

      status = file_status != WHIS_EXIT_OK ? file_status : status;
      if (output_path == NULL)
        {
          /* The texts of the other files would have no place to go either. */
          if (!whis_cli_print_text (run->output->str))
            return WHIS_EXIT_FAILED;
          g_string_truncate (run->output, 0);
        }
    }

  if (output_path != NULL && run->output->len > 0
      && !whis_cli_write_text (output_path, run->output->str))
    {
      whis_cli_print_text (run->output->str);
      return WHIS_EXIT_FAILED;
    }

  return status;
}

/**
 * whis_cli_transcribe:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis transcribe`: transcribes files one after the other.
 *
 * Returns: the exit status
 */
int
whis_cli_transcribe (int argc, char **argv)
{
  g_autofree char *output_path = NULL;
  g_autoptr (GVariant) options = NULL;
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (WhisBusWhis1) service = NULL;
  gboolean json = FALSE;
  int status = WHIS_EXIT_OK;
  const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output_path,
                                     N_ ("Write the text to this file"), N_ ("FILE") },
                                   { "json", 'j', 0, G_OPTION_ARG_NONE, &json,
                                     N_ ("Print a line of JSON for each file"), NULL },
                                   { NULL } };
  Run run = { 0 };

  options = whis_cli_parse_start_options (&argc, &argv, entries, _ ("FILE…"), &status);
  if (options == NULL)
    return status;
  if (argc < 2)
    return whis_cli_usage (_ ("“transcribe” needs a file."));

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  run.service = service;
  run.options = options;
  run.json = json;
  run.output = output;
  run.shows_bar = isatty (STDERR_FILENO);

  return transcribe_files (&run, argv + 1, output_path);
}
