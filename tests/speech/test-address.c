/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "speech-error.h"

typedef struct
{
  const char *given;
  const char *url;
} Case;

static const Case accepted[] = {
  { "http://host:8000", "http://host:8000/v1/audio/transcriptions" },
  { "http://host:8000/", "http://host:8000/v1/audio/transcriptions" },
  { "http://host:8000/v1", "http://host:8000/v1/audio/transcriptions" },
  { "http://host:8000/v1/", "http://host:8000/v1/audio/transcriptions" },
  { "http://host:8000/v1//", "http://host:8000/v1/audio/transcriptions" },
  { "http://host:8000/v1/audio/transcriptions", "http://host:8000/v1/audio/transcriptions" },
  { "https://host/openai/v1", "https://host/openai/v1/audio/transcriptions" },
  { "http://127.0.0.1:8080/inference", "http://127.0.0.1:8080/inference" },
  { "http://127.0.0.1:8080/inference/", "http://127.0.0.1:8080/inference" },
  { "  HTTP://Host  ", "http://Host/v1/audio/transcriptions" },
  { "http://[::1]:9000", "http://[::1]:9000/v1/audio/transcriptions" },
};

static const char *const refused[] = {
  "",
  "   ",
  "localhost:8000",
  "host",
  "ftp://h",
  "file:///x",
  "http://",
  "http:///v1",
  "https:",
  "http://h:x",
  "http://u@h/v1",
  "http://u:p@h/v1",
  "http://h/v1?key=1",
  "http://h/v1#part",
  "http://h:99999",
  "javascript:alert(1)",
  "http://a b",
  "http://\xFF/",
};

static char *
complete (const char *address, GError **error)
{
  return whis_address_complete (whis_provider_lookup ("custom"), address, error);
}

static void
test_accepted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url = complete (accepted[i].given, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (url, ==, accepted[i].url);
    }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url = complete (refused[i], &error);

      g_test_message ("%zu: %s", i, error != NULL ? error->message : "accepted");
      g_assert_error (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_ADDRESS);
      g_assert_null (url);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
}

static void
test_key_safety (void)
{
  static const char *const safe[] = {
    "https://example.org/v1", "http://localhost:1/v1", "http://127.0.0.1/v1",
    "http://192.168.3.4/v1",  "http://10.1.2.3/v1",    "http://172.16.0.9/v1",
    "http://[::1]/v1",        "http://[fe80::1]/v1",   "http://[fd00::5]/v1",
    "http://169.254.1.1/v1",
  };
  static const char *const unsafe[] = {
    "http://example.org/v1",   "http://8.8.8.8/v1",
    "http://172.32.0.1/v1",    "http://127.0.0.1.evil.org/v1",
    "http://[2001:db8::1]/v1", "http://localhost.evil.org/v1",
    "http://nas/v1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (safe); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (whis_address_may_carry_key (safe[i], &error));
      g_assert_no_error (error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (unsafe); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", unsafe[i]);
      g_assert_false (whis_address_may_carry_key (unsafe[i], &error));
      g_assert_error (error, WHIS_SPEECH_ERROR, WHIS_SPEECH_ERROR_ADDRESS);
    }
}

static void
test_host (void)
{
  g_autofree char *plain = whis_address_get_host ("https://api.openai.com/v1/audio/transcriptions");
  g_autofree char *port = whis_address_get_host ("http://192.168.1.5:8000/v1");
  g_autofree char *ipv6 = whis_address_get_host ("http://[::1]:8000/v1");

  g_assert_cmpstr (plain, ==, "api.openai.com");
  g_assert_cmpstr (port, ==, "192.168.1.5:8000");
  g_assert_cmpstr (ipv6, ==, "[::1]:8000");
}

static void
test_models_url (void)
{
  g_autofree char *usual = whis_address_get_models_url ("https://h/v1/audio/transcriptions");
  g_autofree char *whisper = whis_address_get_models_url ("http://h:8080/inference");

  g_assert_cmpstr (usual, ==, "https://h/v1/models");
  g_assert_cmpstr (whisper, ==, "http://h:8080/v1/models");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address/accepted", test_accepted);
  g_test_add_func ("/address/refused", test_refused);
  g_test_add_func ("/address/key-safety", test_key_safety);
  g_test_add_func ("/address/host", test_host);
  g_test_add_func ("/address/models-url", test_models_url);

  return g_test_run ();
}
