/* SPDX-License-Identifier: MIT */
#include "cli-outputs.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli-job.h"

/**
 * whis_cli_outputs_is_directory:
 * @path: what the user wrote
 *
 * Returns: whether a directory is meant: it is one, or has a slash at its end
 */
gboolean
whis_cli_outputs_is_directory (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return g_str_has_suffix (path, "/") || g_file_test (path, G_FILE_TEST_IS_DIR);
}

/* The name of the file with another ending. */
static char *
dup_output (const WhisCliJob *job, const char *directory, const char *ending)
{
  g_autofree char *base = g_str_equal (job->path, WHIS_CLI_STDIN) ? g_strdup ("stdin")
                                                                  : g_path_get_basename (job->path);
  g_autofree char *name = NULL;
  char *dot = strrchr (base, '.');

  if (dot != NULL && dot != base)
    *dot = '\0';
  name = g_strconcat (base, ".", ending, NULL);

  return g_build_filename (directory, name, NULL);
}

/* What a regular file is known by, whatever its path. */
static char *
dup_identity (const char *path)
{
  struct stat status;

  if (stat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return NULL;

  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) status.st_dev,
                          (guint64) status.st_ino);
}

static GHashTable *
collect_inputs (GPtrArray *jobs)
{
  GHashTable *inputs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < jobs->len; i++)
    {
      const WhisCliJob *job = g_ptr_array_index (jobs, i);
      char *identity = dup_identity (job->path);

      if (identity != NULL)
        g_hash_table_add (inputs, identity);
    }

  return inputs;
}

static gboolean
is_input (GHashTable *inputs, const char *output)
{
  g_autofree char *identity = dup_identity (output);
  g_autofree char *name = NULL;

  if (identity == NULL || !g_hash_table_contains (inputs, identity))
    return FALSE;

  name = whis_cli_display_name (output);
  whis_cli_usage (_ ("%s is to be transcribed, and would be overwritten; write to another place."),
                  name);

  return TRUE;
}

/* Two files that would be written to the same place. */
static WhisExit
refuse_clash (const WhisCliJob *first, const WhisCliJob *second)
{
  g_autofree char *one = whis_cli_display_name (first->path);
  g_autofree char *other = whis_cli_display_name (second->path);
  g_autofree char *output = whis_cli_display_name (second->output);

  return whis_cli_usage (_ ("%s and %s would both be written to %s; transcribe them one after the "
                            "other, to different places."),
                         one, other, output);
}

static WhisExit
plan_names (GPtrArray *jobs, GHashTable *inputs, const char *directory, const char *ending)
{
  g_autoptr (GHashTable) outputs = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < jobs->len; i++)
    {
      WhisCliJob *job = g_ptr_array_index (jobs, i);
      const WhisCliJob *other;

      job->output = dup_output (job, directory, ending);
      other = g_hash_table_lookup (outputs, job->output);
      if (other != NULL)
        return refuse_clash (other, job);
      if (is_input (inputs, job->output))
        return WHIS_EXIT_USAGE;
      g_hash_table_insert (outputs, job->output, job);
    }

  return WHIS_EXIT_OK;
}

static WhisExit
create_directory (const char *path)
{
  g_autofree char *name = whis_cli_display_name (path);

  if (g_mkdir_with_parents (path, 0777) == 0)
    return WHIS_EXIT_OK;

  g_printerr (_ ("whis: There can be no directory %s for the texts (%s).\n"), name,
              g_strerror (errno));

  return WHIS_EXIT_FAILED;
}

/**
 * whis_cli_outputs_plan:
 * @jobs: (element-type WhisCliJob): what to transcribe
 * @path: where it goes
 * @directory: whether each job has a file of its own in the directory @path
 * @ending: how their names end, without a dot
 *
 * Says for each job where its document goes, before anything is sent: nothing that is to be
 * transcribed is overwritten, and no two documents go to the same place.
 *
 * Returns: %WHIS_EXIT_OK, or another status after a sentence on standard error
 */
WhisExit
whis_cli_outputs_plan (GPtrArray *jobs, const char *path, gboolean directory, const char *ending)
{
  g_autoptr (GHashTable) inputs = NULL;
  WhisExit status;

  g_return_val_if_fail (jobs != NULL, WHIS_EXIT_FAILED);
  g_return_val_if_fail (path != NULL, WHIS_EXIT_FAILED);

  inputs = collect_inputs (jobs);
  if (!directory)
    return is_input (inputs, path) ? WHIS_EXIT_USAGE : WHIS_EXIT_OK;

  status = plan_names (jobs, inputs, path, ending);

  return status == WHIS_EXIT_OK ? create_directory (path) : status;
}
