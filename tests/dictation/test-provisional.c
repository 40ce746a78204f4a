/* SPDX-License-Identifier: MIT */
#include "provisional.h"

#include "fake-backend.h"
#include "service-error.h"

/* What is understood of the piece that is still spoken: when the recogniser is asked, with which
 * sound, and what is told. */

#define BYTES_PER_MS (WHIS_PROVISIONAL_RATE / 1000 * sizeof (gint16))

typedef struct
{
  TestBackend *backend;
  WhisProvisional *provisional;
  GString *texts; /* with spaces between */
} Fixture;

static void
text_cb (Fixture *fixture, const char *text)
{
  g_string_append_printf (fixture->texts, "%s ", text);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = test_backend_new ("here");
  fixture->provisional = whis_provisional_new (WHIS_BACKEND (fixture->backend), "ggml-small", "fi");
  fixture->texts = g_string_new (NULL);
  g_signal_connect_swapped (fixture->provisional, "text", G_CALLBACK (text_cb), fixture);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_provisional_end (fixture->provisional);
  settle ();
  g_assert_finalize_object (fixture->provisional);
  g_assert_finalize_object (fixture->backend);
  g_string_free (fixture->texts, TRUE);
}

static void
push (Fixture *fixture, guint ms, gint16 amplitude, gboolean may_ask)
{
  gsize n = ms * (WHIS_PROVISIONAL_RATE / 1000);
  gint16 *samples = g_new (gint16, n);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < n; i++)
    samples[i] = GINT16_TO_LE ((gint16) (i % 2 == 0 ? amplitude : -amplitude));
  bytes = g_bytes_new_take (samples, n * sizeof *samples);
  whis_provisional_push (fixture->provisional, bytes, may_ask);
  settle ();
}

static void
speak (Fixture *fixture, guint ms)
{
  push (fixture, ms, 1000, TRUE);
}

static void
hold_answer (Fixture *fixture)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
}

static void
assert_n_requests (Fixture *fixture, guint expected)
{
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, expected);
}

static void
assert_length_ms (Fixture *fixture, guint i, guint expected)
{
  g_assert_cmpuint (test_backend_get_request (fixture->backend, i)->size, ==,
                    expected * BYTES_PER_MS);
}

static void
test_nobody_looks (Fixture *fixture, gconstpointer data)
{
  speak (fixture, 5000);
  assert_n_requests (fixture, 0);
  /* What was said before somebody looked is not there. */
  whis_provisional_begin (fixture->provisional, 5000);
  speak (fixture, 1000);
  assert_n_requests (fixture, 1);
  assert_length_ms (fixture, 0, 1000);
}

static void
test_request (Fixture *fixture, gconstpointer data)
{
  const WhisSpeechRequest *request;

  whis_provisional_begin (fixture->provisional, 0);
  speak (fixture, 999);
  assert_n_requests (fixture, 0);
  speak (fixture, 1);
  assert_n_requests (fixture, 1);
  request = test_backend_get_request (fixture->backend, 0);
  g_assert_true (request->is_provisional);
  g_assert_cmpstr (request->model, ==, "ggml-small");
  g_assert_cmpstr (request->language, ==, "fi");
  g_assert_null (request->key);
  g_assert_cmpstr (fixture->texts->str, ==, "words ");
}

/* Nobody has said anything, or the microphone only hums. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  push (fixture, 3000, 0, TRUE);
  push (fixture, 3000, 100, TRUE);
  assert_n_requests (fixture, 0);
  /* A tenth of a second is enough, also when it came while the recogniser was busy. */
  push (fixture, 100, 101, FALSE);
  push (fixture, 100, 0, TRUE);
  assert_n_requests (fixture, 1);
  assert_length_ms (fixture, 0, 6200);
}

/* The pieces whose text is wanted go first. */
static void
test_recogniser_busy (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  push (fixture, 4000, 1000, FALSE);
  assert_n_requests (fixture, 0);
  speak (fixture, 100);
  assert_n_requests (fixture, 1);
  assert_length_ms (fixture, 0, 4100);
}

/* The piece is recognised from its beginning each time. */
static void
test_grows (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  speak (fixture, 2000);
  speak (fixture, 600);
  assert_n_requests (fixture, 1);
  speak (fixture, 10000);
  assert_n_requests (fixture, 2);
  assert_length_ms (fixture, 1, 12600);
  g_assert_cmpstr (fixture->texts->str, ==, "words words ");
}

static void
test_one_at_a_time (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  hold_answer (fixture);
  speak (fixture, 1000);
  speak (fixture, 5000);
  speak (fixture, 5000);
  assert_n_requests (fixture, 1);
  test_backend_release (fixture->backend);
  settle ();
  g_assert_cmpstr (fixture->texts->str, ==, "late ");
  speak (fixture, 10000);
  assert_n_requests (fixture, 2);
}

/* The whole piece would not fit into the recogniser's window. */
static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  push (fixture, 29900, 1000, FALSE);
  speak (fixture, 100);
  speak (fixture, 60000);
  assert_n_requests (fixture, 0);
  whis_provisional_cut (fixture->provisional, 28000);
  speak (fixture, 1000);
  assert_n_requests (fixture, 1);
}

/* Its text is on its way: what was asked is in the way of that, and says nothing new. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 1000);
  hold_answer (fixture);
  speak (fixture, 3000);
  assert_n_requests (fixture, 1);
  whis_provisional_cut (fixture->provisional, 2500);
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  g_assert_cmpstr (fixture->texts->str, ==, "");
  speak (fixture, 100);
  assert_n_requests (fixture, 2);
  assert_length_ms (fixture, 1, 1600);
  g_assert_cmpstr (fixture->texts->str, ==, "words ");
}

/* An answer that came in the same turn as the cut is one to the piece before. */
static void
test_cut_when_answered (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  hold_answer (fixture);
  speak (fixture, 3000);
  test_backend_release (fixture->backend);
  whis_provisional_cut (fixture->provisional, 3000);
  settle ();
  g_assert_cmpstr (fixture->texts->str, ==, "");
}

static void
test_cut_places (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint cut_ms;
    guint expected_ms;
  } cases[] = {
    /* of a piece that was complete before somebody looked */
    { 500, 4000 },
    { 1000, 4000 },
    { 1001, 3999 },
    { 4000, 1000 },
    /* The cut is behind what was heard: a piece ends with silence that was not recorded yet. */
    { 9000, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n = test_backend_get_n_requests (fixture->backend);

      whis_provisional_begin (fixture->provisional, 1000);
      push (fixture, 4000, 1000, FALSE);
      whis_provisional_cut (fixture->provisional, cases[i].cut_ms);
      push (fixture, 1000, 1000, TRUE);
      assert_n_requests (fixture, n + 1);
      assert_length_ms (fixture, n, cases[i].expected_ms + 1000);
    }
}

/* The voice was in the piece that is complete; behind it is only silence. */
static void
test_silence_behind_cut (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  push (fixture, 2000, 1000, FALSE);
  push (fixture, 2000, 0, FALSE);
  whis_provisional_cut (fixture->provisional, 2000);
  push (fixture, 2000, 0, TRUE);
  assert_n_requests (fixture, 0);
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  whis_provisional_begin (fixture->provisional, 0);
  hold_answer (fixture);
  speak (fixture, 3000);
  whis_provisional_end (fixture->provisional);
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
  speak (fixture, 3000);
  assert_n_requests (fixture, 1);
  g_assert_cmpstr (fixture->texts->str, ==, "");
  /* The window is opened once more: what was heard before is gone. */
  whis_provisional_begin (fixture->provisional, 6000);
  speak (fixture, 1000);
  assert_n_requests (fixture, 2);
  assert_length_ms (fixture, 1, 1000);
}

/* The recogniser has failed: the requests for the text say why, and nothing is in their way. */
static void
test_fails (Fixture *fixture, gconstpointer data)
{
  test_backend_plan (fixture->backend,
                     &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_RECOGNISER });
  whis_provisional_begin (fixture->provisional, 0);
  speak (fixture, 1000);
  speak (fixture, 10000);
  assert_n_requests (fixture, 1);
  whis_provisional_begin (fixture->provisional, 0);
  speak (fixture, 10000);
  assert_n_requests (fixture, 1);
  g_assert_cmpstr (fixture->texts->str, ==, "");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/provisional/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nobody-looks", test_nobody_looks);
  ADD ("request", test_request);
  ADD ("silence", test_silence);
  ADD ("recogniser-busy", test_recogniser_busy);
  ADD ("grows", test_grows);
  ADD ("one-at-a-time", test_one_at_a_time);
  ADD ("too-long", test_too_long);
  ADD ("cut", test_cut);
  ADD ("cut/when-answered", test_cut_when_answered);
  ADD ("cut/places", test_cut_places);
  ADD ("cut/silence-behind", test_silence_behind_cut);
  ADD ("end", test_end);
  ADD ("fails", test_fails);

  return g_test_run ();
}
