/* SPDX-License-Identifier: MIT */
#include "endpoint-form.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "language.h"

/* Bytes of a field; of a prompt the end counts, which is what a model sees. */
#define LONGEST_VALUE 256
#define LONGEST_PROMPT 4096

/* What programs send that were written for OpenAI and have no choice of models. */
#define OPENAI_MODEL "whisper-1"

static const char *const formats[] = {
  [WHIS_ENDPOINT_JSON] = "json",
  [WHIS_ENDPOINT_TEXT] = "text",
  [WHIS_ENDPOINT_VERBOSE_JSON] = "verbose_json",
  [WHIS_ENDPOINT_SRT] = "srt",
  [WHIS_ENDPOINT_VTT] = "vtt",
};

static gboolean
endpoint_form_refuse (GError **error, const char *form, const char *value)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_VALUE, form, value);
#pragma GCC diagnostic pop

  return FALSE;
}

static gboolean
read_model (WhisEndpointForm *self, const char *value, GError **error)
{
  g_free (self->model);
  self->model = g_str_equal (value, OPENAI_MODEL) ? NULL : g_strdup (value);

  return TRUE;
}

static gboolean
read_language (WhisEndpointForm *self, const char *value, GError **error)
{
  g_clear_pointer (&self->language, g_free);
  if (g_str_equal (value, "auto"))
    return TRUE;
  if (!whis_language_is_tag (value))
    return endpoint_form_refuse (
        error,
        _ ("“%s” is no language code; use one such as “en” or “pt-BR”, or leave the "
           "field out."),
        value);
  self->language = g_strdup (value);

  return TRUE;
}

static gboolean
read_prompt (WhisEndpointForm *self, const char *value, GError **error)
{
  g_free (self->prompt);
  self->prompt = g_strdup (value);

  return TRUE;
}

static gboolean
read_format (WhisEndpointForm *self, const char *value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (value, formats[i]))
      {
        self->format = (WhisEndpointFormat) i;
        return TRUE;
      }

  return endpoint_form_refuse (
      error,
      _ ("The response_format “%s” is unknown: use json, text, verbose_json, srt or "
         "vtt."),
      value);
}

static gboolean
read_temperature (WhisEndpointForm *self, const char *value, GError **error)
{
  char *end;

  self->temperature = g_ascii_strtod (value, &end);
  if (*end == '\0' && isfinite (self->temperature) && self->temperature >= 0
      && self->temperature <= 1)
    return TRUE;

  return endpoint_form_refuse (error, _ ("The temperature “%s” is no number from 0 to 1."), value);
}

static gboolean
read_granularity (WhisEndpointForm *self, const char *value, GError **error)
{
  if (g_str_equal (value, "word"))
    self->wants_words = TRUE;
  else if (g_str_equal (value, "segment"))
    self->wants_segments = TRUE;
  else
    return endpoint_form_refuse (
        error, _ ("The timestamp_granularities “%s” is unknown: use word or segment."), value);

  return TRUE;
}

static gboolean
read_stream (WhisEndpointForm *self, const char *value, GError **error)
{
  if (g_ascii_strcasecmp (value, "true") != 0 && !g_str_equal (value, "1"))
    return TRUE;

  return endpoint_form_refuse (error, _ ("The text comes at once: stream=%s is not possible here."),
                               value);
}

/* The fields that matter here; others are read over. */
static const struct
{
  const char *name;
  gsize longest;
  gboolean (*read) (WhisEndpointForm *self, const char *value, GError **error);
} fields[] = {
  { "file", 0, NULL },
  { "model", LONGEST_VALUE, read_model },
  { "language", LONGEST_VALUE, read_language },
  { "prompt", LONGEST_PROMPT, read_prompt },
  { "response_format", LONGEST_VALUE, read_format },
  { "temperature", LONGEST_VALUE, read_temperature },
  { "timestamp_granularities[]", LONGEST_VALUE, read_granularity },
  { "timestamp_granularities", LONGEST_VALUE, read_granularity },
  { "stream", LONGEST_VALUE, read_stream },
};

#define FIELD_NONE (-1)
#define FIELD_FILE 0

static gboolean
endpoint_form_begin (gpointer data, const char *name, gboolean is_file, GError **error)
{
  WhisEndpointForm *self = data;

  self->field = FIELD_NONE;
  self->param = NULL;
  g_byte_array_set_size (self->value, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_strcmp0 (name, fields[i].name) == 0)
      {
        self->field = (int) i;
        self->param = fields[i].name;
      }
  if (self->field != FIELD_FILE)
    return TRUE;
  if (self->has_file)
    return endpoint_form_refuse (error, _ ("Send one %s at a time."), "file");
  self->has_file = TRUE;

  return TRUE;
}

static gboolean
endpoint_form_add (gpointer data, const guint8 *bytes, gsize size, GError **error)
{
  WhisEndpointForm *self = data;
  gsize longest;

  if (self->field == FIELD_FILE)
    g_byte_array_append (self->sound, bytes, (guint) size);
  if (self->field == FIELD_FILE || self->field == FIELD_NONE)
    return TRUE;

  longest = fields[self->field].longest;
  g_byte_array_append (self->value, bytes, (guint) size);
  if (self->value->len > longest)
    g_byte_array_remove_range (self->value, 0, self->value->len - (guint) longest);

  return TRUE;
}

/* Of a value that was too long the beginning is gone, maybe in the midst of a letter. */
static char *
dup_value (const WhisEndpointForm *self)
{
  const char *bytes = (const char *) self->value->data;
  gsize size = self->value->len;

  for (guint i = 0; size == fields[self->field].longest && i < 3 && (*bytes & 0xc0) == 0x80; i++)
    bytes++;

  return g_strndup (bytes, size - (gsize) (bytes - (const char *) self->value->data));
}

static gboolean
endpoint_form_end (gpointer data, GError **error)
{
  WhisEndpointForm *self = data;
  g_autofree char *bytes = NULL;
  g_autofree char *value = NULL;

  if (self->field == FIELD_FILE || self->field == FIELD_NONE)
    return TRUE;

  /* Nothing is as if the field were not there. */
  if (self->value->len == 0)
    return TRUE;
  bytes = dup_value (self);
  value = g_utf8_make_valid (g_strstrip (bytes), -1);

  return *value == '\0' || fields[self->field].read (self, value, error);
}

/**
 * whis_endpoint_form_funcs:
 *
 * What a #WhisMultipart tells of its parts to a form, which is their data.
 */
const WhisMultipartFuncs whis_endpoint_form_funcs = { endpoint_form_begin, endpoint_form_add,
                                                      endpoint_form_end };

/**
 * whis_endpoint_form_new:
 *
 * Returns: (transfer full): a form of which nothing has come
 */
WhisEndpointForm *
whis_endpoint_form_new (void)
{
  WhisEndpointForm *self = g_new0 (WhisEndpointForm, 1);

  self->field = FIELD_NONE;
  self->sound = g_byte_array_new ();
  self->value = g_byte_array_new ();

  return self;
}

/**
 * whis_endpoint_form_free:
 * @self: (transfer full): a form
 */
void
whis_endpoint_form_free (WhisEndpointForm *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->model);
  g_free (self->language);
  g_free (self->prompt);
  g_byte_array_unref (self->sound);
  g_byte_array_unref (self->value);
  g_free (self);
}

/**
 * whis_endpoint_form_finish:
 * @self: a form that has come to its end
 * @error: return location for %WHIS_ENDPOINT_ERROR_FILE
 *
 * Returns: whether nothing is missing
 */
gboolean
whis_endpoint_form_finish (WhisEndpointForm *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->param = NULL;
  if (!self->wants_words)
    self->wants_segments = TRUE;
  if (self->has_file)
    return TRUE;
  self->param = "file";
  g_set_error_literal (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_FILE,
                       _ ("The request has no file: send the sound in the field file."));

  return FALSE;
}
