/* SPDX-License-Identifier: MIT */
#include "endpoint-form.h"

#include <string.h>

#include "endpoint-error.h"

/* A part of a form, told as a parser tells it: in pieces of @piece bytes. */
static gboolean
put_bytes (WhisEndpointForm *form,
           const char *name,
           const char *value,
           gsize size,
           gsize piece,
           GError **error)
{
  if (!whis_endpoint_form_funcs.begin (form, name, g_strcmp0 (name, "file") == 0, error))
    return FALSE;
  for (gsize i = 0; i < size; i += piece)
    if (!whis_endpoint_form_funcs.add (form, (const guint8 *) value + i, MIN (piece, size - i),
                                       error))
      return FALSE;

  return whis_endpoint_form_funcs.end (form, error);
}

static gboolean
put (WhisEndpointForm *form, const char *name, const char *value, GError **error)
{
  return put_bytes (form, name, value, strlen (value), 3, error);
}

static void
assert_put (WhisEndpointForm *form, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (put (form, name, value, &error));
  g_assert_no_error (error);
}

static void
test_values (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    const char *model;
    const char *language;
    const char *prompt;
  } cases[] = {
    { "model", "parakeet", "parakeet", NULL, NULL },
    { "model", "  parakeet\r\n", "parakeet", NULL, NULL },
    /* what programs send that know of no other */
    { "model", "whisper-1", NULL, NULL, NULL },
    { "model", "", NULL, NULL, NULL },
    { "model", "   ", NULL, NULL, NULL },
    { "language", "de", NULL, "de", NULL },
    { "language", "pt-BR", NULL, "pt-BR", NULL },
    { "language", "auto", NULL, NULL, NULL },
    { "language", "", NULL, NULL, NULL },
    { "prompt", "Grüße, Łódź", NULL, NULL, "Grüße, Łódź" },
    { "prompt", "broken \xff here", NULL, NULL, "broken \xef\xbf\xbd here" },
    /* fields that nobody here knows are read over */
    { "user", "somebody", NULL, NULL, NULL },
    { "chunking_strategy", "auto", NULL, NULL, NULL },
    { NULL, "nameless", NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

      assert_put (form, cases[i].name, cases[i].value);
      g_assert_cmpstr (form->model, ==, cases[i].model);
      g_assert_cmpstr (form->language, ==, cases[i].language);
      g_assert_cmpstr (form->prompt, ==, cases[i].prompt);
    }
}

static void
test_wrong_values (void)
{
  static const struct
  {
    const char *name;
    const char *value;
  } cases[] = {
    { "language", "german" },
    { "language", "d" },
    { "language", "de;en" },
    { "language", "../etc" },
    { "response_format", "xml" },
    { "response_format", "JSON" },
    { "temperature", "1.1" },
    { "temperature", "-0.1" },
    { "temperature", "hot" },
    { "temperature", "0.5 or so" },
    { "temperature", "nan" },
    { "temperature", "inf" },
    { "temperature", "0,5" },
    { "timestamp_granularities[]", "sentence" },
    { "timestamp_granularities", ""
                                 "letter" },
    { "stream", "true" },
    { "stream", "True" },
    { "stream", "1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("%s=%s", cases[i].name, cases[i].value);
      g_assert_false (put (form, cases[i].name, cases[i].value, &error));
      g_assert_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_VALUE);
      /* the one who asks is told which one, and with what */
      g_assert_cmpstr (form->param, ==, cases[i].name);
      g_assert_nonnull (strstr (error->message, cases[i].value));
    }
}

static void
test_formats (void)
{
  static const struct
  {
    const char *value;
    WhisEndpointFormat format;
  } cases[] = {
    { "json", WHIS_ENDPOINT_JSON }, { "text", WHIS_ENDPOINT_TEXT },
    { "srt", WHIS_ENDPOINT_SRT },   { "verbose_json", WHIS_ENDPOINT_VERBOSE_JSON },
    { "vtt", WHIS_ENDPOINT_VTT },
  };
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

  g_assert_cmpint (form->format, ==, WHIS_ENDPOINT_JSON);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_put (form, "response_format", cases[i].value);
      g_assert_cmpint (form->format, ==, cases[i].format);
    }
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *value;
    double temperature;
  } cases[] = { { "0", 0 }, { "1", 1 }, { "0.25", 0.25 }, { " 1e-1 ", 0.1 }, { ".5", 0.5 } };
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_put (form, "temperature", cases[i].value);
      g_assert_cmpfloat_with_epsilon (form->temperature, cases[i].temperature, 1e-9);
    }
  assert_put (form, "stream", "false");
  assert_put (form, "stream", "0");
}

/* Segments unless words alone are wanted, by whichever of the two names. */
static void
test_granularities (void)
{
  static const struct
  {
    const char *first;
    const char *second;
    gboolean words;
    gboolean segments;
  } cases[] = {
    { "", "", FALSE, TRUE },           { "segment", "", FALSE, TRUE },
    { "word", "", TRUE, FALSE },       { "word", "segment", TRUE, TRUE },
    { "segment", "word", TRUE, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

      assert_put (form, "timestamp_granularities[]", cases[i].first);
      assert_put (form, "timestamp_granularities", cases[i].second);
      assert_put (form, "file", "sound");
      g_assert_true (whis_endpoint_form_finish (form, NULL));
      g_assert_cmpint (form->wants_words, ==, cases[i].words);
      g_assert_cmpint (form->wants_segments, ==, cases[i].segments);
    }
}

/* Every byte of it, in whatever pieces it comes. */
static void
test_file (void)
{
  static const char sound[] = "RIFF\0\r\n--\xff\x00 the end";

  for (gsize piece = 1; piece <= sizeof sound; piece++)
    {
      g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

      g_assert_false (form->has_file);
      g_assert_true (put_bytes (form, "file", sound, sizeof sound, piece, NULL));
      g_assert_true (form->has_file);
      g_assert_cmpmem (form->sound->data, form->sound->len, sound, sizeof sound);
      g_assert_true (whis_endpoint_form_finish (form, NULL));
    }
}

static void
test_files (void)
{
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();
  g_autoptr (WhisEndpointForm) without = whis_endpoint_form_new ();
  g_autoptr (GError) error = NULL;

  assert_put (form, "file", "one");
  g_assert_false (put (form, "file", "two", &error));
  g_assert_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_VALUE);
  g_assert_cmpstr (form->param, ==, "file");
  g_clear_error (&error);

  assert_put (without, "model", "parakeet");
  g_assert_false (whis_endpoint_form_finish (without, &error));
  g_assert_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_FILE);
  g_assert_cmpstr (without->param, ==, "file");
}

/* Of a prompt the end counts; no field may fill the memory, nor be more than its end. */
static void
test_long_values (void)
{
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();
  g_autofree char *filling = g_strnfill (1000000, 'x');
  g_autofree char *prompt = g_strconcat (filling, " the last words", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (put_bytes (form, "prompt", prompt, strlen (prompt), 4000, NULL));
  g_assert_cmpuint (strlen (form->prompt), <=, 4096);
  g_assert_true (g_str_has_suffix (form->prompt, "x the last words"));
  g_assert_false (put_bytes (form, "language", filling, strlen (filling), 4000, &error));
  g_assert_cmpuint (strlen (error->message), <, 1000);
  g_assert_cmpuint (form->sound->len, ==, 0);
}

/* A field that is cut in the midst of a letter is still text. */
static void
test_long_prompt_of_letters (void)
{
  for (gsize shift = 0; shift < 3; shift++)
    {
      g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();
      g_autoptr (GString) prompt = g_string_new (NULL);

      for (guint i = 0; i < 3000; i++)
        g_string_append (prompt, "今");
      for (gsize i = 0; i < shift; i++)
        g_string_append_c (prompt, '.');
      assert_put (form, "prompt", prompt->str);
      g_assert_true (g_utf8_validate (form->prompt, -1, NULL));
      g_assert_true (g_str_has_suffix (form->prompt, shift > 0 ? "." : "今"));
      /* of a half letter nothing is told to a recogniser */
      g_assert_null (strstr (form->prompt, "\xef\xbf\xbd"));
    }
}

/* The last of two counts. */
static void
test_repeated (void)
{
  g_autoptr (WhisEndpointForm) form = whis_endpoint_form_new ();

  assert_put (form, "model", "one");
  assert_put (form, "language", "de");
  assert_put (form, "prompt", "first");
  assert_put (form, "model", "two");
  assert_put (form, "language", "auto");
  assert_put (form, "prompt", "second");
  g_assert_cmpstr (form->model, ==, "two");
  g_assert_cmpstr (form->language, ==, NULL);
  g_assert_cmpstr (form->prompt, ==, "second");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/endpoint-form/values", test_values);
  g_test_add_func ("/endpoint-form/wrong-values", test_wrong_values);
  g_test_add_func ("/endpoint-form/formats", test_formats);
  g_test_add_func ("/endpoint-form/numbers", test_numbers);
  g_test_add_func ("/endpoint-form/granularities", test_granularities);
  g_test_add_func ("/endpoint-form/file", test_file);
  g_test_add_func ("/endpoint-form/files", test_files);
  g_test_add_func ("/endpoint-form/long-values", test_long_values);
  g_test_add_func ("/endpoint-form/long-prompt-of-letters", test_long_prompt_of_letters);
  g_test_add_func ("/endpoint-form/repeated", test_repeated);

  return g_test_run ();
}
