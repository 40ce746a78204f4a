/* SPDX-License-Identifier: MIT */
#include "error-sentence.h"

#include <glib/gi18n-lib.h>

#define SECONDS_PER_MINUTE 60
#define SECONDS_PER_HOUR 3600

static guint64
divide_up (guint64 number, guint64 by)
{
  return number / by + (number % by != 0);
}

static char *
write_in_seconds (const char *service, int n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s wants fewer requests. Try again in %d second.",
                   "%s wants fewer requests. Try again in %d seconds.", (gulong) n),
      service, n);
}

static char *
write_in_minutes (const char *service, int n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s wants fewer requests. Try again in %d minute.",
                   "%s wants fewer requests. Try again in %d minutes.", (gulong) n),
      service, n);
}

static char *
write_in_hours (const char *service, int n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s wants fewer requests. Try again in %d hour.",
                   "%s wants fewer requests. Try again in %d hours.", (gulong) n),
      service, n);
}

/**
 * whis_rate_limit_describe:
 * @service: name of the service, for people
 * @wait_ms: how long it wants us to wait, in milliseconds; 0 when it does not say
 *
 * Returns: (transfer full): what a rate limit means for the user, in one sentence
 */
char *
whis_rate_limit_describe (const char *service, guint64 wait_ms)
{
  guint64 seconds = divide_up (wait_ms, 1000);

  g_return_val_if_fail (service != NULL, NULL);

  if (seconds == 0)
    return g_strdup_printf (_ ("%s wants fewer requests for now. Try again in a minute."), service);
  if (seconds < 2 * SECONDS_PER_MINUTE)
    return write_in_seconds (service, (int) seconds);
  if (seconds < 2 * SECONDS_PER_HOUR)
    return write_in_minutes (service, (int) divide_up (seconds, SECONDS_PER_MINUTE));

  return write_in_hours (service, (int) MIN (divide_up (seconds, SECONDS_PER_HOUR), G_MAXINT));
}

/* Mistral gives the same answer to a wrong key and to an account without credit. */
static gboolean
is_bare (const WhisErrorBody *refusal)
{
  return refusal->words->len == 0 && g_strcmp0 (refusal->message, "Unauthorized") == 0;
}

static const char *
get_unsupported_form (guint status)
{
  if (status == 404 || status == 405)
    return _ ("%s does not know this model or address. Check both in the preferences.");

  return _ ("%s did not accept the request. Check model and language in the preferences.");
}

static const char *
get_form (const WhisErrorBody *refusal, guint status, WhisServiceError code)
{
  switch ((int) code)
    {
    case WHIS_SERVICE_ERROR_NO_KEY:
      return _ ("%s wants a key. Add one in the preferences.");
    case WHIS_SERVICE_ERROR_WRONG_KEY:
      if (is_bare (refusal))
        return _ ("%s refused the key, or your credit there is used up. Check the key in the "
                  "preferences, and the credit.");
      return _ ("%s refused the key. Check it in the preferences.");
    case WHIS_SERVICE_ERROR_PERMISSION:
      return _ ("%s does not allow this with your key, or not from where you are. Check what the "
                "key may do, or choose another service.");
    case WHIS_SERVICE_ERROR_CREDIT:
      return _ (
          "%s says that your credit is used up. Add credit there, or choose another service.");
    case WHIS_SERVICE_ERROR_TOO_LARGE:
      return _ (
          "A piece of the recording is too large for %s. Set shorter pieces or choose another "
          "service.");
    case WHIS_SERVICE_ERROR_TOO_SHORT:
      return _ ("The recording is too short for %s.");
    case WHIS_SERVICE_ERROR_UNSUPPORTED:
      return get_unsupported_form (status);
    case WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE:
      return _ ("%s does not know this language. Choose another one in the preferences, or "
                "automatic.");
    case WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL:
      return _ ("%s does not know this model, or not with your key. Choose another one in the "
                "preferences.");
    case WHIS_SERVICE_ERROR_RETIRED:
      return _ ("%s has switched this model off. Choose another one in the preferences.");
    case WHIS_SERVICE_ERROR_SERVICE_DOWN:
      return _ ("%s has trouble at the moment. Try again later.");
    case WHIS_SERVICE_ERROR_REDIRECT:
      return _ ("%s sent us to another address, where we do not go with your sound. Sign in if "
                "this network asks for it, or check the address in the preferences.");
    case WHIS_SERVICE_ERROR_NETWORK:
      return _ ("The network does not let us through to %s. Open a web page and sign in to the "
                "network.");
    default:
      if (refusal->is_page)
        return _ ("A web page came in place of an answer of %s. Sign in if this network asks for "
                  "it, or check the address in the preferences.");
      return _ ("%s gave an answer that makes no sense.");
    }
}

static char *
describe_rate_limit (const WhisErrorBody *refusal,
                     guint status,
                     const char *service,
                     guint64 wait_ms)
{
  if (refusal->is_daily)
    return g_strdup_printf (
        _ ("%s allows no more today. Try again tomorrow, or choose another service."), service);
  if (status == 413)
    return g_strdup_printf (_ ("A piece of the recording is more than %s allows you at a time. Set "
                               "shorter pieces or choose another service."),
                            service);

  return whis_rate_limit_describe (service, wait_ms);
}

/**
 * whis_error_body_describe:
 * @refusal: what the body of an answer says
 * @status: the HTTP status of the answer
 * @code: what kind of failure it is
 * @service: name of the service, for people
 * @wait_ms: how long it wants us to wait, in milliseconds; 0 when it does not say
 *
 * Returns: (transfer full): what happened and what to do, in one sentence or two
 */
char *
whis_error_body_describe (const WhisErrorBody *refusal,
                          guint status,
                          WhisServiceError code,
                          const char *service,
                          guint64 wait_ms)
{
  g_return_val_if_fail (refusal != NULL && service != NULL, NULL);

  if (code == WHIS_SERVICE_ERROR_RATE_LIMIT)
    return describe_rate_limit (refusal, status, service, wait_ms);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (get_form (refusal, status, code), service);
#pragma GCC diagnostic pop
}
