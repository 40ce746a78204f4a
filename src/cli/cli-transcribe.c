/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-batch.h"
#include "cli-model.h"
#include "cli-output.h"
#include "cli-outputs.h"
#include "cli-progress.h"
#include "cli-service.h"
#include "document-format.h"
#include "settings.h"
#include "variant-json.h"

#define MAX_JOBS 64

/* `whis transcribe`: files into text. */
typedef struct
{
  WhisDocumentFormat format;
  gboolean json; /* a line of JSON for each file, instead of the format */
  char *output;
  int n_jobs;
  GPtrArray *jobs;
  WhisCliBatch *batch;
  WhisCliProgress *progress;
  GString *collected; /* what goes to the one output */
  gboolean broken;    /* the texts have no place to go */
} Run;

static void
run_clear (Run *self)
{
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_object (&self->batch);
  g_clear_pointer (&self->progress, whis_cli_progress_free);
  if (self->collected != NULL)
    g_string_free (g_steal_pointer (&self->collected), TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* --- what comes out --------------------------------------------------------------------------- */

static char *
dup_json_line (const WhisCliJob *job)
{
  g_autofree char *name = g_filename_display_name (job->path);
  g_autoptr (GVariant) object =
      g_variant_ref_sink (g_variant_new_parsed ("{'file': %s, 'text': %s}", name, job->document));
  g_autofree char *line = whis_variant_to_json (object);

  return g_strconcat (line, "\n", NULL);
}

static char *
dup_lines (const Run *self, const WhisCliJob *job)
{
  if (self->json)
    return dup_json_line (job);

  return g_strconcat (job->document, g_str_has_suffix (job->document, "\n") ? "" : "\n", NULL);
}

static void
cli_transcribe_print (Run *self, const char *lines)
{
  if (self->broken || whis_cli_print_text (lines))
    return;

  /* The texts of the other files would have no place to go either. */
  self->broken = TRUE;
  whis_cli_batch_cancel (self->batch);
}

static void
write_document (Run *self, WhisCliJob *job)
{
  g_autofree char *lines = dup_lines (self, job);

  if (job->output != NULL)
    {
      if (whis_cli_write_text (job->output, lines))
        return;
      job->status = WHIS_EXIT_FAILED;
    }
  else if (self->output != NULL)
    {
      g_string_append (self->collected, lines);
      return;
    }
  cli_transcribe_print (self, lines);
}

/* With many files it has to be said which one it is about, as those that cannot be opened do. */
static void
print_message (const Run *self, const WhisCliJob *job)
{
  g_autofree char *name = whis_cli_display_name (job->path);

  if (self->jobs->len == 1 || !job->started)
    g_printerr ("whis: %s\n", job->message);
  else
    g_printerr ("whis: %s: %s\n", name, job->message);
}

/* Who cancels all of them needs not be told of each. */
static gboolean
is_expected (const Run *self, const WhisCliJob *job)
{
  return job->status == WHIS_EXIT_CANCELLED && whis_cli_batch_is_cancelled (self->batch)
         && (self->jobs->len > 1 || self->broken);
}

static void
ended_cb (Run *self, WhisCliJob *job)
{
  whis_cli_progress_hide (self->progress);
  if (job->document != NULL)
    write_document (self, job);
  else if (job->message != NULL && !is_expected (self, job))
    print_message (self, job);
}

static void
warning_cb (Run *self, const char *message)
{
  whis_cli_progress_hide (self->progress);
  g_printerr ("whis: %s\n", message);
}

static void
print_summary (const Run *self)
{
  const char *parting = whis_cli_batch_get_parting (self->batch);
  guint n_cancelled = 0;

  for (guint i = 0; i < self->jobs->len; i++)
    n_cancelled +=
        ((WhisCliJob *) g_ptr_array_index (self->jobs, i))->status == WHIS_EXIT_CANCELLED;
  if (parting != NULL)
    g_printerr ("whis: %s\n", parting);
  else if (n_cancelled > 0 && whis_cli_batch_is_cancelled (self->batch) && self->jobs->len > 1
           && !self->broken)
    g_printerr (_ ("whis: Cancelled; %u of %u files have no text.\n"), n_cancelled,
                self->jobs->len);
}

/* --- the run ---------------------------------------------------------------------------------- */

static WhisExit
get_status (const Run *self)
{
  WhisExit status = WHIS_EXIT_OK;

  if (self->broken)
    return WHIS_EXIT_FAILED;
  for (guint i = 0; i < self->jobs->len; i++)
    {
      const WhisCliJob *job = g_ptr_array_index (self->jobs, i);

      if (job->status == WHIS_EXIT_CANCELLED && whis_cli_batch_is_cancelled (self->batch))
        return WHIS_EXIT_CANCELLED;
      status = job->status != WHIS_EXIT_OK ? job->status : status;
    }

  return status;
}

static gboolean
has_text (const Run *self)
{
  for (guint i = 0; i < self->jobs->len; i++)
    if (((WhisCliJob *) g_ptr_array_index (self->jobs, i))->status == WHIS_EXIT_OK)
      return TRUE;

  return FALSE;
}

static WhisExit
write_collected (Run *self)
{
  if (self->collected->len == 0 || whis_cli_write_text (self->output, self->collected->str))
    return WHIS_EXIT_OK;
  cli_transcribe_print (self, self->collected->str);

  return WHIS_EXIT_FAILED;
}

static WhisExit
cli_transcribe_run (Run *self, WhisBusWhis1 *service, GVariant *options)
{
  gboolean text = self->json || self->format == WHIS_DOCUMENT_TEXT;
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);
  g_autoptr (GVariant) all = NULL;
  WhisExit written;

  if (!text)
    {
      g_variant_dict_insert (&dict, "document", "b", TRUE);
      g_variant_dict_insert (&dict, "times", "b", TRUE);
    }
  all = g_variant_ref_sink (g_variant_dict_end (&dict));
  self->batch = whis_cli_batch_new (service, all, self->jobs, (guint) self->n_jobs,
                                    text ? NULL : whis_document_format_get_nick (self->format));
  self->progress = whis_cli_progress_new (self->jobs);
  self->collected = g_string_new (NULL);
  g_signal_connect_swapped (self->batch, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect_swapped (self->batch, "warning", G_CALLBACK (warning_cb), self);
  g_signal_connect_swapped (self->batch, "progress", G_CALLBACK (whis_cli_progress_show),
                            self->progress);
  whis_cli_batch_run (self->batch);
  whis_cli_progress_hide (self->progress);
  print_summary (self);
  written = write_collected (self);
  if (has_text (self))
    whis_cli_model_suggest (options);

  return written != WHIS_EXIT_OK ? written : get_status (self);
}

/* --- the arguments ---------------------------------------------------------------------------- */

static const char *
get_ending (const Run *self)
{
  if (self->json)
    return "json";

  return self->format == WHIS_DOCUMENT_TEXT ? "txt" : whis_document_format_get_nick (self->format);
}

static WhisExit
plan_outputs (Run *self)
{
  gboolean subtitles = self->format == WHIS_DOCUMENT_SRT || self->format == WHIS_DOCUMENT_VTT;
  gboolean many = self->jobs->len > 1;
  gboolean directory;
  WhisExit status;

  if (self->output == NULL && subtitles && many)
    return whis_cli_usage (_ ("Subtitles are one document for each file; name a directory for them "
                              "with --output."));
  if (self->output == NULL)
    return WHIS_EXIT_OK;

  directory =
      whis_cli_outputs_is_directory (self->output) || (many && self->format != WHIS_DOCUMENT_TEXT);
  status = whis_cli_outputs_plan (self->jobs, self->output, directory, get_ending (self));
  if (directory)
    g_clear_pointer (&self->output, g_free);

  return status;
}

static WhisExit
add_jobs (Run *self, char **paths)
{
  gboolean has_stdin = FALSE;

  if (*paths == NULL)
    return whis_cli_usage (_ ("“transcribe” needs a file."));

  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cli_job_free);
  for (; *paths != NULL; paths++)
    {
      gboolean is_stdin = g_str_equal (*paths, WHIS_CLI_STDIN);

      if (is_stdin && has_stdin)
        return whis_cli_usage (_ ("Standard input can be read once only."));
      has_stdin = has_stdin || is_stdin;
      g_ptr_array_add (self->jobs, whis_cli_job_new (*paths));
    }

  return WHIS_EXIT_OK;
}

static WhisExit
check_options (Run *self, const char *format)
{
  if (format != NULL && !whis_document_format_from_nick (format, &self->format))
    g_return_val_if_reached (WHIS_EXIT_USAGE);
  if (format != NULL && self->json)
    return whis_cli_usage (_ ("--json is a format of its own; leave --format out, or write "
                              "“--format json” alone."));
  if (self->n_jobs < 1 || self->n_jobs > MAX_JOBS)
    return whis_cli_usage (_ ("--jobs is a number from 1 to %d."), MAX_JOBS);

  return WHIS_EXIT_OK;
}

static guint
get_usual_jobs (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  return settings != NULL ? whis_settings_get_jobs (settings) : 1;
}

/**
 * whis_cli_transcribe:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis transcribe`: transcribes files, a few at a time.
 *
 * Returns: the exit status
 */
int
whis_cli_transcribe (int argc, char **argv)
{
  g_auto (Run) self = { .n_jobs = (int) get_usual_jobs () };
  g_autofree char *format = NULL;
  g_autoptr (GVariant) options = NULL;
  g_autoptr (WhisBusWhis1) service = NULL;
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = {
    { "format", &format },
    { "output", &self.output },
    { "jobs", &self.n_jobs },
    { "json", &self.json },
    { NULL },
  };

  options = whis_cli_parse_start_options ("transcribe", bindings, &argc, &argv, &status);
  if (options == NULL)
    return status;

  status = (int) check_options (&self, format);
  if (status == WHIS_EXIT_OK)
    status = (int) add_jobs (&self, argv + 1);
  if (status == WHIS_EXIT_OK)
    status = (int) plan_outputs (&self);
  if (status != WHIS_EXIT_OK)
    return status;

  service = whis_cli_connect (TRUE, &status);

  return service != NULL ? (int) cli_transcribe_run (&self, service, options) : status;
}
