/* SPDX-License-Identifier: MIT */
#include "refusal.h"
#include "json.h"
#include "redact.h"
#include "retry.h"
#include "speech-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More of a server's words than this does not fit into a notification. */
#define LONGEST_MESSAGE 200

/* Codes of a status 429, 413 or 400 that mean money, not speed. */
static const char *const money_codes[] = {
  "insufficient_quota",
  "credit_balance_exhausted",
  "organization_spend_limit_exceeded",
  "project_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
  "project_usage_limit_exceeded",
  "billing_hard_limit_reached",
  "billing_not_active",
  "quota_exceeded",
};

static char *
tidy (const char *text, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, size);
  g_autofree char *start = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), 4096));
  GString *line = g_string_new (NULL);
  glong length = 0;

  for (const char *p = start; *p != '\0' && length < LONGEST_MESSAGE; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (line, c);
      else if (line->len > 0 && line->str[line->len - 1] != ' ')
        g_string_append_c (line, ' ');
      else
        continue;
      length++;
    }
  if (length >= LONGEST_MESSAGE)
    g_string_append (line, "…");

  return g_strchomp (g_string_free (line, FALSE));
}

static gboolean
looks_like_markup (const char *text)
{
  return *text == '<' || strstr (text, "</") != NULL;
}

static JsonObject *
get_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonObject *
get_first_object (JsonNode *node)
{
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return get_object (node);
  array = json_node_get_array (node);

  return json_array_get_length (array) > 0 ? get_object (json_array_get_element (array, 0)) : NULL;
}

static JsonObject *
get_member_object (JsonObject *object, const char *member)
{
  return object != NULL ? get_first_object (json_object_get_member (object, member)) : NULL;
}

static const char *
find_message (JsonObject *root)
{
  const char *candidates[] = {
    whis_json_get_string (get_member_object (root, "error"), "message"),
    whis_json_get_string (root, "error"),
    whis_json_get_string (get_member_object (root, "detail"), "message"),
    whis_json_get_string (root, "detail"),
    whis_json_get_string (get_member_object (root, "detail"), "msg"),
    whis_json_get_string (root, "message"),
    whis_json_get_string (root, "err_msg"),
    whis_json_get_string (root, "title"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      if (candidates[i] != NULL && *candidates[i] != '\0')
        return candidates[i];
    }

  return NULL;
}

static const char *
find_code (JsonObject *root)
{
  JsonObject *holders[] = {
    get_member_object (root, "error"),
    get_member_object (root, "detail"),
    root,
  };
  const char *const names[] = { "code", "status", "type", "error_code" };

  for (gsize i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
        {
          const char *code = whis_json_get_string (holders[i], names[j]);

          if (code != NULL)
            return code;
        }
    }

  return NULL;
}

/**
 * whis_refusal_parse:
 * @body: (array length=size): the body of an answer
 * @size: its length in bytes
 *
 * Looks for the server's own words in an error body: JSON in any of the forms that servers are
 * known to use, or plain text. Pages in HTML say nothing to people.
 *
 * Returns: (transfer full): what was found; its members may be %NULL
 */
WhisRefusal *
whis_refusal_parse (const char *body, gsize size)
{
  WhisRefusal *self = g_new0 (WhisRefusal, 1);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  const char *message;

  g_return_val_if_fail (body != NULL || size == 0, self);

  root = whis_json_parse (body, size, NULL);
  object = get_first_object (root);
  message = object != NULL ? find_message (object) : NULL;
  if (message != NULL)
    self->message = tidy (message, strlen (message));
  else if (root == NULL && size > 0)
    self->message = tidy (body, size);
  if (object != NULL)
    self->code = g_strdup (find_code (object));
  if (self->message != NULL && (*self->message == '\0' || looks_like_markup (self->message)))
    g_clear_pointer (&self->message, g_free);

  return self;
}

/**
 * whis_refusal_free:
 * @self: (transfer full) (nullable): a refusal
 */
void
whis_refusal_free (WhisRefusal *self)
{
  if (self == NULL)
    return;

  g_free (self->message);
  g_free (self->code);
  g_free (self);
}

static gboolean
says (const WhisRefusal *refusal, const char *words)
{
  return refusal->message != NULL && strstr (refusal->message, words) != NULL;
}

static gboolean
has_code (const WhisRefusal *refusal, const char *code)
{
  return g_strcmp0 (refusal->code, code) == 0;
}

static gboolean
is_about_money (const WhisRefusal *refusal)
{
  for (gsize i = 0; i < G_N_ELEMENTS (money_codes); i++)
    {
      if (has_code (refusal, money_codes[i]))
        return TRUE;
    }

  return says (refusal, "exceeded your current quota") || says (refusal, "no credits remaining");
}

static WhisSpeechError
classify_bad_request (const WhisRefusal *refusal)
{
  if (has_code (refusal, "audio_too_short") || says (refusal, "too short"))
    return WHIS_SPEECH_ERROR_TOO_SHORT;
  if (says (refusal, "which is the maximum for this model") || says (refusal, "too long"))
    return WHIS_SPEECH_ERROR_TOO_LARGE;
  if (has_code (refusal, "invalid_api_key"))
    return WHIS_SPEECH_ERROR_WRONG_KEY;

  return WHIS_SPEECH_ERROR_UNSUPPORTED;
}

static WhisSpeechError
classify (guint status, const WhisRefusal *refusal, gboolean has_key)
{
  if (SOUP_STATUS_IS_REDIRECTION (status))
    return WHIS_SPEECH_ERROR_REDIRECT;
  if (status == 402
      || ((status == 400 || status == 401 || status == 429) && is_about_money (refusal)))
    return WHIS_SPEECH_ERROR_MONEY;

  switch (status)
    {
    case 400:
      return classify_bad_request (refusal);
    case 401:
      return has_key ? WHIS_SPEECH_ERROR_WRONG_KEY : WHIS_SPEECH_ERROR_NO_KEY;
    case 403:
      return has_key ? WHIS_SPEECH_ERROR_PERMISSION : WHIS_SPEECH_ERROR_NO_KEY;
    case 413:
      return has_code (refusal, "rate_limit_exceeded") ? WHIS_SPEECH_ERROR_RATE_LIMIT
                                                       : WHIS_SPEECH_ERROR_TOO_LARGE;
    case 429:
      return WHIS_SPEECH_ERROR_RATE_LIMIT;
    case 404:
    case 405:
    case 415:
    case 422:
    case 501:
      return WHIS_SPEECH_ERROR_UNSUPPORTED;
    case 408:
    case 409:
    case 424:
    case 498:
      return WHIS_SPEECH_ERROR_SERVICE_DOWN;
    default:
      return status >= 500 ? WHIS_SPEECH_ERROR_SERVICE_DOWN : WHIS_SPEECH_ERROR_BAD_ANSWER;
    }
}

/* A status 413 that means speed says that this one piece is more than the whole allowance. */
static gboolean
is_retryable (WhisSpeechError code, guint status, SoupMessageHeaders *headers)
{
  const char *should_retry = soup_message_headers_get_one (headers, "x-should-retry");
  gboolean is_transient = code == WHIS_SPEECH_ERROR_SERVICE_DOWN
                          || (code == WHIS_SPEECH_ERROR_RATE_LIMIT && status == 429);

  if (should_retry != NULL && g_ascii_strcasecmp (should_retry, "false") == 0)
    return FALSE;
  /* A server may say that a retry helps, but nobody's word makes a wrong key or an empty purse
   * worth another try. */
  if (should_retry != NULL && g_ascii_strcasecmp (should_retry, "true") == 0)
    return is_transient || code == WHIS_SPEECH_ERROR_UNSUPPORTED
           || code == WHIS_SPEECH_ERROR_BAD_ANSWER;

  return is_transient;
}

static guint64
get_retry_after (SoupMessageHeaders *headers)
{
  guint64 wait;

  if (whis_retry_after_ms_parse (soup_message_headers_get_one (headers, "retry-after-ms"), &wait)
      || whis_retry_after_parse (soup_message_headers_get_one (headers, "Retry-After"),
                                 g_get_real_time () / G_USEC_PER_SEC, &wait))
    return wait;

  return 0;
}

static char *
write_rate_limit_sentence (const char *service, guint64 wait_ms)
{
  guint64 seconds = (wait_ms + 999) / 1000;

  if (seconds == 0)
    return g_strdup_printf (_ ("%s wants fewer requests for now. Try again in a minute."), service);
  if (seconds < 120)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%s wants fewer requests. Try again in %d second.",
                     "%s wants fewer requests. Try again in %d seconds.", seconds),
        service, (int) seconds);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s wants fewer requests. Try again in %d minute.",
                                       "%s wants fewer requests. Try again in %d minutes.",
                                       (gulong) MIN ((seconds + 59) / 60, G_MAXINT)),
                          service, (int) MIN ((seconds + 59) / 60, G_MAXINT));
}

static const char *
get_sentence_form (WhisSpeechError code, guint status)
{
  switch (code)
    {
    case WHIS_SPEECH_ERROR_NO_KEY:
      return _ ("%s wants a key. Add one in the preferences.");
    case WHIS_SPEECH_ERROR_WRONG_KEY:
      return _ ("%s refused the key. Check it in the preferences.");
    case WHIS_SPEECH_ERROR_PERMISSION:
      return _ ("%s does not allow this with your key, or not from where you are.");
    case WHIS_SPEECH_ERROR_MONEY:
      return _ (
          "%s says that your credit is used up. Add credit there, or choose another service.");
    case WHIS_SPEECH_ERROR_TOO_LARGE:
      return _ (
          "A piece of the recording is too large for %s. Set shorter pieces or choose another "
          "service.");
    case WHIS_SPEECH_ERROR_TOO_SHORT:
      return _ ("The recording is too short for %s.");
    case WHIS_SPEECH_ERROR_UNSUPPORTED:
      if (status == 404 || status == 405)
        return _ ("%s does not know this model or address. Check both in the preferences.");
      return _ ("%s did not accept the request. Check model and language in the preferences.");
    case WHIS_SPEECH_ERROR_SERVICE_DOWN:
      return _ ("%s has trouble at the moment. Try again later.");
    case WHIS_SPEECH_ERROR_REDIRECT:
      return _ ("%s sent us to another address, where we do not go with your sound. Check the "
                "address in the preferences.");
    case WHIS_SPEECH_ERROR_RATE_LIMIT:
    case WHIS_SPEECH_ERROR_NETWORK:
    case WHIS_SPEECH_ERROR_TLS:
    case WHIS_SPEECH_ERROR_TIMEOUT:
    case WHIS_SPEECH_ERROR_BAD_ANSWER:
    case WHIS_SPEECH_ERROR_ADDRESS:
    case WHIS_SPEECH_ERROR_FILE:
    case WHIS_SPEECH_ERROR_RECOGNISER:
    default:
      return _ ("%s gave an answer that makes no sense.");
    }
}

static char *
write_sentence (WhisSpeechError code, const char *service, guint status, guint64 wait_ms)
{
  if (code == WHIS_SPEECH_ERROR_RATE_LIMIT)
    return write_rate_limit_sentence (service, wait_ms);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (get_sentence_form (code, status), service);
#pragma GCC diagnostic pop
}

/**
 * whis_refusal_to_error:
 * @service: name of the service, for people
 * @status: HTTP status of its answer
 * @headers: headers of its answer
 * @body: body of its answer
 * @key: (nullable): the key that it was sent, to be taken out of its words
 *
 * Turns an answer other than 200 into an error of the domain %WHIS_SPEECH_ERROR.
 *
 * Returns: (transfer full): the error
 */
GError *
whis_refusal_to_error (const char *service,
                       guint status,
                       SoupMessageHeaders *headers,
                       GBytes *body,
                       const char *key)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (WhisRefusal) refusal = whis_refusal_parse (data, size);
  WhisSpeechError code = classify (status, refusal, key != NULL);
  guint64 wait_ms = get_retry_after (headers);
  gboolean retryable =
      is_retryable (code, status, headers) && wait_ms <= WHIS_RETRY_LONGEST_WAIT_MS;
  g_autofree char *sentence = write_sentence (code, service, status, wait_ms);
  g_autofree char *detail = refusal->message != NULL ? whis_redact (refusal->message, key) : NULL;

  return whis_speech_error_new_answer (code, sentence, detail, status, wait_ms, retryable);
}
