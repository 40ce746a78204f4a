/* SPDX-License-Identifier: MIT */
#include "backend.h"
#include "form.h"
#include "speech-error.h"

#include <string.h>

static void
test_table (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  g_assert_cmpuint (n, >, 10);
  g_assert_cmpstr (providers[0].id, ==, "offline");
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (whis_provider_lookup (providers[i].id) == &providers[i]);
      g_assert_cmpstr (whis_provider_get_name (&providers[i]), !=, "");
      g_assert_nonnull (whis_provider_get_note (&providers[i]));
      g_assert_cmpuint (providers[i].limit, >=, 1);
      g_assert_cmpint (providers[i].base_url == NULL, ==, providers[i].own_address);
      g_assert_true (!providers[i].needs_key || providers[i].takes_key);
      g_assert_true (!providers[i].takes_key || providers[i].key_variable != NULL);
      if (providers[i].needs_key && !providers[i].own_address)
        g_assert_true (g_str_has_prefix (providers[i].base_url, "https://"));
    }
  g_assert_null (whis_provider_lookup ("nobody"));
}

static void
test_defaults_do_not_retire (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      const WhisModel *model =
          whis_provider_find_model (&providers[i], whis_provider_get_default_model (&providers[i]));

      g_assert_true (model == NULL || model->retires == NULL);
    }
}

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
test_own_address (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) error = NULL;
  WhisBackend *backend;

  g_assert_null (whis_backend_new (whis_provider_lookup ("custom"), "", NULL, &missing));
  g_assert_error (missing, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_ADDRESS);
  backend = whis_backend_new (whis_provider_lookup ("custom"), "http://nas:8000", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (whis_backend_get_host (backend), ==, "nas:8000");
  g_assert_finalize_object (backend);
}

/* The fields of the form as "name=value" in their order, without the file. */
static char *
fields_of (const char *provider_id,
           const char *model,
           const char *language,
           const char *prompt,
           gboolean say_auto)
{
  const WhisProvider *provider = whis_provider_lookup (provider_id);
  g_autoptr (WhisSpeechRequest) request = whis_speech_request_new ("/x.mp3", 0, 3, 1000);
  g_autoptr (GBytes) sound = g_bytes_new_static ("mp3", 3);
  g_autoptr (SoupMultipart) form = NULL;
  WhisHttpJob job;
  GString *fields = g_string_new (NULL);

  whis_speech_request_set_model (request, model);
  whis_speech_request_set_language (request, language);
  whis_speech_request_set_prompt (request, prompt);
  job.request = request;
  job.model = request->model != NULL ? request->model : whis_provider_get_default_model (provider);
  job.sound = sound;
  form = whis_form_new (provider, &job, say_auto);
  for (int i = 0; i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *headers;
      GBytes *body;
      GHashTable *params = NULL;
      const char *name;
      gsize size;

      g_assert_true (soup_multipart_get_part (form, i, &headers, &body));
      g_assert_true (soup_message_headers_get_content_disposition (headers, NULL, &params));
      name = g_hash_table_lookup (params, "name");
      size = g_bytes_get_size (body);
      if (!g_str_equal (name, "file"))
        g_string_append_printf (fields, "%s%s=%.*s", fields->len > 0 ? " " : "", name, (int) size,
                                (const char *) g_bytes_get_data (body, NULL));
      g_hash_table_unref (params);
    }

  return g_string_free (fields, FALSE);
}

static void
test_fields (void)
{
  /* provider, model, language, prompt, automatic, fields */
  static const char *const cases[][6] = {
    { "openai", NULL, NULL, NULL, NULL, "model=gpt-transcribe response_format=json" },
    { "openai", NULL, "de", "Quillara", NULL,
      "model=gpt-transcribe response_format=json languages[]=de prompt=Quillara" },
    { "openai", NULL, "sq", NULL, NULL, "model=gpt-transcribe response_format=json" },
    { "openai", "whisper-1", "de-AT", NULL, NULL,
      "model=whisper-1 response_format=json language=de" },
    { "openai", "newer-model", "EN", NULL, NULL,
      "model=newer-model response_format=json language=en" },
    { "groq", NULL, "zh_TW.UTF-8", "a", NULL,
      "model=whisper-large-v3-turbo response_format=json language=zh prompt=a" },
    { "mistral", NULL, "fr", "ignored", NULL, "model=voxtral-mini-transcribe-latest language=fr" },
    { "mistral", NULL, "", NULL, NULL, "model=voxtral-mini-transcribe-latest" },
    { "custom", NULL, NULL, NULL, NULL, "response_format=json" },
    { "custom", NULL, NULL, NULL, "auto", "response_format=json language=auto" },
    { "custom", "base.en", "de", NULL, "auto", "model=base.en response_format=json language=de" },
    { "offline", NULL, "de", "ignored", NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fields =
          fields_of (cases[i][0], cases[i][1], cases[i][2], cases[i][3], cases[i][4] != NULL);

      g_assert_cmpstr (fields, ==, cases[i][5]);
    }
}

static void
test_long_prompt (void)
{
  g_autoptr (GString) prompt = g_string_new (NULL);
  g_autofree char *fields = NULL;
  const char *sent;

  for (int i = 0; i < 1000; i++)
    g_string_append (prompt, "ü");
  g_string_append (prompt, "end");
  fields = fields_of ("groq", NULL, NULL, prompt->str, FALSE);
  sent = strstr (fields, "prompt=") + strlen ("prompt=");
  g_assert_cmpint (g_utf8_strlen (sent, -1), ==, 896);
  g_assert_true (g_str_has_suffix (sent, "üend"));
}

static void
test_request (void)
{
  g_autoptr (WhisChunk) chunk = whis_chunk_new ("d", 4);
  g_autoptr (WhisSpeechRequest) request = NULL;

  chunk->offset = 100;
  chunk->size = 50;
  chunk->length_ms = 700;
  request = whis_speech_request_new_for_chunk ("/a.mp3", chunk);
  g_assert_cmpstr (request->path, ==, "/a.mp3");
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

  g_test_add_func ("/providers/table", test_table);
  g_test_add_func ("/providers/defaults-do-not-retire", test_defaults_do_not_retire);
  g_test_add_func ("/providers/hosts", test_hosts);
  g_test_add_func ("/providers/own-address", test_own_address);
  g_test_add_func ("/form/fields", test_fields);
  g_test_add_func ("/form/long-prompt", test_long_prompt);
  g_test_add_func ("/request", test_request);

  return g_test_run ();
}
