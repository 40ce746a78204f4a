/* SPDX-License-Identifier: MIT */
#include "retirement.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>

/**
 * whis_retirement_has_come:
 * @model: a model
 * @now: the time, in seconds since 1970
 *
 * Returns: whether the day has come on which its service said that it would switch the model off
 */
gboolean
whis_retirement_has_come (const WhisModel *model, gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now);
  g_autofree char *today = NULL;

  g_return_val_if_fail (model != NULL, FALSE);

  if (model->retires == NULL || time == NULL)
    return FALSE;
  today = g_date_time_format (time, "%Y-%m-%d");

  return g_strcmp0 (today, model->retires) >= 0;
}

/* A service may answer for a model that is gone in the same way as for one that never was. */
static gboolean
may_be_about_model (const GError *error)
{
  guint status = whis_service_error_get_status (error);

  return (g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED)
          && (status == 404 || status == 410))
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL)
         || g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RETIRED);
}

/**
 * whis_retirement_explain:
 * @provider: who refused
 * @model: (nullable): the model that was asked for
 * @now: the time, in seconds since 1970
 * @error: (transfer full): the refusal
 *
 * Says of a refusal that may be about the model that the model is gone, if the table knows that.
 *
 * Returns: (transfer full): @error, or %WHIS_SERVICE_ERROR_RETIRED in its place
 */
GError *
whis_retirement_explain (const WhisProvider *provider, const char *model, gint64 now, GError *error)
{
  const WhisModel *known;
  g_autofree char *sentence = NULL;
  GError *better;

  g_return_val_if_fail (provider != NULL && error != NULL, error);

  known = whis_provider_find_model (provider, model);
  if (known == NULL || !may_be_about_model (error) || !whis_retirement_has_come (known, now))
    return error;
  sentence = g_strdup_printf (_ ("%s switched the model %s off on %s. Choose another one in the "
                                 "preferences."),
                              whis_provider_get_name (provider), known->id, known->retires);
  better = whis_service_error_new_answer (WHIS_SERVICE_ERROR_RETIRED, sentence,
                                          whis_service_error_get_detail (error),
                                          whis_service_error_get_status (error), 0, FALSE);
  g_error_free (error);

  return better;
}
