/* SPDX-License-Identifier: MIT */

/* What recording costs and how fast it reacts, on a PulseAudio server of its own:
 *
 * - processor time per second of sound, from the microphone at real time and from a file, beside
 *   ffmpeg's libmp3lame on the same sound;
 * - from start to the first captured buffer, and from the end of the tail to the last chunk;
 * - the longest time that one turn of the main loop took.
 *
 * One figure per line: name, value, unit. */

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "../tests/audio/pulse.h"
#include "../tests/audio/sounds.h"
#include "file-capture.h"
#include "microphone.h"

#define SPEECH_ROUNDS 4
#define LIVE_SECONDS 20
#define FILE_ROUNDS 10
#define STARTS 20

typedef struct
{
  WhisCapture *capture;
  gint64 started_at;
  gint64 ended_at;
  gboolean gone;
} Run;

static char *directory;
static double longest_turn_ms;

static void
on_started (WhisCapture *capture, Run *run)
{
  run->started_at = g_get_monotonic_time ();
}

static void
on_ended (WhisCapture *capture, GError *error, Run *run)
{
  if (error != NULL)
    g_error ("%s", error->message);
  run->ended_at = g_get_monotonic_time ();
}

static void
on_gone (gpointer data, GObject *was)
{
  Run *run = data;

  run->gone = TRUE;
}

static double
timeval_to_seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

static double
get_cpu (int who)
{
  struct rusage usage;

  getrusage (who, &usage);

  return timeval_to_seconds (usage.ru_utime) + timeval_to_seconds (usage.ru_stime);
}

static double
get_thread_cpu_ms (void)
{
  return get_cpu (RUSAGE_THREAD) * 1e3;
}

/* What the main loop did since it last had nothing to do. Only the processor time of this thread
 * counts: the machine may be busy with others. */
static int
poll_and_measure (GPollFD *fds, guint n_fds, int timeout)
{
  static double woken_at;
  int n;

  if (woken_at > 0)
    longest_turn_ms = MAX (longest_turn_ms, get_thread_cpu_ms () - woken_at);
  n = g_poll (fds, n_fds, timeout);
  woken_at = get_thread_cpu_ms ();

  return n;
}

static gint64
run_begin (Run *run, int file)
{
  g_autofree char *path = g_build_filename (directory, "cost.mp3", NULL);
  g_autoptr (WhisRecording) recording = whis_recording_new (path);
  const WhisCaptureOptions options = { .dictation = "cost", .recording = recording };
  const WhisMicrophoneOptions microphone = { .tail_ms = WHIS_CAPTURE_TAIL_MS };
  g_autoptr (GError) error = NULL;
  gint64 began_at;

  g_unlink (path);
  run->capture = file >= 0 ? whis_file_capture_new (&options, file)
                           : whis_microphone_new (&options, &microphone);
  g_object_weak_ref (G_OBJECT (run->capture), on_gone, run);
  g_signal_connect (run->capture, "started", G_CALLBACK (on_started), run);
  g_signal_connect (run->capture, "ended", G_CALLBACK (on_ended), run);

  began_at = g_get_monotonic_time ();
  if (!whis_capture_start (run->capture, &error))
    g_error ("%s", error->message);

  return began_at;
}

static void
run_end (Run *run)
{
  while (run->ended_at == 0)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (run->capture);
  while (!run->gone)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

static void
print_spread (const char *name, double *values, guint n)
{
  qsort (values, n, sizeof *values, compare_doubles);
  g_print ("%s median %.1f ms\n", name, values[n / 2]);
  g_print ("%s worst %.1f ms\n", name, values[n - 1]);
}

static void
measure_reaction (void)
{
  double to_first[STARTS];
  double to_end[STARTS];

  for (guint i = 0; i < STARTS; i++)
    {
      Run run = { NULL };
      gint64 began_at = run_begin (&run, -1);
      gint64 stopped_at;

      if (i == 0)
        g_print ("start returned after %.2f ms\n",
                 (double) (g_get_monotonic_time () - began_at) / 1e3);
      while (run.started_at == 0)
        g_main_context_iteration (NULL, TRUE);
      stopped_at = g_get_monotonic_time ();
      whis_capture_stop (run.capture);
      run_end (&run);
      to_first[i] = (double) (run.started_at - began_at) / 1e3;
      to_end[i] = (double) (run.ended_at - stopped_at) / 1e3 - 200;
    }

  g_print ("start to first buffer, cold %.1f ms\n", to_first[0]);
  print_spread ("start to first buffer, warm,", to_first + 1, STARTS - 1);
  print_spread ("end of tail to ended,", to_end, STARTS);
}

static void
measure_live (const char *wav)
{
  Run run = { NULL };
  g_autoptr (GSubprocess) player = NULL;
  double before;
  guint64 heard;

  run_begin (&run, -1);
  while (run.started_at == 0)
    g_main_context_iteration (NULL, TRUE);

  player = pulse_play (wav);
  before = get_cpu (RUSAGE_SELF);
  heard = whis_capture_get_elapsed_ms (run.capture);
  while (whis_capture_get_elapsed_ms (run.capture) < heard + LIVE_SECONDS * 1000)
    g_main_context_iteration (NULL, TRUE);
  g_print ("microphone at real time %.2f %% of a core\n",
           (get_cpu (RUSAGE_SELF) - before) / LIVE_SECONDS * 100);

  whis_capture_stop (run.capture);
  run_end (&run);
  g_subprocess_force_exit (player);
  g_print ("longest turn of the main loop %.2f ms\n", longest_turn_ms);
}

static void
measure_file (const char *wav, double seconds)
{
  double before = get_cpu (RUSAGE_SELF);

  for (guint i = 0; i < FILE_ROUNDS; i++)
    {
      Run run = { NULL };
      int file = g_open (wav, O_RDONLY | O_CLOEXEC);

      run_begin (&run, file);
      close (file);
      run_end (&run);
    }

  g_print ("from a file %.2f %% of a core at real time\n",
           (get_cpu (RUSAGE_SELF) - before) / FILE_ROUNDS / seconds * 100);
}

static void
measure_ffmpeg (const char *wav, double seconds)
{
  g_autofree char *mp3 = g_build_filename (directory, "ffmpeg.mp3", NULL);
  double before = get_cpu (RUSAGE_CHILDREN);

  for (guint i = 0; i < FILE_ROUNDS; i++)
    {
      g_autoptr (GSubprocess) ffmpeg = g_subprocess_new (
          G_SUBPROCESS_FLAGS_NONE, NULL, "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i",
          wav, "-c:a", "libmp3lame", "-b:a", "32k", "-ar", "16000", "-ac", "1", mp3, NULL);

      g_subprocess_wait_check (ffmpeg, NULL, NULL);
    }

  g_print ("ffmpeg -c:a libmp3lame %.2f %% of a core at real time\n",
           (get_cpu (RUSAGE_CHILDREN) - before) / FILE_ROUNDS / seconds * 100);
  g_unlink (mp3);
}

int
main (int argc, char *argv[])
{
  g_autofree char *wav = NULL;
  g_autofree char *mp3 = NULL;
  g_autoptr (GArray) speech = NULL;
  g_autoptr (Pulse) pulse = NULL;
  double seconds;

  g_test_init (&argc, &argv, NULL);
  pulse_prepare ();
  directory = g_dir_make_tmp ("whis-cost-XXXXXX", NULL);
  wav = g_build_filename (directory, "speech.wav", NULL);
  mp3 = g_build_filename (directory, "cost.mp3", NULL);
  speech = sounds_speech ();
  for (guint i = 1; i < SPEECH_ROUNDS; i++)
    {
      g_autoptr (GArray) more = sounds_speech ();

      sounds_append (speech, more);
    }
  seconds = sounds_get_ms (speech) / 1e3;
  sounds_write_wav (speech, wav);
  pulse = pulse_new (TRUE);

  g_print ("sound %.1f s\n", seconds);
  g_main_context_set_poll_func (NULL, poll_and_measure);
  measure_reaction ();
  measure_live (wav);
  measure_file (wav, seconds);
  measure_ffmpeg (wav, seconds);

  g_unlink (wav);
  g_unlink (mp3);
  g_rmdir (directory);
  pulse_clean_up ();

  return EXIT_SUCCESS;
}
