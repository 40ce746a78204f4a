/* SPDX-License-Identifier: MIT */
#include "service-error.h"

#include "sound.h"

/* What a service said stands behind the sentence, for whoever wants to look it up. */
static void
test_message (void)
{
  g_autoptr (GError) plain = whis_service_error_new (WHIS_SERVICE_ERROR_TLS, "Not safe.", NULL);
  g_autoptr (GError) empty = whis_service_error_new (WHIS_SERVICE_ERROR_TLS, "Not safe.", "");
  g_autoptr (GError) detailed =
      whis_service_error_new (WHIS_SERVICE_ERROR_TLS, "100 % “safe”.", "100 %s expired");

  g_assert_cmpstr (plain->message, ==, "Not safe.");
  g_assert_null (whis_service_error_get_detail (plain));
  g_assert_cmpstr (empty->message, ==, "Not safe.");
  g_assert_cmpstr (detailed->message, ==, "100 % “safe”. (100 %s expired)");
  g_assert_cmpstr (whis_service_error_get_detail (detailed), ==, "100 %s expired");
}

/* Only where the network or the own process failed does another try help. */
static void
test_retryable (void)
{
  for (int code = WHIS_SERVICE_ERROR_NO_KEY; code <= WHIS_SERVICE_ERROR_NO_MODEL; code++)
    {
      g_autoptr (GError) error =
          whis_service_error_new ((WhisServiceError) code, "A sentence.", NULL);

      g_assert_error (error, WHIS_SERVICE_ERROR, code);
      g_assert_cmpint (whis_service_error_is_retryable (error), ==,
                       code == WHIS_SERVICE_ERROR_NETWORK || code == WHIS_SERVICE_ERROR_TIMEOUT
                           || code == WHIS_SERVICE_ERROR_RECOGNISER);
      g_assert_cmpuint (whis_service_error_get_status (error), ==, 0);
      g_assert_cmpuint (whis_service_error_get_retry_after_ms (error), ==, 0);
    }
}

/* An error goes through tasks, which copy it, and everything that is known of it goes along. */
static void
test_copy (void)
{
  GError *error = whis_service_error_new_answer (WHIS_SERVICE_ERROR_RATE_LIMIT, "Too many.",
                                                 "slow down", 429, 86400000, TRUE);
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (GError) prefixed = g_error_copy (error);

  g_error_free (error);
  g_prefix_error (&prefixed, "Piece 3: ");
  g_assert_error (copy, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT);
  g_assert_cmpstr (copy->message, ==, "Too many. (slow down)");
  g_assert_cmpstr (whis_service_error_get_detail (copy), ==, "slow down");
  g_assert_cmpuint (whis_service_error_get_status (copy), ==, 429);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (copy), ==, 86400000);
  g_assert_true (whis_service_error_is_retryable (copy));
  g_assert_cmpuint (whis_service_error_get_status (prefixed), ==, 429);
}

/* Of an error of another kind nothing is known, and of none neither. */
static void
test_other_errors (void)
{
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "late");
  const GError *const errors[] = { NULL, other };

  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_assert_null (whis_service_error_get_detail (errors[i]));
      g_assert_cmpuint (whis_service_error_get_status (errors[i]), ==, 0);
      g_assert_cmpuint (whis_service_error_get_retry_after_ms (errors[i]), ==, 0);
      g_assert_false (whis_service_error_is_retryable (errors[i]));
    }
}

/* A sound that cannot be read is the same failure whoever holds it; a cancelled read is none. */
static void
test_sound_errors (void)
{
  g_autoptr (GError) gone = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No such file");
  g_autoptr (GError) stopped = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autoptr (GError) too_few = whis_sound_error_new (NULL);
  g_autoptr (GError) unreadable = whis_sound_error_new (gone);
  g_autoptr (GError) cancelled = whis_sound_error_new (stopped);

  g_assert_error (too_few, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_FILE);
  g_assert_null (whis_service_error_get_detail (too_few));
  g_assert_error (unreadable, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_FILE);
  g_assert_cmpstr (whis_service_error_get_detail (unreadable), ==, "No such file");
  g_assert_false (whis_service_error_is_retryable (unreadable));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-error/message", test_message);
  g_test_add_func ("/service-error/retryable", test_retryable);
  g_test_add_func ("/service-error/copy", test_copy);
  g_test_add_func ("/service-error/other-errors", test_other_errors);
  g_test_add_func ("/sound/errors", test_sound_errors);

  return g_test_run ();
}
