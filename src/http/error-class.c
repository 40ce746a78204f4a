/* SPDX-License-Identifier: MIT */
#include "error-class.h"

#include <string.h>

/* The words of services for their errors. A status alone does not tell them apart: a 429 may mean
 * money, a 400 a wrong key, a 401 money or a key that is restricted. */
static const struct
{
  const char *word;
  WhisServiceError code;
} word_rules[] = {
  { "insufficient_quota", WHIS_SERVICE_ERROR_CREDIT },
  { "credit_balance_exhausted", WHIS_SERVICE_ERROR_CREDIT },
  { "organization_spend_limit_exceeded", WHIS_SERVICE_ERROR_CREDIT },
  { "project_spend_limit_exceeded", WHIS_SERVICE_ERROR_CREDIT },
  { "organization_usage_limit_exceeded", WHIS_SERVICE_ERROR_CREDIT },
  { "project_usage_limit_exceeded", WHIS_SERVICE_ERROR_CREDIT },
  { "billing_hard_limit_reached", WHIS_SERVICE_ERROR_CREDIT },
  { "billing_not_active", WHIS_SERVICE_ERROR_CREDIT },
  { "quota_exceeded", WHIS_SERVICE_ERROR_CREDIT },
  { "ASR_PAYMENT_REQUIRED", WHIS_SERVICE_ERROR_CREDIT },
  { "invalid_api_key", WHIS_SERVICE_ERROR_WRONG_KEY },
  { "API_KEY_INVALID", WHIS_SERVICE_ERROR_WRONG_KEY },
  { "INVALID_AUTH", WHIS_SERVICE_ERROR_WRONG_KEY },
  { "missing_permissions", WHIS_SERVICE_ERROR_PERMISSION },
  { "only_for_creator+", WHIS_SERVICE_ERROR_PERMISSION },
  { "INSUFFICIENT_PERMISSIONS", WHIS_SERVICE_ERROR_PERMISSION },
  { "PERMISSION_DENIED", WHIS_SERVICE_ERROR_PERMISSION },
  { "rate_limit_exceeded", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "rate_limited", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "slow_down", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "too_many_concurrent_requests", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "system_busy", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "TOO_MANY_REQUESTS", WHIS_SERVICE_ERROR_RATE_LIMIT },
  /* Google says in this case that a quota is exceeded and speaks of billing, in the very words that
   * OpenAI has for an account without credit */
  { "RESOURCE_EXHAUSTED", WHIS_SERVICE_ERROR_RATE_LIMIT },
  { "audio_too_short", WHIS_SERVICE_ERROR_TOO_SHORT },
  { "audio_too_large", WHIS_SERVICE_ERROR_TOO_LARGE },
  { "model_not_found", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "invalid_model", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "DeploymentNotFound", WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { "model_decommissioned", WHIS_SERVICE_ERROR_RETIRED },
};

/* Where there is no such word: pieces of sentences, in small letters, that must all be there. */
static const struct
{
  const char *phrases[2];
  WhisServiceError code;
} phrase_rules[] = {
  { { "exceeded your current quota" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "no credits remaining" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "enough credits" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "account balance" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "credit balance" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "balance", "negative" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "balance", "top up" }, WHIS_SERVICE_ERROR_CREDIT },
  { { "api key", "not valid" }, WHIS_SERVICE_ERROR_WRONG_KEY },
  { { "api key", "invalid" }, WHIS_SERVICE_ERROR_WRONG_KEY },
  { { "api key", "incorrect" }, WHIS_SERVICE_ERROR_WRONG_KEY },
  { { "location is not supported" }, WHIS_SERVICE_ERROR_PERMISSION },
  { { "country", "not supported" }, WHIS_SERVICE_ERROR_PERMISSION },
  { { "ip address", "allow" }, WHIS_SERVICE_ERROR_PERMISSION },
  { { "too short" }, WHIS_SERVICE_ERROR_TOO_SHORT },
  { { "audio is empty" }, WHIS_SERVICE_ERROR_TOO_SHORT },
  { { "maximum for this model" }, WHIS_SERVICE_ERROR_TOO_LARGE },
  { { "audio", "too long" }, WHIS_SERVICE_ERROR_TOO_LARGE },
  { { "audio", "too large" }, WHIS_SERVICE_ERROR_TOO_LARGE },
  { { "file", "too large" }, WHIS_SERVICE_ERROR_TOO_LARGE },
  { { "model", "decommissioned" }, WHIS_SERVICE_ERROR_RETIRED },
  { { "model", "deprecated" }, WHIS_SERVICE_ERROR_RETIRED },
  { { "model", "retired" }, WHIS_SERVICE_ERROR_RETIRED },
  { { "model", "shut down" }, WHIS_SERVICE_ERROR_RETIRED },
  { { "model", "no longer" }, WHIS_SERVICE_ERROR_RETIRED },
  { { "invalid model" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "unknown model" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "no such model" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "model", "not found" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "model", "does not exist" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "model", "not installed" }, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL },
  { { "language", "not supported" }, WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE },
  { { "unsupported language" }, WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE },
  { { "invalid language" }, WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE },
};

/* Whether an answer of that status can mean that at all. */
static gboolean
may_mean (guint status, WhisServiceError code)
{
  switch ((int) code)
    {
    case WHIS_SERVICE_ERROR_CREDIT:
      return status == 400 || status == 401 || status == 403 || status == 429;
    case WHIS_SERVICE_ERROR_WRONG_KEY:
    case WHIS_SERVICE_ERROR_PERMISSION:
      return status == 400 || status == 401 || status == 403;
    case WHIS_SERVICE_ERROR_RATE_LIMIT:
      return status == 413 || status == 429 || status == 503;
    case WHIS_SERVICE_ERROR_TOO_SHORT:
    case WHIS_SERVICE_ERROR_TOO_LARGE:
      return status == 400 || status == 422;
    default:
      return status == 400 || status == 403 || status == 404 || status == 410 || status == 422;
    }
}

static gboolean
find_by_word (const WhisErrorBody *refusal, guint status, WhisServiceError *code)
{
  for (guint i = 0; i < refusal->words->len; i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (word_rules); j++)
        {
          if (!g_str_equal (word_rules[j].word, g_ptr_array_index (refusal->words, i))
              || !may_mean (status, word_rules[j].code))
            continue;
          *code = word_rules[j].code;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
error_class_says (const char *message, const char *const *phrases)
{
  return strstr (message, phrases[0]) != NULL
         && (phrases[1] == NULL || strstr (message, phrases[1]) != NULL);
}

/* A sentence about another field than the model may speak of the model as well. */
static gboolean
blames_other (const WhisErrorBody *refusal, WhisServiceError code)
{
  return (code == WHIS_SERVICE_ERROR_RETIRED || code == WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL)
         && (refusal->is_plain
             || (refusal->param != NULL && !g_str_has_prefix (refusal->param, "model")));
}

static gboolean
find_by_phrase (const WhisErrorBody *refusal, guint status, WhisServiceError *code)
{
  g_autofree char *message = NULL;

  if (refusal->message == NULL)
    return FALSE;
  message = g_ascii_strdown (refusal->message, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (phrase_rules); i++)
    {
      if (!may_mean (status, phrase_rules[i].code) || blames_other (refusal, phrase_rules[i].code)
          || !error_class_says (message, phrase_rules[i].phrases))
        continue;
      *code = phrase_rules[i].code;
      return TRUE;
    }

  return FALSE;
}

static gboolean
find_by_param (const WhisErrorBody *refusal, guint status, WhisServiceError *code)
{
  if (refusal->param == NULL || !may_mean (status, WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL))
    return FALSE;
  if (g_str_has_prefix (refusal->param, "language"))
    *code = WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE;
  else if (g_str_equal (refusal->param, "model") || g_str_equal (refusal->param, "model_id"))
    *code = WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL;
  else
    return FALSE;

  return TRUE;
}

/* A model that is gone is often just "not found" by the service's code, and only its sentence says
 * that it was there once. */
static gboolean
is_retired_by_phrase (const WhisErrorBody *refusal, guint status)
{
  WhisServiceError code;

  return find_by_phrase (refusal, status, &code) && code == WHIS_SERVICE_ERROR_RETIRED;
}

static WhisServiceError
get_code_of_status (guint status)
{
  if (SOUP_STATUS_IS_REDIRECTION (status))
    return WHIS_SERVICE_ERROR_REDIRECT;

  switch (status)
    {
    case 401:
      return WHIS_SERVICE_ERROR_WRONG_KEY;
    case 402:
      return WHIS_SERVICE_ERROR_CREDIT;
    case 403:
      return WHIS_SERVICE_ERROR_PERMISSION;
    case 413:
      return WHIS_SERVICE_ERROR_TOO_LARGE;
    case 429:
      return WHIS_SERVICE_ERROR_RATE_LIMIT;
    case 400:
    case 404:
    case 405:
    case 410:
    case 415:
    case 422:
    case 501:
      return WHIS_SERVICE_ERROR_UNSUPPORTED;
    case 408:
    case 409:
    case 424:
    case 498:
    case 499:
      return WHIS_SERVICE_ERROR_SERVICE_DOWN;
    /* Network Authentication Required (RFC 6585, 6): it comes from the network in between. */
    case 511:
      return WHIS_SERVICE_ERROR_NETWORK;
    default:
      return status >= 500 ? WHIS_SERVICE_ERROR_SERVICE_DOWN : WHIS_SERVICE_ERROR_BAD_ANSWER;
    }
}

/**
 * whis_error_body_classify:
 * @refusal: what the body of an answer says
 * @status: the HTTP status of the answer
 * @has_key: whether a key was sent
 *
 * Decides what kind of failure an answer is: by the service's own code, else by its sentence, else
 * by the field that it blames, else by the status.
 *
 * Returns: the kind
 */
WhisServiceError
whis_error_body_classify (const WhisErrorBody *refusal, guint status, gboolean has_key)
{
  WhisServiceError code;

  g_return_val_if_fail (refusal != NULL, WHIS_SERVICE_ERROR_BAD_ANSWER);

  if (!find_by_word (refusal, status, &code) && !find_by_phrase (refusal, status, &code)
      && !find_by_param (refusal, status, &code))
    code = get_code_of_status (status);
  if (code == WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL && is_retired_by_phrase (refusal, status))
    code = WHIS_SERVICE_ERROR_RETIRED;
  if (!has_key && (code == WHIS_SERVICE_ERROR_WRONG_KEY || code == WHIS_SERVICE_ERROR_PERMISSION))
    return WHIS_SERVICE_ERROR_NO_KEY;

  return code;
}

/* A status 413 that means speed says that this one piece is more than the whole allowance. Groq
 * recommends another try after 422, which from others is a complaint about a field. */
static gboolean
is_transient (const WhisErrorBody *refusal, guint status, WhisServiceError code)
{
  if (code == WHIS_SERVICE_ERROR_RATE_LIMIT)
    return status != 413 && !refusal->is_daily;
  if (code == WHIS_SERVICE_ERROR_UNSUPPORTED)
    return status == 422 && refusal->has_error && refusal->param == NULL;

  return code == WHIS_SERVICE_ERROR_SERVICE_DOWN && status != 505;
}

/**
 * whis_error_body_may_pass:
 * @refusal: what the body of an answer says
 * @status: the HTTP status of the answer
 * @code: what kind of failure it is
 * @advice: (nullable): the header `x-should-retry`
 *
 * Returns: whether the same request may succeed in a while
 */
gboolean
whis_error_body_may_pass (const WhisErrorBody *refusal,
                          guint status,
                          WhisServiceError code,
                          const char *advice)
{
  gboolean passes;

  g_return_val_if_fail (refusal != NULL, FALSE);

  passes = is_transient (refusal, status, code);
  if (advice != NULL && g_ascii_strcasecmp (advice, "false") == 0)
    return FALSE;
  /* A server may say that a retry helps, but nobody's word makes a wrong key or an account without
   * credit worth another try. */
  if (advice != NULL && g_ascii_strcasecmp (advice, "true") == 0)
    return passes || code == WHIS_SERVICE_ERROR_UNSUPPORTED
           || code == WHIS_SERVICE_ERROR_BAD_ANSWER;

  return passes;
}
