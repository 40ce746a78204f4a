/* SPDX-License-Identifier: MIT */
#include "utterances.h"

#include <math.h>

/* Adds a hum as loud as speech, or as soft as a room. */
static void
add (GArray *samples, double seconds, double amplitude)
{
  for (gsize i = 0; i < (gsize) (seconds * WHIS_SAMPLE_RATE); i++)
    {
      gint16 sample = (gint16) (amplitude * sin ((double) i * 0.1) + (double) (i * 7919 % 13));

      g_array_append_val (samples, sample);
    }
}

static GArray *
find (GArray *samples)
{
  GArray *found = whis_utterances_find ((const gint16 *) samples->data, samples->len);
  gsize end = 0;

  /* Whatever is cut, nothing is lost and nothing comes twice. */
  for (guint i = 0; i < found->len; i++)
    {
      WhisUtterance utterance = g_array_index (found, WhisUtterance, i);

      g_assert_cmpuint (utterance.start, ==, end);
      g_assert_cmpuint (utterance.end, >, utterance.start);
      g_assert_cmpuint (utterance.end - utterance.start, <=, 21 * WHIS_SAMPLE_RATE);
      end = utterance.end;
    }
  g_assert_cmpuint (end, ==, samples->len);

  return found;
}

static void
test_nothing (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) found = find (samples);

  g_assert_cmpuint (found->len, ==, 0);
}

static void
test_one_sample (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) found = NULL;
  gint16 loudest = G_MININT16;

  g_array_append_val (samples, loudest);
  found = find (samples);
  g_assert_cmpuint (found->len, ==, 1);
}

static void
test_pauses (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) found = NULL;
  WhisUtterance second;

  add (samples, 2, 9000);
  add (samples, 0.2, 20); /* a breath */
  add (samples, 2, 9000);
  add (samples, 1, 20); /* a pause */
  add (samples, 3, 9000);
  add (samples, 0.8, 20);
  found = find (samples);

  g_assert_cmpuint (found->len, ==, 2);
  second = g_array_index (found, WhisUtterance, 1);
  g_assert_cmpuint (second.start, >, (gsize) (4.2 * WHIS_SAMPLE_RATE));
  g_assert_cmpuint (second.start, <, (gsize) (5.2 * WHIS_SAMPLE_RATE));
}

static void
test_no_pause (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (GArray) found = NULL;

  add (samples, 65, 9000);
  found = find (samples);

  g_assert_cmpuint (found->len, >=, 4);
}

static void
test_silence (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, TRUE, sizeof (gint16));
  g_autoptr (GArray) found = NULL;

  g_array_set_size (samples, 15 * WHIS_SAMPLE_RATE);
  found = find (samples);

  g_assert_cmpuint (found->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/utterances/nothing", test_nothing);
  g_test_add_func ("/offline/utterances/one-sample", test_one_sample);
  g_test_add_func ("/offline/utterances/pauses", test_pauses);
  g_test_add_func ("/offline/utterances/no-pause", test_no_pause);
  g_test_add_func ("/offline/utterances/silence", test_silence);

  return g_test_run ();
}
