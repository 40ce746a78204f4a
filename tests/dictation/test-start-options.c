/* SPDX-License-Identifier: MIT */
#include "bus-error.h"
#include "failure.h"
#include "start-options.h"

static gboolean
read_options (WhisStartOptions *self, WhisStartMethod method, const char *text, GError **error)
{
  return whis_start_options_read (self, method, g_variant_new_parsed (text), error);
}

/* Each method takes what means something for it, and refuses the rest. */
static void
test_methods (void)
{
  static const struct
  {
    const char *option;
    WhisStartMethod first;
  } options[] = {
    { "{'provider': <'groq'>}", WHIS_START_AGAIN },
    { "{'model': <'m'>}", WHIS_START_AGAIN },
    { "{'language': <'de'>}", WHIS_START_AGAIN },
    { "{'times': <true>}", WHIS_START_AGAIN },
    { "{'attached': <true>}", WHIS_START_AGAIN },
    { "{'deliver': <true>}", WHIS_START_RESUME },
    { "{'document': <true>}", WHIS_START_FILE },
    { "{'microphone': <'m'>}", WHIS_START_MICROPHONE },
    { "{'live': <true>}", WHIS_START_MICROPHONE },
    { "{'continuous': <true>}", WHIS_START_MICROPHONE },
    { "{'hands-free': <true>}", WHIS_START_MICROPHONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    for (int method = WHIS_START_AGAIN; method <= WHIS_START_MICROPHONE; method++)
      {
        g_auto (WhisStartOptions) self = WHIS_START_OPTIONS_INIT;
        g_autoptr (GError) error = NULL;

        g_test_message ("%s of method %d", options[i].option, method);
        read_options (&self, (WhisStartMethod) method, options[i].option, &error);
        if (method >= (int) options[i].first)
          g_assert_no_error (error);
        else
          g_assert_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS);
      }
}

static void
assert_inherited (const WhisRecord *record,
                  const char *text,
                  const char *provider,
                  const char *model,
                  const char *language,
                  gboolean deliver)
{
  g_auto (WhisStartOptions) self = WHIS_START_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  read_options (&self, WHIS_START_RESUME, text, &error);
  g_assert_no_error (error);
  whis_start_options_inherit (&self, record);
  g_assert_cmpstr (self.provider_id, ==, provider);
  g_assert_cmpstr (self.model, ==, model);
  g_assert_cmpstr (self.language, ==, language);
  g_assert_cmpint (self.deliver, ==, deliver);
}

static void
test_inherit (void)
{
  g_autoptr (WhisRecord) record = whis_record_new ("a");

  g_free (record->provider);
  record->provider = g_strdup ("groq");
  record->model = g_strdup ("whisper-large-v3");
  record->language = g_strdup ("de");
  record->deliver = TRUE;
  assert_inherited (record, "@a{sv} {}", "groq", "whisper-large-v3", "de", TRUE);
  assert_inherited (record, "{'deliver': <false>, 'language': <''>}", "groq", "whisper-large-v3",
                    "", FALSE);
  /* A model belongs to its service. */
  assert_inherited (record, "{'provider': <'openai'>}", "openai", NULL, "de", TRUE);
  assert_inherited (record, "{'model': <'other'>}", "groq", "other", "de", TRUE);
}

/* One that was not on this computer is not waited for when another has come. */
static void
test_inherit_no_model (void)
{
  g_autoptr (WhisRecord) record = whis_record_new ("a");

  g_free (record->provider);
  record->provider = g_strdup (WHIS_PROVIDER_LOCAL);
  record->model = g_strdup ("base");
  record->code = g_strdup (WHIS_FAILURE_NO_MODEL);
  assert_inherited (record, "@a{sv} {}", WHIS_PROVIDER_LOCAL, NULL, "", FALSE);
}

/* A service that there is no more: the settings hold. */
static void
test_inherit_gone (void)
{
  g_autoptr (WhisRecord) record = whis_record_new ("a");

  g_free (record->provider);
  record->provider = g_strdup ("of-yesterday");
  record->model = g_strdup ("m");
  assert_inherited (record, "@a{sv} {}", NULL, NULL, NULL, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/start-options/methods", test_methods);
  g_test_add_func ("/start-options/inherit/all", test_inherit);
  g_test_add_func ("/start-options/inherit/no-model", test_inherit_no_model);
  g_test_add_func ("/start-options/inherit/service-gone", test_inherit_gone);

  return g_test_run ();
}
