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

/* The day counts in Greenwich, and from its first second on. */
static void
test_day (void)
{
  static const struct
  {
    const char *retires;
    gint64 now;
    gboolean has_come;
  } cases[] = {
    { "2027-02-26", 1803599999, FALSE },
    { "2027-02-26", 1803600000, TRUE },
    { "2027-02-26", 1900000000, TRUE },
    { "2027-02-26", 0, FALSE },
    { NULL, 1900000000, FALSE },
    /* a clock that is far off */
    { "2027-02-26", G_MAXINT64, FALSE },
    { "2027-02-26", G_MININT64, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisModel model = { .id = "m", .retires = cases[i].retires };

      g_assert_cmpint (whis_retirement_has_come (&model, cases[i].now), ==, cases[i].has_come);
    }
}

/* Only a refusal that may be about the model is explained by it. */
static void
test_refusals (void)
{
  static const struct
  {
    WhisServiceError code;
    guint status;
    const char *model;
    gboolean explained;
  } cases[] = {
    { WHIS_SERVICE_ERROR_UNSUPPORTED, 404, "whisper-1", TRUE },
    { WHIS_SERVICE_ERROR_UNSUPPORTED, 410, "whisper-1", TRUE },
    { WHIS_SERVICE_ERROR_UNSUPPORTED, 400, "whisper-1", FALSE },
    { WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 400, "whisper-1", TRUE },
    { WHIS_SERVICE_ERROR_RETIRED, 404, "whisper-1", TRUE },
    { WHIS_SERVICE_ERROR_WRONG_KEY, 401, "whisper-1", FALSE },
    { WHIS_SERVICE_ERROR_NETWORK, 0, "whisper-1", FALSE },
    { WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 404, "mine", FALSE },
    { WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, 404, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
          whis_retirement_explain (whis_provider_lookup ("openai"), cases[i].model, 1900000000,
                                   refuse (cases[i].code, cases[i].status));

      g_test_message ("%u, %s", cases[i].status, cases[i].model);
      g_assert_cmpint (strstr (error->message, "switched the model") != NULL, ==,
                       cases[i].explained);
      g_assert_cmpuint (whis_service_error_get_status (error), ==, cases[i].status);
      g_assert_cmpint (error->code, ==,
                       (int) (cases[i].explained ? WHIS_SERVICE_ERROR_RETIRED : cases[i].code));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retirement/by-table", test_retired_by_table);
  g_test_add_func ("/retirement/day", test_day);
  g_test_add_func ("/retirement/refusals", test_refusals);

  return g_test_run ();
}
