/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "service-error.h"

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
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
      g_assert_null (url);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
}

/* The forms that people find on the pages of their services. */
static void
test_forms_of_services (void)
{
#define CLASSIC "/openai/deployments/{model}/audio/transcriptions?api-version=2024-10-21"
#define NEWER "/openai/v1/audio/transcriptions?api-version=preview"
  static const char *const cases[][3] = {
    { "azure", "https://r.openai.azure.com", "https://r.openai.azure.com" CLASSIC },
    { "azure", "https://r.openai.azure.com/", "https://r.openai.azure.com" CLASSIC },
    { "azure", "https://r.openai.azure.com/openai", "https://r.openai.azure.com" CLASSIC },
    { "azure",
      "https://r.openai.azure.com/openai/deployments/whisper/audio/"
      "transcriptions?api-version=2024-06-01",
      "https://r.openai.azure.com" CLASSIC },
    { "azure", "https://r.openai.azure.com" CLASSIC, "https://r.openai.azure.com" CLASSIC },
    { "azure", "https://r.openai.azure.com/openai/v1/", "https://r.openai.azure.com" NEWER },
    { "azure", "https://r.openai.azure.com" NEWER, "https://r.openai.azure.com" NEWER },
    { "whisper-cpp", "http://127.0.0.1:8080", "http://127.0.0.1:8080/inference" },
    { "whisper-cpp", "http://127.0.0.1:8080/x/inference", "http://127.0.0.1:8080/x/inference" },
    { "whisper-cpp", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/audio/transcriptions" },
    { "ollama", "http://localhost:11434", "http://localhost:11434/v1/audio/transcriptions" },
    { "deepgram", "https://api.eu.deepgram.com/", "https://api.eu.deepgram.com" },
    { "custom", "https://h:443/v1", "https://h/v1/audio/transcriptions" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *url =
          whis_address_complete (whis_provider_lookup (cases[i][0]), cases[i][1], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (url, ==, cases[i][2]);
    }
}

static void
test_safety (void)
{
  static const struct
  {
    const char *url;
    WhisAddressSafety safety;
  } cases[] = {
    { "https://example.org/v1", WHIS_ADDRESS_SAFE },
    { "https://192.168.3.4/v1", WHIS_ADDRESS_SAFE },
    { "http://localhost:1/v1", WHIS_ADDRESS_SAFE },
    { "http://LocalHost/v1", WHIS_ADDRESS_SAFE },
    { "http://whisper.localhost/v1", WHIS_ADDRESS_SAFE },
    { "http://127.0.0.1/v1", WHIS_ADDRESS_SAFE },
    { "http://127.8.9.1/v1", WHIS_ADDRESS_SAFE },
    { "http://[::1]/v1", WHIS_ADDRESS_SAFE },
    { "http://192.168.3.4/v1", WHIS_ADDRESS_PRIVATE },
    { "http://10.1.2.3/v1", WHIS_ADDRESS_PRIVATE },
    { "http://172.16.0.9/v1", WHIS_ADDRESS_PRIVATE },
    { "http://[fe80::1]/v1", WHIS_ADDRESS_PRIVATE },
    { "http://[fd00::5]/v1", WHIS_ADDRESS_PRIVATE },
    { "http://169.254.1.1/v1", WHIS_ADDRESS_PRIVATE },
    { "http://example.org/v1", WHIS_ADDRESS_UNSAFE },
    { "http://8.8.8.8/v1", WHIS_ADDRESS_UNSAFE },
    { "http://172.32.0.1/v1", WHIS_ADDRESS_UNSAFE },
    { "http://127.0.0.1.evil.org/v1", WHIS_ADDRESS_UNSAFE },
    { "http://[2001:db8::1]/v1", WHIS_ADDRESS_UNSAFE },
    { "http://[::ffff:8.8.8.8]/v1", WHIS_ADDRESS_UNSAFE },
    { "http://localhost.evil.org/v1", WHIS_ADDRESS_UNSAFE },
    { "http://mylocalhost/v1", WHIS_ADDRESS_PRIVATE },
    { "http://nas/v1", WHIS_ADDRESS_PRIVATE },
    { "http://whisper-1:8000/v1", WHIS_ADDRESS_PRIVATE },
    { "http://nas.local/v1", WHIS_ADDRESS_PRIVATE },
    { "http://NAS.Local./v1", WHIS_ADDRESS_PRIVATE },
    { "http://box.internal/v1", WHIS_ADDRESS_PRIVATE },
    { "http://box.home.arpa/v1", WHIS_ADDRESS_PRIVATE },
    { "http://100.64.0.1/v1", WHIS_ADDRESS_PRIVATE },
    { "http://100.127.255.255/v1", WHIS_ADDRESS_PRIVATE },
    { "http://100.63.255.255/v1", WHIS_ADDRESS_UNSAFE },
    { "http://100.128.0.1/v1", WHIS_ADDRESS_UNSAFE },
    { "http://nas.local.evil.org/v1", WHIS_ADDRESS_UNSAFE },
    { "http://evillocal.org/v1", WHIS_ADDRESS_UNSAFE },
    { "http://.local/v1", WHIS_ADDRESS_UNSAFE },
    { "http://2130706433/v1", WHIS_ADDRESS_UNSAFE },
    { "http://0x7f000001/v1", WHIS_ADDRESS_UNSAFE },
    { "ftp://127.0.0.1/v1", WHIS_ADDRESS_UNSAFE },
    { "nonsense", WHIS_ADDRESS_UNSAFE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].url);
      g_assert_cmpint (whis_address_get_safety (cases[i].url), ==, cases[i].safety);
    }
}

/* Whose server somebody's voice and key may go to. */
static void
test_is_of_provider (void)
{
  static const char *const right[][2] = {
    { "openai", "https://api.openai.com/v1" },
    { "openai", "https://eu.api.openai.com/v1" },
    { "openai", "https://EU.API.OPENAI.COM/v1" },
    { "openai", "http://127.0.0.1:4000/v1" },
    { "openai", "https://localhost/v1" },
    { "deepgram", "https://api.eu.deepgram.com" },
    { "azure", "https://r.openai.azure.com" },
    { "azure", "https://r.cognitiveservices.azure.com/openai/v1" },
    { "azure", "http://[::1]:4000" },
    { "custom", "https://whatever.example" },
    { "custom", "http://192.168.1.2:8000" },
    { "custom", "http://nas:8000" },
    { "custom", "http://100.100.1.2:8000" },
    { "speaches", "http://localhost:8000" },
  };
  static const char *const wrong[][2] = {
    { "openai", "https://example.org/v1" },
    { "openai", "https://notopenai.com/v1" },
    { "openai", "https://openai.com.example.org/v1" },
    { "openai", "http://api.openai.com/v1" },
    { "openai", "https://192.168.1.2/v1" },
    { "openai", "http://192.168.1.2/v1" },
    { "openai", "https://api.openai.com@example.org/v1" },
    { "openai", "https://example.org/api.openai.com" },
    { "azure", "https://evil.westeurope.cloudapp.azure.com" },
    { "azure", "http://r.openai.azure.com" },
    { "custom", "http://nas.example:8000" },
    { "custom", "http://8.8.8.8" },
    { "custom", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (
          whis_address_is_of_provider (whis_provider_lookup (right[i][0]), right[i][1], &error));
      g_assert_no_error (error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s %s", wrong[i][0], wrong[i][1]);
      g_assert_false (
          whis_address_is_of_provider (whis_provider_lookup (wrong[i][0]), wrong[i][1], &error));
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
      g_assert_true (g_str_has_suffix (error->message, "."));
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
  static const char *const cases[][2] = {
    { "https://h/v1/audio/transcriptions", "https://h/v1/models" },
    { "http://h:8080/inference", "http://h:8080/v1/models" },
    { "https://r.openai.azure.com" CLASSIC,
      "https://r.openai.azure.com/openai/models?api-version=2024-10-21" },
    { "https://r.openai.azure.com" NEWER,
      "https://r.openai.azure.com/openai/v1/models?api-version=preview" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *url = whis_address_get_models_url (cases[i][0]);

      g_assert_cmpstr (url, ==, cases[i][1]);
    }
}

static void
test_sibling (void)
{
  static const char *const cases[][2] = {
    { "http://h:8080/inference", "http://h:8080/health" },
    { "http://h:8080/x/inference", "http://h:8080/x/health" },
    { "http://h:8080/v1/audio/transcriptions", "http://h:8080/health" },
    { "http://h:8080/audio/transcriptions", "http://h:8080/health" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *url = whis_address_get_sibling (cases[i][0], "/health");

      g_assert_cmpstr (url, ==, cases[i][1]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/address/accepted", test_accepted);
  g_test_add_func ("/address/refused", test_refused);
  g_test_add_func ("/address/forms-of-services", test_forms_of_services);
  g_test_add_func ("/address/safety", test_safety);
  g_test_add_func ("/address/is-of-provider", test_is_of_provider);
  g_test_add_func ("/address/host", test_host);
  g_test_add_func ("/address/models-url", test_models_url);
  g_test_add_func ("/address/sibling", test_sibling);

  return g_test_run ();
}
