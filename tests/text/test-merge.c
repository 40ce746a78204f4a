/* SPDX-License-Identifier: MIT */
#include "merge.h"

#include <string.h>

typedef struct
{
  const char *left;
  const char *right;
  const char *joined;
} Case;

/* What the original made of these is in its table; each must come out right here. */
static const Case overlapping[] = {
  { "hello world this is", "this is a test", "hello world this is a test" },
  { "Hello World", "hello world again", "Hello World again" },
  { "we went to the store", "the store was closed", "we went to the store was closed" },
  { "a b c", "a b c", "a b c" },
  { "one two three four", "five six", "one two three four five six" },
  { "and then he left the", "he left the building", "and then he left the building" },
  { "the quick brown fox.", "fox jumps over", "the quick brown fox jumps over" },
  { "we need to fix it", "need to fix it, then ship", "we need to fix it, then ship" },
  { "über straße", "Über Straße ist", "über straße ist" },
  { "今天天气很好", "很好我们出去", "今天天气很好我们出去" },
  { "I said no no", "no that is wrong", "I said no no no that is wrong" },
  { "", "hello", "hello" },
  { "  padded  ", "", "padded" },

  /* punctuation and case at the seam */
  { "It was late. And then", "and then, at last, we left.",
    "It was late. And then, at last, we left." },
  { "he said stop", "\"He said stop!\" and ran", "he said stop!\" and ran" },
  { "this is the end.", "the end", "this is the end." },
  { "this is the end", "the end.", "this is the end." },
  { "don’t do that", "dont do that again", "don’t do that again" },
  { "a well-known fact", "well known fact indeed", "a well-known fact indeed" },
  { "I think so…", "think so too", "I think so too" },

  /* one word heard differently, and words that were cut off */
  { "we saw the grey cat on the", "the gray cat on the roof", "we saw the grey cat on the roof" },
  { "please meet John at the old harbour", "meet Jon at the old harbour tomorrow",
    "please meet John at the old harbour tomorrow" },
  { "then we went to the buil", "went to the building and", "then we went to the building and" },
  { "he walked down the sto", "alked down the stone path", "he walked down the stone path" },
  { "after that we ate for dinner", "that we eight for dinner at home",
    "after that we ate for dinner at home" },
  { "all of us went home by bus", "of us when home by car today",
    "all of us went home by car today" },

  /* what cannot be known keeps its words */
  { "one two", "three four", "one two three four" },
  { "no no no", "no no", "no no no no no" },
  { "bye bye", "bye bye now", "bye bye now" },
  { "la la land la la land", "la la land is", "la la land la la land la la land is" },
  { "x no no no", "no no no y", "x no no no no no no y" },
  { "and one two one two", "one two one two end", "and one two one two one two one two end" },
  { "so b c d e a b c d e a b c d e", "a b c d e a b c d e a b c d z",
    "so b c d e a b c d e a b c d e a b c d e a b c d e a b c d z" },
  { "the man", "the can is here", "the man the can is here" },
  { "to a", "to always be", "to a to always be" },
  { "we met Ann", "met Bob today", "we met Ann met Bob today" },
  { "it is good", "was bad", "it is good was bad" },

  /* scripts that write no spaces */
  { "你好", "好的", "你好好的" },
  { "我们今天去公园。", "今天去公园，然后吃饭。", "我们今天去公园，然后吃饭。" },
  { "これはテストです", "テストですから", "これはテストですから" },
  { "ราคาสิบบาท", "สิบบาทครับ", "ราคาสิบบาทครับ" },
  { "我喜欢 Linux 系统", "Linux 系统很好", "我喜欢 Linux 系统很好" },
  { "한국어 음성 인식", "음성 인식 시험", "한국어 음성 인식 시험" },

  /* right-to-left scripts */
  { "ذهبنا إلى السوق", "إلى السوق اليوم", "ذهبنا إلى السوق اليوم" },
  { "הלכנו אל החנות,", "אל החנות הגדולה", "הלכנו אל החנות הגדולה" },

  /* other forms of the same characters */
  { "un cafe\xCC\x81 noir", "caf\xC3\xA9 noir et un the", "un cafe\xCC\x81 noir et un the" },
  { "ｆｕｌｌ ｗｉｄｔｈ text", "full width text here", "ｆｕｌｌ ｗｉｄｔｈ text here" },
  { "nice work 👍🏽 thanks", "👍🏽 thanks a lot", "nice work 👍🏽 thanks a lot" },
  { "ΟΔΟΣ ΜΑΣ", "οδος μας εδώ", "ΟΔΟΣ ΜΑΣ εδώ" },
  { "very nice work 👍🏽", "nice work 👍🏽 thanks", "very nice work 👍🏽 thanks" },
  { "very nice work 👍🏽 thanks", "work 👍🏽 thanks", "very nice work 👍🏽 thanks" },
  { "Whis™ is", "WhisTM is small", "Whis™ is small" },
  { "costs $5", "$5 each", "costs $5 each" },
};

static const Case beside[] = {
  { "", "", "" },
  { "", "hello", "hello" },
  { "hello", "", "hello" },
  { "  padded  ", "\n too ", "padded too" },
  { "I said no", "no that is wrong", "I said no no that is wrong" },
  { "a b c", "a b c", "a b c a b c" },
  { "今天天气很好", "我们出去", "今天天气很好我们出去" },
  { "今天天气很好。", "我们出去", "今天天气很好。我们出去" },
  { "好。", "OK", "好。OK" },
  { "好", "OK", "好 OK" },
  { "テスト", "です", "テストです" },
  { "안녕하세요", "여러분", "안녕하세요 여러분" },
  { "ذهبنا", "إلى السوق", "ذهبنا إلى السوق" },
  { "done 👍", "👍 next", "done 👍 👍 next" },
  { "e", "\xCC\x81", "e \xCC\x81" },
};

static void
check_case (const Case *item, gboolean overlaps)
{
  g_autofree char *joined = whis_merge_join (item->left, item->right, overlaps);

  g_test_message ("“%s” + “%s”", item->left, item->right);
  g_assert_cmpstr (joined, ==, item->joined);
}

static void
test_overlapping (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (overlapping); i++)
    check_case (&overlapping[i], TRUE);
}

static void
test_beside (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (beside); i++)
    check_case (&beside[i], FALSE);
}

static void
test_invalid_utf8 (void)
{
  g_autofree char *joined = whis_merge_join ("good \xFF", "\xC3 bad", TRUE);

  g_assert_true (g_utf8_validate (joined, -1, NULL));
}

/* Words w[from] … w[to-1], in spaces. */
static char *
words (GPtrArray *vocabulary, guint from, guint to)
{
  GString *text = g_string_new (NULL);

  for (guint i = from; i < to; i++)
    g_string_append_printf (text, "%s%s", i > from ? " " : "",
                            (const char *) g_ptr_array_index (vocabulary, i));

  return g_string_free (text, FALSE);
}

static void
check_numbered_overlap (guint total, guint left_end, guint right_start)
{
  g_autoptr (GPtrArray) vocabulary = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *joined = NULL;

  for (guint i = 0; i < total; i++)
    g_ptr_array_add (vocabulary, g_strdup_printf ("w%u", i));
  left = words (vocabulary, 0, left_end);
  right = words (vocabulary, right_start, total);
  whole = words (vocabulary, 0, total);
  joined = whis_merge_join (left, right, TRUE);
  g_assert_cmpstr (joined, ==, whole);
}

static void
test_any_length (void)
{
  check_numbered_overlap (24, 20, 4);
  check_numbered_overlap (60, 50, 10);
  check_numbered_overlap (1000, 800, 200);
  check_numbered_overlap (9000, 6000, 3000);
  check_numbered_overlap (9000, 9000, 0);
}

/* Texts that could make a careless search slow. */
static void
test_repetitive (void)
{
  g_autoptr (GPtrArray) vocabulary = g_ptr_array_new ();
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;
  g_autofree char *joined = NULL;

  for (guint i = 0; i < 20000; i++)
    g_ptr_array_add (vocabulary, (gpointer) "la");
  left = words (vocabulary, 0, 20000);
  right = words (vocabulary, 0, 19999);
  joined = whis_merge_join (left, right, TRUE);
  g_assert_cmpuint (strlen (joined), >=, strlen (left));
}

static char *
random_word (void)
{
  static const char *const syllables[] = { "ba", "ko", "ri", "ße", "né", "su", "то",
                                           "ма", "γη", "lu", "di", "pa", "zo", "wen" };
  GString *word = g_string_new (NULL);

  for (int n = g_test_rand_int_range (2, 5); n > 0; n--)
    g_string_append (word, syllables[g_test_rand_int_range (0, G_N_ELEMENTS (syllables))]);

  return g_string_free (word, FALSE);
}

static GPtrArray *
random_words (guint n)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *vocabulary = g_ptr_array_new_with_free_func (g_free);

  while (vocabulary->len < n)
    {
      g_autofree char *word = random_word ();

      if (g_hash_table_contains (seen, word))
        continue;
      g_hash_table_add (seen, word);
      g_ptr_array_add (vocabulary, g_steal_pointer (&word));
    }

  return vocabulary;
}

/* Sound that was cut in two with an overlap gives the whole again. */
static void
test_known_overlap (void)
{
  for (int round = 0; round < 500; round++)
    {
      int total = g_test_rand_int_range (3, 80);
      int start = g_test_rand_int_range (0, total - 1);
      int end = g_test_rand_int_range (start + 1, total);
      g_autoptr (GPtrArray) vocabulary = random_words (total);
      g_autofree char *left = words (vocabulary, 0, end);
      g_autofree char *right = words (vocabulary, start, total);
      g_autofree char *shouted = g_utf8_strup (right, -1);
      g_autofree char *whole = words (vocabulary, 0, total);
      g_autofree char *joined = whis_merge_join (left, right, TRUE);
      g_autofree char *in_capitals = whis_merge_join (left, shouted, TRUE);
      g_autofree char *folded = g_utf8_casefold (in_capitals, -1);
      g_autofree char *whole_folded = g_utf8_casefold (whole, -1);

      g_assert_cmpstr (joined, ==, whole);
      g_assert_cmpstr (folded, ==, whole_folded);
    }
}

/* Few different words, so that many places look like an overlap. Whatever is taken for one, the
 * text begins as left begins, ends as right ends, and is at least as long as either. */
static void
test_chance_overlap (void)
{
  for (int round = 0; round < 2000; round++)
    {
      g_autoptr (GPtrArray) vocabulary = random_words (g_test_rand_int_range (2, 12));
      g_autoptr (GPtrArray) spoken = g_ptr_array_new ();
      g_autofree char *left = NULL;
      g_autofree char *right = NULL;
      g_autofree char *joined = NULL;
      g_auto (GStrv) result = NULL;
      int n_left = g_test_rand_int_range (1, 30);
      int n = n_left + g_test_rand_int_range (1, 30);
      int n_result;

      for (int i = 0; i < n; i++)
        g_ptr_array_add (
            spoken, g_ptr_array_index (vocabulary, g_test_rand_int_range (0, vocabulary->len)));
      left = words (spoken, 0, n_left);
      right = words (spoken, n_left, n);
      joined = whis_merge_join (left, right, TRUE);
      result = g_strsplit (joined, " ", -1);
      n_result = g_strv_length (result);
      g_assert_cmpint (n_result, >=, MAX (n_left, n - n_left));
      g_assert_cmpint (n_result, <=, n);
      for (int i = 0; i < (n_left + 1) / 2; i++)
        g_assert_cmpstr (result[i], ==, g_ptr_array_index (spoken, i));
      for (int i = 0; i < (n - n_left) / 2; i++)
        g_assert_cmpstr (result[n_result - 1 - i], ==, g_ptr_array_index (spoken, n - 1 - i));
    }
}

/* Two sides that share no word keep them all, also when there should be an overlap. */
static void
test_nothing_shared (void)
{
  for (int round = 0; round < 1000; round++)
    {
      int total = g_test_rand_int_range (2, 60);
      int cut = g_test_rand_int_range (1, total);
      g_autoptr (GPtrArray) vocabulary = random_words (total);
      g_autofree char *left = words (vocabulary, 0, cut);
      g_autofree char *right = words (vocabulary, cut, total);
      g_autofree char *whole = words (vocabulary, 0, total);
      g_autofree char *joined = whis_merge_join (left, right, TRUE);

      g_assert_cmpstr (joined, ==, whole);
    }
}

/* One word of the overlap comes out differently on the right; everything else is there once. */
static void
test_one_word_differs (void)
{
  for (int round = 0; round < 500; round++)
    {
      int total = g_test_rand_int_range (12, 60);
      int start = g_test_rand_int_range (1, total - 8);
      int end = g_test_rand_int_range (start + 6, total - 1);
      int wrong = g_test_rand_int_range (start + 1, end - 1);
      g_autoptr (GPtrArray) vocabulary = random_words (total);
      g_autofree char *left = words (vocabulary, 0, end);
      g_autofree char *right = NULL;
      g_autofree char *joined = NULL;
      g_auto (GStrv) result = NULL;

      g_free (g_ptr_array_index (vocabulary, wrong));
      g_ptr_array_index (vocabulary, wrong) = g_strdup ("misheard");
      right = words (vocabulary, start, total);
      joined = whis_merge_join (left, right, TRUE);
      result = g_strsplit (joined, " ", -1);
      g_assert_cmpint (g_strv_length (result), ==, total);
      for (int i = 0; i < total; i++)
        {
          if (i != wrong)
            g_assert_cmpstr (result[i], ==, g_ptr_array_index (vocabulary, i));
        }
    }
}

static void
test_pieces_in_any_order (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autofree char *nothing = whis_merge_get_prefix (merge, G_MAXSIZE);
  g_autofree char *begin = NULL;
  g_autofree char *gap = NULL;
  g_autofree char *whole = NULL;

  g_assert_cmpstr (nothing, ==, "");
  whis_merge_set (merge, 2, "store was closed.", TRUE);
  whis_merge_set (merge, 0, " Hello. ", FALSE);
  begin = whis_merge_get_prefix (merge, G_MAXSIZE);
  g_assert_cmpstr (begin, ==, "Hello.");
  gap = whis_merge_get_text (merge, 3);
  g_assert_cmpstr (gap, ==, "Hello. " WHIS_MERGE_GAP " store was closed.");
  g_assert_true (whis_merge_has_gap (merge, 3));

  whis_merge_set (merge, 1, "We went to the store", FALSE);
  g_assert_false (whis_merge_has_gap (merge, 3));
  g_assert_true (whis_merge_has_gap (merge, 4));
  whole = whis_merge_get_text (merge, 3);
  g_assert_cmpstr (whole, ==, "Hello. We went to the store was closed.");
  g_assert_finalize_object (merge);
}

static void
test_piece_replaced (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *shorter = NULL;

  whis_merge_set (merge, 0, "one", FALSE);
  whis_merge_set (merge, 1, "two", FALSE);
  first = whis_merge_get_prefix (merge, G_MAXSIZE);
  whis_merge_set (merge, 0, "three", FALSE);
  second = whis_merge_get_prefix (merge, G_MAXSIZE);
  shorter = whis_merge_get_text (merge, 1);
  g_assert_cmpstr (first, ==, "one two");
  g_assert_cmpstr (second, ==, "three two");
  g_assert_cmpstr (shorter, ==, "three");
  g_assert_finalize_object (merge);
}

static void
test_silent_piece (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autofree char *text = NULL;

  whis_merge_set (merge, 0, "go on", FALSE);
  whis_merge_set (merge, 1, "", FALSE);
  whis_merge_set (merge, 2, "on we go", TRUE);
  text = whis_merge_get_text (merge, 3);
  g_assert_cmpstr (text, ==, "go on on we go");
  g_assert_finalize_object (merge);
}

static void
test_gaps (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autofree char *empty = whis_merge_get_text (merge, 0);
  g_autofree char *missing = whis_merge_get_text (merge, 2);
  g_autofree char *both = NULL;

  whis_merge_set (merge, 2, "word", FALSE);
  both = whis_merge_get_text (merge, 5);
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (missing, ==, WHIS_MERGE_GAP);
  g_assert_cmpstr (both, ==, WHIS_MERGE_GAP " word " WHIS_MERGE_GAP);
  g_assert_finalize_object (merge);
}

/* Eight hours in pieces of half a minute, in order, the text asked for after each. */
static void
test_long_dictation (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autoptr (GPtrArray) vocabulary = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 960 * 40; i++)
    g_ptr_array_add (vocabulary, g_strdup_printf ("word%u", i));
  for (guint i = 0; i < 960; i++)
    {
      g_autofree char *piece = words (vocabulary, i > 0 ? i * 40 - 5 : 0, (i + 1) * 40);
      g_autofree char *so_far = NULL;

      whis_merge_set (merge, i, piece, i > 0);
      so_far = whis_merge_get_prefix (merge, G_MAXSIZE);
    }
  whole = words (vocabulary, 0, vocabulary->len);
  text = whis_merge_get_text (merge, 960);
  g_assert_cmpstr (text, ==, whole);
  g_assert_finalize_object (merge);
}

/* Of a long text only so much is wanted; it begins with a whole word, or at least character. */
/* Where two pieces of one dictation meet. */
static void
test_seams (void)
{
  static const Case cases[] = {
    { "an empty case.", "and then merge", "an empty case and then merge" },
    { "by Friday", ". He opened", "by Friday. He opened" },
    { "by Friday.", ". He opened", "by Friday. He opened" },
    { "quickly,", ", and more", "quickly, and more" },
    { "Is it so?", "he asked", "Is it so? he asked" },
    { "I gave it to him.", "Then I left.", "I gave it to him. Then I left." },
    { "use e.g.", "a hammer", "use e.g. a hammer" },
    { "by J.", "smith", "by J. smith" },
    { "chapter 3.", "what now", "chapter 3. what now" },
    { "we use", ".NET today", "we use .NET today" },
    { "and so", "... it ends", "and so... it ends" },
    { "Wait...", "what", "Wait... what" },
    { "今天。", "我们", "今天。我们" },
    { "Das war es.", "ärgerlich", "Das war es ärgerlich" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisMerge) merge = whis_merge_new ();
      g_autofree char *text = NULL;

      whis_merge_set (merge, 0, cases[i].left, FALSE);
      whis_merge_set (merge, 1, "", FALSE);
      whis_merge_set (merge, 2, cases[i].right, FALSE);
      text = whis_merge_get_text (merge, 3);
      g_assert_cmpstr (text, ==, cases[i].joined);
    }
}

static void
test_end_of_prefix (void)
{
  WhisMerge *merge = whis_merge_new ();
  g_autofree char *all = NULL;
  g_autofree char *words = NULL;
  g_autofree char *characters = NULL;

  whis_merge_set (merge, 0, "one two three", FALSE);
  all = whis_merge_get_prefix (merge, 13);
  g_assert_cmpstr (all, ==, "one two three");
  words = whis_merge_get_prefix (merge, 11);
  g_assert_cmpstr (words, ==, "two three");
  whis_merge_set (merge, 0, "東京大阪", FALSE);
  characters = whis_merge_get_prefix (merge, 7);
  g_assert_cmpstr (characters, ==, "大阪");
  g_assert_finalize_object (merge);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/merge/overlapping", test_overlapping);
  g_test_add_func ("/merge/beside", test_beside);
  g_test_add_func ("/merge/end-of-prefix", test_end_of_prefix);
  g_test_add_func ("/merge/seams", test_seams);
  g_test_add_func ("/merge/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/merge/any-length", test_any_length);
  g_test_add_func ("/merge/repetitive", test_repetitive);
  g_test_add_func ("/merge/known-overlap", test_known_overlap);
  g_test_add_func ("/merge/chance-overlap", test_chance_overlap);
  g_test_add_func ("/merge/nothing-shared", test_nothing_shared);
  g_test_add_func ("/merge/one-word-differs", test_one_word_differs);
  g_test_add_func ("/merge/pieces-in-any-order", test_pieces_in_any_order);
  g_test_add_func ("/merge/piece-replaced", test_piece_replaced);
  g_test_add_func ("/merge/silent-piece", test_silent_piece);
  g_test_add_func ("/merge/gaps", test_gaps);
  g_test_add_func ("/merge/long-dictation", test_long_dictation);

  return g_test_run ();
}
