/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

/* --- a recogniser that does what it is told --------------------------------------------------- */

#define FAKE_TYPE_RECOGNISER (fake_recogniser_get_type ())
G_DECLARE_FINAL_TYPE (FakeRecogniser, fake_recogniser, FAKE, RECOGNISER, GObject)

struct _FakeRecogniser
{
  GObject parent_instance;

  WhisRecord *record; /* what it answers */
  GError *error;      /* instead */
  gboolean holds;     /* tasks wait for recogniser_let_go() */
  GQueue held;        /* of GTask */
  GString *asked;     /* a line for each request */
  guint n_cancelled;
};

static void fake_recogniser_iface_init (WhisEndpointRecogniserInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeRecogniser,
                               fake_recogniser,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_ENDPOINT_RECOGNISER,
                                                      fake_recogniser_iface_init))

static void
recogniser_return (FakeRecogniser *self, GTask *task)
{
  if (g_task_return_error_if_cancelled (task))
    self->n_cancelled++;
  else if (self->error != NULL)
    g_task_return_error (task, g_error_copy (self->error));
  else
    g_task_return_pointer (task, whis_record_copy (self->record),
                           (GDestroyNotify) whis_record_free);
  g_object_unref (task);
}

static void
recogniser_let_go (FakeRecogniser *self)
{
  GTask *task;

  while ((task = g_queue_pop_head (&self->held)) != NULL)
    recogniser_return (self, task);
}

static void
fake_recogniser_list_async (WhisEndpointRecogniser *recogniser,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  FakeRecogniser *self = FAKE_RECOGNISER (recogniser);
  GTask *task = g_task_new (recogniser, cancellable, callback, data);
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_endpoint_model_free);

  g_ptr_array_add (models, whis_endpoint_model_new ("parakeet", 1700000000));
  g_ptr_array_add (models, whis_endpoint_model_new ("my \"own\"", 0));
  if (self->error == NULL)
    g_task_return_pointer (task, g_ptr_array_ref (models), (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_error_copy (self->error));
  g_ptr_array_unref (models);
  g_object_unref (task);
}

static GPtrArray *
fake_recogniser_list_finish (WhisEndpointRecogniser *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
note_request (FakeRecogniser *self, const WhisEndpointRequest *request)
{
  char bytes[64];
  gssize size = pread (request->file, bytes, sizeof bytes, 0);

  g_assert_cmpint (size, >, 0);
  g_string_append_printf (self->asked, "%.*s %s %s %s %g\n", (int) size, bytes,
                          request->model != NULL ? request->model : "-",
                          request->language != NULL ? request->language : "-",
                          request->prompt != NULL ? request->prompt : "-", request->temperature);
}

static void
fake_recogniser_transcribe_async (WhisEndpointRecogniser *recogniser,
                                  const WhisEndpointRequest *request,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data)
{
  FakeRecogniser *self = FAKE_RECOGNISER (recogniser);
  GTask *task = g_task_new (recogniser, cancellable, callback, data);

  note_request (self, request);
  if (self->holds)
    g_queue_push_tail (&self->held, task);
  else
    recogniser_return (self, task);
}

static WhisRecord *
fake_recogniser_transcribe_finish (WhisEndpointRecogniser *self,
                                   GAsyncResult *result,
                                   GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_recogniser_iface_init (WhisEndpointRecogniserInterface *iface)
{
  iface->list_async = fake_recogniser_list_async;
  iface->list_finish = fake_recogniser_list_finish;
  iface->transcribe_async = fake_recogniser_transcribe_async;
  iface->transcribe_finish = fake_recogniser_transcribe_finish;
}

static void
fake_recogniser_finalize (GObject *object)
{
  FakeRecogniser *self = FAKE_RECOGNISER (object);

  whis_record_free (self->record);
  g_clear_error (&self->error);
  g_string_free (self->asked, TRUE);

  G_OBJECT_CLASS (fake_recogniser_parent_class)->finalize (object);
}

static void
fake_recogniser_class_init (FakeRecogniserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_recogniser_finalize;
}

static void
fake_recogniser_init (FakeRecogniser *self)
{
  self->asked = g_string_new (NULL);
  g_queue_init (&self->held);
}

/* Two chunks, the first with times of its words. */
static WhisRecord *
create_record (void)
{
  WhisRecord *record = whis_record_new ("20260101-000000-000000");
  const char *const texts[] = { "Hello big world.", "Grüße & <more>." };

  record->length_ms = 4500;
  record->language = g_strdup ("en");
  record->text = g_strdup ("Hello big world. Grüße & <more>.");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WhisChunk) chunk = whis_chunk_new (record->id, i);
      WhisRecordChunk *added;

      chunk->start_ms = 2000 * i;
      chunk->length_ms = 2000;
      chunk->has_speech = TRUE;
      added = whis_record_chunk_new (chunk);
      added->text = g_strdup (texts[i]);
      g_ptr_array_add (record->chunks, added);
    }

  return record;
}

static void
add_times (WhisRecord *record)
{
  WhisRecordChunk *chunk = g_ptr_array_index (record->chunks, 0);

  chunk->times = whis_timed_texts_new ();
  g_ptr_array_add (chunk->times, whis_timed_text_new (125, 375, "Hello"));
  g_ptr_array_add (chunk->times, whis_timed_text_new (500, 750, "big"));
  /* as a model may hear it: longer than the sound is */
  g_ptr_array_add (chunk->times, whis_timed_text_new (875, 1500, "world."));
}

/* --- an endpoint and its clients -------------------------------------------------------------- */

#define KEY "whis-0123456789abcdef"
#define BOUNDARY "a-boundary"

typedef struct
{
  FakeRecogniser *recogniser;
  WhisEndpoint *endpoint;
  char *directory;
} Fixture;

static guint16
find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);

  return port;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gboolean is_open = FALSE;

  fixture->directory = g_dir_make_tmp ("whis-endpoint-XXXXXX", NULL);
  fixture->recogniser = g_object_new (FAKE_TYPE_RECOGNISER, NULL);
  fixture->recogniser->record = create_record ();
  fixture->endpoint =
      whis_endpoint_new (WHIS_ENDPOINT_RECOGNISER (fixture->recogniser), fixture->directory);
  /* another program may be quicker */
  for (guint i = 0; i < 20 && !is_open; i++)
    is_open = whis_endpoint_open (fixture->endpoint, find_port (), KEY, NULL);
  g_assert_true (is_open);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_endpoint_close (fixture->endpoint);
  recogniser_let_go (fixture->recogniser);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->endpoint);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&fixture->recogniser);
  /* no sound is left behind */
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static GSocketConnection *
connect_client (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  g_socket_client_connect_to_host_async (
      client, "127.0.0.1", whis_endpoint_get_port (fixture->endpoint), NULL, keep_result, &result);
  connection = g_socket_client_connect_to_host_finish (client, wait_for (&result), &error);
  g_assert_no_error (error);

  return connection;
}

static void
send_bytes (GSocketConnection *connection, const char *bytes)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (connection)), bytes,
                                   strlen (bytes), G_PRIORITY_DEFAULT, NULL, keep_result, &result);
  g_output_stream_write_all_finish (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                    wait_for (&result), NULL, NULL);
}

/* All that comes up to the end of the connection. */
static char *
read_answer (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *answer = g_string_new (NULL);

  while (TRUE)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GBytes) bytes = NULL;

      g_input_stream_read_bytes_async (input, 4096, G_PRIORITY_DEFAULT, NULL, keep_result, &result);
      bytes = g_input_stream_read_bytes_finish (input, wait_for (&result), NULL);
      if (bytes == NULL || g_bytes_get_size (bytes) == 0)
        return g_string_free (answer, FALSE);
      g_string_append_len (answer, g_bytes_get_data (bytes, NULL),
                           (gssize) g_bytes_get_size (bytes));
    }
}

typedef struct
{
  guint status;
  char *head;
  char *body;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_free (answer->head);
  g_free (answer->body);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
take_answer (GSocketConnection *connection, Answer *answer)
{
  g_autofree char *text = read_answer (connection);
  char *body = strstr (text, "\r\n\r\n");

  answer_clear (answer);
  g_assert_nonnull (body);
  *body = '\0';
  g_assert_true (g_str_has_prefix (text, "HTTP/1.1 "));
  answer->status = (guint) g_ascii_strtoull (text + strlen ("HTTP/1.1 "), NULL, 10);
  answer->head = g_strdup (text);
  answer->body = g_strdup (body + 4);
}

static void
ask (Fixture *fixture, const char *request, Answer *answer)
{
  g_autoptr (GSocketConnection) connection = connect_client (fixture);

  send_bytes (connection, request);
  take_answer (connection, answer);
}

#define HEADERS "Host: localhost\r\nAuthorization: Bearer " KEY "\r\n"

/* @fields are names and values, ended by %NULL. */
static char *
make_request (const char *const *fields)
{
  g_autoptr (GString) body = g_string_new (NULL);

  for (; *fields != NULL; fields += 2)
    g_string_append_printf (
        body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n",
        fields[0], g_str_equal (fields[0], "file") ? "; filename=\"a\"" : "", fields[1]);
  g_string_append (body, "--" BOUNDARY "--\r\n");

  return g_strdup_printf ("POST /v1/audio/transcriptions HTTP/1.1\r\n" HEADERS
                          "Content-Type: multipart/form-data; boundary=" BOUNDARY
                          "\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                          body->len, body->str);
}

static void
transcribe (Fixture *fixture, const char *const *fields, Answer *answer)
{
  g_autofree char *request = make_request (fields);

  ask (fixture, request, answer);
}

static JsonObject *
get_object (const char *body, JsonParser **parser)
{
  g_autoptr (GError) error = NULL;

  *parser = json_parser_new ();
  json_parser_load_from_data (*parser, body, -1, &error);
  g_assert_no_error (error);

  return json_node_get_object (json_parser_get_root (*parser));
}

static void
assert_error (const Answer *answer, guint status, const char *param, const char *code)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonObject *error = json_object_get_object_member (get_object (answer->body, &parser), "error");

  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpstr (json_object_get_string_member (error, "code"), ==, code);
  if (param == NULL)
    g_assert_true (json_object_get_null_member (error, "param"));
  else
    g_assert_cmpstr (json_object_get_string_member (error, "param"), ==, param);
  g_assert_cmpstr (json_object_get_string_member (error, "type"), ==,
                   status < 500 ? "invalid_request_error" : "server_error");
  g_assert_true (g_str_has_suffix (json_object_get_string_member (error, "message"), "."));
}

/* --- answers ---------------------------------------------------------------------------------- */

#define SEGMENTS                                                                                   \
  "\"segments\":[{\"id\":0,\"start\":0.0,\"end\":2.0,\"text\":\"Hello big world.\"},"              \
  "{\"id\":1,\"start\":2.0,\"end\":4.0,\"text\":\"Grüße & <more>.\"}]"
#define TEXT "\"text\":\"Hello big world. Grüße & <more>.\""
#define USAGE "\"usage\":{\"type\":\"duration\",\"seconds\":5}"
#define VERBOSE "{\"task\":\"transcribe\",\"language\":\"en\",\"duration\":4.5," TEXT ","

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *format;
    const char *type;
    const char *body;
  } cases[] = {
    { "", "application/json", "{" TEXT "," USAGE "}" },
    { "json", "application/json", "{" TEXT "," USAGE "}" },
    { "text", "text/plain; charset=utf-8", "Hello big world. Grüße & <more>.\n" },
    { "verbose_json", "application/json", VERBOSE SEGMENTS "," USAGE "}" },
    { "srt", "text/plain; charset=utf-8",
      "1\n00:00:00,000 --> 00:00:02,000\nHello big world.\n\n"
      "2\n00:00:02,000 --> 00:00:04,000\nGrüße & <more>.\n" },
    { "vtt", "text/vtt; charset=utf-8",
      "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello big world.\n\n"
      "00:00:02.000 --> 00:00:04.000\nGrüße &amp; &lt;more&gt;.\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const fields[] = { "file", "sound", "response_format", cases[i].format, NULL };
      g_autofree char *type = g_strconcat ("Content-Type: ", cases[i].type, NULL);
      g_auto (Answer) answer = { 0 };

      transcribe (fixture, fields, &answer);
      g_assert_cmpuint (answer.status, ==, 200);
      g_assert_cmpstr (answer.body, ==, cases[i].body);
      g_assert_nonnull (strstr (answer.head, type));
      /* dictated text is no business of a cache */
      g_assert_nonnull (strstr (answer.head, "Cache-Control: no-store"));
    }
}

/* Words where there are times of them, segments where a model gives none. */
static void
test_words (Fixture *fixture, gconstpointer data)
{
  static const char *const fields[] = {
    "timestamp_granularities[]", "word", "response_format", "verbose_json", "file", "sound", NULL,
  };
  g_auto (Answer) answer = { 0 };

  transcribe (fixture, fields, &answer);
  g_assert_cmpstr (answer.body, ==, VERBOSE SEGMENTS "," USAGE "}");
  add_times (fixture->recogniser->record);
  fixture->recogniser->record->length_ms = 1250;
  g_ptr_array_set_size (fixture->recogniser->record->chunks, 1);
  transcribe (fixture, fields, &answer);
  g_assert_nonnull (strstr (answer.body,
                            "\"words\":[{\"word\":\"Hello\",\"start\":0.125,\"end\":0.375},"
                            "{\"word\":\"big\",\"start\":0.5,\"end\":0.75},"
                            "{\"word\":\"world.\",\"start\":0.875,\"end\":1.25}]"));
  g_assert_null (strstr (answer.body, "segments"));
}

/* A sound in which nobody speaks has an empty text, and not none. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  static const char *const formats[] = { "json", "text", "srt", "vtt" };
  static const char *const bodies[] = { "{\"text\":\"\"," USAGE "}", "\n", "", "WEBVTT\n" };

  g_ptr_array_set_size (fixture->recogniser->record->chunks, 0);
  g_clear_pointer (&fixture->recogniser->record->text, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      const char *const fields[] = { "file", "sound", "response_format", formats[i], NULL };
      g_auto (Answer) answer = { 0 };

      transcribe (fixture, fields, &answer);
      g_assert_cmpuint (answer.status, ==, 200);
      g_assert_true (g_str_has_prefix (answer.body, bodies[i]));
    }
}

static void
test_wishes (Fixture *fixture, gconstpointer data)
{
  static const char *const all[] = {
    "prompt",   "Łódź",     "temperature", "0.5",     "file", "one", "model",
    "parakeet", "language", "pt-BR",       "unknown", "x",    NULL,
  };
  static const char *const none[] = { "model", "whisper-1", "file", "two", NULL };
  g_auto (Answer) answer = { 0 };

  transcribe (fixture, all, &answer);
  transcribe (fixture, none, &answer);
  g_assert_cmpstr (fixture->recogniser->asked->str, ==,
                   "one parakeet pt-BR Łódź 0.5\ntwo - - - 0\n");
}

static void
test_models (Fixture *fixture, gconstpointer data)
{
  g_auto (Answer) answer = { 0 };

  ask (fixture, "GET /v1/models HTTP/1.1\r\n" HEADERS "\r\n", &answer);
  g_assert_cmpuint (answer.status, ==, 200);
  g_assert_cmpstr (answer.body, ==,
                   "{\"object\":\"list\",\"data\":["
                   "{\"id\":\"parakeet\",\"object\":\"model\",\"created\":1700000000,"
                   "\"owned_by\":\"whis\"},"
                   "{\"id\":\"my \\\"own\\\"\",\"object\":\"model\",\"created\":0,"
                   "\"owned_by\":\"whis\"}]}");
  fixture->recogniser->error = g_error_new_literal (
      WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_STORAGE, "The folder cannot be read.");
  ask (fixture, "GET /v1/models HTTP/1.1\r\n" HEADERS "\r\n", &answer);
  assert_error (&answer, 507, NULL, "storage");
}

/* --- refusals --------------------------------------------------------------------------------- */

static void
test_failures (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    WhisEndpointError error;
    guint status;
    const char *param;
    const char *code;
  } cases[] = {
    { WHIS_ENDPOINT_ERROR_VALUE, 400, NULL, "invalid_value" },
    { WHIS_ENDPOINT_ERROR_FILE, 400, "file", "invalid_audio" },
    { WHIS_ENDPOINT_ERROR_TOO_LARGE, 413, "file", "file_too_large" },
    { WHIS_ENDPOINT_ERROR_LANGUAGE, 400, "language", "unsupported_language" },
    { WHIS_ENDPOINT_ERROR_UNKNOWN_MODEL, 404, "model", "model_not_found" },
    { WHIS_ENDPOINT_ERROR_NO_RECOGNISER, 503, NULL, "recogniser_unavailable" },
    { WHIS_ENDPOINT_ERROR_STORAGE, 507, NULL, "storage" },
    { WHIS_ENDPOINT_ERROR_FAILED, 500, NULL, "failed" },
  };
  static const char *const fields[] = { "file", "sound", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) answer = { 0 };

      g_clear_error (&fixture->recogniser->error);
      fixture->recogniser->error = g_error_new_literal (WHIS_ENDPOINT_ERROR, (int) cases[i].error,
                                                        "A sentence for the user.");
      transcribe (fixture, fields, &answer);
      assert_error (&answer, cases[i].status, cases[i].param, cases[i].code);
    }
}

/* Nobody is heard who may not ask, and nothing of what they send is read. */
static void
test_guard (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *request;
    guint status;
    const char *code;
  } cases[] = {
    { "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n", 401, "invalid_api_key" },
    { "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n", 401,
      "invalid_api_key" },
    { "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " KEY "\r\n\r\n", 403,
      "wrong_host" },
    { "GET /v1/models HTTP/1.1\r\n" HEADERS "Origin: https://evil.example\r\n\r\n", 403,
      "origin_refused" },
    { "OPTIONS /v1/models HTTP/1.1\r\n" HEADERS "Origin: null\r\n\r\n", 403, "origin_refused" },
    { "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 401,
      "invalid_api_key" },
    /* a path that there is not is not told to callers without the key */
    { "GET /v1/secrets HTTP/1.1\r\nHost: localhost\r\n\r\n", 401, "invalid_api_key" },
    { "GET /v1/secrets HTTP/1.1\r\n" HEADERS "\r\n", 404, "not_found" },
    { "GET /v1/models/ HTTP/1.1\r\n" HEADERS "\r\n", 404, "not_found" },
    { "GET /v1/audio/translations HTTP/1.1\r\n" HEADERS "\r\n", 404, "not_found" },
    { "GET /v1/audio/transcriptions HTTP/1.1\r\n" HEADERS "\r\n", 405, "method_not_allowed" },
    { "POST /v1/models HTTP/1.1\r\n" HEADERS "Content-Length: 0\r\n\r\n", 405,
      "method_not_allowed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Answer) answer = { 0 };

      ask (fixture, cases[i].request, &answer);
      assert_error (&answer, cases[i].status, NULL, cases[i].code);
      g_assert_null (strstr (answer.head, "Access-Control"));
      if (cases[i].status == 401)
        g_assert_nonnull (strstr (answer.head, "WWW-Authenticate: Bearer"));
      if (cases[i].status == 405)
        g_assert_nonnull (strstr (answer.head, "Allow: "));
    }
  g_assert_cmpstr (fixture->recogniser->asked->str, ==, "");
}

static void
test_wrong_forms (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *fields[5];
    const char *param;
    const char *code;
  } cases[] = {
    { { "model", "parakeet", NULL }, "file", "invalid_audio" },
    { { "file", "", NULL }, "file", "invalid_audio" },
    { { "file", "one", "file", "two", NULL }, "file", "invalid_value" },
    { { "file", "sound", "response_format", "xml", NULL }, "response_format", "invalid_value" },
    { { "language", "german", "file", "sound", NULL }, "language", "invalid_value" },
    { { "file", "sound", "stream", "true", NULL }, "stream", "invalid_value" },
  };
  g_auto (Answer) answer = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      transcribe (fixture, cases[i].fields, &answer);
      assert_error (&answer, 400, cases[i].param, cases[i].code);
    }
  ask (fixture,
       "POST /v1/audio/transcriptions HTTP/1.1\r\n" HEADERS
       "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
       &answer);
  assert_error (&answer, 400, NULL, "invalid_form");
  ask (fixture,
       "POST /v1/audio/transcriptions HTTP/1.1\r\n" HEADERS
       "Content-Type: multipart/form-data; boundary=" BOUNDARY
       "\r\nContent-Length: 11\r\n\r\nno boundary",
       &answer);
  assert_error (&answer, 400, NULL, "invalid_form");
  g_assert_cmpstr (fixture->recogniser->asked->str, ==, "");
}

/* Said before a byte of it was sent. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_auto (Answer) answer = { 0 };

  ask (fixture,
       "POST /v1/audio/transcriptions HTTP/1.1\r\n" HEADERS
       "Content-Type: multipart/form-data; boundary=" BOUNDARY
       "\r\nContent-Length: 300000000\r\nExpect: 100-continue\r\n\r\n",
       &answer);
  assert_error (&answer, 413, "file", "file_too_large");
}

/* --- the queue -------------------------------------------------------------------------------- */

#define MOST 8

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';

  return n;
}

static void
wait_for_asked (Fixture *fixture, guint n)
{
  while (count_lines (fixture->recogniser->asked->str) < n)
    g_main_context_iteration (NULL, TRUE);
}

/* One after the other in the order in which they came, and not more than so many. */
static void
test_queue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) expected = g_string_new (NULL);
  static const char *const more[] = { "file", "more", NULL };
  g_auto (Answer) answer = { 0 };

  fixture->recogniser->holds = TRUE;
  for (guint i = 0; i < MOST; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);
      const char *const fields[] = { "file", name, NULL };
      g_autofree char *request = make_request (fields);
      GSocketConnection *client = connect_client (fixture);

      g_ptr_array_add (clients, client);
      send_bytes (client, request);
      g_string_append_printf (expected, "%u - - - 0\n", i);
      if (i == 0)
        wait_for_asked (fixture, 1);
    }
  transcribe (fixture, more, &answer);
  assert_error (&answer, 429, NULL, "rate_limit_exceeded");
  g_assert_nonnull (strstr (answer.head, "Retry-After: "));
  g_assert_cmpuint (count_lines (fixture->recogniser->asked->str), ==, 1);

  fixture->recogniser->holds = FALSE;
  recogniser_let_go (fixture->recogniser);
  for (guint i = 0; i < MOST; i++)
    {
      take_answer (g_ptr_array_index (clients, i), &answer);
      g_assert_cmpuint (answer.status, ==, 200);
    }
  g_assert_cmpuint (count_lines (fixture->recogniser->asked->str), ==, MOST);
  g_assert_true (g_str_has_prefix (fixture->recogniser->asked->str, "0 "));
}

/* A client that hangs up has its work cancelled, and the next one's begins. */
static void
test_client_leaves (Fixture *fixture, gconstpointer data)
{
  static const char *const first[] = { "file", "first", NULL };
  static const char *const second[] = { "file", "second", NULL };
  g_autofree char *request = make_request (first);
  g_autoptr (GSocketConnection) leaver = connect_client (fixture);
  g_auto (Answer) answer = { 0 };
  GTask *task;

  fixture->recogniser->holds = TRUE;
  send_bytes (leaver, request);
  wait_for_asked (fixture, 1);
  task = g_queue_peek_head (&fixture->recogniser->held);
  g_assert_false (g_cancellable_is_cancelled (g_task_get_cancellable (task)));
  g_io_stream_close (G_IO_STREAM (leaver), NULL, NULL);
  while (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    g_main_context_iteration (NULL, TRUE);
  fixture->recogniser->holds = FALSE;
  recogniser_let_go (fixture->recogniser);
  g_assert_cmpuint (fixture->recogniser->n_cancelled, ==, 1);
  transcribe (fixture, second, &answer);
  g_assert_cmpuint (answer.status, ==, 200);
}

/* --- open and closed -------------------------------------------------------------------------- */

static void
test_new_key (Fixture *fixture, gconstpointer data)
{
  g_auto (Answer) answer = { 0 };

  whis_endpoint_set_key (fixture->endpoint, "whis-another");
  ask (fixture, "GET /v1/models HTTP/1.1\r\n" HEADERS "\r\n", &answer);
  assert_error (&answer, 401, NULL, "invalid_api_key");
  ask (fixture,
       "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer whis-another\r\n\r\n",
       &answer);
  g_assert_cmpuint (answer.status, ==, 200);
}

static void
test_closed_while_working (Fixture *fixture, gconstpointer data)
{
  static const char *const fields[] = { "file", "sound", NULL };
  g_autofree char *request = make_request (fields);
  g_autoptr (GSocketConnection) client = connect_client (fixture);
  g_autofree char *rest = NULL;

  fixture->recogniser->holds = TRUE;
  send_bytes (client, request);
  wait_for_asked (fixture, 1);
  whis_endpoint_close (fixture->endpoint);
  whis_endpoint_close (fixture->endpoint);
  g_assert_cmpuint (whis_endpoint_get_port (fixture->endpoint), ==, 0);
  rest = read_answer (client);
  g_assert_cmpstr (rest, ==, "");
  recogniser_let_go (fixture->recogniser);
  g_assert_cmpuint (fixture->recogniser->n_cancelled, ==, 1);
}

static void
test_port_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisEndpoint) other =
      whis_endpoint_new (WHIS_ENDPOINT_RECOGNISER (fixture->recogniser), fixture->directory);
  guint16 port = whis_endpoint_get_port (fixture->endpoint);
  g_autofree char *number = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_endpoint_open (other, port, KEY, &error));
  g_assert_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_PORT);
  g_assert_nonnull (strstr (error->message, number));
  g_assert_cmpuint (whis_endpoint_get_port (other), ==, 0);
  /* and it is free again once the first one has gone */
  whis_endpoint_close (fixture->endpoint);
  g_assert_true (whis_endpoint_open (other, port, KEY, NULL));
  whis_endpoint_close (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/endpoint/formats", test_formats);
  ADD ("/endpoint/words", test_words);
  ADD ("/endpoint/silence", test_silence);
  ADD ("/endpoint/wishes", test_wishes);
  ADD ("/endpoint/models", test_models);
  ADD ("/endpoint/failures", test_failures);
  ADD ("/endpoint/guard", test_guard);
  ADD ("/endpoint/wrong-forms", test_wrong_forms);
  ADD ("/endpoint/too-large", test_too_large);
  ADD ("/endpoint/queue", test_queue);
  ADD ("/endpoint/client-leaves", test_client_leaves);
  ADD ("/endpoint/new-key", test_new_key);
  ADD ("/endpoint/closed-while-working", test_closed_while_working);
  ADD ("/endpoint/port-taken", test_port_taken);

  return g_test_run ();
}
