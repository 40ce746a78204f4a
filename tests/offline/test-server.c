/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "client.h"
#include "speech.h"

static Program *shared;

static JsonNode *
parse (const char *body)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (body, &error);

  g_assert_no_error (error);

  return node;
}

/* An error as the OpenAI dialect writes it: all four members, the message a sentence. */
static void
assert_error (const char *body, const char *param, const char *word)
{
  g_autoptr (JsonNode) node = parse (body);
  JsonObject *error = json_object_get_object_member (json_node_get_object (node), "error");
  const char *message = json_object_get_string_member (error, "message");

  g_assert_nonnull (strstr (message, word));
  g_assert_true (g_str_has_suffix (message, "."));
  g_assert_nonnull (json_object_get_string_member (error, "type"));
  g_assert_true (json_object_has_member (error, "code"));
  g_assert_true (json_object_has_member (error, "param"));
  if (param != NULL)
    g_assert_cmpstr (json_object_get_string_member (error, "param"), ==, param);
}

static void
assert_refused (const char *fields, GBytes *file, guint status, const char *param, const char *word)
{
  guint got = 0;
  g_autofree char *body = program_transcribe (shared, fields, file, &got);

  g_assert_cmpuint (got, ==, status);
  assert_error (body, param, word);
}

static void
test_json (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  guint status;
  g_autofree char *body =
      program_transcribe (shared, "model=whisper-1&language=en&prompt=Hello", file, &status);
  g_autoptr (JsonNode) node = parse (body);

  g_assert_cmpuint (status, ==, 200);
  speech_assert_wer (SPEECH_TEXT,
                     json_object_get_string_member (json_node_get_object (node), "text"), 0.5);
}

static void
test_text (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  guint status;
  g_autofree char *body =
      program_transcribe (shared, "response_format=text&language=", file, &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_true (g_str_has_suffix (body, "\n"));
  speech_assert_wer (SPEECH_TEXT, body, 0.5);
}

static void
test_verbose (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  guint status;
  g_autofree char *body =
      program_transcribe (shared, "response_format=verbose_json", file, &status);
  g_autoptr (JsonNode) node = parse (body);
  JsonObject *object = json_node_get_object (node);
  JsonObject *segment;

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (json_object_get_string_member (object, "language"), ==, "en");
  g_assert_cmpfloat_with_epsilon (json_object_get_double_member (object, "duration"), 3.29, 0.01);
  segment = json_array_get_object_element (json_object_get_array_member (object, "segments"), 0);
  g_assert_cmpfloat (json_object_get_double_member (segment, "end"), >, 1);
  g_assert_cmpstr (json_object_get_string_member (segment, "text"), ==,
                   json_object_get_string_member (object, "text"));
}

static void
test_models_and_health (void)
{
  guint status;
  g_autofree char *health = program_get (shared, "GET", "/health", &status);
  g_autofree char *models = NULL;

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (health, ==, "{\"status\":\"ok\"}");
  models = program_get (shared, "GET", "/v1/models", &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (models, "pocketsphinx-en-us"));
}

/* A member of the row of a model in the list of them. */
static JsonObject *
find_model (JsonNode *list, const char *id)
{
  JsonArray *rows = json_object_get_array_member (json_node_get_object (list), "data");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "id"), id))
        return row;
    }
  g_error ("%s is not listed", id);
}

/* The models of a folder are listed with what they can do, and asked for by their names. */
static void
test_models_of_folder (void)
{
  const char *arguments[] = { "--models-dir", g_getenv ("TEST_MODELS"), "--model", "parakeet-test",
                              NULL };
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_autofree char *models = NULL;
  g_autofree char *by_default = NULL;
  g_autofree char *body = NULL;
  JsonObject *whisper, *parakeet, *word;
  Program *program;
  guint status;

  if (arguments[1] == NULL)
    {
      g_test_skip ("Whis is built without whisper.cpp");
      return;
    }

  program = program_start (arguments);
  models = program_get (program, "GET", "/v1/models", &status);
  list = parse (models);
  whisper = find_model (list, "ggml-tiny-test");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (whisper, "languages")), ==,
                    99);
  g_assert_true (json_object_get_boolean_member (whisper, "sets_language"));
  parakeet = find_model (list, "ggml-parakeet-test");
  g_assert_false (json_object_get_boolean_member (parakeet, "sets_language"));
  g_assert_null (strstr (models, "\"cut\""));
  g_assert_null (strstr (models, "\"noise\""));

  by_default = program_transcribe (program, "response_format=text", file, &status);
  g_assert_cmpstr (by_default, ==, "The local engine has spoken.\n");
  body = program_transcribe (program,
                             "model=ggml-tiny-test&language=de-DE&response_format=verbose_json"
                             "&timestamp_granularities[]=word",
                             file, &status);
  g_assert_cmpuint (status, ==, 200);
  answer = parse (body);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (answer), "language"), ==,
                   "de");
  word = json_array_get_object_element (
      json_object_get_array_member (json_node_get_object (answer), "words"), 1);
  g_assert_cmpstr (json_object_get_string_member (word, "word"), ==, "real");
  program_stop (program);
}

static void
test_bad_requests (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) text = g_bytes_new_static ("some words\n", 11);

  assert_refused ("model=", NULL, 400, "file", "no file");
  assert_refused ("model=", nothing, 400, "file", "empty");
  assert_refused ("model=", text, 400, "file", "decoded");
  assert_refused ("language=de", file, 400, "language", "English only");
  assert_refused ("model=nothing-like-this", file, 404, "model", "nothing-like-this");
  assert_refused ("temperature=warm", file, 400, "temperature", "warm");
  assert_refused ("timestamp_granularities[]=letter", file, 400, "timestamp_granularities[]",
                  "letter");
  assert_refused ("response_format=srt", file, 400, "response_format", "srt");
}

static void
test_no_form (void)
{
  static const char request[] = "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n"
                                "Connection: close\r\nContent-Length: 2\r\n"
                                "Content-Type: application/json\r\n\r\n{}";
  guint status;
  g_autofree char *body = program_ask (shared, request, strlen (request), &status);

  g_assert_cmpuint (status, ==, 400);
  assert_error (body, NULL, "multipart/form-data");
}

static void
test_wrong_paths (void)
{
  guint status;
  g_autofree char *unknown = program_get (shared, "GET", "/inference", &status);
  g_autofree char *method = NULL;
  g_autofree char *post = NULL;

  g_assert_cmpuint (status, ==, 404);
  assert_error (unknown, NULL, "path");
  method = program_get (shared, "GET", "/v1/audio/transcriptions", &status);
  g_assert_cmpuint (status, ==, 405);
  assert_error (method, NULL, "method");
  post = program_get (shared, "POST", "/health", &status);
  g_assert_cmpuint (status, ==, 405);
}

/* A request without a Host has crashed servers on Unix sockets. */
static void
test_old_http (void)
{
  static const char request[] = "GET /health HTTP/1.0\r\n\r\n";
  guint status;
  g_autofree char *body = program_ask (shared, request, strlen (request), &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (body, ==, "{\"status\":\"ok\"}");
}

static void
test_too_large (void)
{
  gsize size = 64 * 1024 * 1024 + 1;
  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (size), size);

  assert_refused ("model=", large, 413, "file", "too large");
}

/* The same without a length beforehand. */
static void
test_too_large_chunked (void)
{
  static const char head[] = "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\n"
                             "Connection: close\r\nTransfer-Encoding: chunked\r\n"
                             "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
                             "4100000\r\n";
  gsize size = 0x4100000;
  g_autoptr (GString) request = g_string_sized_new (size + 1024);
  guint status;
  g_autofree char *body = NULL;

  g_string_append (request, head);
  g_string_set_size (request, request->len + size);
  memset (request->str + strlen (head), 'x', size);
  g_string_append (request, "\r\n0\r\n\r\n");
  body = program_ask (shared, request->str, request->len, &status);
  g_assert_cmpuint (status, ==, 413);
  assert_error (body, "file", "too large");
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static void
transcribe_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  guint status;
  g_autoptr (GBytes) file = speech_read (data);
  char *body = program_transcribe (shared, "response_format=text", file, &status);

  g_assert_cmpuint (status, ==, 200);
  g_task_return_pointer (task, body, g_free);
}

/* Both are answered, and each gets its own words. */
static void
test_two_at_once (void)
{
  static const char *const paths[] = { SPEECH_WAV, SPEECH_DIR "/cards/004.wav" };
  static const char *const words[] = { "himself", "five" };
  GAsyncResult *results[2] = { NULL, NULL };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, keep_result, &results[i]);

      g_task_set_task_data (task, (gpointer) paths[i], NULL);
      g_task_run_in_thread (task, transcribe_in_thread);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *body = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      body = g_task_propagate_pointer (G_TASK (results[i]), NULL);
      g_assert_nonnull (strstr (body, words[i]));
      g_object_unref (results[i]);
    }
}

/* Half an hour of sound would keep the program busy for longer than this test may take; its client
 * hangs up, and then it has nothing to do. */
static void
test_hang_up (void)
{
  static const char *const arguments[] = { "--idle-seconds", "1", NULL };
  g_autoptr (GBytes) samples = speech_read_samples (LONG_SPEECH_WAV);
  g_autoptr (GBytes) many = speech_repeat (samples, 220);
  g_autoptr (GBytes) wav = speech_make_wav (many);
  g_autoptr (GBytes) request = program_make_request ("model=", wav);
  Program *program = program_start (arguments);
  g_autoptr (GSocketConnection) connection = program_connect (program);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             g_bytes_get_data (request, NULL), g_bytes_get_size (request), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_assert_cmpint (program_await_end (program), ==, 0);
  program_stop (program);
}

static void
test_socket_is_private (void)
{
  struct stat status;

  g_assert_cmpint (g_stat (shared->socket_path, &status), ==, 0);
  g_assert_true (S_ISSOCK (status.st_mode));
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static char *
read_process_file (Program *program, const char *name)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%s/%s", g_subprocess_get_identifier (program->process), name);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

/* It is behind the user's programs for the processor and before them when memory runs out, writes
 * no dump of what was said, and is in no folder where somebody could put a module for it. */
static void
test_modest (void)
{
  g_autofree char *folder_path =
      g_strdup_printf ("/proc/%s/cwd", g_subprocess_get_identifier (shared->process));
  g_autofree char *folder = g_file_read_link (folder_path, NULL);
  g_autofree char *score = read_process_file (shared, "oom_score_adj");
  g_autofree char *limits = read_process_file (shared, "limits");
  g_autofree char *status = read_process_file (shared, "stat");
  g_auto (GStrv) fields = g_strsplit (strrchr (status, ')') + 2, " ", -1);

  g_assert_cmpstr (folder, ==, "/");
  g_assert_cmpstr (score, ==, "500\n");
  g_assert_true (g_regex_match_simple ("Max core file size +0 +0", limits, 0, 0));
  g_assert_cmpint (atoi (fields[16]), ==, MIN (getpriority (PRIO_PROCESS, 0) + 5, 19));
}

static void
test_second_instance (void)
{
  const char *arguments[] = { "--socket", shared->socket_path, NULL };
  int exit_code;
  g_autofree char *complaint = program_run_refused (arguments, &exit_code);

  g_assert_cmpint (exit_code, ==, 1);
  g_assert_nonnull (strstr (complaint, "Another recogniser"));
  test_models_and_health ();
}

static void
test_stale_socket (void)
{
  Program *program = program_start (NULL);
  g_autofree char *body = NULL;
  guint status;

  g_subprocess_force_exit (program->process);
  g_subprocess_wait (program->process, NULL, NULL);
  g_assert_true (g_file_test (program->socket_path, G_FILE_TEST_EXISTS));
  program_start_again (program);
  body = program_get (program, "GET", "/health", &status);
  g_assert_cmpuint (status, ==, 200);
  program_stop (program);
}

static void
assert_refuses (const char *const *arguments, int expected, const char *word)
{
  int exit_code;
  g_autofree char *complaint = program_run_refused (arguments, &exit_code);

  g_test_message ("%s", g_strstrip (complaint));
  g_assert_cmpint (exit_code, ==, expected);
  g_assert_nonnull (strstr (complaint, word));
  g_assert_null (strchr (complaint, '\n'));
}

static void
test_refusals (void)
{
  g_autofree char *folder = g_dir_make_tmp ("whis-offline-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "socket", NULL);
  g_autofree char *padding = g_strnfill (120, 'x');
  g_autofree char *long_path = g_build_filename (folder, padding, NULL);
  const char *no_socket[] = { NULL };
  const char *no_folder[] = { "--socket", "/nonexistent/socket", NULL };
  const char *too_long[] = { "--socket", long_path, NULL };
  const char *no_model[] = { "--socket", path, "--model-dir", "/nonexistent", NULL };
  const char *taken[] = { "--socket", path, NULL };

  assert_refuses (no_socket, 1, "--socket");
  assert_refuses (no_folder, 1, "/nonexistent");
  assert_refuses (too_long, 1, "too long");
  assert_refuses (no_model, 4, "pocketsphinx-en-us");

  g_file_set_contents (path, "a file", -1, NULL);
  assert_refuses (taken, 1, "not a socket");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_unlink (path);

  g_chmod (folder, 0755);
  assert_refuses (taken, 1, "0700");
  g_rmdir (folder);
}

static void
test_idle_exit (void)
{
  static const char *const arguments[] = { "--idle-seconds", "1", NULL };
  Program *program = program_start (arguments);

  test_models_and_health ();
  g_assert_cmpint (program_await_end (program), ==, 0);
  g_assert_false (g_file_test (program->socket_path, G_FILE_TEST_EXISTS));
  program_stop (program);
}

/* It is not idle while it works: the idle time is shorter than the work. */
static void
test_busy_is_not_idle (void)
{
  static const char *const arguments[] = { "--idle-seconds", "1", NULL };
  g_autoptr (GBytes) samples = speech_read_samples (LONG_SPEECH_WAV);
  g_autoptr (GBytes) many = speech_repeat (samples, 3);
  g_autoptr (GBytes) wav = speech_make_wav (many);
  Program *program = program_start (arguments);
  guint status;
  g_autofree char *body = program_transcribe (program, "model=", wav, &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_nonnull (strstr (body, "his power"));
  g_assert_cmpint (program_await_end (program), ==, 0);
  program_stop (program);
}

static void
test_parent_gone (void)
{
  Program *program = program_start (NULL);

  g_output_stream_close (g_subprocess_get_stdin_pipe (program->process), NULL, NULL);
  g_assert_cmpint (program_await_end (program), ==, 0);
  program_stop (program);
}

/* SIGTERM in the midst of work ends it, with nothing left behind. */
static void
test_terminated_while_busy (void)
{
  g_autoptr (GBytes) samples = speech_read_samples (LONG_SPEECH_WAV);
  g_autoptr (GBytes) many = speech_repeat (samples, 20);
  g_autoptr (GBytes) wav = speech_make_wav (many);
  g_autoptr (GBytes) request = program_make_request ("model=", wav);
  Program *program = program_start (NULL);
  g_autoptr (GSocketConnection) connection = program_connect (program);
  g_autofree char *body = NULL;
  guint status;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             g_bytes_get_data (request, NULL), g_bytes_get_size (request), NULL,
                             NULL, NULL);
  /* Answered after the request was read, for both come through one main loop. */
  body = program_get (program, "GET", "/v1/models", &status);
  program_stop (program);
}

int
main (int argc, char **argv)
{
  int failed;

  signal (SIGPIPE, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  shared = program_start (NULL);
  g_test_add_func ("/offline/server/json", test_json);
  g_test_add_func ("/offline/server/text", test_text);
  g_test_add_func ("/offline/server/verbose", test_verbose);
  g_test_add_func ("/offline/server/models-and-health", test_models_and_health);
  g_test_add_func ("/offline/server/models-of-folder", test_models_of_folder);
  g_test_add_func ("/offline/server/bad-requests", test_bad_requests);
  g_test_add_func ("/offline/server/no-form", test_no_form);
  g_test_add_func ("/offline/server/wrong-paths", test_wrong_paths);
  g_test_add_func ("/offline/server/old-http", test_old_http);
  g_test_add_func ("/offline/server/too-large", test_too_large);
  g_test_add_func ("/offline/server/too-large-chunked", test_too_large_chunked);
  g_test_add_func ("/offline/server/two-at-once", test_two_at_once);
  g_test_add_func ("/offline/server/hang-up", test_hang_up);
  g_test_add_func ("/offline/server/socket-is-private", test_socket_is_private);
  g_test_add_func ("/offline/server/modest", test_modest);
  g_test_add_func ("/offline/server/second-instance", test_second_instance);
  g_test_add_func ("/offline/server/stale-socket", test_stale_socket);
  g_test_add_func ("/offline/server/refusals", test_refusals);
  g_test_add_func ("/offline/server/idle-exit", test_idle_exit);
  g_test_add_func ("/offline/server/busy-is-not-idle", test_busy_is_not_idle);
  g_test_add_func ("/offline/server/parent-gone", test_parent_gone);
  g_test_add_func ("/offline/server/terminated-while-busy", test_terminated_while_busy);
  failed = g_test_run ();
  program_stop (shared);

  return failed;
}
