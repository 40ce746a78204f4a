/* SPDX-License-Identifier: MIT */
#include "cli-progress.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-job.h"
#include "cli-terminal.h"

#define BAR_WIDTH 30

/* Before that much time, and that much of the sound, nobody can tell how long the rest takes. */
#define SETTLED_US (5 * G_USEC_PER_SEC)
#define SETTLED_SHARE 0.02

/**
 * WhisCliProgress:
 *
 * One bar for all files, on a terminal. Elsewhere it does nothing.
 */
struct _WhisCliProgress
{
  GPtrArray *jobs;
  gboolean on_terminal;
  gint64 begun_at; /* monotonic time of the first progress, or 0 */
  guint64 begun;
  char *shown; /* what is on the terminal */
};

/**
 * whis_cli_progress_new:
 * @jobs: (element-type WhisCliJob): what is transcribed
 *
 * Returns: (transfer full): a bar that is not shown yet
 */
WhisCliProgress *
whis_cli_progress_new (GPtrArray *jobs)
{
  WhisCliProgress *self = g_new0 (WhisCliProgress, 1);

  self->jobs = g_ptr_array_ref (jobs);
  self->on_terminal = isatty (STDERR_FILENO);

  return self;
}

void
whis_cli_progress_free (WhisCliProgress *self)
{
  g_ptr_array_unref (self->jobs);
  g_free (self->shown);
  g_free (self);
}

/* What is known of all files together. */
typedef struct
{
  guint n_ended;
  double share;  /* of all files; each counts the same, since the length of most is unknown */
  guint64 done;  /* of sound */
  guint64 total; /* of sound, as far as it is known */
  gboolean total_known;
} Sum;

static void
add_job (Sum *sum, const WhisCliJob *job)
{
  guint64 done = job->ended ? job->total : MIN (job->done, job->total);

  sum->n_ended += job->ended;
  if (job->ended)
    sum->share += 1;
  else if (job->total > 0)
    sum->share += (double) done / (double) job->total;
  sum->done += done;
  sum->total += job->total;
  sum->total_known = sum->total_known && (job->ended || job->total > 0);
}

static Sum
add_up (const WhisCliProgress *self)
{
  Sum sum = { .total_known = TRUE };

  for (guint i = 0; i < self->jobs->len; i++)
    add_job (&sum, g_ptr_array_index (self->jobs, i));
  sum.share /= MAX (self->jobs->len, 1);

  return sum;
}

/* Only where it can be known: how long all files are, and how fast it goes. */
static char *
describe_rest (WhisCliProgress *self, const Sum *sum)
{
  gint64 now = g_get_monotonic_time ();
  guint64 done = sum->done > self->begun ? sum->done - self->begun : 0;
  double seconds;
  guint left;

  if (self->begun_at == 0)
    {
      self->begun_at = now;
      self->begun = sum->done;
    }
  if (!sum->total_known || now - self->begun_at < SETTLED_US
      || (double) done < SETTLED_SHARE * (double) sum->total)
    return g_strdup ("");

  seconds = (double) (now - self->begun_at) / G_USEC_PER_SEC;
  left = (guint) (seconds * (double) (sum->total - sum->done) / (double) done) + 1;
  if (left <= 90)
    return g_strdup_printf (_ (", about %u s left"), left);

  return g_strdup_printf (_ (", about %u min left"), (left + 59) / 60);
}

static char *
cli_progress_describe (WhisCliProgress *self, const Sum *sum)
{
  g_autofree char *rest = describe_rest (self, sum);
  guint percent = (guint) (sum->share * 100);

  if (self->jobs->len > 1)
    return g_strdup_printf (_ ("%u of %u files, %u %%%s"), sum->n_ended, self->jobs->len, percent,
                            rest);
  if (sum->total_known)
    return g_strdup_printf ("%3u %%%s", percent, rest);

  return g_strdup_printf ("%u s", (guint) (sum->done / 1000));
}

static char *
cli_progress_draw (WhisCliProgress *self)
{
  Sum sum = add_up (self);
  g_autofree char *words = cli_progress_describe (self, &sum);
  char bar[BAR_WIDTH + 1] = { 0 };

  for (int i = 0; i < BAR_WIDTH; i++)
    bar[i] = i < (int) (sum.share * BAR_WIDTH) ? '#' : '-';

  return g_strdup_printf ("[%s] %s", bar, words);
}

/**
 * whis_cli_progress_show:
 * @self: a bar
 *
 * Draws the bar as it is now.
 */
void
whis_cli_progress_show (WhisCliProgress *self)
{
  g_autofree char *line = NULL;

  g_return_if_fail (self != NULL);

  if (!self->on_terminal)
    return;

  line = cli_progress_draw (self);
  if (g_strcmp0 (line, self->shown) == 0)
    return;
  whis_cli_terminal_clear_line ();
  g_printerr ("%s", line);
  g_free (self->shown);
  self->shown = g_steal_pointer (&line);
}

/**
 * whis_cli_progress_hide:
 * @self: a bar
 *
 * Clears the line, for something else to be written.
 */
void
whis_cli_progress_hide (WhisCliProgress *self)
{
  g_return_if_fail (self != NULL);

  if (self->shown != NULL)
    whis_cli_terminal_clear_line ();
  g_clear_pointer (&self->shown, g_free);
}
