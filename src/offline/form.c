/* SPDX-License-Identifier: MIT */
#include "form.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "offline-error.h"

/* Bytes of a field that are looked at; a prompt is cut to its end, which is what the model sees. */
#define LONGEST_NAME 256
#define LONGEST_PROMPT 4096

static const char *const formats[] = {
  [WHIS_ANSWER_JSON] = "json",
  [WHIS_ANSWER_TEXT] = "text",
  [WHIS_ANSWER_VERBOSE_JSON] = "verbose_json",
};

static gboolean
read_file (WhisForm *form, GBytes *value, GError **error)
{
  if (g_bytes_get_size (value) == 0)
    {
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
                           _ ("The file is empty: there is nothing to transcribe."));
      return FALSE;
    }

  g_clear_pointer (&form->file, g_bytes_unref);
  form->file = g_bytes_ref (value);

  return TRUE;
}

static char *
text_of (GBytes *value)
{
  g_autofree char *text =
      g_strndup (g_bytes_get_data (value, NULL), MIN (g_bytes_get_size (value), LONGEST_NAME));

  return g_utf8_make_valid (g_strstrip (text), -1);
}

static gboolean
read_model (WhisForm *form, GBytes *value, GError **error)
{
  g_autofree char *model = text_of (value);

  g_clear_pointer (&form->model, g_free);
  if (model[0] != '\0')
    form->model = g_steal_pointer (&model);

  return TRUE;
}

/* The first part of a language tag (BCP 47) says which language it is, by a code that Whisper has
 * an older name for in some cases. */
static gboolean
read_language (WhisForm *form, GBytes *value, GError **error)
{
  static const struct
  {
    const char *code;
    const char *name;
  } older[] = { { "jv", "jw" }, { "iw", "he" }, { "nb", "no" }, { "fil", "tl" }, { "cmn", "zh" } };
  g_autofree char *language = text_of (value);

  language[strcspn (language, "-_")] = '\0';
  for (char *letter = language; *letter != '\0'; letter++)
    *letter = g_ascii_tolower (*letter);
  g_clear_pointer (&form->language, g_free);
  if (language[0] == '\0' || g_str_equal (language, "auto"))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (older); i++)
    if (g_str_equal (language, older[i].code))
      {
        form->language = g_strdup (older[i].name);
        return TRUE;
      }
  form->language = g_steal_pointer (&language);

  return TRUE;
}

static gboolean
read_prompt (WhisForm *form, GBytes *value, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (value, &size);
  gsize length = MIN (size, LONGEST_PROMPT);
  g_autofree char *text = NULL;

  /* The end does not begin in the midst of a letter. */
  for (guint i = 0; length < size && i < 3 && (data[size - length] & 0xc0) == 0x80; i++)
    length--;
  text = g_strndup (length > 0 ? data + size - length : "", length);
  g_free (form->prompt);
  form->prompt = g_utf8_make_valid (text, -1);

  return TRUE;
}

static gboolean
read_temperature (WhisForm *form, GBytes *value, GError **error)
{
  g_autofree char *text = text_of (value);
  char *end;

  form->temperature = g_ascii_strtod (text, &end);
  if (*end == '\0' && isfinite (form->temperature) && form->temperature >= 0
      && form->temperature <= 1)
    return TRUE;

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
               _ ("The temperature “%s” is no number from 0 to 1."), text);
  return FALSE;
}

static gboolean
read_granularity (WhisForm *form, GBytes *value, GError **error)
{
  g_autofree char *text = text_of (value);

  if (g_str_equal (text, "word"))
    form->wants_words = TRUE;
  else if (!g_str_equal (text, "segment"))
    {
      g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
                   _ ("The timestamp_granularities “%s” is unknown: use word or segment."), text);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_format (WhisForm *form, GBytes *value, GError **error)
{
  g_autofree char *format = text_of (value);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (format, formats[i]) == 0)
      {
        form->format = i;
        return TRUE;
      }

  g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
               _ ("The response_format “%s” is unknown: use json, text or verbose_json."), format);
  return FALSE;
}

static gboolean
read_quick (WhisForm *form, GBytes *value, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (value, &size);

  form->is_quick = size == strlen ("true") && strncmp (text, "true", size) == 0;

  return TRUE;
}

/* The fields that matter here; others are not looked at. */
static const struct
{
  const char *name;
  gboolean (*read) (WhisForm *form, GBytes *value, GError **error);
} fields[] = {
  { "file", read_file },
  { "model", read_model },
  { "language", read_language },
  { "prompt", read_prompt },
  { "temperature", read_temperature },
  { "response_format", read_format },
  { "timestamp_granularities[]", read_granularity },
  { "timestamp_granularities", read_granularity },
  { "quick", read_quick },
};

static char *
name_of_part (SoupMessageHeaders *headers)
{
  g_autoptr (GHashTable) params = NULL;
  g_autofree char *disposition = NULL;

  if (!soup_message_headers_get_content_disposition (headers, &disposition, &params))
    return NULL;

  return g_strdup (g_hash_table_lookup (params, "name"));
}

static gboolean
read_part (WhisForm *form, SoupMultipart *multipart, int i, const char **param, GError **error)
{
  g_autofree char *name = NULL;
  SoupMessageHeaders *headers;
  GBytes *value;

  if (!soup_multipart_get_part (multipart, i, &headers, &value))
    return TRUE;
  name = name_of_part (headers);
  for (guint f = 0; f < G_N_ELEMENTS (fields); f++)
    {
      if (g_strcmp0 (name, fields[f].name) != 0)
        continue;
      *param = fields[f].name;
      if (fields[f].read == read_file)
        {
          g_free (form->media_type);
          form->media_type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
        }
      return fields[f].read (form, value, error);
    }

  return TRUE;
}

/**
 * whis_form_parse:
 * @headers: the headers of a request
 * @body: its body; a zero byte must follow it, as soup_message_body_flatten() has it, because
 * libsoup looks for the end of a part's headers as in a string
 * @param: (out): the field that is wrong, if one is
 * @error: return location
 *
 * Reads the multipart form of `POST /v1/audio/transcriptions`.
 *
 * Returns: (transfer full): what is asked for, or %NULL with %WHIS_OFFLINE_ERROR_REQUEST
 */
WhisForm *
whis_form_parse (SoupMessageHeaders *headers, GBytes *body, const char **param, GError **error)
{
  g_autoptr (SoupMultipart) multipart = NULL;
  g_autoptr (WhisForm) form = NULL;

  g_return_val_if_fail (headers != NULL && body != NULL && param != NULL, NULL);

  *param = NULL;
  multipart = soup_multipart_new_from_message (headers, body);
  if (multipart == NULL)
    {
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
                           _ ("The request is no form: send multipart/form-data with a file."));
      return NULL;
    }

  form = g_new0 (WhisForm, 1);
  for (int i = 0; i < soup_multipart_get_length (multipart); i++)
    if (!read_part (form, multipart, i, param, error))
      return NULL;
  if (form->file == NULL)
    {
      *param = "file";
      g_set_error_literal (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST,
                           _ ("The request has no file: send the sound in the field file."));
      return NULL;
    }

  return g_steal_pointer (&form);
}

/**
 * whis_form_free:
 * @form: (transfer full): what is asked for
 */
void
whis_form_free (WhisForm *form)
{
  g_return_if_fail (form != NULL);

  g_clear_pointer (&form->file, g_bytes_unref);
  g_free (form->media_type);
  g_free (form->model);
  g_free (form->language);
  g_free (form->prompt);
  g_free (form);
}
