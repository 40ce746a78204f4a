/* SPDX-License-Identifier: MIT */
#include "ask.h"
#include "service-error.h"
#include "service.h"

#include <glib/gstdio.h>
#include <string.h>

/* Servers of the user's own: names that only the own network has, and certificates that only the
 * user trusts. */

#define KEY "sk-test-open-sesame"

/* Where every name leads. */
static const char *leads_to;

#define TEST_TYPE_NAMES (test_names_get_type ())
G_DECLARE_FINAL_TYPE (TestNames, test_names, TEST, NAMES, GResolver)

struct _TestNames
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (TestNames, test_names, G_TYPE_RESOLVER)

static void
free_addresses (gpointer addresses)
{
  g_resolver_free_addresses (addresses);
}

static void
lookup_async (GResolver *resolver,
              const char *name,
              GResolverNameLookupFlags flags,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);

  if (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "none");
  else
    g_task_return_pointer (task, g_list_append (NULL, g_inet_address_new_from_string (leads_to)),
                           free_addresses);
}

static GList *
lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_names_class_init (TestNamesClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  resolver_class->lookup_by_name_with_flags_async = lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_finish;
}

static void
test_names_init (TestNames *self)
{
}

static WhisTranscription *
transcribe (const char *url, GError **error)
{
  WhisBackend *backend = ask_new ("custom", url);
  g_autoptr (WhisSpeechRequest) request = ask_make_request ("hello", KEY);
  WhisTranscription *transcription = ask_transcribe (backend, request, error);

  ask_free (backend);

  return transcription;
}

static char *
with_host (TestService *server, const char *host)
{
  g_autoptr (GUri) uri = g_uri_parse (test_service_get_url (server), G_URI_FLAGS_NONE, NULL);

  return g_strdup_printf ("%s://%s:%d", g_uri_get_scheme (uri), host, g_uri_get_port (uri));
}

/* Wherever a name leads, nothing leaves the own network without encryption. */
static void
test_names (void)
{
  static const char *const inside[] = { "nas.local", "whisper", "box.internal" };
  static const char *const outside[] = { "203.0.113.7", "100.128.0.1", "8.8.8.8" };
  g_autoptr (GResolver) usual = g_resolver_get_default ();
  g_autoptr (GResolver) names = g_object_new (TEST_TYPE_NAMES, NULL);
  g_autoptr (TestService) server = test_service_new_scripted ();

  g_resolver_set_default (names);
  for (gsize i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      g_autofree char *url = with_host (server, inside[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = NULL;

      leads_to = "127.0.0.1";
      transcription = transcribe (url, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (transcription->text, ==, "hello");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      g_autofree char *url = with_host (server, "nas.local");
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisTranscription) transcription = NULL;

      leads_to = outside[i];
      transcription = transcribe (url, &error);
      g_test_message ("%s", error->message);
      g_assert_null (transcription);
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
      g_assert_nonnull (strstr (error->message, outside[i]));
    }
  g_resolver_set_default (usual);
}

/* The sentence says where to put it, and from then on it is trusted; for this server alone, and
 * for no service in the cloud. */
static void
test_own_certificate (void)
{
  g_autofree char *pem = g_test_build_filename (G_TEST_DIST, "speech", "self-signed.pem", NULL);
  g_autofree char *path =
      g_build_filename (g_get_user_data_dir (), "whis", "certificates", "127.0.0.1.pem", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *content = NULL;
  g_autoptr (TestService) server = test_service_new_scripted_tls (pem);
  g_autoptr (WhisTranscription) refused = NULL;
  g_autoptr (WhisTranscription) trusted = NULL;
  g_autoptr (WhisSpeechRequest) request = ask_make_request ("hello", KEY);
  g_autoptr (GError) error = NULL;
  WhisBackend *cloud;

  refused = transcribe (test_service_get_url (server), &error);
  g_assert_null (refused);
  g_test_message ("%s", error->message);
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_assert_true (g_file_get_contents (pem, &content, NULL, NULL));
  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  trusted = transcribe (test_service_get_url (server), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (trusted->text, ==, "hello");

  cloud = ask_new ("openai", test_service_get_url (server));
  g_assert_null (ask_transcribe (cloud, request, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_assert_null (strstr (error->message, path));
  g_clear_error (&error);
  ask_free (cloud);

  g_assert_true (g_file_set_contents (path, "-----BEGIN CERTIFICATE-----\nnone", -1, NULL));
  g_assert_null (transcribe (test_service_get_url (server), &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TLS);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *data = g_dir_make_tmp ("whis-own-server-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/own-server/names", test_names);
  g_test_add_func ("/own-server/own-certificate", test_own_certificate);

  return g_test_run ();
}
