/* SPDX-License-Identifier: MIT */
#include "service-client.h"

#include <string.h>

#include "service-template.h"

/* What a right request looks like. */
static const struct
{
  const char *kind;
  const char *path;
  const char *fields;
  const char *query;
  const char *key_header;
  const char *key_scheme;
} manners[] = {
  { "openai", "/v1/audio/transcriptions", "model=whisper-1", NULL, "Authorization", "Bearer " },
  { "groq", "/openai/v1/audio/transcriptions", "model=whisper-large-v3", NULL, "Authorization",
    "Bearer " },
  { "mistral", "/v1/audio/transcriptions", "model=voxtral-mini-transcribe-latest", NULL,
    "Authorization", "Bearer " },
  { "azure", "/openai/deployments/whisper/audio/transcriptions", "response_format=json",
    "api-version=2024-10-21", "api-key", "" },
  { "whisper-cpp", "/inference", "language=auto", NULL, NULL, NULL },
  { "speaches", "/v1/audio/transcriptions", "model=Systran/faster-whisper-small", NULL,
    "Authorization", "Bearer " },
  { "localai", "/v1/audio/transcriptions", "model=whisper-1", NULL, "Authorization", "Bearer " },
  { "ollama", "/v1/audio/transcriptions", "model=gemma4:e2b", NULL, "Authorization", "Bearer " },
  { "deepgram", "/v1/listen", NULL, "model=nova-3&detect_language=true", "Authorization",
    "Token " },
  { "elevenlabs", "/v1/speech-to-text", "model_id=scribe_v2\ntag_audio_events=false", NULL,
    "xi-api-key", "" },
  { "assemblyai", "/v1/transcribe", NULL, NULL, "Authorization", "" },
  { "gemini", "/v1beta/interactions", NULL, NULL, "x-goog-api-key", "" },
};

void
service_reply_free (ServiceReply *reply)
{
  g_free (reply->type);
  g_free (reply->body);
  soup_message_headers_unref (reply->headers);
  g_free (reply);
}

static gsize
find_manners (const char *kind)
{
  gsize i = 0;

  while (!g_str_equal (manners[i].kind, kind))
    i++;

  return i;
}

SoupSession *
service_client_new (void)
{
  return soup_session_new_with_options ("timeout", 0, NULL);
}

static void
add_headers (SoupMessage *message, const char *lines)
{
  g_auto (GStrv) list = g_strsplit (lines != NULL ? lines : "", "\n", -1);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (list[i], ": ", 2);

      soup_message_headers_append (soup_message_get_request_headers (message), pair[0], pair[1]);
    }
}

static void
add_key (SoupMessage *message, TestService *service, gsize i)
{
  g_autofree char *key = test_service_dup_key (service);
  g_autofree char *value = NULL;

  if (manners[i].key_header == NULL)
    return;
  value = g_strconcat (manners[i].key_scheme, key, NULL);
  soup_message_headers_append (soup_message_get_request_headers (message), manners[i].key_header,
                               value);
}

static void
set_body (SoupMessage *message, const char *type, const char *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  soup_message_set_request_body_from_bytes (message, type, bytes);
}

static void
set_multipart (SoupMessage *message, SoupMultipart *form)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *type = NULL;

  soup_multipart_to_message (form, headers, &bytes);
  /* a copy, because it is replaced by itself */
  type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  soup_message_set_request_body_from_bytes (message, type, bytes);
}

static void
set_form (SoupMessage *message, const ServiceAsk *ask, const char *right, GBytes *sound)
{
  g_autoptr (SoupMultipart) form = soup_multipart_new ("multipart/form-data");
  g_auto (GStrv) lines = g_strsplit (ask->fields != NULL ? ask->fields : right, "\n", -1);
  const char *name = ask->file_name != NULL ? ask->file_name : "audio.mp3";

  if (*name != '\0')
    soup_multipart_append_form_file (form, "file", name,
                                     ask->file_type != NULL ? ask->file_type : "audio/mpeg", sound);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (lines[i], "=", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        soup_multipart_append_form_string (form, pair[0], pair[1]);
    }
  set_multipart (message, form);
}

static void
append_part (SoupMultipart *form, const char *name, const char *type, GBytes *data)
{
  g_autoptr (SoupMessageHeaders) headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree char *disposition = g_strdup_printf ("form-data; name=\"%s\"", name);

  soup_message_headers_append (headers, "Content-Disposition", disposition);
  soup_message_headers_append (headers, "Content-Type", type);
  soup_multipart_append_part (form, headers, data);
}

static void
set_assemblyai (SoupMessage *message, const ServiceAsk *ask, GBytes *sound)
{
  g_autoptr (SoupMultipart) form = soup_multipart_new ("multipart/form-data");
  const char *json = ask->json != NULL ? ask->json : "{\"timestamps\":true}";
  g_autoptr (GBytes) config = g_bytes_new (json, strlen (json));
  const char *type = ask->file_type != NULL ? ask->file_type : "audio/wav";

  append_part (form, "audio", type, sound);
  append_part (form, "config", "application/json", config);
  if (ask->headers == NULL)
    add_headers (message, "X-AAI-Model: universal-3-5-pro");
  set_multipart (message, form);
}

static void
set_gemini (SoupMessage *message, const ServiceAsk *ask, GBytes *sound)
{
  static const char right[] =
      "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
      "\"mime_type\":\"audio/flac\",\"data\":\"%data%\"}]}";
  g_autofree char *data =
      g_base64_encode (g_bytes_get_data (sound, NULL), g_bytes_get_size (sound));
  g_autofree char *json =
      service_template_expand (ask->json != NULL ? ask->json : right, "data", data, NULL);

  if (ask->headers == NULL)
    add_headers (message, "Api-Revision: 2026-05-20");
  set_body (message, "application/json", json, strlen (json));
}

static void
set_content (SoupMessage *message, const char *kind, gsize i, const ServiceAsk *ask)
{
  g_autoptr (GBytes) letters = g_bytes_new_static ("hello", 5);
  g_autoptr (GBytes) wav = service_client_wav ("hello", 100);
  GBytes *sound = ask->sound != NULL ? ask->sound : letters;

  if (manners[i].fields != NULL)
    set_form (message, ask, manners[i].fields, sound);
  else if (g_str_equal (kind, "assemblyai"))
    set_assemblyai (message, ask, ask->sound != NULL ? ask->sound : wav);
  else if (g_str_equal (kind, "gemini"))
    set_gemini (message, ask, sound);
  else
    set_body (message, ask->file_type != NULL ? ask->file_type : "audio/mpeg",
              g_bytes_get_data (sound, NULL), g_bytes_get_size (sound));
}

SoupMessage *
service_client_message (TestService *service, const char *kind, const ServiceAsk *ask)
{
  gsize i = find_manners (kind);
  const char *method = ask->method != NULL ? ask->method : "POST";
  const char *path = ask->path != NULL ? ask->path : manners[i].path;
  const char *query =
      ask->query != NULL ? ask->query : (ask->path == NULL ? manners[i].query : NULL);
  g_autofree char *url =
      g_strconcat (test_service_get_url (service), path, query != NULL ? "?" : "", query, NULL);
  SoupMessage *message = soup_message_new (method, url);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (!ask->no_key)
    add_key (message, service, i);
  add_headers (message, ask->headers);
  if (g_str_equal (method, "POST"))
    set_content (message, kind, i, ask);

  return message;
}

typedef struct
{
  GBytes *body;
  GError *error;
  gboolean done;
} Waiting;

static void
sent (GObject *session, GAsyncResult *result, gpointer data)
{
  Waiting *waiting = data;

  waiting->body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result, &waiting->error);
  waiting->done = TRUE;
}

ServiceReply *
service_client_send (SoupSession *session, SoupMessage *message, GError **error)
{
  Waiting waiting = { 0 };
  ServiceReply *reply;

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, sent, &waiting);
  while (!waiting.done)
    g_main_context_iteration (NULL, TRUE);
  if (waiting.error != NULL)
    {
      g_propagate_error (error, waiting.error);
      return NULL;
    }
  reply = g_new0 (ServiceReply, 1);
  reply->status = soup_message_get_status (message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  reply->type = g_strdup (soup_message_headers_get_one (reply->headers, "Content-Type"));
  reply->body = g_strndup (g_bytes_get_data (waiting.body, NULL), g_bytes_get_size (waiting.body));
  g_bytes_unref (waiting.body);

  return reply;
}

ServiceReply *
service_client_ask (TestService *service, const char *kind, const ServiceAsk *ask)
{
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, kind, ask);
  g_autoptr (GError) error = NULL;
  ServiceReply *reply = service_client_send (session, message, &error);

  g_assert_no_error (error);

  return reply;
}

GBytes *
service_client_wav (const char *letters, guint ms)
{
  guint32 size = ms * 32;
  guint32 numbers[] = { GUINT32_TO_LE (size + 36), GUINT32_TO_LE (16),    GUINT32_TO_LE (0x10001),
                        GUINT32_TO_LE (16000),     GUINT32_TO_LE (32000), GUINT32_TO_LE (0x100002),
                        GUINT32_TO_LE (size) };
  GByteArray *file = g_byte_array_sized_new (44 + size);
  g_autofree guint8 *samples = g_malloc0 (size);

  memcpy (samples, letters, strlen (letters));
  g_byte_array_append (file, (const guint8 *) "RIFF", 4);
  g_byte_array_append (file, (const guint8 *) numbers, 4);
  g_byte_array_append (file, (const guint8 *) "WAVEfmt ", 8);
  g_byte_array_append (file, (const guint8 *) (numbers + 1), 20);
  g_byte_array_append (file, (const guint8 *) "data", 4);
  g_byte_array_append (file, (const guint8 *) (numbers + 6), 4);
  g_byte_array_append (file, samples, size);

  return g_byte_array_free_to_bytes (file);
}
