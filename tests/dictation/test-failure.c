/* SPDX-License-Identifier: MIT */
#include "failure.h"
#include "service-error.h"
#include "store-error.h"

#include <gio/gio.h>
#include <string.h>

/* What programs on the bus are told, and whether waiting is worth while. */
static const struct
{
  WhisServiceError error;
  const char *word;
  gboolean may_pass;
} cases[] = {
  { WHIS_SERVICE_ERROR_NO_KEY, "key-missing", FALSE },
  { WHIS_SERVICE_ERROR_WRONG_KEY, "key-wrong", FALSE },
  { WHIS_SERVICE_ERROR_PERMISSION, "permission", FALSE },
  { WHIS_SERVICE_ERROR_CREDIT, "money", FALSE },
  { WHIS_SERVICE_ERROR_RATE_LIMIT, "rate-limit", TRUE },
  { WHIS_SERVICE_ERROR_TOO_LARGE, "too-large", FALSE },
  { WHIS_SERVICE_ERROR_TOO_SHORT, "provider", FALSE },
  { WHIS_SERVICE_ERROR_UNSUPPORTED, "provider", FALSE },
  { WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE, "language", FALSE },
  { WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, "model", FALSE },
  { WHIS_SERVICE_ERROR_RETIRED, "model", FALSE },
  { WHIS_SERVICE_ERROR_SERVICE_DOWN, "provider", TRUE },
  { WHIS_SERVICE_ERROR_NETWORK, "network", TRUE },
  { WHIS_SERVICE_ERROR_TLS, "network", TRUE },
  { WHIS_SERVICE_ERROR_TIMEOUT, "timeout", TRUE },
  { WHIS_SERVICE_ERROR_BAD_ANSWER, "provider", FALSE },
  { WHIS_SERVICE_ERROR_REDIRECT, "address", FALSE },
  { WHIS_SERVICE_ERROR_ADDRESS, "address", FALSE },
  { WHIS_SERVICE_ERROR_FILE, "storage", FALSE },
  { WHIS_SERVICE_ERROR_RECOGNISER, "recogniser", FALSE },
  { WHIS_SERVICE_ERROR_NO_MODEL, "no-model", FALSE },
};

/* A keyring may be opened, or come back. */
static void
test_keyring (void)
{
  const WhisStoreError errors[] = { WHIS_STORE_ERROR_KEYRING, WHIS_STORE_ERROR_KEYRING_LOCKED };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (WHIS_STORE_ERROR, (int) errors[i], "sentence");

      g_assert_cmpstr (whis_failure_get_code (error), ==, "keyring");
      g_assert_true (whis_failure_may_pass (error));
    }
}

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = whis_service_error_new (cases[i].error, "sentence", NULL);

      g_test_message ("%d: %s", (int) cases[i].error, cases[i].word);
      g_assert_cmpstr (whis_failure_get_code (error), ==, cases[i].word);
      g_assert_cmpint (whis_failure_may_pass (error), ==, cases[i].may_pass);
      g_assert_cmpint (whis_failure_waits_for_model (error), ==,
                       cases[i].error == WHIS_SERVICE_ERROR_NO_MODEL);
    }
}

/* An answer that was cut off or garbled may be whole the next time; one that says something else
 * will not. */
static void
test_unreadable_answer_waits (void)
{
  g_autoptr (GError) unreadable =
      whis_service_error_new_answer (WHIS_SERVICE_ERROR_BAD_ANSWER, "sentence", NULL, 200, 0, TRUE);
  g_autoptr (GError) no_text = whis_service_error_new_answer (WHIS_SERVICE_ERROR_BAD_ANSWER,
                                                              "sentence", NULL, 200, 0, FALSE);

  g_assert_true (whis_failure_may_pass (unreadable));
  g_assert_false (whis_failure_may_pass (no_text));
}

/* Who writes a client looks there. */
static void
test_words_are_documented (void)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "data", "io.github.whis_gtk.Whis1.xml", NULL);
  g_autofree char *interface = NULL;
  g_autoptr (GError) error = NULL;
  const char *signal;

  g_file_get_contents (path, &interface, NULL, &error);
  g_assert_no_error (error);
  signal = strstr (interface, "        Failed:\n");
  g_assert_nonnull (signal);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *word = g_strdup_printf ("`%s`", cases[i].word);

      g_test_message ("%s", word);
      g_assert_nonnull (g_strstr_len (signal, strstr (signal, "-->") - signal, word));
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");

  g_assert_cmpstr (whis_failure_get_code (error), ==, "cancelled");
  g_assert_false (whis_failure_may_pass (error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/failure/unreadable-answer-waits", test_unreadable_answer_waits);
  g_test_add_func ("/failure/words", test_words);
  g_test_add_func ("/failure/keyring", test_keyring);
  g_test_add_func ("/failure/words-are-documented", test_words_are_documented);
  g_test_add_func ("/failure/cancelled", test_cancelled);

  return g_test_run ();
}
