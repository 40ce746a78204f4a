/* SPDX-License-Identifier: MIT */

/*
 * A server that speaks the OpenAI dialect on 127.0.0.1, for the desktop test and the benchmarks.
 *
 *   fake-openai [--port N] [--latency MS] [--text TEXT]… [--fail STATUS [--fail-count N]]
 *               [--key KEY] [--dump DIRECTORY] [--until-input-ends]
 *
 * Prints its address on one line, then serves until it is killed or its standard input ends. The
 * answers take the texts in turn. Request number N is written to DIRECTORY/N/: method, path,
 * headers, one file field-NAME per form field, and the file under its own name. Statistics are on
 * GET /stats: how many requests came, and how many were unanswered at a time at most.
 */

#include "http-program.h"

#include <glib/gstdio.h>

static int port;
static int latency_ms;
static int fail_status;
static int fail_count = G_MAXINT;
static gboolean until_input_ends;
static char *key;
static char *dump_directory;
static char **texts;

static guint n_requests;
static guint n_active;
static guint peak;

static const GOptionEntry options[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "Listen on this port; any free one otherwise", "N" },
  { "latency", 0, 0, G_OPTION_ARG_INT, &latency_ms, "Answer after so many milliseconds", "MS" },
  { "text", 0, 0, G_OPTION_ARG_STRING_ARRAY, &texts, "Answer with this; may be repeated", "TEXT" },
  { "fail", 0, 0, G_OPTION_ARG_INT, &fail_status, "Answer with this status", "STATUS" },
  { "fail-count", 0, 0, G_OPTION_ARG_INT, &fail_count, "Fail only the first so many", "N" },
  { "key", 0, 0, G_OPTION_ARG_STRING, &key, "Refuse other keys", "KEY" },
  { "dump", 0, 0, G_OPTION_ARG_FILENAME, &dump_directory, "Write requests there", "DIRECTORY" },
  { "until-input-ends", 0, 0, G_OPTION_ARG_NONE, &until_input_ends, "Serve until then", NULL },
  { NULL },
};

static void
save (const char *directory, const char *name, const char *data, gssize size)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, data, size, &error))
    g_printerr ("%s\n", error->message);
}

static void
add_header (const char *name, const char *value, gpointer data)
{
  g_string_append_printf (data, "%s: %s\n", name, value);
}

static void
save_part (const char *directory, SoupMessageHeaders *headers, GBytes *body)
{
  g_autoptr (GHashTable) params = NULL;
  g_autofree char *disposition = NULL;
  g_autofree char *name = NULL;
  const char *file;

  if (!soup_message_headers_get_content_disposition (headers, &disposition, &params))
    return;
  file = g_hash_table_lookup (params, "filename");
  if (file != NULL)
    name = g_path_get_basename (file);
  else
    name = g_strconcat ("field-", (char *) g_hash_table_lookup (params, "name"), NULL);
  save (directory, name, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
dump (SoupServerMessage *message, const char *path, guint number)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (SoupMultipart) form = soup_multipart_new_from_message (headers, body);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *name = g_strdup_printf ("%u", number);
  g_autofree char *directory = g_build_filename (dump_directory, name, NULL);

  g_mkdir_with_parents (directory, 0700);
  soup_message_headers_foreach (headers, add_header, lines);
  save (directory, "headers", lines->str, lines->len);
  save (directory, "method", soup_server_message_get_method (message), -1);
  for (int i = 0; form != NULL && i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *part_headers;
      GBytes *part;

      if (soup_multipart_get_part (form, i, &part_headers, &part))
        save_part (directory, part_headers, part);
    }
  /* last, so that who waits for it finds the rest */
  save (directory, "path", path, -1);
}

static gboolean
is_authorized (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *expected = key != NULL ? g_strconcat ("Bearer ", key, NULL) : NULL;

  return key == NULL
         || g_strcmp0 (soup_message_headers_get_one (headers, "Authorization"), expected) == 0;
}

static char *
quote (const char *text)
{
  GString *quoted = g_string_new ("\"");

  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (quoted, '\\');
      if (*text == '\n')
        g_string_append (quoted, "\\n");
      else
        g_string_append_c (quoted, *text);
    }

  return g_string_free (g_string_append_c (quoted, '"'), FALSE);
}

static void
answer_transcription (SoupServerMessage *message, guint number)
{
  g_autofree char *body = NULL;
  g_autofree char *text = NULL;

  if (fail_status > 0 && (int) number <= fail_count)
    {
      http_answer (message, fail_status,
                   "{\"error\":{\"message\":\"told to fail\",\"code\":null}}");
      return;
    }
  text = quote (texts != NULL ? texts[(number - 1) % g_strv_length (texts)] : "Hello world.");
  body = g_strdup_printf ("{\"text\":%s}", text);
  http_answer (message, 200, body);
}

typedef struct
{
  SoupServerMessage *message;
  guint number;
} Pending;

static gboolean
answer_late (gpointer data)
{
  g_autofree Pending *pending = data;

  n_active--;
  answer_transcription (pending->message, pending->number);
  soup_server_message_unpause (pending->message);
  g_object_unref (pending->message);

  return G_SOURCE_REMOVE;
}

static void
transcribe (SoupServerMessage *message)
{
  Pending *pending = g_new (Pending, 1);

  pending->message = g_object_ref (message);
  pending->number = ++n_requests;
  n_active++;
  peak = MAX (peak, n_active);
  if (dump_directory != NULL)
    dump (message, g_uri_get_path (soup_server_message_get_uri (message)), n_requests);
  soup_server_message_pause (message);
  g_timeout_add_full (G_PRIORITY_DEFAULT, latency_ms, answer_late, pending, NULL);
}

static void
handle (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  if (g_str_equal (path, "/stats"))
    {
      g_autofree char *body = g_strdup_printf ("{\"requests\":%u,\"peak\":%u}\n", n_requests, peak);

      http_answer (message, 200, body);
    }
  else if (!is_authorized (message))
    http_answer (
        message, 401,
        "{\"error\":{\"message\":\"Incorrect API key provided.\","
        "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_api_key\"}}");
  else if (g_str_has_suffix (path, "/models"))
    http_answer (message, 200,
                 "{\"object\":\"list\",\"data\":[{\"id\":\"fake\",\"object\":\"model\"}]}");
  else if (g_str_has_suffix (path, "/audio/transcriptions")
           && g_str_equal (soup_server_message_get_method (message), "POST"))
    transcribe (message);
  else
    http_answer (message, 404, "{\"error\":{\"message\":\"no such path\"}}");
}

int
main (int argc, char **argv)
{
  return http_program_parse (&argc, &argv, options)
             ? http_program_run (handle, port, until_input_ends)
             : 1;
}
