/* SPDX-License-Identifier: MIT */
#include "answer.h"
#include "json.h"
#include "merge.h"
#include "redact.h"
#include "refusal.h"
#include "speech-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Halves and not one line after the other: an answer may be megabytes of newlines, and every join
 * copies what it joins. */
static char *
join_lines (const char *text, gsize size)
{
  const char *end = memchr (text + size / 2, '\n', size - size / 2);
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  if (end == NULL)
    end = g_strrstr_len (text, (gssize) (size / 2), "\n");
  if (end == NULL)
    {
      left = g_strndup (text, size);
      return whis_merge_join ("", left, FALSE);
    }

  left = join_lines (text, (gsize) (end - text));
  right = join_lines (end + 1, (gsize) (text + size - end - 1));

  return whis_merge_join (left, right, FALSE);
}

/* ISO/IEC 6429 has control characters below the space and, as C1, from U+0080 to U+009F. */
static void
blank_controls (char *text)
{
  for (char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r')
        *p = '\n';
      else if (c != '\n' && g_unichar_iscntrl (c))
        memset (p, ' ', (gsize) (g_utf8_next_char (p) - p));
    }
}

/* One line of text: whisper.cpp ends every segment with a newline. Control characters have no place
 * in a transcript, and would be typed into whatever window has the focus. */
static char *
make_line (const char *text)
{
  g_autofree char *copy = g_utf8_make_valid (text, -1);

  blank_controls (copy);

  return join_lines (copy, strlen (copy));
}

/* An answer that was cut off may be whole the next time; one that says something else will not. */
static char *
fail (GError **error, gboolean is_retryable, char *sentence, const char *detail)
{
  g_propagate_error (error, whis_speech_error_new_answer (WHIS_SPEECH_ERROR_BAD_ANSWER, sentence,
                                                          detail, 200, 0, is_retryable));
  g_free (sentence);

  return NULL;
}

static char *
parse_json (const char *service, const char *data, gsize size, const char *key, GError **error)
{
  g_autoptr (JsonNode) root = whis_json_parse (data, size, NULL);
  g_autoptr (WhisRefusal) refusal = NULL;
  g_autofree char *detail = NULL;
  const char *text = NULL;

  if (root == NULL)
    return fail (error, TRUE,
                 g_strdup_printf (_ ("The answer of %s is broken or cut off. Try again."), service),
                 NULL);
  if (JSON_NODE_HOLDS_OBJECT (root))
    text = whis_json_get_string (json_node_get_object (root), "text");
  if (text != NULL)
    return make_line (text);

  refusal = whis_refusal_parse (data, size);
  if (refusal->message != NULL)
    detail = whis_redact (refusal->message, key);

  return fail (error, FALSE,
               g_strdup_printf (_ ("The answer of %s has no text in it. Check the model and the "
                                   "address in the preferences."),
                                service),
               detail);
}

static gboolean
is_plain_text (const char *content_type, const char *data, gsize size)
{
  return content_type != NULL && g_ascii_strncasecmp (content_type, "text/plain", 10) == 0
         && *data != '{' && *data != '<' && memchr (data, '\0', size) == NULL;
}

/**
 * whis_answer_parse:
 * @service: name of the service, for people
 * @content_type: (nullable): media type of the answer
 * @data: (array length=size): body of an answer with status 200
 * @size: its length in bytes
 * @key: (nullable): the key that was sent, to be taken out of error messages
 * @error: return location for a %WHIS_SPEECH_ERROR
 *
 * Takes the transcript from an answer of the OpenAI dialect: the member `text` of a JSON object, or
 * the whole body when the server says that it is plain text.
 *
 * Returns: (transfer full): the transcript in one line, empty when nothing was said; %NULL with
 *   %WHIS_SPEECH_ERROR_BAD_ANSWER when the answer is no transcript
 */
char *
whis_answer_parse (const char *service,
                   const char *content_type,
                   const char *data,
                   gsize size,
                   const char *key,
                   GError **error)
{
  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    {
      data += 3;
      size -= 3;
    }
  while (size > 0 && g_ascii_isspace (*data))
    {
      data++;
      size--;
    }
  if (size == 0)
    return fail (error, TRUE,
                 g_strdup_printf (_ ("The answer of %s is empty. Try again."), service), NULL);
  if (*data == '<')
    return fail (error, FALSE,
                 g_strdup_printf (_ ("The answer of %s is a web page, not a transcript. Check the "
                                     "address in the preferences."),
                                  service),
                 NULL);
  if (is_plain_text (content_type, data, size) && g_utf8_validate (data, size, NULL))
    {
      g_autofree char *text = g_strndup (data, size);

      return make_line (text);
    }

  return parse_json (service, data, size, key, error);
}
