/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "exchange.h"
#include "fake-engine.h"
#include "model-folder.h"
#include "offline-error.h"
#include "private-socket.h"
#include "server.h"
#include "speech.h"

#define PATH "/v1/audio/transcriptions"

/* The server of the recogniser in this process, and a client of it. */
typedef struct
{
  char *folder;
  WhisRecogniser *recogniser;
  WhisOfflineServer *server;
  SoupSession *session;
  GBytes *sound;
} Fixture;

static GBytes *
make_sound (gsize n_samples)
{
  g_autoptr (GBytes) samples = g_bytes_new_take (g_malloc0 (2 * n_samples), 2 * n_samples);

  return speech_make_wav (samples);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *folders[] = { g_getenv ("TEST_MODELS"), NULL };
  g_autoptr (WhisModelList) models = whis_model_list_new (folders, "/nonexistent");
  g_autofree char *path = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  fake_engine_reset ();
  fixture->folder = g_dir_make_tmp ("whis-jobs-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "socket", NULL);
  socket = whis_private_socket_new (path, &error);
  g_assert_no_error (error);
  fixture->recogniser = whis_recogniser_new (models);
  fixture->server = whis_offline_server_new (fixture->recogniser);
  g_assert_true (whis_offline_server_listen (fixture->server, socket, &error));
  address = g_unix_socket_address_new (path);
  fixture->session = soup_session_new_with_options ("remote-connectable", address, "max-conns", 20,
                                                    "max-conns-per-host", 20, NULL);
  fixture->sound = make_sound (16000);
}

/* The thread that did the work may still be about to release the recogniser. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer weak = fixture->recogniser;

  soup_session_abort (fixture->session);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
  g_object_add_weak_pointer (G_OBJECT (fixture->recogniser), &weak);
  g_object_unref (fixture->recogniser);
  while (g_atomic_pointer_get (&weak) != NULL)
    g_main_context_iteration (NULL, FALSE);
  /* All models that were loaded are given back. */
  if (!fake_engine.fails_to_load)
    g_assert_cmpuint (fake_engine.n_frees, ==, fake_engine.n_loads);
  g_bytes_unref (fixture->sound);
  model_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static Exchange *
start (Fixture *fixture, const char *fields)
{
  return exchange_start (fixture->session, exchange_make_form (PATH, fields, fixture->sound));
}

static Exchange *
get (Fixture *fixture, const char *path, const char *preference)
{
  g_autofree char *address = g_strconcat ("http://localhost", path, NULL);
  SoupMessage *message = soup_message_new ("GET", address);

  if (preference != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Prefer", preference);

  return exchange_start (fixture->session, message);
}

/* Client and server are in one process: what is to be read is there when it was written. */
static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_says (Exchange *exchange, const char *text)
{
  g_autoptr (JsonObject) answer = NULL;

  g_assert_cmpuint (exchange_get_status (exchange), ==, 200);
  answer = exchange_dup_object (exchange);
  g_assert_cmpstr (json_object_get_string_member (answer, "text"), ==, text);
}

static void
assert_fails (Exchange *exchange, guint status, const char *code, const char *word)
{
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *error;

  g_assert_cmpuint (exchange_get_status (exchange), ==, status);
  answer = exchange_dup_object (exchange);
  error = json_object_get_object_member (answer, "error");
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  g_assert_nonnull (strstr (json_object_get_string_member (error, "message"), word));
}

static void
assert_requests (const char *expected)
{
  g_autofree char *requests = fake_engine_dup_requests ();

  g_assert_cmpstr (requests, ==, expected);
}

/* --- one request ------------------------------------------------------------------------------ */

/* What the form says is what the engine gets. */
static void
test_request (Fixture *fixture, gconstpointer unused)
{
  static const char *const fields[] = {
    "model=tiny-test&language=de-AT&prompt=Grüße&temperature=0.5&quick=true",
    "model=&language=auto",
    "model=whisper-1&colour=blue",
    "model=ggml-parakeet-test&language=EN",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (Exchange) exchange = start (fixture, fields[i]);

      assert_says (exchange, "Said.");
    }
  assert_requests ("ggml-tiny-test.bin de Grüße 0.5 quick short 16000\n"
                   "ggml-parakeet-test.bin - - 0.0 16000\n"
                   "ggml-parakeet-test.bin - - 0.0 16000\n"
                   "ggml-parakeet-test.bin en - 0.0 16000\n");
  g_assert_cmpuint (fake_engine.n_loads, ==, 2);
}

/* The bare samples of our own service need no decoder. */
static void
test_bare_samples (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (SoupMultipart) form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  g_autoptr (GBytes) samples = g_bytes_new_static ("\0\1\0\2\0\3", 6);
  g_autoptr (Exchange) exchange = NULL;

  soup_multipart_append_form_file (form, "file", "a", "audio/L16; rate=16000; channels=1", samples);
  exchange = exchange_start (fixture->session,
                             soup_message_new_from_multipart ("http://localhost" PATH, form));
  assert_says (exchange, "Said.");
  assert_requests ("ggml-parakeet-test.bin - - 0.0 3\n");
}

/* What is wrong is told before the engine is asked. */
static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *fields;
    guint status;
    const char *code;
    const char *word;
  } cases[] = {
    { "model=absent", 404, "model_not_found", "absent" },
    { "model=../ggml-tiny-test", 404, "model_not_found", "ggml-tiny-test" },
    { "model=cut", 404, "model_not_found", "cut" },
    { "model=tiny-test&language=tlh", 400, "unsupported_language", "tlh" },
    { "temperature=2", 400, "invalid_value", "2" },
    { "response_format=docx", 400, "invalid_value", "docx" },
  };
  g_autoptr (Exchange) next = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Exchange) exchange = start (fixture, cases[i].fields);

      g_test_message ("%s", cases[i].fields);
      assert_fails (exchange, cases[i].status, cases[i].code, cases[i].word);
    }
  assert_requests ("");
  next = start (fixture, "model=tiny-test");
  assert_says (next, "Said.");
}

/* An engine that gives up is an error of the server, and it is asked again. */
static void
test_engine_fails (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) failed = start (fixture, "prompt=one");
  g_autoptr (Exchange) next = NULL;

  fake_engine.fails = WHIS_OFFLINE_ERROR_RECOGNITION;
  assert_fails (failed, 500, NULL, "The engine gave up.");
  fake_engine.fails = 0;
  next = start (fixture, "prompt=two");
  assert_says (next, "Said.");
  g_assert_cmpuint (fake_engine.n_loads, ==, 1);
}

/* A model that cannot be loaded is tried again, for it may have been fetched anew. */
static void
test_load_fails (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) failed = NULL;
  g_autoptr (Exchange) health = NULL;
  g_autoptr (Exchange) next = NULL;

  fake_engine.fails_to_load = TRUE;
  failed = start (fixture, "model=tiny-test");
  assert_fails (failed, 503, "model_missing", "damaged");
  health = get (fixture, "/health", NULL);
  assert_fails (health, 503, "model_loading", "loading");
  assert_requests ("");
  fake_engine.fails_to_load = FALSE;
  next = start (fixture, "model=tiny-test");
  assert_says (next, "Said.");
  g_assert_cmpuint (fake_engine.n_loads, ==, 2);
  fake_engine.n_loads--; /* the first was none */
}

/* A file that is cut off behind its head never reaches an engine. */
static void
test_damaged_model (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *named = g_strdup_printf ("damaged=%s/damaged.bin", fixture->folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (Exchange) exchange = NULL;

  model_folder_add_whisper (fixture->folder, "damaged.bin", 51865, 300);
  g_assert_true (whis_model_list_set_default (whis_recogniser_get_models (fixture->recogniser),
                                              named, &error));
  exchange = start (fixture, "model=damaged");
  assert_fails (exchange, 503, "model_missing", "damaged");
  g_assert_cmpuint (fake_engine.n_loads, ==, 0);
}

/* --- several ---------------------------------------------------------------------------------- */

/* The engine has one thread: however many ask, it does one thing at a time, and all are answered.
 */
static void
test_one_at_a_time (Fixture *fixture, gconstpointer unused)
{
  Exchange *exchanges[8];

  fake_engine_hold ();
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      exchanges[i] = start (fixture, "model=tiny-test");
      settle ();
    }
  fake_engine_await_held (1);
  settle ();
  g_assert_true (whis_recogniser_is_at_work (fixture->recogniser));
  fake_engine_release ();
  for (guint i = 0; i < G_N_ELEMENTS (exchanges); i++)
    {
      assert_says (exchanges[i], "Said.");
      exchange_free (exchanges[i]);
    }
  g_assert_cmpuint (fake_engine.most_at_once, ==, 1);
  g_assert_false (whis_recogniser_is_at_work (fixture->recogniser));
}

/* In the order in which they came, also where each wants another model. */
static void
test_order (Fixture *fixture, gconstpointer unused)
{
  static const char *const fields[] = { "model=tiny-test&prompt=1", "model=parakeet-test&prompt=2",
                                        "model=tiny-test&prompt=3" };
  Exchange *exchanges[G_N_ELEMENTS (fields)];

  fake_engine_hold ();
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      exchanges[i] = start (fixture, fields[i]);
      settle ();
    }
  fake_engine_release ();
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      assert_says (exchanges[i], "Said.");
      exchange_free (exchanges[i]);
    }
  assert_requests ("ggml-tiny-test.bin - 1 0.0 16000\nggml-parakeet-test.bin - 2 0.0 16000\n"
                   "ggml-tiny-test.bin - 3 0.0 16000\n");
  g_assert_cmpuint (fake_engine.n_loads, ==, 3);
}

/* Who asks what needs no engine does not wait for one that hangs. */
static void
test_hanging_engine (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) hanging = NULL;
  g_autoptr (Exchange) models = NULL;
  g_autoptr (Exchange) health = NULL;
  g_autoptr (Exchange) refused = NULL;
  g_autoptr (JsonObject) list = NULL;

  fake_engine_hold ();
  hanging = start (fixture, "model=tiny-test");
  fake_engine_await_held (1);
  models = get (fixture, "/v1/models", NULL);
  list = exchange_dup_object (models);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (list, "data")), ==, 2);
  health = get (fixture, "/health", NULL);
  g_assert_cmpuint (exchange_get_status (health), ==, 503);
  refused = start (fixture, "temperature=hot");
  assert_fails (refused, 400, "invalid_value", "hot");
  g_assert_null (hanging->body);
  fake_engine_release ();
  assert_says (hanging, "Said.");
}

/* Nobody waits for what a client that is gone has asked, and the next one is answered. */
static void
test_hang_up_running (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) gone = NULL;
  g_autoptr (Exchange) next = NULL;

  fake_engine_hold ();
  gone = start (fixture, "prompt=gone");
  fake_engine_await_held (1);
  next = start (fixture, "prompt=next");
  exchange_hang_up (gone);
  fake_engine_await_held (2);
  g_assert_cmpuint (fake_engine.n_cancelled, ==, 1);
  fake_engine_release ();
  assert_says (next, "Said.");
}

/* Who leaves the queue costs the engine nothing. */
static void
test_hang_up_waiting (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) first = NULL;
  g_autoptr (Exchange) gone = NULL;
  g_autoptr (Exchange) last = NULL;

  fake_engine_hold ();
  first = start (fixture, "prompt=first");
  fake_engine_await_held (1);
  gone = start (fixture, "prompt=gone");
  settle ();
  last = start (fixture, "prompt=last");
  settle ();
  exchange_hang_up (gone);
  settle ();
  fake_engine_release ();
  assert_says (first, "Said.");
  assert_says (last, "Said.");
  assert_requests ("ggml-parakeet-test.bin - first 0.0 16000\n"
                   "ggml-parakeet-test.bin - last 0.0 16000\n");
}

/* --- health ----------------------------------------------------------------------------------- */

static void
test_health (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *path;
    const char *preference;
    guint status;
    const char *code;
  } cases[] = {
    { "/health", NULL, 503, "model_loading" },
    { "/health", "return=minimal", 503, "model_loading" },
    { "/health?model=absent", NULL, 503, "model_loading" },
    { "/health?model=absent", "wait=10", 404, "model_not_found" },
    { "/health?model=tiny-test", "wait", 200, NULL },
    { "/health?model=tiny-test", NULL, 200, NULL },
    { "/health?model=ggml-tiny-test", NULL, 200, NULL },
    { "/health", NULL, 503, "model_loading" },
    { "/health", "wait=10", 200, NULL },
    { "/health?model=whisper-1", NULL, 200, NULL },
    { "/health?model=tiny-test", NULL, 503, "model_loading" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Exchange) exchange = get (fixture, cases[i].path, cases[i].preference);

      g_test_message ("%s %s", cases[i].path, cases[i].preference);
      g_assert_cmpuint (exchange_get_status (exchange), ==, cases[i].status);
      if (cases[i].code != NULL)
        assert_fails (exchange, cases[i].status, cases[i].code, "");
    }
  g_assert_cmpuint (fake_engine.n_loads, ==, 2);
  assert_requests ("");
}

/* --- models ----------------------------------------------------------------------------------- */

static void
add_copy (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TEST_MODELS"), name, NULL);
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  model_folder_add (folder, "model", data, size);
}

static void
assert_loads (Fixture *fixture, guint n_loads)
{
  g_autoptr (Exchange) exchange = start (fixture, "model=mine");

  assert_says (exchange, "Said.");
  g_assert_cmpuint (fake_engine.n_loads, ==, n_loads);
}

/* A file that was fetched anew is not taken for the one that is loaded. */
static void
test_replaced_model (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *named = g_strdup_printf ("mine=%s/model", fixture->folder);

  add_copy (fixture->folder, "ggml-parakeet-test.bin");
  g_assert_true (
      whis_model_list_set_default (whis_recogniser_get_models (fixture->recogniser), named, NULL));
  assert_loads (fixture, 1);
  assert_loads (fixture, 1);
  add_copy (fixture->folder, "ggml-tiny-test.bin");
  assert_loads (fixture, 2);
  assert_loads (fixture, 2);
  g_assert_cmpuint (fake_engine.n_frees, ==, 1);
}

/* --- idle ------------------------------------------------------------------------------------- */

static void
count_idle (WhisOfflineServer *server, guint *count)
{
  (*count)++;
}

static void
await_idle (guint *count)
{
  while (*count == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_idle (Fixture *fixture, gconstpointer unused)
{
  guint count = 0;

  g_signal_connect (fixture->server, "idle", G_CALLBACK (count_idle), &count);
  whis_offline_server_set_idle_seconds (fixture->server, 1);
  await_idle (&count);
  g_assert_cmpuint (count, ==, 1);
}

/* The idle time of another server is the clock: it begins later, and is over while this one works,
 * or has been told never to be idle. */
static void
test_not_idle (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (WhisOfflineServer) clock = whis_offline_server_new (fixture->recogniser);
  g_autoptr (Exchange) exchange = NULL;
  guint count = 0, ticks = 0;

  g_signal_connect (fixture->server, "idle", G_CALLBACK (count_idle), &count);
  g_signal_connect (clock, "idle", G_CALLBACK (count_idle), &ticks);
  whis_offline_server_set_idle_seconds (fixture->server, 1);
  fake_engine_hold ();
  exchange = start (fixture, "model=tiny-test");
  fake_engine_await_held (1);
  whis_offline_server_set_idle_seconds (clock, 2);
  await_idle (&ticks);
  g_assert_cmpuint (count, ==, 0);

  fake_engine_release ();
  whis_offline_server_set_idle_seconds (fixture->server, 0);
  assert_says (exchange, "Said.");
  ticks = 0;
  whis_offline_server_set_idle_seconds (clock, 1);
  await_idle (&ticks);
  g_assert_cmpuint (count, ==, 0);
}

/* A graphics processor that fails takes the process with it, and a request that is wrong does
 * not. */
static void
test_lost_gpu (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (Exchange) wrong = NULL;
  g_autoptr (Exchange) lost = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_failed ();
      g_test_trap_assert_stderr ("*Refused.*The graphics processor failed: The engine gave up.*");
      return;
    }

  fake_engine.is_gpu = TRUE;
  wrong = start (fixture, "model=tiny-test&language=tlh");
  assert_fails (wrong, 400, "unsupported_language", "tlh");
  g_printerr ("Refused.\n");
  fake_engine.fails = WHIS_OFFLINE_ERROR_RECOGNITION;
  lost = start (fixture, "model=tiny-test");
  exchange_await (lost);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/offline/jobs/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("request", test_request);
  ADD ("bare-samples", test_bare_samples);
  ADD ("refused", test_refused);
  ADD ("engine-fails", test_engine_fails);
  ADD ("load-fails", test_load_fails);
  ADD ("damaged-model", test_damaged_model);
  ADD ("one-at-a-time", test_one_at_a_time);
  ADD ("order", test_order);
  ADD ("hanging-engine", test_hanging_engine);
  ADD ("hang-up/running", test_hang_up_running);
  ADD ("hang-up/waiting", test_hang_up_waiting);
  ADD ("health", test_health);
  ADD ("replaced-model", test_replaced_model);
  ADD ("idle", test_idle);
  ADD ("not-idle", test_not_idle);
  ADD ("lost-gpu", test_lost_gpu);

  return g_test_run ();
}
