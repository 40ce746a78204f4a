/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <string.h>

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "pulse.h"
#include "sounds.h"
#include "watch.h"

static Watch *
watch_microphone (const char *microphone)
{
  const WhisMicrophoneOptions options = { .name = microphone };

  return watch_microphone_with (&options);
}

static void
start_and_wait (Watch *watch)
{
  watch_start (watch);
  watch_until (watch, &watch->started);
  g_assert_false (watch->ended);
}

static void
stop_and_wait (Watch *watch)
{
  whis_capture_stop (watch->capture);
  watch_until (watch, &watch->ended);
}

static void
on_played (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *played = user_data;

  g_assert_true (g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, NULL));
  *played = TRUE;
}

static void
play_to (Watch *watch, const char *sink, const char *path)
{
  g_autoptr (GSubprocess) player = pulse_play_to (sink, path);
  gboolean played = FALSE;

  g_subprocess_wait_check_async (player, NULL, on_played, &played);
  watch_until (watch, &played);
}

static void
play (Watch *watch, const char *path)
{
  play_to (watch, "whis_test", path);
}

/* A loaded machine bends the sound a little on its way through the server. */
#define ALIKE 0.8

/* Looks for a piece of @original in @recorded; how well it fits where it fits best. */
static double
find_sound (GArray *recorded, GArray *original, guint from, guint length)
{
  double best = 0;

  for (guint64 at = 0; at + length <= recorded->len; at++)
    best = MAX (best, sounds_compare (recorded, at, original, from, length));

  return best;
}

/* Somebody speaks; the recording holds what was said, from the first to the last word. */
static void
test_speech (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);
  g_autoptr (GArray) words = sounds_load ("cards/005.wav");
  g_autoptr (GArray) recorded = NULL;

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_null (watch->warning);
  g_assert_true (watch_has_speech (watch));
  g_assert_true (watch_has_speech (watch));
  g_assert_cmpuint (watch->n_levels, >=, sounds_get_ms (words) / 100 - 5);
  g_assert_cmpfloat (watch->loudest, >, -20);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, sounds_get_ms (words));
  watch_assert_file_is_whole (watch);

  recorded = sounds_decode (watch->path);
  g_assert_cmpfloat (find_sound (recorded, words, 4000, 4000), >, ALIKE);
  g_assert_cmpfloat (find_sound (recorded, words, words->len - 12000, 4000), >, ALIKE);
}

static void
test_chosen_microphone (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_microphone ("another");
  g_autoptr (Watch) watch = NULL;

  pulse_control ("set-default-source", "another_mic", NULL);

  watch = watch_microphone (PULSE_SOURCE);
  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/004.wav");
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_null (watch->warning);
  g_assert_true (watch_has_speech (watch));
}

/* A stereo microphone whose one channel is wired upside down, or dead. */
static void
test_channels (void)
{
  static const char *const arrangements[] = { "c0=c0|c1=c0", "c0=c0|c1=-1*c0", "c0=0*c0|c1=c0" };
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  double loudest = 0;

  for (guint i = 0; i < G_N_ELEMENTS (arrangements); i++)
    {
      g_autoptr (Watch) watch = watch_microphone (NULL);
      g_autofree char *path = g_strdup_printf ("%s/stereo.wav", watch->directory);
      g_autofree char *arguments =
          g_strdup_printf ("ffmpeg -nostdin -v error -y -i %s -af pan='stereo|%s' %s",
                           SOUNDS_SPEECH_DIR "/cards/005.wav", arrangements[i], path);
      int status;

      g_assert_true (g_spawn_command_line_sync (arguments, NULL, NULL, &status, NULL));
      g_assert_cmpint (status, ==, 0);
      start_and_wait (watch);
      play (watch, path);
      stop_and_wait (watch);
      g_unlink (path);
      g_assert_no_error (watch->error);
      g_assert_true (watch_has_speech (watch));
      if (i == 0)
        loudest = watch->loudest;
      g_assert_cmpfloat_with_epsilon (watch->loudest, loudest, 2);
    }
}

static void
test_silence (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  watch_until_elapsed (watch, 1000);
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_false (watch_has_speech (watch));
}

static void
test_no_server (void)
{
  g_autoptr (Watch) watch = watch_microphone (NULL);

  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_SERVER);
  g_assert_false (watch->started);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
}

static void
test_no_microphone (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (FALSE);
  g_autoptr (Watch) watch = watch_microphone (NULL);
  g_autoptr (Watch) chosen = watch_microphone ("nowhere");

  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  g_assert_false (watch->started);

  watch_to_the_end (chosen);
  g_assert_error (chosen->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
}

/* The chosen one is unplugged: the default one is better than nothing, and the user is told. */
static void
test_fall_back (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone ("usb_headset");

  start_and_wait (watch);
  g_assert_nonnull (watch->warning);
  g_assert_nonnull (strstr (watch->warning, "usb_headset"));
  play (watch, SOUNDS_SPEECH_DIR "/cards/004.wav");
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_true (watch_has_speech (watch));
}

/* What a loudspeaker plays is no microphone, however little else there is. */
static void
test_monitor (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (FALSE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_sink ("speaker");
  g_autoptr (Watch) watch = watch_microphone (NULL);
  g_autoptr (Watch) gone = watch_microphone ("usb_headset");

  pulse_control ("set-default-source", "speaker.monitor", NULL);
  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  g_assert_nonnull (strstr (watch->error->message, "loudspeaker"));
  g_assert_false (watch->started);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), ==, 0);

  /* nor what a chosen one falls back to */
  watch_to_the_end (gone);
  g_assert_error (gone->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (gone->capture), ==, 0);
}

/* Who chose it gets it, by name or by the server's word for it. */
static void
test_monitor_chosen (void)
{
  static const char *const names[] = { "speaker.monitor", "@DEFAULT_MONITOR@" };
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_sink ("speaker");

  pulse_control ("set-default-sink", "speaker", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (Watch) watch = watch_microphone (names[i]);

      start_and_wait (watch);
      play_to (watch, "speaker", SOUNDS_SPEECH_DIR "/cards/004.wav");
      stop_and_wait (watch);
      g_assert_no_error (watch->error);
      g_assert_true (watch_has_speech (watch));
    }
}

/* The level in the preferences is that of a microphone, too. */
static void
test_monitor_level (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (FALSE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_sink ("speaker");
  g_autoptr (Watch) watch = watch_level ();

  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  g_assert_cmpuint (watch->n_levels, ==, 0);
}

/* What was said before is on the disk and in chunks. */
static void
assert_kept (Watch *watch)
{
  g_autoptr (GArray) recorded = NULL;

  watch_until (watch, &watch->ended);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), >=, 1500);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, whis_capture_get_elapsed_ms (watch->capture));
  g_assert_true (watch_has_speech (watch));
  watch_assert_file_is_whole (watch);
  recorded = sounds_decode (watch->path);
  g_assert_cmpuint (sounds_get_ms (recorded), >=, 1500);
}

static void
test_unplugged (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/003.wav");
  watch_until_elapsed (watch, 1500);
  pulse_control ("unload-module", "module-null-sink", NULL);
  assert_kept (watch);
}

static void
test_server_dies (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/003.wav");
  watch_until_elapsed (watch, 1500);
  pulse_kill (pulse);
  assert_kept (watch);
}

/* A server that saves the stream of an unplugged microphone puts it where there is a source: on the
 * monitor, if that is the last one. What was being played is not in the recording. */
static void
test_moved_to_monitor (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (FALSE);
  G_GNUC_UNUSED g_autofree char *speaker = pulse_load_sink ("speaker");
  g_autofree char *module = pulse_load_microphone ("desk");
  g_autoptr (GSubprocess) player = NULL;
  g_autoptr (Watch) watch = watch_microphone (NULL);
  guint64 heard;

  pulse_control ("load-module", "module-rescue-streams", NULL);
  pulse_control ("set-default-source", "desk_mic", NULL);
  start_and_wait (watch);
  play_to (watch, "desk", SOUNDS_SPEECH_DIR "/cards/003.wav");
  player =
      pulse_play_to ("speaker", SOUNDS_SPEECH_DIR "/librivox/"
                                                  "sense_and_sensibility_01_austen_64kb-0880.wav");
  heard = whis_capture_get_elapsed_ms (watch->capture);
  pulse_control ("unload-module", module, NULL);
  assert_kept (watch);
  g_subprocess_force_exit (player);

  /* two periods of the server until it says so, and what is on its way; not the seconds that its
   * sound could be heard */
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), <=, heard + 1000);
}

static void
wait_for_warning (Watch *watch, const char *text)
{
  while (!watch->ended)
    {
      for (guint i = 0; i < watch->warnings->len; i++)
        if (strstr (g_ptr_array_index (watch->warnings, i), text) != NULL)
          return;
      g_main_context_iteration (NULL, TRUE);
    }

  g_assert_not_reached ();
}

static void
assert_clean_mp3 (const char *path)
{
  g_autoptr (GSubprocess) ffmpeg =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL, "ffmpeg", "-nostdin", "-v", "error",
                        "-i", path, "-f", "null", "-", NULL);
  g_autofree char *complaints = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (ffmpeg, NULL, NULL, NULL, &complaints, NULL));
  g_assert_cmpstr (complaints, ==, "");
}

/* What was said to the first microphone and to the second is one dictation. */
static void
assert_both (Watch *watch)
{
  g_autoptr (GArray) before = sounds_load ("cards/003.wav");
  g_autoptr (GArray) after = sounds_load ("cards/005.wav");
  g_autoptr (GArray) recorded = NULL;

  g_assert_no_error (watch->error);
  watch_assert_file_is_whole (watch);
  assert_clean_mp3 (watch->path);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, whis_capture_get_elapsed_ms (watch->capture));
  recorded = sounds_decode (watch->path);
  g_assert_cmpfloat (find_sound (recorded, before, 4000, 4000), >, ALIKE);
  g_assert_cmpfloat (find_sound (recorded, after, 4000, 4000), >, ALIKE);
  g_assert_cmpfloat (find_sound (recorded, after, after->len - 12000, 4000), >, ALIKE);
}

static void
test_unplugged_goes_on (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autofree char *module = pulse_load_microphone ("first");
  G_GNUC_UNUSED g_autofree char *other = pulse_load_microphone ("second");
  g_autoptr (Watch) watch = watch_microphone ("first_mic");

  pulse_control ("set-default-source", "second_mic", NULL);
  start_and_wait (watch);
  play_to (watch, "first", SOUNDS_SPEECH_DIR "/cards/003.wav");
  pulse_control ("unload-module", module, NULL);
  wait_for_warning (watch, "The-second-one");
  g_assert_cmpuint (watch->warnings->len, ==, 1);
  play_to (watch, "second", SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);
  assert_both (watch);
}

/* Nothing was unplugged: the user chose another default while somebody speaks. */
static void
test_default_changes (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  G_GNUC_UNUSED g_autofree char *other = pulse_load_microphone ("second");
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/003.wav");
  pulse_control ("set-default-source", "second_mic", NULL);
  wait_for_warning (watch, "The-second-one");
  g_assert_cmpstr (watch->warning, ==,
                   "Recording goes on with another microphone, “The-second-one”.");
  play_to (watch, "second", SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);
  assert_both (watch);
}

static void
test_server_restarts (void)
{
  g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/003.wav");
  pulse_kill (pulse);
  g_clear_pointer (&pulse, pulse_free);
  pulse = pulse_new (TRUE);
  wait_for_warning (watch, "goes on");
  play (watch, SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);
  assert_both (watch);
}

/* There is no other one; until it is back nothing is lost but the time. */
static void
test_plugged_in_again (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);
  g_autofree char *module = NULL;

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/003.wav");
  pulse_control ("unload-module", "module-null-sink", NULL);
  module = pulse_load_microphone ("whis_test");
  wait_for_warning (watch, "The-whis_test-one");
  play (watch, SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);
  assert_both (watch);
}

/* No error comes, and no sound either. */
static void
test_stands_still (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_microphone ("first");
  g_autoptr (Watch) watch = watch_microphone ("first_mic");

  pulse_control ("set-default-source", PULSE_SOURCE, NULL);
  start_and_wait (watch);
  play_to (watch, "first", SOUNDS_SPEECH_DIR "/cards/003.wav");
  pulse_control ("suspend-sink", "first", "1", NULL);
  wait_for_warning (watch, "goes on");
  play (watch, SOUNDS_SPEECH_DIR "/cards/005.wav");
  stop_and_wait (watch);
  assert_both (watch);
}

static gboolean
on_waited (gpointer user_data)
{
  gboolean *waited = user_data;

  *waited = TRUE;

  return G_SOURCE_REMOVE;
}

/* While it looks for another microphone, which no signal tells. */
static void
test_stop_while_switching (void)
{
  for (guint i = 0; i < 2; i++)
    {
      G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
      g_autoptr (Watch) watch = watch_microphone (NULL);
      gboolean waited = FALSE;

      start_and_wait (watch);
      watch_until_elapsed (watch, 500);
      pulse_kill (pulse);
      g_timeout_add (1000, on_waited, &waited);
      watch_until (watch, &waited);
      if (i == 0)
        watch_cancel (watch);
      else
        {
          stop_and_wait (watch);
          g_assert_no_error (watch->error);
          watch_assert_file_is_whole (watch);
        }
    }
}

/* It has another id since it was chosen, but the same name. */
static void
test_found_by_name (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  G_GNUC_UNUSED g_autofree char *module = pulse_load_microphone ("second");
  WhisMicrophoneOptions options = { 0 };
  g_autoptr (Watch) watch = NULL;
  g_autoptr (Watch) other = NULL;

  options.name = "usb_port_1";
  options.label = "The-second-one";
  watch = watch_microphone_with (&options);
  pulse_control ("set-default-source", PULSE_SOURCE, NULL);
  start_and_wait (watch);
  play_to (watch, "second", SOUNDS_SPEECH_DIR "/cards/004.wav");
  stop_and_wait (watch);
  g_assert_no_error (watch->error);
  g_assert_null (watch->warning);
  g_assert_true (watch_has_speech (watch));

  options.label = "The blue headset";
  other = watch_microphone_with (&options);
  start_and_wait (other);
  g_assert_nonnull (strstr (other->warning, "The blue headset"));
  stop_and_wait (other);
}

/* A null sink that nobody plays to is a muted microphone. */
static void
test_silent (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  start_and_wait (watch);
  watch_until (watch, &watch->silent);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), <=, 3500);
  wait_for_warning (watch, "Nothing is heard from “Desk”");
  play (watch, SOUNDS_SPEECH_DIR "/cards/004.wav");
  watch_until (watch, &watch->audible);
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->warnings->len, ==, 1);
  g_assert_true (watch_has_speech (watch));
}

static void
test_enhanced (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);

  for (guint i = 1; i < 4; i++)
    {
      WhisMicrophoneOptions options = { 0 };
      g_autoptr (Watch) watch = NULL;

      options.automatic_gain = (i & 1) != 0;
      options.noise_suppression = (i & 2) != 0;
      watch = watch_microphone_with (&options);
      start_and_wait (watch);
      play (watch, SOUNDS_SPEECH_DIR "/cards/005.wav");
      stop_and_wait (watch);
      g_assert_no_error (watch->error);
      g_assert_null (watch->warning);
      g_assert_true (watch_has_speech (watch));
      watch_assert_file_is_whole (watch);
    }
}

static void
test_not_enhanced (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = NULL;
  WhisMicrophoneOptions options = { 0 };
  g_autoptr (Watch) watch = NULL;
  g_autoptr (GstPluginFeature) enhancer = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_true (gst_init_check (NULL, NULL, NULL));
  enhancer = gst_registry_lookup_feature (gst_registry_get (), "webrtcdsp");
  gst_registry_remove_feature (gst_registry_get (), enhancer);

  pulse = pulse_new (TRUE);
  options.automatic_gain = TRUE;
  watch = watch_microphone_with (&options);
  start_and_wait (watch);
  stop_and_wait (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->warnings->len, ==, 1);
  g_assert_nonnull (strstr (watch->warning, "webrtcdsp"));
}

/* Start and stop in one breath: a very short recording, not a hanging one. */
static void
test_stop_at_once (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);

  watch_start (watch);
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), >=, 200);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), <, 400);
  watch_assert_file_is_whole (watch);
}

/* The tail is there: people press stop while they still speak. */
static void
test_tail (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_microphone (NULL);
  guint64 before;

  start_and_wait (watch);
  watch_until_elapsed (watch, 500);
  before = whis_capture_get_elapsed_ms (watch->capture);
  stop_and_wait (watch);

  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), >=, before + 200);
}

static void
test_cancel (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);

  for (guint moment = 0; moment < 3; moment++)
    {
      g_autoptr (Watch) watch = watch_microphone (NULL);

      if (moment == 1)
        watch->on_started = watch_cancel;
      watch_start (watch);
      if (moment == 1)
        watch_until (watch, &watch->started);
      if (moment == 2)
        {
          watch_until_elapsed (watch, 300);
          watch_stop (watch);
        }

      watch_cancel (watch);
    }
}

/* An impatient user: nothing hangs, nothing stays behind. */
static void
test_start_often (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  Watch *watches[10];

  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    {
      watches[i] = watch_microphone (NULL);
      watch_start (watches[i]);
      if (i % 3 == 0)
        watch_stop (watches[i]);
      else
        watch_cancel (watches[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    {
      if (i % 3 == 0)
        watch_until (watches[i], &watches[i]->ended);
      g_assert_no_error (watches[i]->error);
      watch_free (watches[i]);
    }
}

static void
test_level_only (void)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (Watch) watch = watch_level ();

  start_and_wait (watch);
  play (watch, SOUNDS_SPEECH_DIR "/cards/004.wav");
  stop_and_wait (watch);

  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->n_levels, >=, 5);
  g_assert_cmpfloat (watch->loudest, >, -20);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  g_assert_false (g_file_test (watch->path, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  pulse_prepare ();

  g_test_add_func ("/capture-microphone/no-server", test_no_server);
  g_test_add_func ("/capture-microphone/no-microphone", test_no_microphone);
  g_test_add_func ("/capture-microphone/speech", test_speech);
  g_test_add_func ("/capture-microphone/chosen", test_chosen_microphone);
  g_test_add_func ("/capture-microphone/channels", test_channels);
  g_test_add_func ("/capture-microphone/silence", test_silence);
  g_test_add_func ("/capture-microphone/fall-back", test_fall_back);
  g_test_add_func ("/capture-microphone/monitor/not-chosen", test_monitor);
  g_test_add_func ("/capture-microphone/monitor/chosen", test_monitor_chosen);
  g_test_add_func ("/capture-microphone/monitor/level", test_monitor_level);
  g_test_add_func ("/capture-microphone/monitor/moved-to", test_moved_to_monitor);
  g_test_add_func ("/capture-microphone/unplugged", test_unplugged);
  g_test_add_func ("/capture-microphone/server-dies", test_server_dies);
  g_test_add_func ("/capture-microphone/unplugged-goes-on", test_unplugged_goes_on);
  g_test_add_func ("/capture-microphone/default-changes", test_default_changes);
  g_test_add_func ("/capture-microphone/plugged-in-again", test_plugged_in_again);
  g_test_add_func ("/capture-microphone/server-restarts", test_server_restarts);
  g_test_add_func ("/capture-microphone/stands-still", test_stands_still);
  g_test_add_func ("/capture-microphone/stop-while-switching", test_stop_while_switching);
  g_test_add_func ("/capture-microphone/found-by-name", test_found_by_name);
  g_test_add_func ("/capture-microphone/silent", test_silent);
  g_test_add_func ("/capture-microphone/enhanced", test_enhanced);
  g_test_add_func ("/capture-microphone/not-enhanced", test_not_enhanced);
  g_test_add_func ("/capture-microphone/stop-at-once", test_stop_at_once);
  g_test_add_func ("/capture-microphone/tail", test_tail);
  g_test_add_func ("/capture-microphone/cancel", test_cancel);
  g_test_add_func ("/capture-microphone/start-often", test_start_often);
  g_test_add_func ("/capture-microphone/level-only", test_level_only);
  status = g_test_run ();

  pulse_clean_up ();

  return status;
}
