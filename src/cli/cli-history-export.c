/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "cli-output.h"
#include "cli-parse.h"
#include "cli-service.h"

typedef enum
{
  FORMAT_TEXT,
  FORMAT_JSON,
  FORMAT_AUDIO,
  FORMAT_SRT,
  FORMAT_VTT,
} Format;

static const char *const formats[] = { "text", "json", "audio", "srt", "vtt" };

/* `whis history export`: where it goes, and what. */
typedef struct
{
  WhisBusWhis1 *service;
  Format format;
  const char *path; /* NULL for standard output */
  gboolean force;
  gboolean many; /* as an array of JSON, or as texts with a line between */
  guint n_written;
  WhisCliFile output;
} Export;

static gboolean
parse_format (const char *word, Format *format)
{
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (word, formats[i]))
      {
        *format = (Format) i;
        return TRUE;
      }

  return word == NULL;
}

static gboolean
cli_history_export_complain (const Export *export, int problem)
{
  g_autofree char *name =
      export->path != NULL ? g_filename_display_name (export->path) : g_strdup (_ ("The output"));

  if (problem == EEXIST)
    g_printerr (_ ("whis: %s is there already, and was left alone; --force replaces it.\n"), name);
  else
    g_printerr (_ ("whis: %s cannot be written (%s).\n"), name, g_strerror (problem));

  return FALSE;
}

/* A file that is replaced is there until the new one is whole. */
static gboolean
open_output (Export *export)
{
  if (export->path == NULL)
    export->output.fd = STDOUT_FILENO;
  else if (export->force)
    whis_cli_file_open (&export->output, export->path, 0600);
  else
    export->output.fd = open (export->path, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0600);

  return export->output.fd >= 0 || cli_history_export_complain (export, errno);
}

static gboolean
close_output (Export *export, gboolean is_whole)
{
  if (export->path == NULL || whis_cli_file_close (&export->output, is_whole))
    return is_whole;
  if (is_whole)
    cli_history_export_complain (export, errno);
  if (!export->force)
    unlink (export->path);

  return FALSE;
}

static gboolean
write_bytes (const Export *export, const char *bytes, gsize size)
{
  while (size > 0)
    {
      gssize written = write (export->output.fd, bytes, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return cli_history_export_complain (export, errno);
      bytes += written;
      size -= (gsize) written;
    }

  return TRUE;
}

static gboolean
write_string (const Export *export, const char *text)
{
  return write_bytes (export, text, strlen (text));
}

static gboolean
copy_sound (const Export *export, int sound)
{
  char buffer[65536];
  gssize size;

  while ((size = read (sound, buffer, sizeof buffer)) != 0)
    {
      if (size < 0 && errno == EINTR)
        continue;
      if (size < 0)
        return cli_history_export_complain (export, errno);
      if (!write_bytes (export, buffer, (gsize) size))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_sound (const Export *export, const char *id)
{
  g_autoptr (GVariant) handle = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GError) error = NULL;
  gboolean written;
  int sound = -1;

  if (whis_bus_whis1_call_open_sound_sync (export->service, id, NULL, &handle, &fds, NULL, &error)
      && fds != NULL)
    sound = g_unix_fd_list_get (fds, g_variant_get_handle (handle), &error);
  if (sound < 0)
    {
      if (error != NULL)
        whis_cli_report (g_steal_pointer (&error));
      return FALSE;
    }

  written = copy_sound (export, sound);
  close (sound);

  return written;
}

static gboolean
write_json (const Export *export, GVariant *entry)
{
  g_autofree char *line = whis_cli_history_to_json (entry);
  const char *before = "";

  if (export->many)
    {
      before = export->n_written == 0 ? "[" : ",";
      g_strchomp (line);
    }

  return write_string (export, before) && write_string (export, line);
}

static gboolean
write_text (const Export *export, GVariant *entry)
{
  g_autofree char *text = whis_cli_history_dup_string (entry, "text");

  return (export->n_written == 0 || write_string (export, "\n")) && write_string (export, text)
         && write_string (export, "\n");
}

static gboolean
write_subtitles (const Export *export, const char *id)
{
  g_autofree char *document = NULL;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_call_get_document_sync (export->service, id, formats[export->format],
                                             &document, NULL, &error))
    return write_string (export, document);

  whis_cli_report (g_steal_pointer (&error));

  return FALSE;
}

static gboolean
write_entry (Export *export, const char *id)
{
  g_autoptr (GVariant) entry = NULL;
  g_autoptr (GError) error = NULL;
  gboolean written;

  if (export->format == FORMAT_AUDIO)
    return write_sound (export, id);
  if (export->format == FORMAT_SRT || export->format == FORMAT_VTT)
    return write_subtitles (export, id);
  if (!whis_bus_whis1_call_get_history_entry_sync (export->service, id, &entry, NULL, &error))
    {
      whis_cli_report (g_steal_pointer (&error));
      return FALSE;
    }

  written = export->format == FORMAT_JSON ? write_json (export, entry) : write_text (export, entry);
  export->n_written++;

  return written;
}

static gboolean
write_entries (Export *export, GPtrArray *ids)
{
  gboolean array = export->many && export->format == FORMAT_JSON;

  for (guint i = 0; i < ids->len; i++)
    if (!write_entry (export, g_ptr_array_index (ids, i)))
      return FALSE;

  return !array || write_string (export, export->n_written == 0 ? "[]\n" : "]\n");
}

static gboolean
add_id (GVariant *entry, gpointer data)
{
  g_ptr_array_add (data, whis_cli_history_dup_string (entry, "id"));

  return TRUE;
}

static gboolean
add_named (WhisBusWhis1 *service, char **names, GPtrArray *ids, int *status)
{
  for (; *names != NULL; names++)
    {
      char *id = whis_cli_history_find (service, *names, status);

      if (id == NULL)
        return FALSE;
      g_ptr_array_add (ids, id);
    }

  return TRUE;
}

static int
cli_history_export_run (Export *export, char **names)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  int status = WHIS_EXIT_OK;
  gboolean found;

  export->service = whis_cli_connect (TRUE, &status);
  if (export->service == NULL)
    return status;
  found = *names != NULL ? add_named (export->service, names, ids, &status)
                         : whis_cli_history_foreach (export->service, NULL, G_MAXUINT, add_id, ids,
                                                     NULL, &status);
  if (found)
    status = open_output (export) && close_output (export, write_entries (export, ids))
                 ? WHIS_EXIT_OK
                 : WHIS_EXIT_FAILED;
  g_object_unref (export->service);

  return status;
}

/**
 * whis_cli_history_export:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history export`: writes texts, whole entries, subtitles or a sound to a file or standard
 * output.
 *
 * Returns: the exit status
 */
int
whis_cli_history_export (int argc, char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *path = NULL;
  gboolean all = FALSE;
  Export export = { 0 };
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = {
    { "format", &format },
    { "output", &path },
    { "force", &export.force },
    { "all", &all },
    { NULL },
  };

  if (!whis_cli_parse ("history export", bindings, &argc, &argv, &status))
    return status;
  if (!parse_format (format, &export.format))
    g_return_val_if_reached (WHIS_EXIT_USAGE);
  if (all == (argc > 1))
    return whis_cli_usage (_ ("“history export” needs ids, or --all."));
  if (export.format == FORMAT_AUDIO && (all || argc != 2))
    return whis_cli_usage (_ ("The sound of one dictation at a time can be exported."));
  if ((export.format == FORMAT_SRT || export.format == FORMAT_VTT) && (all || argc != 2))
    return whis_cli_usage (_ ("The subtitles of one dictation at a time can be exported."));
  if (path != NULL && !g_str_equal (path, "-"))
    export.path = path;
  if (export.format == FORMAT_AUDIO && export.path == NULL && isatty (STDOUT_FILENO))
    return whis_cli_usage (_ ("A terminal is no place for sound; name a file with --output."));
  export.many = all || argc > 2;

  return cli_history_export_run (&export, argv + 1);
}
