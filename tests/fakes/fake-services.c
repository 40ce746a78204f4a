/* SPDX-License-Identifier: MIT */

/*
 * The fake services for tests in Python and by hand.
 *
 *   fake-services [--port-file FILE] [--log FILE] [--scripted]
 *
 * Starts all kinds, or none with --scripted. Prints (and writes to the port file) one line of JSON:
 * each service's address by its kind. Then reads commands on standard input, answers each with one
 * line, and ends when the input ends. The log gets a line for each request.
 *
 *   fail KIND FAILURE     the next request to transcribe fails so      → ok
 *   text KIND SENTENCE    what it hears from now on                    → ok
 *   key KIND KEY          the key that is right from now on            → ok
 *   spoken KIND LANGUAGE, duration KIND MS, idle KIND MS               → ok
 *   release KIND          lets answers go that are held back           → ok
 *   failures KIND         their names                                  → JSON
 *   requests KIND         what it was asked                            → JSON
 *   keys, complaints, counts                                           → JSON, by kind
 *
 * Scripted services come and go, and each of their requests waits until it is answered:
 *
 *   new                   another one, KIND from now on                → KIND ADDRESS
 *   free KIND             it listens no more                           → ok
 *   answer KIND N JSON    the answer to its request N from 0 on: status, type, headers (lines of
 *                         “Name: value”), body (base64), or trick “reset”     → ok
 *
 * A line “request KIND N JSON” of the output is no answer: so many requests have come, and this one
 * has method, path, headers, fields, file_name, file_type, and file in base64.
 */

#include "http-program.h"
#include "service.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

static char *port_file;
static char *log_file;
static gboolean only_scripted;
/* by kind */
static GHashTable *services;
/* the kinds in their order, strings */
static GPtrArray *names;
static gboolean input_ended;
static FILE *log_stream;
/* requests that were told of, by kind */
static GHashTable *logged;

static const GOptionEntry options[] = {
  { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &port_file, "Write the addresses there", "FILE" },
  { "log", 0, 0, G_OPTION_ARG_FILENAME, &log_file, "Write a line per request there", "FILE" },
  { "scripted", 0, 0, G_OPTION_ARG_NONE, &only_scripted, "Start none of the real kinds", NULL },
  { NULL },
};

static char *
end_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) node = json_builder_get_root (builder);

  g_object_unref (builder);

  return json_to_string (node, FALSE);
}

/* An object with one member per kind, which @add makes. */
static char *
make_table (void (*add) (JsonBuilder *builder, TestService *service))
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  for (guint i = 0; i < names->len; i++)
    {
      json_builder_set_member_name (builder, names->pdata[i]);
      add (builder, g_hash_table_lookup (services, names->pdata[i]));
    }
  json_builder_end_object (builder);

  return end_json (builder);
}

static void
add_url (JsonBuilder *builder, TestService *service)
{
  json_builder_add_string_value (builder, test_service_get_url (service));
}

static void
add_key (JsonBuilder *builder, TestService *service)
{
  g_autofree char *key = test_service_dup_key (service);

  json_builder_add_string_value (builder, key);
}

static void
add_complaint (JsonBuilder *builder, TestService *service)
{
  const char *complaint = test_service_get_complaint (service);

  if (complaint != NULL)
    json_builder_add_string_value (builder, complaint);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, guint number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

static void
add_counts (JsonBuilder *builder, TestService *service)
{
  json_builder_begin_object (builder);
  add_number (builder, "requests", test_service_get_n_requests (service));
  add_number (builder, "sounds", test_service_get_n_sounds (service));
  add_number (builder, "active", test_service_get_active (service));
  add_number (builder, "peak", test_service_get_peak (service));
  add_number (builder, "aborted", test_service_get_n_aborted (service));
  add_number (builder, "connections", test_service_get_n_connections (service));
  add_number (builder, "idle_closed", test_service_get_n_idle_closed (service));
  json_builder_end_object (builder);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL && g_utf8_validate (value, -1, NULL))
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_fields (JsonBuilder *builder, GHashTable *fields)
{
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  json_builder_set_member_name (builder, "fields");
  json_builder_begin_object (builder);
  g_hash_table_iter_init (&iter, fields);
  while (g_hash_table_iter_next (&iter, &name, &value))
    add_string (builder, name, value);
  json_builder_end_object (builder);
}

static void
add_header (const char *name, const char *value, gpointer builder)
{
  add_string (builder, name, value);
}

/* Without braces. */
static void
add_request (JsonBuilder *builder, const TestServiceRequest *request)
{
  add_string (builder, "method", request->method);
  add_string (builder, "path", request->path);
  add_string (builder, "query", request->query);
  json_builder_set_member_name (builder, "headers");
  json_builder_begin_object (builder);
  soup_message_headers_foreach (request->headers, add_header, builder);
  json_builder_end_object (builder);
  add_fields (builder, request->fields);
  add_string (builder, "file_name", request->file_name);
  add_string (builder, "file_type", request->file_type);
  add_number (builder, "file_size",
              request->file != NULL ? (guint) g_bytes_get_size (request->file) : 0);
  add_number (builder, "body_size", (guint) g_bytes_get_size (request->body));
}

static char *
list_requests (TestService *service)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < test_service_get_n_requests (service); i++)
    {
      json_builder_begin_object (builder);
      add_request (builder, test_service_get_request (service, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return end_json (builder);
}

static char *
list_failures (TestService *service)
{
  JsonBuilder *builder = json_builder_new ();
  g_auto (GStrv) failures = test_service_list_failures (service);

  json_builder_begin_array (builder);
  for (guint i = 0; failures[i] != NULL; i++)
    json_builder_add_string_value (builder, failures[i]);
  json_builder_end_array (builder);

  return end_json (builder);
}

static char *
set_failure (TestService *service, const char *name)
{
  if (!test_service_can_fail (service, name))
    return g_strdup ("error: it does not fail so");
  test_service_fail_next (service, name);

  return g_strdup ("ok");
}

static void
print_request (const char *name, guint number, const TestServiceRequest *request)
{
  JsonBuilder *builder = json_builder_new ();
  g_autofree char *json = NULL;

  json_builder_begin_object (builder);
  add_request (builder, request);
  if (request->file != NULL)
    {
      gsize size;
      const guchar *data = g_bytes_get_data (request->file, &size);
      g_autofree char *encoded = g_base64_encode (data, size);

      add_string (builder, "file", encoded);
    }
  json_builder_end_object (builder);
  json = end_json (builder);
  g_print ("request %s %u %s\n", name, number, json);
  fflush (stdout);
}

static void
add_service (char *name, TestService *service)
{
  g_ptr_array_add (names, name);
  g_hash_table_insert (services, name, service);
}

static char *
create_scripted (void)
{
  static guint n_created;
  TestService *service = test_service_new_scripted ();
  char *name = g_strdup_printf ("scripted-%u", n_created++);

  test_service_set_default (service, &(TestPlan){ .trick = TEST_TRICK_HOLD });
  add_service (name, service);

  return g_strdup_printf ("%s %s", name, test_service_get_url (service));
}

static void
free_service (const char *name)
{
  guint index;

  g_hash_table_remove (logged, name);
  g_hash_table_remove (services, name);
  if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, &index))
    g_ptr_array_remove_index (names, index);
}

/* NULL for none. */
static const char *
get_string (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

/* @value: the number of the request, a blank, and the answer. */
static char *
answer_request (TestService *service, const char *value)
{
  char *json;
  guint64 number = g_ascii_strtoull (value, &json, 10);
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_autofree char *body = NULL;
  TestPlan plan = { 0 };
  JsonObject *object;
  gsize size = 0;

  if (number >= test_service_get_n_requests (service) || node == NULL
      || !JSON_NODE_HOLDS_OBJECT (node))
    return g_strdup ("error: no such request, or no answer");
  object = json_node_get_object (node);
  if (get_string (object, "body") != NULL)
    body = (char *) g_base64_decode (get_string (object, "body"), &size);
  plan.body = body = g_realloc (body, size + 1);
  body[size] = '\0';
  plan.status = (guint) json_object_get_int_member_with_default (object, "status", 200);
  plan.type = get_string (object, "type");
  plan.header = get_string (object, "headers");
  if (g_strcmp0 (get_string (object, "trick"), "reset") == 0)
    plan.trick = TEST_TRICK_RESET;
  test_service_answer (service, (guint) number, &plan);

  return g_strdup ("ok");
}

/* "KIND" or "KIND VALUE" behind a command. */
static char *
command_one (const char *command, TestService *service, const char *value)
{
  if (g_str_equal (command, "requests"))
    return list_requests (service);
  if (g_str_equal (command, "failures"))
    return list_failures (service);
  if (g_str_equal (command, "fail"))
    return set_failure (service, value);
  if (g_str_equal (command, "answer"))
    return answer_request (service, value);
  if (g_str_equal (command, "text"))
    test_service_set_text (service, value);
  else if (g_str_equal (command, "key"))
    test_service_set_key (service, value);
  else if (g_str_equal (command, "spoken"))
    test_service_set_spoken (service, value);
  else if (g_str_equal (command, "duration"))
    test_service_set_duration_ms (service, g_ascii_strtoull (value, NULL, 10));
  else if (g_str_equal (command, "idle"))
    test_service_set_idle_ms (service, (guint) g_ascii_strtoull (value, NULL, 10));
  else if (g_str_equal (command, "release"))
    test_service_release (service);
  else
    return g_strdup ("error: no such command");

  return g_strdup ("ok");
}

static char *
command (const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  TestService *service;

  if (g_str_equal (line, "keys"))
    return make_table (add_key);
  if (g_str_equal (line, "complaints"))
    return make_table (add_complaint);
  if (g_str_equal (line, "counts"))
    return make_table (add_counts);
  if (g_str_equal (line, "new"))
    return create_scripted ();
  if (words[0] == NULL || words[1] == NULL)
    return g_strdup ("error: no such command");
  service = g_hash_table_lookup (services, words[1]);
  if (service == NULL)
    return g_strdup ("error: no such service");
  if (g_str_equal (words[0], "free"))
    {
      free_service (words[1]);
      return g_strdup ("ok");
    }

  return command_one (words[0], service, words[2] != NULL ? words[2] : "");
}

static gboolean
read_command (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  g_autofree char *line = NULL;
  g_autofree char *answer = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    {
      input_ended = TRUE;
      return G_SOURCE_REMOVE;
    }
  answer = command (g_strchomp (line));
  g_print ("%s\n", answer);
  fflush (stdout);

  return G_SOURCE_CONTINUE;
}

static void
log_request (const char *name, const TestServiceRequest *request)
{
  if (log_stream == NULL)
    return;
  fprintf (log_stream, "%s %s %s %zu bytes (%s)\n", name, request->method, request->path,
           g_bytes_get_size (request->body), request->field_names);
  fflush (log_stream);
}

/* Tells of requests that have come since the last time. */
static void
tell_new (const char *name, TestService *service)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (logged, name));

  for (; n < test_service_get_n_requests (service); n++)
    {
      const TestServiceRequest *request = test_service_get_request (service, n);

      log_request (name, request);
      if (g_str_has_prefix (name, "scripted-"))
        print_request (name, n, request);
    }
  g_hash_table_insert (logged, g_strdup (name), GUINT_TO_POINTER (n));
}

static void
tell_all (void)
{
  for (guint i = 0; i < names->len; i++)
    tell_new (names->pdata[i], g_hash_table_lookup (services, names->pdata[i]));
}

static void
start_all (void)
{
  const char *const *kinds = test_service_get_kinds ();

  names = g_ptr_array_new_with_free_func (g_free);
  services =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) test_service_free);
  logged = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; !only_scripted && kinds[i] != NULL; i++)
    add_service (g_strdup (kinds[i]), test_service_new (kinds[i]));
}

static gboolean
tell_addresses (void)
{
  g_autofree char *json = make_table (add_url);
  g_autoptr (GError) error = NULL;

  if (port_file != NULL && !g_file_set_contents (port_file, json, -1, &error))
    {
      g_printerr ("%s\n", error->message);
      return FALSE;
    }
  g_print ("%s\n", json);
  fflush (stdout);

  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);

  if (!http_program_parse (&argc, &argv, options))
    return EXIT_FAILURE;
  log_stream = log_file != NULL ? fopen (log_file, "w") : NULL;
  start_all ();
  if (!tell_addresses ())
    return EXIT_FAILURE;
  /* bytes, whatever the locale */
  g_io_channel_set_encoding (input, NULL, NULL);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, read_command, NULL);
  while (!input_ended)
    {
      g_main_context_iteration (NULL, TRUE);
      tell_all ();
    }
  if (log_stream != NULL)
    fclose (log_stream);
  g_hash_table_unref (services);
  g_hash_table_unref (logged);
  g_ptr_array_unref (names);

  return EXIT_SUCCESS;
}
