/* SPDX-License-Identifier: MIT */
#include "error-body.h"
#include "rate-limit.h"
#include "json.h"
#include "redact.h"
#include "error-class.h"
#include "error-sentence.h"
#include "retry.h"
#include "service-error.h"

#include <string.h>

/* More of a server's words than this does not fit into a notification. */
#define LONGEST_MESSAGE 200
#define LONGEST_LOOK 4096

/* A key that the end of the message cuts in two would not be known as one any more: the message
 * ends before the whole run of letters. */
static void
drop_last_run (GString *line)
{
  gsize end = line->len;

  while (end > 0 && g_ascii_isgraph (line->str[end - 1]))
    end--;
  g_string_truncate (line, end);
}

static char *
error_body_clean_text (const char *text)
{
  GString *line = g_string_new (NULL);
  glong length = 0;
  const char *p = text;

  for (glong i = 0; *p != '\0' && i < LONGEST_LOOK && length < LONGEST_MESSAGE;
       p = g_utf8_next_char (p), i++)
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
  if (*p != '\0')
    {
      drop_last_run (line);
      g_string_append (line, "…");
    }

  return g_strchomp (g_string_free (line, FALSE));
}

/* Takes the words of the server unless they are markup.
 *
 * Returns: whether they are not */
static gboolean
take_message (WhisErrorBody *self, const char *text, gsize size)
{
  g_autofree char *valid = g_utf8_make_valid (text, size);
  g_autofree char *message = NULL;

  g_strchug (valid);
  if (*valid == '<' || strstr (valid, "</") != NULL)
    return FALSE;
  message = error_body_clean_text (valid);
  if (*message != '\0')
    self->message = g_steal_pointer (&message);

  return TRUE;
}

static JsonObject *
get_first_object (JsonNode *node)
{
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return whis_json_as_object (node);
  array = json_node_get_array (node);

  return json_array_get_length (array) > 0 ? whis_json_as_object (json_array_get_element (array, 0))
                                           : NULL;
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

static void
add_word (WhisErrorBody *self, JsonObject *object, const char *member)
{
  const char *word = whis_json_get_string (object, member);

  if (word != NULL && *word != '\0')
    g_ptr_array_add (self->words, g_strdup (word));
}

static void
add_words (WhisErrorBody *self, JsonObject *root)
{
  JsonObject *holders[] = {
    get_member_object (root, "error"),
    get_member_object (root, "detail"),
    root,
  };
  const char *const names[] = { "code", "status", "type", "error_code", "title" };

  for (gsize i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
        add_word (self, holders[i], names[j]);
    }
  if (self->words->len > 0)
    self->code = g_strdup (g_ptr_array_index (self->words, 0));
  add_word (self, root, "err_code");
  add_word (self, root, "category");
}

/* The field that is blamed: by name, or by its place as FastAPI writes it. */
static char *
dup_param (JsonObject *root)
{
  JsonObject *holders[] = { get_member_object (root, "error"), get_member_object (root, "detail"),
                            root };
  JsonArray *place = whis_json_get_array (holders[1], "loc");
  guint n = place != NULL ? json_array_get_length (place) : 0;
  JsonNode *last = n > 0 ? json_array_get_element (place, n - 1) : NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (holders); i++)
    {
      const char *param = whis_json_get_string (holders[i], "param");

      if (param != NULL)
        return g_strdup (param);
    }
  if (last != NULL && JSON_NODE_HOLDS_VALUE (last)
      && json_node_get_value_type (last) == G_TYPE_STRING)
    return json_node_dup_string (last);

  return NULL;
}

static gboolean
names_day (JsonObject *detail)
{
  JsonArray *violations = whis_json_get_array (detail, "violations");

  for (guint i = 0; violations != NULL && i < json_array_get_length (violations); i++)
    {
      const char *quota = whis_json_get_string (
          whis_json_as_object (json_array_get_element (violations, i)), "quotaId");

      if (quota != NULL && strstr (quota, "PerDay") != NULL)
        return TRUE;
    }

  return FALSE;
}

/* What Google adds to its errors, one object for each kind of information. */
static void
read_details (WhisErrorBody *self, JsonArray *details)
{
  for (guint i = 0; details != NULL && i < json_array_get_length (details); i++)
    {
      JsonObject *detail = whis_json_as_object (json_array_get_element (details, i));
      guint64 wait_ms;

      add_word (self, detail, "reason");
      if (whis_rate_limit_parse_delay (whis_json_get_string (detail, "retryDelay"), &wait_ms))
        self->wait_ms = wait_ms;
      self->is_daily = self->is_daily || names_day (detail);
    }
}

static void
read_object (WhisErrorBody *self, JsonObject *root)
{
  const char *message = find_message (root);

  if (message != NULL && take_message (self, message, strlen (message)))
    whis_rate_limit_find_delay (message, &self->wait_ms);
  add_words (self, root);
  self->has_error = get_member_object (root, "error") != NULL;
  self->param = dup_param (root);
  read_details (self, whis_json_get_array (get_member_object (root, "error"), "details"));
}

static void
read_text (WhisErrorBody *self, const char *body, gsize size)
{
  self->is_plain = TRUE;
  self->is_page = !take_message (self, body, size);
  whis_rate_limit_find_delay (self->message, &self->wait_ms);
}

/**
 * whis_error_body_parse:
 * @body: (array length=size): the body of an answer
 * @size: its length in bytes
 *
 * Looks for the server's own words in an error body: JSON in any of the forms that servers are
 * known to use, or plain text. Pages in HTML say nothing to people.
 *
 * Returns: (transfer full): what was found; its members may be %NULL
 */
WhisErrorBody *
whis_error_body_parse (const char *body, gsize size)
{
  WhisErrorBody *self = g_new0 (WhisErrorBody, 1);
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  self->words = g_ptr_array_new_with_free_func (g_free);
  g_return_val_if_fail (body != NULL || size == 0, self);

  root = whis_json_parse (body, size, NULL);
  object = get_first_object (root);
  if (object != NULL)
    read_object (self, object);
  else if (root == NULL && size > 0)
    read_text (self, body, size);

  return self;
}

/**
 * whis_error_body_free:
 * @self: (transfer full) (nullable): a refusal
 */
void
whis_error_body_free (WhisErrorBody *self)
{
  if (self == NULL)
    return;

  g_free (self->message);
  g_free (self->code);
  g_free (self->param);
  g_ptr_array_unref (self->words);
  g_free (self);
}

/* The wait that the service asks for, wherever it says so: in the header for it, in the body, or in
 * its account of what is left. */
static guint64
find_wait (const WhisErrorBody *refusal, WhisServiceError code, SoupMessageHeaders *headers)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  guint64 wait_ms;

  /* a day's allowance does not come back when a minute's does */
  if (refusal->is_daily)
    return 0;
  if (whis_retry_after_ms_parse (soup_message_headers_get_one (headers, "retry-after-ms"), &wait_ms)
      || whis_retry_after_parse (soup_message_headers_get_one (headers, "Retry-After"), now,
                                 &wait_ms))
    return wait_ms;
  if (code != WHIS_SERVICE_ERROR_RATE_LIMIT && code != WHIS_SERVICE_ERROR_SERVICE_DOWN)
    return 0;
  if (refusal->wait_ms > 0)
    return refusal->wait_ms;
  if (code == WHIS_SERVICE_ERROR_RATE_LIMIT
      && whis_rate_limit_get_delay_until_reset (headers, now, TRUE, &wait_ms))
    return wait_ms;

  return 0;
}

/**
 * whis_error_body_to_error:
 * @service: name of the service, for people
 * @status: HTTP status of its answer
 * @headers: headers of its answer
 * @body: body of its answer
 * @key: (nullable): the key that it was sent, to be taken out of its words
 *
 * Turns an answer that is no transcript, of any status, into an error of the domain
 * %WHIS_SERVICE_ERROR. A wait of more than %WHIS_RETRY_LONGEST_WAIT_MS makes it one that is not
 * worth another try for now; the error carries the wait.
 *
 * Returns: (transfer full): the error
 */
GError *
whis_error_body_to_error (const char *service,
                          guint status,
                          SoupMessageHeaders *headers,
                          GBytes *body,
                          const char *key)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  g_autoptr (WhisErrorBody) refusal = whis_error_body_parse (data, size);
  WhisServiceError code = whis_error_body_classify (refusal, status, key != NULL);
  guint64 wait_ms = find_wait (refusal, code, headers);
  const char *advice = soup_message_headers_get_one (headers, "x-should-retry");
  gboolean retryable = whis_error_body_may_pass (refusal, status, code, advice)
                       && wait_ms <= WHIS_RETRY_LONGEST_WAIT_MS;
  g_autofree char *sentence = whis_error_body_describe (refusal, status, code, service, wait_ms);
  g_autofree char *detail = refusal->message != NULL ? whis_redact (refusal->message, key) : NULL;

  return whis_service_error_new_answer (code, sentence, detail, status, wait_ms, retryable);
}
