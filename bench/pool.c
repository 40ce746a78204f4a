/* SPDX-License-Identifier: MIT */

/*
 * How close the pool comes to the time that cannot be avoided, ceil(chunks / limit) × latency.
 *
 *   pool --server PROGRAM [--chunks N] [--rounds N] [--latency MS]… [--limit N]…
 *
 * Uploads the same MP3, a chunk of the longest length, again and again: through WhisPool and its
 * backend, and with `curl --parallel --parallel-max`, in turn, to the same timed-server, which is a
 * process of its own. Medians of the rounds. Both begin without a connection; curl's time includes
 * its start as a process, which is the first column of the second table.
 *
 * Then the same through WhisPool alone to a server that has its moods, beside the ideal schedules
 * that schedule.c defines for the same moods.
 */

#include "pool.h"
#include "schedule.h"
#include "service-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define BUDGET 1.03
#define CHUNK_SECONDS "30"
#define SEED 20261124
#define SPEECH                                                                                     \
  "/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav"

static char *server_program;
static int n_chunks = 500;
static int n_rounds = 3;
static char **latencies;
static char **limits;

static const GOptionEntry options[] = {
  { "server", 0, 0, G_OPTION_ARG_FILENAME, &server_program, "The timed-server", "PROGRAM" },
  { "chunks", 0, 0, G_OPTION_ARG_INT, &n_chunks, "Uploads in a run", "N" },
  { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "Runs of which the median is taken", "N" },
  { "latency", 0, 0, G_OPTION_ARG_STRING_ARRAY, &latencies, "May be repeated", "MS" },
  { "limit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &limits, "May be repeated", "N" },
  { NULL },
};

static G_NORETURN void
give_up (const char *what, const GError *error)
{
  g_printerr ("pool: %s: %s\n", what, error != NULL ? error->message : "failed");
  exit (1);
}

/* The server */

typedef struct
{
  GSubprocess *process;
  char *url;
} Server;

static char *
read_line (GInputStream *stream)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stream);
  g_autoptr (GError) error = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  if (line == NULL)
    give_up ("the server does not start", error);

  return line;
}

static Server *
server_start (const char *latency, const char *seed)
{
  const char *const arguments[] = { server_program, latency, seed, NULL };
  g_autoptr (GError) error = NULL;
  Server *server = g_new0 (Server, 1);

  server->process = g_subprocess_newv (
      arguments, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (server->process == NULL)
    give_up (server_program, error);
  server->url = read_line (g_subprocess_get_stdout_pipe (server->process));

  return server;
}

static void
server_end (Server *server)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (server->process), NULL, NULL);
  g_subprocess_wait (server->process, NULL, NULL);
  g_object_unref (server->process);
  g_free (server->url);
  g_free (server);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *x = a;
  const double *y = b;

  return (*x > *y) - (*x < *y);
}

static double
get_median (GArray *values)
{
  g_array_sort (values, compare_doubles);

  return g_array_index (values, double, values->len / 2);
}

/* How long the server really kept its uploads, in milliseconds; forgets them. */
static double
server_measure_latency (Server *server, guint n_expected)
{
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *url = g_strconcat (server->url, "/log", NULL);
  const char *const arguments[] = { "curl", "-s", url, NULL };
  g_autofree char *output = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                     NULL, NULL, &error))
    give_up ("curl", error);
  lines = g_strsplit (g_strstrip (output), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *rest;
      gint64 received = g_ascii_strtoll (lines[i], &rest, 10);
      double ms = (double) (g_ascii_strtoll (rest, NULL, 10) - received) / 1000;

      g_array_append_val (kept, ms);
    }
  if (kept->len != n_expected)
    give_up ("not every chunk arrived at the server once", NULL);

  return get_median (kept);
}

/* What is measured */

/* Processor time of this process, or of those that it has waited for, in milliseconds. */
static double
get_processor_ms (int who)
{
  struct rusage usage;

  getrusage (who, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* With a server that has its moods, an upload may use up its tries. Whis then tries again later, as
 * is done here at once. */
typedef struct
{
  guint n_left;
  gboolean may_fail;
  guint n_failed;
} Run;

typedef struct
{
  Run *run;
  WhisSpeechRequest *request;
} Upload;

static void
did_transcribe (GObject *source, GAsyncResult *result, gpointer data)
{
  Upload *upload = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscription) transcription =
      whis_pool_transcribe_finish (WHIS_POOL (source), result, &error);

  if (transcription == NULL && !(upload->run->may_fail && whis_service_error_is_retryable (error)))
    give_up ("the pool", error);
  if (transcription == NULL)
    {
      upload->run->n_failed++;
      whis_pool_transcribe_async (WHIS_POOL (source), upload->request, NULL, did_transcribe,
                                  upload);
      return;
    }
  upload->run->n_left--;
  whis_speech_request_unref (upload->request);
  g_free (upload);
}

/* Returns how many used up their tries at first. */
static guint
upload_all (WhisPool *pool, const char *sound, gsize size, guint n, gboolean may_fail)
{
  Run run = { .n_left = n, .may_fail = may_fail };

  for (guint i = 0; i < n; i++)
    {
      Upload *upload = g_new0 (Upload, 1);

      upload->run = &run;
      upload->request = whis_speech_request_new (sound, 0, size, 30000);
      whis_pool_transcribe_async (pool, upload->request, NULL, did_transcribe, upload);
    }
  while (run.n_left > 0)
    g_main_context_iteration (NULL, TRUE);

  return run.n_failed;
}

static WhisPool *
make_pool (Server *server, guint limit)
{
  g_autofree char *address = g_strconcat (server->url, "/v1", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisBackend) backend =
      whis_backend_new (whis_provider_lookup ("custom"), address, NULL, &error);

  if (backend == NULL)
    give_up (address, error);

  return whis_pool_new (backend, limit);
}

static double
get_ms_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / 1000;
}

static double
time_pool (Server *server, const char *sound, gsize size, guint limit, guint *n_failed)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (WhisPool) pool = make_pool (server, limit);
  guint n = upload_all (pool, sound, size, (guint) n_chunks, n_failed != NULL);

  if (n_failed != NULL)
    *n_failed += n;

  return get_ms_since (start);
}

static double
time_curl (Server *server, const char *sound, guint n, guint limit)
{
  g_autofree char *most = g_strdup_printf ("%u", limit);
  g_autofree char *file = g_strdup_printf ("file=@%s;type=audio/mpeg", sound);
  g_autofree char *urls = g_strdup_printf ("%s/v1/audio/transcriptions?[1-%u]", server->url, n);
  const char *const arguments[] = {
    "curl",
    "--silent",
    "--fail",
    "--no-progress-meter",
    "--parallel",
    "--parallel-max",
    most,
    "--form",
    file,
    "--form",
    "model=whisper-1",
    "--form",
    "response_format=json",
    "--output",
    "/dev/null",
    urls,
    NULL,
  };
  /* where curl draws its progress, which --parallel does even when it is told not to */
  g_autofree char *progress = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  int status;

  if (!g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                     &progress, &status, &error)
      || !g_spawn_check_wait_status (status, &error))
    give_up ("curl", error);

  return get_ms_since (start);
}

/* One upload on a connection that is open already, the best of twenty. */
static double
time_alone (Server *server, const char *sound, gsize size)
{
  g_autoptr (WhisPool) pool = make_pool (server, 1);
  double best = G_MAXDOUBLE;

  upload_all (pool, sound, size, 1, FALSE);
  for (guint i = 0; i < 20; i++)
    {
      gint64 start = g_get_monotonic_time ();

      upload_all (pool, sound, size, 1, FALSE);
      best = MIN (best, get_ms_since (start));
    }
  server_measure_latency (server, 21);

  return best;
}

static void
compare (Server *server, const char *sound, gsize size, const char *latency, const char *limit)
{
  g_autoptr (GArray) pool = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) curl = g_array_new (FALSE, FALSE, sizeof (double));
  guint most = (guint) g_ascii_strtoull (limit, NULL, 10);
  guint n_waves = ((guint) n_chunks + most - 1) / most;
  double ideal = n_waves * g_ascii_strtod (latency, NULL);
  double pool_processor = -get_processor_ms (RUSAGE_SELF);
  double curl_processor = -get_processor_ms (RUSAGE_CHILDREN);
  double kept;
  double ratio;

  for (int i = 0; i < n_rounds; i++)
    {
      double ms = time_pool (server, sound, size, most, NULL);

      g_array_append_val (pool, ms);
      ms = time_curl (server, sound, (guint) n_chunks, most);
      g_array_append_val (curl, ms);
    }
  pool_processor += get_processor_ms (RUSAGE_SELF);
  curl_processor += get_processor_ms (RUSAGE_CHILDREN);
  kept = server_measure_latency (server, (guint) (2 * n_rounds * n_chunks));
  ratio = get_median (pool) / ideal;
  g_print ("| %s ms | %s | %.0f ms | %.0f ms | %.3f | %.0f ms | %.3f | %.2f ms | %.2f ms |"
           " %.2f ms | %s |\n",
           latency, limit, ideal, get_median (pool), ratio, get_median (curl),
           get_median (curl) / ideal, kept, pool_processor / n_rounds / n_chunks,
           curl_processor / n_rounds / n_chunks, ratio <= BUDGET ? "met" : "budget missed");
}

static char *
make_sound (const char *directory)
{
  char *path = g_build_filename (directory, "chunk.mp3", NULL);
  const char *const arguments[] = { "ffmpeg", "-v",   "error",       "-stream_loop", "-1", "-i",
                                    SPEECH,   "-t",   CHUNK_SECONDS, "-ac",          "1",  "-ar",
                                    "16000",  "-b:a", "32k",         path,           NULL };
  g_autoptr (GError) error = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                     &status, &error)
      || !g_spawn_check_wait_status (status, &error))
    give_up ("ffmpeg", error);

  return path;
}

static void
compare_all (const char *sound, gsize size)
{
  g_autoptr (GString) calibration = g_string_new (NULL);

  g_print ("Pool: %d uploads of %zu bytes (" CHUNK_SECONDS " s of speech), medians of %d\n\n"
           "| latency | limit | ideal | pool | over ideal | curl | over ideal |"
           " server kept an upload | processor per upload, pool | curl | budget %.2f |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
           n_chunks, size, n_rounds, BUDGET);
  for (guint i = 0; latencies[i] != NULL; i++)
    {
      Server *server = server_start (latencies[i], NULL);
      double alone = time_alone (server, sound, size);
      double curl = time_curl (server, sound, 1, 1);

      server_measure_latency (server, 1);
      g_string_append_printf (calibration, "| %s ms | %.2f ms | %.2f ms |\n", latencies[i], curl,
                              alone);
      for (guint j = 0; limits[j] != NULL; j++)
        compare (server, sound, size, latencies[i], limits[j]);
      server_end (server);
    }
  g_print ("\n| latency | one upload with curl, its start included |"
           " one upload through the pool, connected |\n| --- | --- | --- |\n%s",
           calibration->str);
}

/* Each run begins the sequence of moods anew, with a server of its own. */
static double
time_moods (const char *sound,
            gsize size,
            const char *latency,
            guint limit,
            guint32 seed,
            guint *n_failed)
{
  g_autofree char *number = g_strdup_printf ("%u", seed);
  Server *server = server_start (latency, number);
  double ms = time_pool (server, sound, size, limit, n_failed);

  server_end (server);

  return ms;
}

static void
compare_moods (const char *sound, gsize size, const char *latency, const char *limit)
{
  g_autoptr (GArray) pool = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) together = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) alone = g_array_new (FALSE, FALSE, sizeof (double));
  guint most = (guint) g_ascii_strtoull (limit, NULL, 10);
  double mean = g_ascii_strtod (latency, NULL);
  guint n_failed = 0;

  for (int i = 0; i < n_rounds; i++)
    {
      guint32 seed = SEED + (guint32) i;
      double ms = schedule_get_ideal_ms (seed, mean, (guint) n_chunks, most, SCHEDULE_TOGETHER);

      g_array_append_val (together, ms);
      ms = schedule_get_ideal_ms (seed, mean, (guint) n_chunks, most, SCHEDULE_ALONE);
      g_array_append_val (alone, ms);
      ms = time_moods (sound, size, latency, most, seed, &n_failed);
      g_array_append_val (pool, ms);
    }
  g_print ("| %s ms | %s | %.0f ms | %.0f ms | %.0f ms | %.3f | %.3f | %u |\n", latency, limit,
           get_median (together), get_median (alone), get_median (pool),
           get_median (pool) / get_median (together), get_median (pool) / get_median (alone),
           n_failed);
}

/* With the last of the latencies: most of the time goes into waiting, whatever the latency is. */
static void
compare_all_moods (const char *sound, gsize size)
{
  const char *latency = latencies[g_strv_length (latencies) - 1];

  g_print (
      "\nA server with moods: %d uploads, latencies of 0.5 to 1.5 times the mean, 5 %% refused "
      "with status 429 and Retry-After: 1, 5 %% with status 500; medians of %d seeds\n\n"
      "| mean latency | limit | ideal, all wait after a 429 | ideal, only the refused waits |"
      " pool | over the first | over the second |"
      " used up their tries, all seeds |\n"
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
      n_chunks, n_rounds);
  for (guint i = 0; limits[i] != NULL; i++)
    compare_moods (sound, size, latency, limits[i]);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *directory = g_dir_make_tmp ("whis-bench-XXXXXX", NULL);
  g_autofree char *sound = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    give_up ("options", error);
  if (server_program == NULL)
    give_up ("--server is missing", NULL);
  if (latencies == NULL)
    latencies = g_strsplit ("20 100", " ", -1);
  if (limits == NULL)
    limits = g_strsplit ("3 8", " ", -1);

  sound = make_sound (directory);
  if (g_stat (sound, &status) != 0)
    give_up (sound, NULL);
  compare_all (sound, (gsize) status.st_size);
  compare_all_moods (sound, (gsize) status.st_size);
  g_unlink (sound);
  g_rmdir (directory);

  return 0;
}
