/* SPDX-License-Identifier: MIT */
#include "player.h"

#include <string.h>

#include <glib/gstdio.h>

#include "pulse.h"
#include "sounds.h"
#include "watch.h"

#define LONG_MS 2000
#define SHORT_MS 300

typedef struct
{
  WhisPlayer *player;
  char *directory;
  char *long_file;
  char *short_file;
  guint n_ended;
  GError *error;
} Fixture;

static void
on_ended (WhisPlayer *player, GError *error, Fixture *fixture)
{
  g_assert_false (whis_player_get_playing (player));
  fixture->n_ended++;
  g_clear_error (&fixture->error);
  if (error != NULL)
    fixture->error = g_error_copy (error);
}

static char *
write_tone (Fixture *fixture, const char *name, guint ms)
{
  g_autoptr (GArray) sound = sounds_tone (ms, 440, -10);
  char *path = g_build_filename (fixture->directory, name, NULL);

  sounds_write_wav (sound, path);

  return path;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-player-XXXXXX", NULL);
  fixture->long_file = write_tone (fixture, "a long one #1.wav", LONG_MS);
  fixture->short_file = write_tone (fixture, "short.wav", SHORT_MS);
  fixture->player = whis_player_new ();
  g_signal_connect (fixture->player, "ended", G_CALLBACK (on_ended), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->player));
  g_unlink (fixture->long_file);
  g_unlink (fixture->short_file);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_clear_error (&fixture->error);
  g_free (fixture->long_file);
  g_free (fixture->short_file);
  g_free (fixture->directory);
}

static void
wait_for_end (Fixture *fixture, guint n)
{
  while (fixture->n_ended < n)
    g_main_context_iteration (NULL, TRUE);
}

/* What comes out of the loudspeaker is measured by its monitor. */
static Watch *
listen_to_loudspeaker (void)
{
  Watch *watch = watch_level ();

  watch_start (watch);
  watch_until (watch, &watch->started);

  return watch;
}

static void
wait_until_loud (Watch *watch)
{
  watch->loudest = -200;
  while (watch->loudest < -20)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_until_quiet (Watch *watch)
{
  do
    {
      guint n = watch->n_levels;

      watch->loudest = -200;
      while (watch->n_levels == n)
        g_main_context_iteration (NULL, TRUE);
    }
  while (watch->loudest > -60);
}

static void
end_listening (Watch *watch)
{
  watch_cancel (watch);
  watch_free (watch);
}

static void
test_play (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  Watch *watch = listen_to_loudspeaker ();
  gint64 began = g_get_monotonic_time ();

  whis_player_play (fixture->player, fixture->long_file);
  g_assert_true (whis_player_get_playing (fixture->player));
  wait_until_loud (watch);
  wait_for_end (fixture, 1);

  g_assert_no_error (fixture->error);
  /* all of it sounded, and not faster than it is */
  g_assert_cmpint (g_get_monotonic_time () - began, >=, (LONG_MS - 100) * 1000);
  wait_until_quiet (watch);
  g_assert_cmpuint (fixture->n_ended, ==, 1);
  end_listening (watch);
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  Watch *watch = listen_to_loudspeaker ();

  whis_player_play (fixture->player, fixture->long_file);
  wait_until_loud (watch);
  whis_player_stop (fixture->player);
  g_assert_false (whis_player_get_playing (fixture->player));
  wait_until_quiet (watch);
  g_assert_cmpuint (fixture->n_ended, ==, 0);

  whis_player_stop (fixture->player);
  end_listening (watch);
}

/* Impatient clicks: only the last one ends, and only once. */
static void
test_replace (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);

  for (guint i = 0; i < 5; i++)
    whis_player_play (fixture->player, fixture->long_file);
  whis_player_play (fixture->player, fixture->short_file);
  wait_for_end (fixture, 1);
  g_assert_no_error (fixture->error);

  whis_player_play (fixture->player, fixture->short_file);
  wait_for_end (fixture, 2);
  g_assert_cmpuint (fixture->n_ended, ==, 2);
}

static void
test_let_go (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  Watch *watch = listen_to_loudspeaker ();

  whis_player_play (fixture->player, fixture->long_file);
  wait_until_loud (watch);
  g_assert_finalize_object (g_steal_pointer (&fixture->player));
  wait_until_quiet (watch);
  g_assert_cmpuint (fixture->n_ended, ==, 0);

  fixture->player = whis_player_new ();
  end_listening (watch);
}

static void
assert_fails (Fixture *fixture, const char *path, WhisAudioError code)
{
  guint n = fixture->n_ended + 1;

  whis_player_play (fixture->player, path);
  wait_for_end (fixture, n);
  g_assert_error (fixture->error, WHIS_AUDIO_ERROR, (int) code);
  g_assert_true (g_str_has_suffix (fixture->error->message, "."));
}

static void
test_no_sound (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);

  g_assert_true (g_file_set_contents (fixture->short_file, "no sound at all", -1, NULL));
  assert_fails (fixture, fixture->short_file, WHIS_AUDIO_ERROR_FILE);
  g_assert_true (g_file_set_contents (fixture->short_file, "", 0, NULL));
  assert_fails (fixture, fixture->short_file, WHIS_AUDIO_ERROR_FILE);
  assert_fails (fixture, "/nowhere/one.mp3", WHIS_AUDIO_ERROR_FILE);
  g_assert_nonnull (strstr (fixture->error->message, "/nowhere/one.mp3"));
}

static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, fixture->short_file, WHIS_AUDIO_ERROR_DEVICE);
}

#define ADD(name, func) g_test_add ("/player/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  pulse_prepare ();

  ADD ("no-server", test_no_server);
  ADD ("play", test_play);
  ADD ("stop", test_stop);
  ADD ("replace", test_replace);
  ADD ("let-go", test_let_go);
  ADD ("no-sound", test_no_sound);
  status = g_test_run ();

  pulse_clean_up ();

  return status;
}
