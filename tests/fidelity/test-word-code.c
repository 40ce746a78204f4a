/* SPDX-License-Identifier: MIT */
#include "word-code.h"

static void
test_spelling (void)
{
  for (guint number = 0; number < WORD_CODE_WORDS; number++)
    {
      g_autofree char *word = word_code_spell (number);
      guint parsed;

      g_assert_true (word_code_parse (word, &parsed));
      g_assert_cmpuint (parsed, ==, number);
    }
}

static void
assert_heard (const gint16 *samples, gsize n, const guint *numbers, guint n_numbers)
{
  g_autoptr (GArray) words = word_code_find (samples, n);

  g_assert_cmpuint (words->len, ==, n_numbers);
  for (guint i = 0; i < n_numbers; i++)
    g_assert_cmpuint (g_array_index (words, WordCodeWord, i).number, ==, numbers[i]);
}

static void
test_words (void)
{
  g_autoptr (GRand) chance = g_rand_new_with_seed (1);
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  guint numbers[2000];

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      numbers[i] = (guint) g_rand_int_range (chance, 0, WORD_CODE_WORDS);
      word_code_append_pause (samples, (guint) g_rand_int_range (chance, 15, 200), -60, chance);
      word_code_append_word (samples, numbers[i], g_rand_double_range (chance, -40, -15));
    }

  assert_heard ((gint16 *) samples->data, samples->len, numbers, G_N_ELEMENTS (numbers));
}

/* Wherever the sound is cut, the words that are whole are heard, and nothing else is. */
static void
test_cut_words (void)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  static const guint numbers[] = { 5, 60000, 777 };
  const gint16 *first;
  gsize word = WORD_CODE_WORD_MS * WORD_CODE_RATE / 1000;

  for (guint i = 0; i < 3; i++)
    word_code_append_word (samples, numbers[i], -20);
  first = (gint16 *) samples->data;

  for (gsize cut = word / 4; cut < word; cut += 101)
    {
      assert_heard (first + cut, samples->len - cut, numbers + 1, 2);
      assert_heard (first, samples->len - cut, numbers, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/word-code/spelling", test_spelling);
  g_test_add_func ("/word-code/words", test_words);
  g_test_add_func ("/word-code/cut-words", test_cut_words);

  return g_test_run ();
}
