/* SPDX-License-Identifier: MIT */
#include "call-error.h"

#include <sys/socket.h>

#include "audio-error.h"
#include "bus-error.h"
#include "portal-error.h"
#include "http-error.h"
#include "model-error.h"
#include "model-header.h"
#include "service-error.h"
#include "settings-error.h"
#include "store-error.h"

#define PATH "/test"

/* A service whose one method answers with an error, and a caller, on a connection between them. */
typedef struct
{
  GDBusConnection *service;
  GDBusConnection *caller;
  const GError *error; /* what the method answers with */
  const char *id;
} Fixture;

static const char xml[] = "<node><interface name='org.example.Test'><method name='Fail'/>"
                          "</interface></node>";

static void
on_call (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  Fixture *fixture = data;

  if (fixture->id != NULL)
    whis_call_return_error_about (invocation, fixture->error, fixture->id);
  else
    whis_call_return_error (invocation, fixture->error);
}

static void
keep_connection (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(GDBusConnection **) data = g_dbus_connection_new_finish (result, &error);
  g_assert_no_error (error);
}

static GIOStream *
take_socket (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const GDBusInterfaceVTable table = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, NULL);
  g_autofree char *guid = g_dbus_generate_guid ();
  g_autoptr (GIOStream) one = NULL, other = NULL;
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  one = take_socket (ends[0]);
  other = take_socket (ends[1]);
  g_dbus_connection_new (one, guid, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER, NULL, NULL,
                         keep_connection, &fixture->service);
  g_dbus_connection_new (other, NULL, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, NULL,
                         keep_connection, &fixture->caller);
  while (fixture->service == NULL || fixture->caller == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_dbus_connection_register_object (fixture->service, PATH, node->interfaces[0],
                                                       &table, fixture, NULL, NULL),
                    !=, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (g_dbus_connection_close_sync (fixture->caller, NULL, NULL));
  g_object_unref (fixture->caller);
  g_object_unref (fixture->service);
}

static void
keep_error (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, data);

  g_assert_null (answer);
}

/* What the caller gets: one of our errors, with the message that came over the bus. */
static GError *
call (Fixture *fixture, const GError *error, const char *id)
{
  GError *got = NULL;

  fixture->error = error;
  fixture->id = id;
  g_dbus_connection_call (fixture->caller, NULL, PATH, "org.example.Test", "Fail", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, keep_error, &got);
  while (got == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_dbus_error_strip_remote_error (got);

  return got;
}

/* Each error of a room below is one of the interface's, by which a client decides what to offer:
 * another microphone, a key, space on the disk. */
static void
test_names (Fixture *fixture, gconstpointer unused)
{
  const struct
  {
    GQuark domain;
    int code;
    WhisBusError expected;
  } cases[] = {
    { WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE, WHIS_BUS_ERROR_DEVICE },
    { WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_SERVER, WHIS_BUS_ERROR_DEVICE },
    { WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_STORAGE, WHIS_BUS_ERROR_STORAGE },
    { WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE, WHIS_BUS_ERROR_FILE },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY, WHIS_BUS_ERROR_KEY },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_WRONG_KEY, WHIS_BUS_ERROR_KEY },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_PERMISSION, WHIS_BUS_ERROR_KEY },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_CREDIT, WHIS_BUS_ERROR_PROVIDER },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT, WHIS_BUS_ERROR_PROVIDER },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS, WHIS_BUS_ERROR_PROVIDER },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NETWORK, WHIS_BUS_ERROR_PROVIDER },
    { WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_MODEL, WHIS_BUS_ERROR_PROVIDER },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED, WHIS_BUS_ERROR_KEYRING },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING, WHIS_BUS_ERROR_KEYRING },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_BAD_API_KEY, WHIS_BUS_ERROR_KEY },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND, WHIS_BUS_ERROR_NOT_FOUND },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_BUSY, WHIS_BUS_ERROR_FAILED },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY, WHIS_BUS_ERROR_STORAGE },
    { WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW, WHIS_BUS_ERROR_STORAGE },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_NOT_FOUND, WHIS_BUS_ERROR_NOT_FOUND },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_SYSTEM, WHIS_BUS_ERROR_FAILED },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_EXISTS, WHIS_BUS_ERROR_FAILED },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_FILE, WHIS_BUS_ERROR_FILE },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_DAMAGED, WHIS_BUS_ERROR_FILE },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_SPACE, WHIS_BUS_ERROR_STORAGE },
    { WHIS_MODEL_ERROR, WHIS_MODEL_ERROR_STORAGE, WHIS_BUS_ERROR_STORAGE },
    { WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_TRUNCATED, WHIS_BUS_ERROR_FILE },
    { WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_FILE, WHIS_BUS_ERROR_FAILED },
    { WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NOT_WRITABLE, WHIS_BUS_ERROR_STORAGE },
    { WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED, WHIS_BUS_ERROR_FAILED },
    { WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS, WHIS_BUS_ERROR_ARGUMENTS },
    { WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_RECORDING, WHIS_BUS_ERROR_NOT_RECORDING },
    { G_IO_ERROR, G_IO_ERROR_CANCELLED, WHIS_BUS_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (cases[i].domain, cases[i].code, "It went wrong.");
      g_autoptr (GError) got = call (fixture, error, NULL);

      g_test_message ("%s %d", g_quark_to_string (cases[i].domain), cases[i].code);
      g_assert_error (got, WHIS_BUS_ERROR, (int) cases[i].expected);
      g_assert_cmpstr (got->message, ==, "It went wrong.");
    }
}

/* Which dictation is meant goes behind the sentence, where a client finds it again; what a server
 * has answered in several lines cannot be taken for it. */
static void
test_details (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                           "The server says:\nid: other\r\nkept: text\nresumable");
  g_autoptr (GError) got = call (fixture, error, "20261130-120000-1a2b");
  g_auto (WhisErrorDetails) details = { 0 };
  g_autofree char *sentence = whis_error_details_split (&details, got->message);

  g_assert_error (got, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED);
  g_assert_cmpstr (details.id, ==, "20261130-120000-1a2b");
  g_assert_null (details.code);
  g_assert_cmpint (details.kept, ==, WHIS_KEPT_NOTHING);
  g_assert_false (details.resumable);
  g_assert_null (strchr (sentence, '\n'));
  g_assert_true (g_str_has_prefix (sentence, "The server says:"));
}

/* Without a dictation there is nothing behind it, and letters of all scripts come through. */
static void
test_sentence (Fixture *fixture, gconstpointer unused)
{
  static const char *const sentences[] = { "Das „Mikrofon“ fehlt.", "マイクがありません。",
                                           "%s %n.", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autoptr (GError) error =
          g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE, sentences[i]);
      g_autoptr (GError) plain = call (fixture, error, NULL);
      g_autoptr (GError) empty = call (fixture, error, "");

      g_assert_error (plain, WHIS_BUS_ERROR, WHIS_BUS_ERROR_DEVICE);
      g_assert_cmpstr (plain->message, ==, sentences[i]);
      g_assert_cmpstr (empty->message, ==, sentences[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/call-error/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("names", test_names);
  ADD ("details", test_details);
  ADD ("sentence", test_sentence);

  return g_test_run ();
}
