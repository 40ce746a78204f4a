/* SPDX-License-Identifier: MIT */
#include "error-details.h"

static void
test_nothing (void)
{
  const WhisErrorDetails none = { .kept = WHIS_KEPT_NOTHING };
  g_autofree char *message = whis_error_details_join (&none, "There is no text yet.");
  g_auto (WhisErrorDetails) read = { .kept = WHIS_KEPT_SOUND };
  g_autofree char *sentence = whis_error_details_split (&read, message);

  g_assert_cmpstr (message, ==, "There is no text yet.");
  g_assert_cmpstr (sentence, ==, message);
  g_assert_null (read.code);
  g_assert_null (read.id);
  g_assert_cmpuint (read.kept, ==, WHIS_KEPT_NOTHING);
  g_assert_false (read.resumable);
}

static void
test_all (void)
{
  const WhisErrorDetails written = {
    .code = (char *) "device",
    .id = (char *) "20261130-1a2b",
    .kept = WHIS_KEPT_SOUND | WHIS_KEPT_PART,
    .resumable = TRUE,
  };
  g_autofree char *message = whis_error_details_join (&written, "The microphone is gone.");
  g_auto (WhisErrorDetails) read = { .kept = WHIS_KEPT_NOTHING };
  g_autofree char *sentence = whis_error_details_split (&read, message);

  g_assert_cmpstr (message, ==,
                   "The microphone is gone.\ncode: device\nid: 20261130-1a2b\n"
                   "kept: sound part\nresumable");
  g_assert_cmpstr (sentence, ==, "The microphone is gone.");
  g_assert_cmpstr (read.code, ==, "device");
  g_assert_cmpstr (read.id, ==, "20261130-1a2b");
  g_assert_cmpuint (read.kept, ==, WHIS_KEPT_SOUND | WHIS_KEPT_PART);
  g_assert_true (read.resumable);
}

/* What a server writes into its error cannot be taken for details. */
static void
test_sentence_of_lines (void)
{
  const WhisErrorDetails written = { .id = (char *) "ours" };
  g_autofree char *message =
      whis_error_details_join (&written, "It says: busy\r\nid: theirs\nresumable");
  g_auto (WhisErrorDetails) read = { .kept = WHIS_KEPT_NOTHING };
  g_autofree char *sentence = whis_error_details_split (&read, message);

  g_assert_cmpstr (sentence, ==, "It says: busy  id: theirs resumable");
  g_assert_cmpstr (read.id, ==, "ours");
  g_assert_false (read.resumable);
}

/* A later version may say more. */
static void
test_unknown_lines (void)
{
  g_auto (WhisErrorDetails) read = { .kept = WHIS_KEPT_NOTHING };
  g_autofree char *sentence = whis_error_details_split (
      &read, "No.\nmood: bad\n\nkept: sound of-tomorrow\nid: a\nresumable: perhaps");

  g_assert_cmpstr (sentence, ==, "No.");
  g_assert_cmpstr (read.id, ==, "a");
  g_assert_cmpuint (read.kept, ==, WHIS_KEPT_SOUND);
  g_assert_false (read.resumable);
}

static void
test_empty (void)
{
  g_auto (WhisErrorDetails) read = { .kept = WHIS_KEPT_NOTHING };
  g_autofree char *sentence = whis_error_details_split (&read, "");

  g_assert_cmpstr (sentence, ==, "");
  g_assert_null (read.id);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error-details/nothing", test_nothing);
  g_test_add_func ("/error-details/all", test_all);
  g_test_add_func ("/error-details/sentence-of-lines", test_sentence_of_lines);
  g_test_add_func ("/error-details/unknown-lines", test_unknown_lines);
  g_test_add_func ("/error-details/empty", test_empty);

  return g_test_run ();
}
