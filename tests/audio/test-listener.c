/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include "sounds.h"

/* A microphone that is told as silent, or not. */
typedef struct
{
  WhisListener *listener;
  guint n_told;
  gboolean silent;
} Fixture;

static void
on_silent (gboolean silent, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (silent, !=, fixture->silent);
  fixture->silent = silent;
  fixture->n_told++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const WhisListenerFuncs funcs = { .silent = on_silent };

  fixture->listener = whis_listener_new (&funcs, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_listener_free (fixture->listener);
}

/* In buffers of 40 ms, as a microphone gives it. */
static void
hear (Fixture *fixture, GArray *taken)
{
  g_autoptr (GArray) sound = taken;
  const guint n = 40 * SOUNDS_RATE / 1000;

  for (guint at = 0; at < sound->len; at += n)
    g_assert_true (whis_listener_hear (fixture->listener, &g_array_index (sound, gint16, at),
                                       MIN (n, sound->len - at)));
}

static void
test_nothing_from_the_start (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_silence (2900));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (200));
  g_assert_true (fixture->silent);

  hear (fixture, sounds_noise (500, -50));
  g_assert_false (fixture->silent);
  g_assert_cmpuint (fixture->n_told, ==, 2);
}

/* The last bit of a muted converter is no sound. */
static void
test_hiss_from_the_start (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (3100, -84));
  g_assert_true (fixture->silent);
  hear (fixture, sounds_noise (10000, -84));
  g_assert_cmpuint (fixture->n_told, ==, 1);
}

/* Nobody speaks, but the room and the microphone are there. */
static void
test_quiet_room (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (10000, -60));
  hear (fixture, sounds_noise (10000, -70));
  g_assert_cmpuint (fixture->n_told, ==, 0);
}

static void
test_muted_in_the_middle (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (2000, -40));
  hear (fixture, sounds_silence (4900));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (200));
  g_assert_true (fixture->silent);

  hear (fixture, sounds_noise (100, -70));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (4000));
  g_assert_cmpuint (fixture->n_told, ==, 2);
}

/* Each microphone is judged for itself. */
static void
test_another_microphone (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (2000, -40));
  whis_listener_change_microphone (fixture->listener);
  hear (fixture, sounds_noise (3100, -84));
  g_assert_true (fixture->silent);
}

#define ADD(name, func) g_test_add ("/listener/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nothing-from-the-start", test_nothing_from_the_start);
  ADD ("hiss-from-the-start", test_hiss_from_the_start);
  ADD ("quiet-room", test_quiet_room);
  ADD ("muted-in-the-middle", test_muted_in_the_middle);
  ADD ("another-microphone", test_another_microphone);

  return g_test_run ();
}
