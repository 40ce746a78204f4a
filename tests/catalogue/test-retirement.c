/* SPDX-License-Identifier: MIT */
#include "retirement.h"

#include <string.h>

#include "service-error.h"

static GError *
refuse (WhisServiceError code, guint status)
{
  return whis_service_error_new_answer (code, "No.", "The model does not exist", status, 0, FALSE);
}

/* The days are those of the provider table. */
static void
test_retired_by_table (void)
{
  const WhisProvider *provider = whis_provider_lookup ("openai");
  const gint64 day_before = 1803513600; /* 2027-02-25 00:00 UTC */
  const gint64 day = day_before + 86400;
  GError *early = refuse (WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 404);
  GError *late = refuse (WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 404);
  GError *other = refuse (WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 404);
  GError *money = refuse (WHIS_SERVICE_ERROR_CREDIT, 402);

  early = whis_retirement_explain (provider, "whisper-1", day_before, early);
  late = whis_retirement_explain (provider, "whisper-1", day, late);
  other = whis_retirement_explain (provider, "gpt-transcribe", day, other);
  money = whis_retirement_explain (provider, "whisper-1", day, money);
  g_assert_error (early, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL);
  g_assert_error (late, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RETIRED);
  g_assert_nonnull (strstr (late->message, "whisper-1"));
  g_assert_nonnull (strstr (late->message, "2027-02-26"));
  g_assert_nonnull (strstr (late->message, "does not exist"));
  g_assert_error (other, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL);
  g_assert_error (money, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_CREDIT);
  g_error_free (early);
  g_error_free (late);
  g_error_free (other);
  g_error_free (money);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retirement/by-table", test_retired_by_table);

  return g_test_run ();
}
