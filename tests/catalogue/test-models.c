/* SPDX-License-Identifier: MIT */
#include "models.h"
#include "service-error.h"

#include <string.h>

/* The lists of services, shortened, and what is offered to the user of them: "ID RETIRES live" */
typedef struct
{
  const char *provider;
  const char *body;
  const char *models;
} Case;

static const Case cases[] = {
  { "openai",
    "{\"object\":\"list\",\"data\":["
    "{\"id\":\"gpt-5\",\"object\":\"model\",\"created\":1,\"owned_by\":\"openai\"},"
    "{\"id\":\"whisper-1\",\"object\":\"model\",\"created\":1677532384,\"owned_by\":"
    "\"openai-internal\",\"shutdown_date\":\"2027-02-26\"},"
    "{\"id\":\"gpt-4o-transcribe-diarize\",\"shutdown_date\":\"2027-02-26\"},"
    "{\"id\":\"gpt-4o-mini-transcribe-2025-12-15\",\"shutdown_date\":\"2027-02-27\"},"
    "{\"id\":\"gpt-4o-mini-tts\"},{\"id\":\"tts-1\"},"
    "{\"id\":\"gpt-live-transcribe\",\"shutdown_date\":null},"
    "{\"id\":\"gpt-transcribe\",\"shutdown_date\":null}]}",
    "gpt-transcribe|whisper-1 2027-02-26|gpt-4o-mini-transcribe-2025-12-15 2027-02-27|"
    "gpt-live-transcribe live" },
  /* a date that the list lacks is taken from the table */
  { "openai", "{\"data\":[{\"id\":\"whisper-1\"},{\"id\":\"whisper-1\"},{\"id\":\"models/\"}]}",
    "whisper-1 2027-02-26" },
  { "groq",
    "{\"object\":\"list\",\"data\":["
    "{\"id\":\"openai/gpt-oss-120b\",\"active\":true},"
    "{\"id\":\"whisper-large-v3\",\"object\":\"model\",\"created\":1693721698,\"owned_by\":"
    "\"OpenAI\",\"active\":true,\"context_window\":448,\"public_apps\":null},"
    "{\"id\":\"distil-whisper-large-v3-en\",\"active\":false},"
    "{\"id\":\"playai-tts\",\"active\":true},"
    "{\"id\":\"whisper-large-v3-turbo\",\"active\":true}]}",
    "whisper-large-v3-turbo|whisper-large-v3" },
  { "mistral",
    "{\"object\":\"list\",\"data\":["
    "{\"id\":\"mistral-small-latest\",\"deprecation\":null},"
    "{\"id\":\"voxtral-mini-2602\",\"object\":\"model\",\"deprecation\":\"2027-03-31T12:00:00Z\"},"
    "{\"id\":\"voxtral-small-latest\",\"deprecation\":null},"
    "{\"id\":\"voxtral-mini-realtime-latest\"},"
    "{\"id\":\"voxtral-chat\",\"capabilities\":{\"audio_transcription\":false}},"
    "{\"id\":\"voxtral-mini-transcribe-latest\",\"deprecation\":null}]}",
    "voxtral-mini-transcribe-latest|voxtral-mini-2602 2027-03-31" },
  { "azure",
    "{\"data\":[{\"id\":\"whisper-001\",\"status\":\"succeeded\",\"object\":\"model\","
    "\"capabilities\":{\"inference\":true},\"deprecation\":{\"inference\":1793404800}},"
    "{\"id\":\"gpt-4o-transcribe\"},{\"id\":\"gpt-4o\"}],\"object\":\"list\"}",
    "gpt-4o-transcribe|whisper-001" },
  { "speaches",
    "{\"data\":[{\"id\":\"Systran/faster-whisper-large-v3\",\"created\":1,\"object\":\"model\","
    "\"owned_by\":\"Systran\",\"language\":[\"en\"],\"task\":\"automatic-speech-recognition\"},"
    "{\"id\":\"speaches-ai/Kokoro-82M\",\"task\":\"text-to-speech\"}],\"object\":\"list\"}",
    "Systran/faster-whisper-large-v3" },
  { "localai", "{\"object\":\"list\",\"data\":[{\"id\":\"my-ears\",\"object\":\"model\"}]}",
    "my-ears" },
  { "ollama",
    "{\"object\":\"list\",\"data\":[{\"id\":\"gemma4:e4b\",\"object\":\"model\",\"created\":1,"
    "\"owned_by\":\"library\"},{\"id\":\"\"},{\"id\":null},{\"id\":5},{},null,[],7]}",
    "gemma4:e4b" },
  { "custom", "[{\"id\":\"a\"},{\"name\":\"b\"}]", "a|b" },
  { "custom", "{\"data\":null,\"models\":[{\"name\":\"b\",\"active\":null,\"task\":null}]}", "b" },
  { "custom", "{\"data\":[]}", "" },
  /* dates in the forms of services, and what is no date */
  { "custom",
    "[{\"id\":\"a\",\"shutdown_date\":\"2027-01-02T03:04:05+00:00\"},"
    "{\"id\":\"b\",\"deprecation\":\"2027-01-02\"},{\"id\":\"c\",\"shutdown_date\":\"soon\"},"
    "{\"id\":\"d\",\"shutdown_date\":\"2027/01/02\"},{\"id\":\"e\",\"shutdown_date\":20270102},"
    "{\"id\":\"f\",\"shutdown_date\":\"2027-1-2\"},{\"id\":\"g\",\"shutdown_date\":\"\"}]",
    "a 2027-01-02|b 2027-01-02|c|d|e|f|g" },
  /* Deepgram's list, and names under which services know a model */
  { "deepgram",
    "{\"stt\":[{\"name\":\"general\",\"canonical_name\":\"nova-3-general\"},"
    "{\"name\":\"aura\",\"canonical_name\":\"aura-tts\"}],\"tts\":[{\"name\":\"nova-voice\"}]}",
    "nova-3-general" },
  { "elevenlabs", "[{\"model_id\":\"eleven_v3\"},{\"model_id\":\"scribe_v9\"}]", "scribe_v9" },
  { "localai", "{\"models\":[{\"name\":\"models/whisper-1\"}]}", "whisper-1" },
  { "custom", "{\"data\":[{\"id\":\"b\"},{\"id\":\"a\"},{\"id\":\"ä\"},{\"id\":\"a\"}]}", "a|b|ä" },
  { "custom", "{\"data\":{\"id\":\"a\"},\"models\":[{\"id\":\"b\"}]}", "b" },
};

static char *
write_models (GPtrArray *models)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < models->len; i++)
    {
      const WhisModelInfo *info = g_ptr_array_index (models, i);

      g_string_append_printf (
          line, "%s%s%s%s%s", i > 0 ? "|" : "", info->id, info->retires != NULL ? " " : "",
          info->retires != NULL ? info->retires : "", info->live ? " live" : "");
    }

  return g_string_free (line, FALSE);
}

static void
test_lists (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) models = whis_models_parse (
          whis_provider_lookup (cases[i].provider), cases[i].body, strlen (cases[i].body), &error);
      g_autofree char *line = NULL;

      g_assert_no_error (error);
      line = write_models (models);
      g_assert_cmpstr (line, ==, cases[i].models);
    }
}

static void
test_no_lists (void)
{
  static const char *const bodies[] = {
    "", "{", "{}", "null", "\"x\"", "{\"data\":{}}", "{\"data\":null}", "<html>Log in</html>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) models = whis_models_parse (whis_provider_lookup ("openai"), bodies[i],
                                                        strlen (bodies[i]), &error);

      g_assert_null (models);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_BAD_ANSWER);
      g_assert_nonnull (strstr (error->message, "OpenAI"));
    }
}

static void
test_known (void)
{
  g_autoptr (GPtrArray) groq = whis_models_known (whis_provider_lookup ("groq"));
  g_autoptr (GPtrArray) own = whis_models_known (whis_provider_lookup ("whisper-cpp"));
  g_autofree char *line = write_models (groq);

  g_assert_cmpstr (line, ==, "whisper-large-v3-turbo|whisper-large-v3");
  g_assert_cmpuint (own->len, ==, 0);
}

/* Models for live transcription are among them once, with the days on which they go. */
static void
test_known_live (void)
{
  g_autoptr (GPtrArray) openai = whis_models_known (whis_provider_lookup ("openai"));
  g_autofree char *line = write_models (openai);

  g_assert_cmpstr (line, ==,
                   "gpt-transcribe|gpt-4o-transcribe 2027-02-26|gpt-4o-mini-transcribe 2027-02-26|"
                   "whisper-1 2027-02-26|gpt-live-transcribe live|gpt-realtime-whisper live");
}

/* What the table says of a model is what a service's own list says of it: neither its name nor its
 * day is lost on the way. */
static void
test_known_listed (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) known = whis_models_known (&providers[i]);
      g_autoptr (GPtrArray) listed = NULL;
      g_autoptr (GString) body = g_string_new ("[");
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", providers[i].id);
      for (guint j = 0; j < known->len; j++)
        {
          const WhisModelInfo *info = g_ptr_array_index (known, j);

          if (!info->live || providers[i].live != WHIS_LIVE_NONE)
            g_string_append_printf (body, "%s{\"id\":\"%s\"}", body->len > 1 ? "," : "", info->id);
        }
      g_string_append_c (body, ']');
      listed = whis_models_parse (&providers[i], body->str, body->len, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (listed->len, ==, known->len);
      for (guint j = 0; j < listed->len; j++)
        {
          const WhisModelInfo *info = g_ptr_array_index (listed, j);
          const WhisModel *model = whis_provider_find_model (&providers[i], info->id);

          if (model != NULL)
            g_assert_cmpstr (info->retires, ==, model->retires);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/models/lists", test_lists);
  g_test_add_func ("/models/no-lists", test_no_lists);
  g_test_add_func ("/models/known", test_known);
  g_test_add_func ("/models/known-live", test_known_live);
  g_test_add_func ("/models/known-listed", test_known_listed);

  return g_test_run ();
}
