/* SPDX-License-Identifier: MIT */
#include "backend.h"
#include "openai-form.h"
#include "prompt.h"
#include "service-error.h"
#include "sound-request.h"

#include <string.h>

static void
test_hosts (void)
{
  static const char *const hosts[][2] = {
    { "openai", "api.openai.com" },
    { "groq", "api.groq.com" },
    { "mistral", "api.mistral.ai" },
    { "offline", "this computer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (GError) error = NULL;
      WhisBackend *backend =
          whis_backend_new (whis_provider_lookup (hosts[i][0]), NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (whis_backend_get_host (backend), ==, hosts[i][1]);
      g_assert_finalize_object (backend);
    }
}

static void
refuse_address (const char *provider, const char *address)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (whis_backend_new (whis_provider_lookup (provider), address, NULL, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
}

static void
test_own_address (void)
{
  g_autoptr (GError) error = NULL;
  WhisBackend *backend;

  refuse_address ("custom", "");
  refuse_address ("custom", "http://nas.example:8000");
  refuse_address ("azure", "https://azure.example.org");
  refuse_address ("groq", "https://example.org/openai/v1");
  backend =
      whis_backend_new (whis_provider_lookup ("custom"), "http://192.168.1.5:8000", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (whis_backend_get_host (backend), ==, "192.168.1.5:8000");
  g_assert_finalize_object (backend);
}

/* Adds "name=value" for each part of the form but the file, in their order. */
static void
write_fields (GString *fields, SoupMultipart *form)
{
  for (int i = 0; i < soup_multipart_get_length (form); i++)
    {
      g_autoptr (GHashTable) params = NULL;
      SoupMessageHeaders *headers;
      GBytes *body;
      const char *name;

      g_assert_true (soup_multipart_get_part (form, i, &headers, &body));
      g_assert_true (soup_message_headers_get_content_disposition (headers, NULL, &params));
      name = g_hash_table_lookup (params, "name");
      if (!g_str_equal (name, "file"))
        g_string_append_printf (fields, "%s%s=%.*s", fields->len > 0 ? " " : "", name,
                                (int) g_bytes_get_size (body),
                                (const char *) g_bytes_get_data (body, NULL));
    }
}

/* What is asked of a provider, and the form that it gets. */
typedef struct
{
  const char *provider;
  const char *model;
  const char *language;
  const char *prompt;
  /* words with semicolons between them */
  const char *vocabulary;
  gboolean wants_times;
  gboolean say_auto;
  gboolean model_is_in_address;
  const char *fields;
} FormCase;

static char *
fields_of (const FormCase *item)
{
  const WhisProvider *provider = whis_provider_lookup (item->provider);
  g_autoptr (WhisSpeechRequest) request = file_request_new ("/x.mp3", 0, 3, 1000);
  g_autoptr (GBytes) sound = g_bytes_new_static ("mp3", 3);
  g_autoptr (SoupMultipart) form = NULL;
  g_auto (GStrv) words = g_strsplit (item->vocabulary != NULL ? item->vocabulary : "", ";", -1);
  GString *fields = g_string_new (NULL);
  WhisHttpJob job = { .request = request, .sound = sound };

  whis_speech_request_set_model (request, item->model);
  whis_speech_request_set_language (request, item->language);
  whis_speech_request_set_prompt (request, item->prompt);
  whis_speech_request_set_vocabulary (request, (const char *const *) words);
  whis_speech_request_set_wants_times (request, item->wants_times);
  job.model = item->model != NULL ? item->model : whis_provider_get_default_model (provider);
  form = whis_openai_form_new (provider, &job, !item->model_is_in_address, item->say_auto);
  write_fields (fields, form);

  return g_string_free (fields, FALSE);
}

#define GRANULARITIES "timestamp_granularities[]=word timestamp_granularities[]=segment"

static void
test_fields (void)
{
  static const FormCase cases[] = {
    { "openai", .fields = "model=gpt-transcribe response_format=json" },
    { "openai", .language = "de", .prompt = "Quillara",
      .fields = "model=gpt-transcribe response_format=json languages[]=de prompt=Quillara" },
    { "openai", .language = "sq", .fields = "model=gpt-transcribe response_format=json" },
    { "openai", .vocabulary = "Quillara;two words", .prompt = "p", .wants_times = TRUE,
      .fields = "model=gpt-transcribe response_format=json prompt=p keywords[]=Quillara "
                "keywords[]=two words" },
    { "openai", "gpt-transcribe-2026-12-01", "de",
      .fields = "model=gpt-transcribe-2026-12-01 response_format=json languages[]=de" },
    { "openai", "gpt-4o-mini-transcribe-2025-12-15", "de", .vocabulary = "Quillara;Whis",
      .fields = "model=gpt-4o-mini-transcribe-2025-12-15 response_format=json language=de "
                "prompt=Quillara, Whis" },
    { "openai", "gpt-4o-transcribe", .wants_times = TRUE,
      .fields = "model=gpt-4o-transcribe response_format=json" },
    { "openai", "whisper-1", "de-AT",
      .fields = "model=whisper-1 response_format=json language=de" },
    { "openai", "whisper-1", "gu", .fields = "model=whisper-1 response_format=json" },
    { "openai", "whisper-1", "de", .wants_times = TRUE,
      .fields = "model=whisper-1 response_format=verbose_json " GRANULARITIES " language=de" },
    { "openai", "newer-model", "EN", .wants_times = TRUE,
      .fields = "model=newer-model response_format=json language=en" },
    { "groq", NULL, "zh_TW.UTF-8", "a",
      .fields = "model=whisper-large-v3-turbo response_format=json language=zh prompt=a" },
    { "groq", .prompt = "a", .vocabulary = "b;c", .wants_times = TRUE,
      .fields = "model=whisper-large-v3-turbo response_format=verbose_json " GRANULARITIES
                " prompt=b, c. a" },
    { "mistral", NULL, "fr", "ignored",
      .fields = "model=voxtral-mini-transcribe-latest language=fr" },
    { "mistral", NULL, "", .fields = "model=voxtral-mini-transcribe-latest" },
    { "mistral", .wants_times = TRUE,
      .fields = "model=voxtral-mini-transcribe-latest timestamp_granularities=segment" },
    { "mistral", NULL, "fr", .wants_times = TRUE,
      .fields = "model=voxtral-mini-transcribe-latest language=fr" },
    { "mistral", .vocabulary = "Quillara Nord;Whis",
      .fields = "model=voxtral-mini-transcribe-latest context_bias=Quillara Nord "
                "context_bias=Whis" },
    { "mistral", "voxtral-mini-2602", .vocabulary = "Quillara  Nord, Süd; ;,;Whis",
      .fields = "model=voxtral-mini-2602 context_bias=Quillara_Nord_Süd context_bias=Whis" },
    { "mistral", "voxtral-mini-latest", .vocabulary = "a b",
      .fields = "model=voxtral-mini-latest context_bias=a_b" },
    { "azure", "my-deployment", "de", "p", "w", TRUE, FALSE, TRUE,
      .fields = "response_format=json language=de prompt=w. p" },
    { "azure", "my-deployment", .fields = "model=my-deployment response_format=json" },
    { "whisper-cpp", .say_auto = TRUE, .fields = "response_format=json language=auto" },
    { "whisper-cpp", .say_auto = TRUE, .wants_times = TRUE, .vocabulary = "w",
      .fields = "response_format=verbose_json language=auto prompt=w" },
    { "speaches", "large", .wants_times = TRUE, .language = "de",
      .fields = "model=large response_format=verbose_json " GRANULARITIES " language=de" },
    { "localai", "whisper-1", .wants_times = TRUE,
      .fields = "model=whisper-1 response_format=verbose_json " GRANULARITIES },
    { "ollama", "gemma", "de", "p", .wants_times = TRUE,
      .fields = "model=gemma response_format=json language=de prompt=p" },
    { "custom", .wants_times = TRUE, .fields = "response_format=json" },
    { "custom", .say_auto = TRUE, .fields = "response_format=json language=auto" },
    { "custom", "base.en", "de", .say_auto = TRUE,
      .fields = "model=base.en response_format=json language=de" },
    { "offline", NULL, "de", "p", "w", TRUE,
      .fields = "response_format=verbose_json " GRANULARITIES " language=de prompt=w. p" },
    { "offline", "ggml-base", .fields = "model=ggml-base response_format=json" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fields = fields_of (&cases[i]);

      g_assert_cmpstr (fields, ==, cases[i].fields);
    }
}

static guint
count_parts (const char *fields, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (fields, name, -1);

  return g_strv_length (parts) - 1;
}

static char *
number_words (int n, const char *form)
{
  GString *words = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    {
      g_string_append (words, i > 0 ? ";" : "");
      g_string_append (words, form);
      g_string_append_printf (words, "%d", i);
    }

  return g_string_free (words, FALSE);
}

static void
test_most_vocabulary (void)
{
  g_autofree char *words = number_words (150, "w");
  g_autofree char *fields = fields_of (&(FormCase){ "mistral", .vocabulary = words });

  g_assert_cmpuint (count_parts (fields, "context_bias="), ==, 100);
  g_assert_true (g_str_has_suffix (fields, "=w99"));
}

/* Neither drives the other out of what a model looks at. */
static void
test_long_prompt (void)
{
  g_autofree char *letters = g_strnfill (2000, 'x');
  g_autofree char *prompt = g_strconcat (letters, " the end", NULL);
  g_autofree char *words = number_words (500, "word");
  g_autofree char *both = fields_of (&(FormCase){ "groq", .prompt = prompt, .vocabulary = words });
  g_autofree char *few =
      fields_of (&(FormCase){ "groq", .prompt = prompt, .vocabulary = "Quillara" });
  g_autofree char *many =
      fields_of (&(FormCase){ "groq", .prompt = "the end", .vocabulary = words });
  g_autofree char *free =
      fields_of (&(FormCase){ "openai", .prompt = prompt, .vocabulary = "Quillara" });
  const char *const all[] = { both, few, many };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      const char *sent = strstr (all[i], "prompt=") + strlen ("prompt=");

      g_assert_cmpint (g_utf8_strlen (sent, -1), <=, 896);
      g_assert_cmpint (g_utf8_strlen (sent, -1), >, 400);
      g_assert_true (g_str_has_suffix (sent, " the end"));
    }
  g_assert_nonnull (strstr (both, "word0, word1, word2"));
  g_assert_nonnull (strstr (few, "Quillara. xxx"));
  g_assert_nonnull (strstr (many, "word80"));
  g_assert_nonnull (strstr (free, prompt));
}

static void
test_prompt (void)
{
  static const struct
  {
    const char *hint;
    const char *words;
    guint most;
    const char *prompt;
  } cases[] = {
    { NULL, NULL, 0, NULL },
    { "", NULL, 10, NULL },
    { "hint", NULL, 0, "hint" },
    { "hint", "a;b", 0, "a, b. hint" },
    { NULL, "a;b", 0, "a, b" },
    { "one two three", NULL, 8, "three" },
    { "onetwothree", NULL, 5, "three" },
    { "one two three", NULL, 9, "two three" },
    { "ÄÖÜ", NULL, 4, "ÖÜ" },
    { "一二三", NULL, 8, "二三" },
    { "one two three", "alpha;beta;gamma", 20, "alpha. one two three" },
    { "one two three", "alpha;beta;gamma", 22, "alpha, beta. two three" },
    { "one two three", "alpha;beta;gamma", 27, "alpha, beta. one two three" },
    { "one two three", "alpha;beta;gamma", 100, "alpha, beta, gamma. one two three" },
    { "hint", "averylongwordindeed", 10, "hint" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) words = cases[i].words != NULL ? g_strsplit (cases[i].words, ";", -1) : NULL;
      g_autofree char *prompt =
          whis_prompt_compose (cases[i].hint, (const char *const *) words, cases[i].most);

      g_assert_cmpstr (prompt, ==, cases[i].prompt);
    }
}

static void
test_request (void)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new ("d", 4);
  g_autoptr (WhisSound) sound = NULL;
  g_autoptr (WhisSpeechRequest) request = NULL;

  chunk->offset = 100;
  chunk->size = 50;
  chunk->length_ms = 700;
  sound = whis_file_sound_new ("/a.mp3");
  request = whis_speech_request_new_for_chunk (sound, chunk);
  g_assert_true (request->sound == sound);
  g_assert_cmpuint (request->offset, ==, 100);
  g_assert_cmpuint (request->size, ==, 50);
  g_assert_cmpuint (request->duration_ms, ==, 700);
  whis_speech_request_set_key (request, "  sk-1 \n");
  g_assert_cmpstr (request->key, ==, "sk-1");
  whis_speech_request_set_key (request, " \t");
  g_assert_null (request->key);
  whis_speech_request_set_language (request, "");
  g_assert_null (request->language);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/backend/hosts", test_hosts);
  g_test_add_func ("/backend/own-address", test_own_address);
  g_test_add_func ("/form/fields", test_fields);
  g_test_add_func ("/form/most-vocabulary", test_most_vocabulary);
  g_test_add_func ("/form/long-prompt", test_long_prompt);
  g_test_add_func ("/form/prompt", test_prompt);
  g_test_add_func ("/request", test_request);

  return g_test_run ();
}
