/* SPDX-License-Identifier: MIT */
#include "service-call.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "service-key.h"
#include "service-request.h"
#include "service-send.h"
#include "service-template.h"

ServiceCall *
service_call_new (TestService *service,
                  const ServiceKind *kind,
                  SoupServerMessage *message,
                  const char *path)
{
  ServiceCall *self = g_new0 (ServiceCall, 1);
  TestServiceRequest *request = service_request_new (message, path);

  self->service = service;
  self->kind = kind;
  self->message = message;
  self->request = request;
  self->form = service_form_read (soup_message_headers_get_one (request->headers, "Content-Type"),
                                  request->body, &self->form_fault);
  if (self->form != NULL)
    service_request_add_form (request, self->form);

  return self;
}

void
service_call_free (ServiceCall *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  service_send_stop (self);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->form, service_form_free);
  g_free (self->form_fault);
  g_free (self->key);
  g_free (self->model);
  g_free (self->type);
  g_free (self->headers);
  g_free (self->body);
  g_free (self);
}

GPtrArray *
service_call_get_query (ServiceCall *self)
{
  GPtrArray *pairs = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts =
      g_strsplit (self->request->query != NULL ? self->request->query : "", "&", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (parts[i], "+", -1);
      g_autofree char *spaced = g_strjoinv (" ", words);
      char *decoded = g_uri_unescape_string (spaced, NULL);

      g_ptr_array_add (pairs, decoded != NULL ? decoded : g_strdup (parts[i]));
    }

  return pairs;
}

const char *
service_call_get_header (ServiceCall *self, const char *name)
{
  return soup_message_headers_get_one (self->request->headers, name);
}

gboolean
service_call_has_type (ServiceCall *self, const char *type)
{
  return g_strcmp0 (soup_message_headers_get_content_type (self->request->headers, NULL), type)
         == 0;
}

void
service_call_set_sound (ServiceCall *self, GBytes *sound, const char *type)
{
  g_clear_pointer (&self->request->file, g_bytes_unref);
  self->request->file = g_bytes_ref (sound);
  g_free (self->request->file_type);
  self->request->file_type = g_strdup (type);
}

void
service_call_complain (ServiceCall *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  service_complain (self->service, "%s %s: %s", self->request->method, self->request->path, text);
}

void
service_call_answer_type (ServiceCall *self, const char *type, char *body)
{
  g_free (self->type);
  g_free (self->body);
  self->status = SOUP_STATUS_OK;
  self->type = g_strdup (type);
  self->body = body;
}

void
service_call_answer (ServiceCall *self, char *body)
{
  service_call_answer_type (self, "application/json", body);
}

static void
answer_literally (ServiceCall *self, const ServiceAnswer *answer, const char *message)
{
  g_autofree char *escaped = service_template_escape (message);
  g_autofree char *masked = service_key_mask (self->key);
  g_autofree char *port = g_strdup_printf ("%u", service_get_port (self->service));
  const char *key = self->key != NULL ? self->key : "";
  const char *model = self->model != NULL ? self->model : "";
  const char *body = answer->body != NULL ? answer->body : "";

  service_call_answer_type (self, answer->type != NULL ? answer->type : "application/json",
                            service_template_expand (body, "message", escaped, "key", key, "masked",
                                                     masked, "model", model, "port", port, NULL));
  self->status = answer->status;
  g_free (self->headers);
  self->headers =
      service_template_expand (answer->headers != NULL ? answer->headers : "", "port", port, NULL);
}

void
service_call_fail (ServiceCall *self, const char *name, const char *message)
{
  const ServiceAnswer *answer = service_find_answer (self->kind, name);

  if (answer == NULL)
    answer = service_find_answer (self->kind, "bad-request");
  answer_literally (self, answer, message);
}

void
service_call_refuse (ServiceCall *self, const char *name, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  service_call_complain (self, "%s", text);
  service_call_fail (self, name, text);
}

gboolean
service_call_fails_at (ServiceCall *self, const char *stage)
{
  self->failure = service_take_failure (self->service, stage);
  if (self->failure == NULL)
    return FALSE;
  self->trick = self->failure->trick;
  if (self->failure->status == 0)
    return FALSE;
  answer_literally (self, self->failure,
                    self->failure->example != NULL ? self->failure->example : "Invalid request.");

  return TRUE;
}

gboolean
service_call_fails (ServiceCall *self)
{
  return service_call_fails_at (self, NULL);
}

ServiceTranscript *
service_call_hear (ServiceCall *self, gboolean garbled)
{
  g_autofree char *text = service_hear (self->service, self->request->file);
  guint64 duration_ms = service_measure (self->service, self->request->file);
  g_autofree char *spoken = service_dup_spoken (self->service);

  if (self->trick == TEST_TRICK_EMPTY)
    return service_transcript_new ("", duration_ms);
  if (garbled && !g_str_equal (spoken, "en"))
    return service_transcript_new (TEST_SERVICE_GARBLE, duration_ms);

  return service_transcript_new (text, duration_ms);
}

static gboolean
path_fits (const ServiceRoute *route, const char *path)
{
  gsize length = strlen (route->path);

  if (route->path[length - 1] == '*')
    return strncmp (path, route->path, length - 1) == 0;

  return g_str_equal (path, route->path);
}

/* NULL and an answer when there is none. */
static const ServiceRoute *
find_route (ServiceCall *self)
{
  gboolean known = FALSE;

  for (const ServiceRoute *route = self->kind->routes; route->path != NULL; route++)
    if (path_fits (route, self->request->path))
      {
        known = TRUE;
        if (route->method == NULL || g_str_equal (route->method, self->request->method))
          return route;
      }
  /* A look that opens a connection ahead of its use is nothing to complain about. */
  if (!g_str_equal (self->request->method, "HEAD"))
    service_call_complain (self, known ? "wrong method" : "no such path");
  service_call_fail (self, known ? "wrong-method" : "not-found", self->request->path);

  return NULL;
}

static gboolean
has_length (ServiceCall *self)
{
  return !self->kind->needs_length || !g_str_equal (self->request->method, "POST")
         || soup_message_headers_get_encoding (self->request->headers)
                == SOUP_ENCODING_CONTENT_LENGTH;
}

/* Objects with a member that nobody knows, and one that is null. */
static void add_extras (JsonNode *node);

static void
add_extras_to_element (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
  add_extras (node);
}

static void
add_extras_to_member (JsonObject *object, const char *name, JsonNode *node, gpointer data)
{
  add_extras (node);
}

static void
add_extras (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    json_array_foreach_element (json_node_get_array (node), add_extras_to_element, NULL);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_foreach_member (json_node_get_object (node), add_extras_to_member, NULL);
  json_object_set_null_member (json_node_get_object (node), "x_nothing");
  json_object_set_member (json_node_get_object (node), "x_new",
                          json_from_string ("{\"list\":[null,1.5,\"x\",{}],\"text\":7}", NULL));
}

static void
play_trick (ServiceCall *self)
{
  if (self->status != SOUP_STATUS_OK)
    return;
  if (self->trick == TEST_TRICK_TRUNCATED)
    self->body[strlen (self->body) / 2] = '\0';
  if (self->trick == TEST_TRICK_EXTRAS && g_str_equal (self->type, "application/json"))
    {
      g_autoptr (JsonNode) node = json_from_string (self->body, NULL);

      add_extras (node);
      g_free (self->body);
      self->body = json_to_string (node, FALSE);
    }
}

void
service_call_run (ServiceCall *self)
{
  const ServiceRoute *route;

  self->key = service_key_find (self);
  route = find_route (self);
  if (route == NULL)
    return;
  if (!has_length (self))
    {
      service_call_refuse (self, "length-required", "no Content-Length");
      return;
    }
  if (!route->open && !service_key_check (self))
    return;
  if (self->request->query != NULL && !route->takes_query)
    service_call_complain (self, "a query, ?%s", self->request->query);
  route->handle (self);
  play_trick (self);
}
