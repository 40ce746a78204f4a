/* SPDX-License-Identifier: MIT */

/* What all services have in common: who may ask, how they fail, and how they treat connections. */

#include "service-client.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
assert_json (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
test_right (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (ServiceReply) reply = service_client_ask (service, kind, &(ServiceAsk){ 0 });

  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "hello"));
  g_assert_cmpuint (test_service_get_n_sounds (service), ==, 1);
  assert_json (reply->body);
}

/* The sentence that is set is heard in sounds that are no letters. */
static void
test_sentence (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (GBytes) mp3 = g_bytes_new_static ("\xff\xfb\x90\x64\x00\x01\x02\x03", 8);
  g_autoptr (GBytes) wav = service_client_wav ("\x01", 200);
  g_autoptr (ServiceReply) reply = NULL;

  test_service_set_text (service, "Grüße, \"Welt\".");
  reply = service_client_ask (
      service, kind, &(ServiceAsk){ .sound = g_str_equal (kind, "assemblyai") ? wav : mp3 });

  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  g_assert_nonnull (strstr (reply->body, "Grüße, \\\"Welt\\\"."));
}

/* A request with that key is refused, and complained about or not. */
static void
assert_refused (const char *kind, const ServiceAsk *ask, const char *complaint)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (ServiceReply) reply = NULL;

  /* own servers ask for a key only then */
  test_service_set_key (service, "right-key-0123456789");
  reply = service_client_ask (service, kind, ask);
  g_assert_cmpuint (reply->status, >=, 400);
  g_assert_cmpuint (reply->status, <=, 403);
  if (complaint == NULL)
    g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  else
    g_assert_nonnull (strstr (test_service_get_complaint (service), complaint));
}

static char *
get_key_line (const char *kind, const char *key)
{
  if (g_str_equal (kind, "azure"))
    return g_strconcat ("api-key: ", key, NULL);
  if (g_str_equal (kind, "elevenlabs"))
    return g_strconcat ("xi-api-key: ", key, NULL);
  if (g_str_equal (kind, "gemini"))
    return g_strconcat ("Api-Revision: 2026-05-20\nx-goog-api-key: ", key, NULL);
  if (g_str_equal (kind, "assemblyai"))
    return g_strconcat ("X-AAI-Model: universal-3-5-pro\nAuthorization: ", key, NULL);
  if (g_str_equal (kind, "deepgram"))
    return g_strconcat ("Authorization: Token ", key, NULL);

  return g_strconcat ("Authorization: Bearer ", key, NULL);
}

static void
test_keys (gconstpointer kind)
{
  g_autofree char *wrong = get_key_line (kind, "other-key-0123456789");
  g_autofree char *right = get_key_line (kind, "right-key-0123456789");
  g_autofree char *twice = g_strconcat (right, "\n", right, NULL);
  const char *scheme = g_str_equal (kind, "deepgram") ? "Authorization: Bearer right-key-0123456789"
                                                      : "Authorization: Token right-key-0123456789";

  if (g_str_equal (kind, "whisper-cpp"))
    return;
  assert_refused (kind, &(ServiceAsk){ .headers = wrong, .no_key = TRUE }, NULL);
  assert_refused (kind, &(ServiceAsk){ .no_key = TRUE }, "no key");
  assert_refused (kind, &(ServiceAsk){ .headers = twice, .no_key = TRUE }, "more than one key");
  assert_refused (kind, &(ServiceAsk){ .headers = "x-other: 1\nx-api-key2: 1", .no_key = TRUE },
                  "no key");
  if (!g_str_equal (kind, "elevenlabs") && !g_str_equal (kind, "gemini"))
    assert_refused (kind, &(ServiceAsk){ .headers = scheme, .no_key = TRUE },
                    "the wrong scheme word");
  else
    assert_refused (kind, &(ServiceAsk){ .headers = scheme, .no_key = TRUE },
                    "a header of another service");
}

static void
test_key_in_address (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autofree char *key = test_service_dup_key (service);
  g_autofree char *query = g_strconcat ("k=", key, NULL);
  g_autoptr (ServiceReply) reply =
      service_client_ask (service, kind, &(ServiceAsk){ .query = query });

  g_assert_nonnull (reply);
  g_assert_nonnull (strstr (test_service_get_complaint (service), "a key in the address"));
}

/* Each failure is what it says: a status, and a whole body without a gap. */
static void
assert_failure (TestService *service, const char *kind, const char *name)
{
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, kind, &(ServiceAsk){ 0 });
  g_autoptr (GError) error = NULL;
  g_autoptr (ServiceReply) reply = NULL;

  g_test_message ("%s", name);
  test_service_fail_next (service, name);
  reply = service_client_send (session, message, &error);
  if (reply == NULL)
    {
      g_assert_nonnull (strstr (name, "reset"));
      return;
    }
  g_assert_null (strstr (name, "reset"));
  g_assert_false (g_regex_match_simple ("%[a-z]+%", reply->body, 0, 0));
  g_assert_null (strstr (reply->body, "( bytes"));
  if (g_str_equal (reply->type, "application/json") && !g_str_equal (name, "truncated"))
    assert_json (reply->body);
}

static gboolean
is_for_later (const char *name)
{
  return g_str_has_prefix (name, "slow-") || g_str_has_prefix (name, "upload-")
         || g_str_has_prefix (name, "poll-") || g_str_has_prefix (name, "job-");
}

static void
test_failures (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_auto (GStrv) names = test_service_list_failures (service);

  for (guint i = 0; names[i] != NULL; i++)
    if (!is_for_later (names[i]))
      assert_failure (service, kind, names[i]);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  /* and then all is well again */
  test_right (kind);
}

static void
test_shared_failures (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (ServiceReply) portal = NULL;
  g_autoptr (ServiceReply) redirect = NULL;
  g_autoptr (ServiceReply) empty = NULL;
  g_autoptr (ServiceReply) cut = NULL;
  g_autoptr (ServiceReply) extras = NULL;

  test_service_fail_next (service, "captive-portal");
  test_service_fail_next (service, "captive-redirect");
  test_service_fail_next (service, "empty-text");
  test_service_fail_next (service, "truncated");
  test_service_fail_next (service, "other-answer");
  portal = service_client_ask (service, kind, &(ServiceAsk){ 0 });
  redirect = service_client_ask (service, kind, &(ServiceAsk){ 0 });
  empty = service_client_ask (service, kind, &(ServiceAsk){ 0 });
  cut = service_client_ask (service, kind, &(ServiceAsk){ 0 });
  extras = service_client_ask (service, kind, &(ServiceAsk){ 0 });

  g_assert_cmpuint (portal->status, ==, 200);
  g_assert_cmpstr (portal->type, ==, "text/html; charset=utf-8");
  g_assert_cmpuint (redirect->status, ==, 302);
  g_assert_true (g_str_has_prefix (soup_message_headers_get_one (redirect->headers, "Location"),
                                   "http://localhost:"));
  g_assert_cmpuint (empty->status, ==, 200);
  g_assert_null (strstr (empty->body, "hello"));
  assert_json (empty->body);
  g_assert_cmpuint (cut->status, ==, 200);
  g_assert_null (json_from_string (cut->body, NULL));
  g_assert_nonnull (strstr (extras->body, "x_nothing"));
  g_assert_nonnull (strstr (extras->body, "hello"));
}

static void
test_key_echo (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autofree char *key = test_service_dup_key (service);
  g_autoptr (ServiceReply) reply = NULL;

  if (!test_service_can_fail (service, "key-echo"))
    return;
  test_service_fail_next (service, "key-echo");
  reply = service_client_ask (service, kind, &(ServiceAsk){ 0 });

  g_assert_nonnull (strstr (reply->body, key));
}

static void
test_wrong_path (gconstpointer kind)
{
  g_autoptr (TestService) service = test_service_new (kind);
  g_autoptr (ServiceReply) reply =
      service_client_ask (service, kind, &(ServiceAsk){ .path = "/v7/nothing" });

  g_assert_cmpuint (reply->status, ==, 404);
  g_assert_nonnull (strstr (test_service_get_complaint (service), "no such path"));
}

int
main (int argc, char **argv)
{
  const char *const *kinds = test_service_get_kinds ();
  static const struct
  {
    const char *name;
    GTestDataFunc function;
  } tests[] = {
    { "right", test_right },       { "sentence", test_sentence },
    { "keys", test_keys },         { "key-in-address", test_key_in_address },
    { "failures", test_failures }, { "shared-failures", test_shared_failures },
    { "key-echo", test_key_echo }, { "wrong-path", test_wrong_path },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; kinds[i] != NULL; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/services/%s/%s", kinds[i], tests[j].name);

        g_test_add_data_func (path, kinds[i], tests[j].function);
      }

  return g_test_run ();
}
