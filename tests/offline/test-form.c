/* SPDX-License-Identifier: MIT */
#include "form.h"

#include <string.h>

#include "offline-error.h"

#define BOUNDARY "a-boundary"

/* @fields are names and values, ended by %NULL. */
static WhisForm *
parse (const char *const *fields, const char **param, GError **error)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;

  for (; *fields != NULL; fields += 2)
    g_string_append_printf (
        text, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n",
        fields[0],
        g_str_equal (fields[0], "file") ? "; filename=\"a\"\r\nContent-Type: audio/wav" : "",
        fields[1]);
  g_string_append (text, "--" BOUNDARY "--\r\n");
  body = g_bytes_new (text->str, text->len);
  soup_message_headers_append (headers, "Content-Type", "multipart/form-data; boundary=" BOUNDARY);

  return whis_form_parse (headers, body, param, error);
}

static WhisForm *
parse_field (const char *name, const char *value)
{
  const char *const fields[] = { "file", "sound", name, value, NULL };
  const char *param;
  g_autoptr (GError) error = NULL;
  WhisForm *form = parse (fields, &param, &error);

  g_assert_no_error (error);

  return form;
}

static void
test_file (void)
{
  g_autoptr (WhisForm) form = parse_field ("unknown", "x");

  g_assert_cmpmem (g_bytes_get_data (form->file, NULL), g_bytes_get_size (form->file), "sound", 5);
  g_assert_cmpstr (form->media_type, ==, "audio/wav");
  g_assert_cmpint (form->format, ==, WHIS_ANSWER_JSON);
  g_assert_null (form->model);
  g_assert_null (form->language);
  g_assert_null (form->prompt);
  g_assert_cmpfloat (form->temperature, ==, 0);
  g_assert_false (form->wants_words);
  g_assert_false (form->is_quick);
}

/* Codes as programs write them, and as Whisper has them. */
static void
test_languages (void)
{
  static const struct
  {
    const char *value;
    const char *language;
  } cases[] = {
    { "de", "de" },   { "DE", "de" },   { "de-AT", "de" }, { "pt_BR", "pt" }, { "zh-Hant", "zh" },
    { "jv", "jw" },   { "iw", "he" },   { "nb-NO", "no" }, { "fil", "tl" },   { "cmn", "zh" },
    { "auto", NULL }, { "AUTO", NULL }, { "", NULL },      { "  ", NULL },    { " de ", "de" },
    { "-", NULL },    { "xx", "xx" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisForm) form = parse_field ("language", cases[i].value);

      g_assert_cmpstr (form->language, ==, cases[i].language);
    }
}

static void
test_values (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    const char *model;
    double temperature;
    gboolean words;
    gboolean quick;
    WhisAnswerFormat format;
  } cases[] = {
    { "model", " tiny ", .model = "tiny" },
    { "model", "" },
    { "temperature", "0.5", .temperature = 0.5 },
    { "temperature", "1", .temperature = 1 },
    { "timestamp_granularities[]", "word", .words = TRUE },
    { "timestamp_granularities", "word", .words = TRUE },
    { "timestamp_granularities[]", "segment" },
    { "quick", "true", .quick = TRUE },
    { "quick", "false" },
    { "quick", "trueish" },
    { "quick", "tru" },
    { "response_format", "text", .format = WHIS_ANSWER_TEXT },
    { "response_format", "verbose_json", .format = WHIS_ANSWER_VERBOSE_JSON },
    { "response_format", "json", .format = WHIS_ANSWER_JSON },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisForm) form = parse_field (cases[i].name, cases[i].value);

      g_test_message ("%s=%s", cases[i].name, cases[i].value);
      g_assert_cmpstr (form->model, ==, cases[i].model);
      g_assert_cmpfloat (form->temperature, ==, cases[i].temperature);
      g_assert_cmpint (form->wants_words, ==, cases[i].words);
      g_assert_cmpint (form->is_quick, ==, cases[i].quick);
      g_assert_cmpint (form->format, ==, cases[i].format);
    }
}

static void
test_wrong_values (void)
{
  static const struct
  {
    const char *fields[5];
    const char *param;
  } cases[] = {
    { { "file", "", NULL }, "file" },
    { { "model", "tiny", NULL }, "file" },
    { { NULL }, "file" },
    { { "file", "sound", "temperature", "1.01", NULL }, "temperature" },
    { { "file", "sound", "temperature", "-1", NULL }, "temperature" },
    { { "file", "sound", "temperature", "nan", NULL }, "temperature" },
    { { "file", "sound", "temperature", "warm", NULL }, "temperature" },
    { { "file", "sound", "response_format", "srt", NULL }, "response_format" },
    { { "file", "sound", "timestamp_granularities[]", "letter", NULL },
      "timestamp_granularities[]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *param = "x";

      g_assert_null (parse (cases[i].fields, &param, &error));
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST);
      g_assert_cmpstr (param, ==, cases[i].param);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
}

/* Of a long prompt the end counts, from a whole letter on. */
static void
test_prompt (void)
{
  g_autoptr (WhisForm) short_one = parse_field ("prompt", "Grüße aus Łódź");

  g_assert_cmpstr (short_one->prompt, ==, "Grüße aus Łódź");
  for (gsize shift = 0; shift < 3; shift++)
    {
      g_autoptr (GString) prompt = g_string_new (NULL);
      g_autoptr (WhisForm) form = NULL;

      for (guint i = 0; i < 3000; i++)
        g_string_append (prompt, "今");
      for (gsize i = 0; i < shift; i++)
        g_string_append_c (prompt, '.');
      form = parse_field ("prompt", prompt->str);
      g_assert_cmpuint (strlen (form->prompt), >, 4090);
      g_assert_true (g_str_has_suffix (prompt->str, form->prompt));
      g_assert_cmpuint (strlen (form->prompt), <=, 4096);
    }
}

static void
test_no_form (void)
{
  static const char *const types[] = { "application/json", "multipart/form-data", "text/plain",
                                       "multipart/form-data; boundary=" };
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (SoupMessageHeaders) headers =
          soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
      g_autoptr (GError) error = NULL;
      const char *param = "x";

      soup_message_headers_append (headers, "Content-Type", types[i]);
      g_assert_null (whis_form_parse (headers, body, &param, &error));
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST);
    }
}

/* A body as it came, with parts that the test wrote itself. */
static WhisForm *
parse_body (const char *body, gsize size, const char *boundary, const char **param, GError **error)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char *type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
  /* The zero byte behind it is not counted. */
  g_autofree char *data = g_memdup2 (body, size + 1);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  soup_message_headers_append (headers, "Content-Type", type);

  return whis_form_parse (headers, bytes, param, error);
}

#define PART(head, value) "--b\r\nContent-Disposition: " head "\r\n\r\n" value "\r\n"
#define FILE_PART PART ("form-data; name=\"file\"; filename=\"a.wav\"", "sound")
#define END "--b--\r\n"

/* Sound has every byte in it, also those that look like the end of a line or of a part. */
static void
test_binary_file (void)
{
  static const char head[] = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
  static const char tail[] = "\r\n--b--\r\n";
  static const char sound[] = "\0\xff\r\n--\r\n--c\r\n-b\n\n\0--b-\0";
  const gsize size = sizeof sound - 1;
  g_autoptr (GString) body = g_string_new (head);
  g_autoptr (WhisForm) form = NULL;
  g_autoptr (GError) error = NULL;
  const char *param;

  g_string_append_len (body, sound, (gssize) size);
  g_string_append_len (body, tail, sizeof tail - 1);
  form = parse_body (body->str, body->len, "b", &param, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (form->file, NULL), g_bytes_get_size (form->file), sound, size);
  g_assert_null (form->media_type);
}

/* As the programs write forms that are there. */
static void
test_dialects (void)
{
  static const struct
  {
    const char *body;
    const char *boundary;
  } cases[] = {
    { FILE_PART PART ("form-data; name=\"model\"", "tiny") END, "b" },
    { FILE_PART PART ("form-data; name=model", "tiny") END, "\"b\"" },
    { FILE_PART PART ("form-data;name=\"model\"", "tiny\n") END, "b" },
    { FILE_PART PART ("Form-Data; name=\"model\"", "tiny") END, "b" },
    { FILE_PART "--b\r\ncontent-type: text/plain\r\ncontent-disposition: form-data; "
                "name=\"model\"\r\nX-Other: 1\r\n\r\ntiny\r\n" END,
      "b" },
    { "a preamble\r\n" FILE_PART PART ("form-data; name=\"model\"", "tiny") END "and an epilogue",
      "b" },
    /* The last of two counts, as in a form of a browser. */
    { FILE_PART PART ("form-data; name=\"model\"", "base")
          PART ("form-data; name=\"model\"", "tiny") END,
      "b" },
    /* What is not ours, or has no name, is not looked at. */
    { PART ("form-data; name=\"Model\"", "base") PART ("form-data", "base")
          PART ("attachment", "base") FILE_PART PART ("form-data; name=\"model\"",
                                                      "tiny") "--b\r\nX: 1\r\n\r\nbase\r\n" END,
      "b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      const char *param;
      g_autoptr (WhisForm) form =
          parse_body (cases[i].body, strlen (cases[i].body), cases[i].boundary, &param, &error);

      g_test_message ("%s", cases[i].body);
      g_assert_no_error (error);
      g_assert_cmpstr (form->model, ==, "tiny");
      g_assert_cmpmem (g_bytes_get_data (form->file, NULL), g_bytes_get_size (form->file), "sound",
                       5);
    }
}

/* What stops in its midst is refused, and not read behind its end. */
static void
test_cut_off (void)
{
  static const char whole[] = FILE_PART PART ("form-data; name=\"model\"", "tiny") END;

  for (gsize size = 0; size < sizeof whole - 1; size++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *start = g_strndup (whole, size);
      const char *param = "x";
      g_autoptr (WhisForm) form = parse_body (start, size, "b", &param, &error);

      if (form != NULL)
        g_assert_cmpmem (g_bytes_get_data (form->file, NULL), g_bytes_get_size (form->file),
                         "sound", 5);
      else
        g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST);
      g_assert_true (form == NULL || size > strlen (FILE_PART));
    }
}

/* The second file takes the place of the first, with its type; an empty one is refused. */
static void
test_two_files (void)
{
  static const char two[] = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n"
                            "Content-Type: audio/wav\r\n\r\nfirst\r\n"
                            "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"
                            "second\r\n" END;
  static const char empty[] = FILE_PART PART ("form-data; name=\"file\"", "") END;
  g_autoptr (GError) error = NULL;
  const char *param;
  g_autoptr (WhisForm) form = parse_body (two, sizeof two - 1, "b", &param, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (form->file, NULL), g_bytes_get_size (form->file), "second", 6);
  g_assert_null (form->media_type);
  g_assert_null (parse_body (empty, sizeof empty - 1, "b", &param, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_REQUEST);
  g_assert_cmpstr (param, ==, "file");
}

/* Bytes that are no text come out as text, for they go into sentences and to libraries. */
static void
test_no_text (void)
{
  g_autoptr (WhisForm) model = parse_field ("model", "\xff\xfe tiny");
  g_autoptr (WhisForm) prompt = parse_field ("prompt", "Gr\xc3\xbc\xc3");
  g_autoptr (WhisForm) empty = parse_field ("prompt", "");
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autoptr (WhisForm) endless = parse_field ("model", name);
  const char *const fields[] = { "file", "sound", "response_format", name, NULL };
  g_autoptr (GError) error = NULL;
  const char *param;

  g_assert_true (g_utf8_validate (model->model, -1, NULL));
  g_assert_true (g_str_has_suffix (model->model, " tiny"));
  g_assert_cmpstr (prompt->prompt, ==, "Grü\xef\xbf\xbd");
  g_assert_cmpstr (empty->prompt, ==, "");
  g_assert_cmpuint (strlen (endless->model), <, 1000);
  g_assert_null (parse (fields, &param, &error));
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/offline/form/file", test_file);
  g_test_add_func ("/offline/form/languages", test_languages);
  g_test_add_func ("/offline/form/values", test_values);
  g_test_add_func ("/offline/form/wrong-values", test_wrong_values);
  g_test_add_func ("/offline/form/prompt", test_prompt);
  g_test_add_func ("/offline/form/no-form", test_no_form);
  g_test_add_func ("/offline/form/binary-file", test_binary_file);
  g_test_add_func ("/offline/form/dialects", test_dialects);
  g_test_add_func ("/offline/form/cut-off", test_cut_off);
  g_test_add_func ("/offline/form/two-files", test_two_files);
  g_test_add_func ("/offline/form/no-text", test_no_text);

  return g_test_run ();
}
