/* SPDX-License-Identifier: MIT */
#include "service-json.h"

#include "service-form.h"

JsonNode *
service_json_read (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (size == 0 || !g_utf8_validate (data, (gssize) size, NULL)
      || !json_parser_load_from_data (parser, data, (gssize) size, NULL)
      || json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;

  return json_parser_steal_root (parser);
}

const char *
service_json_find_unknown (JsonObject *object, const char *known)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next)
    if (!service_word_in (l->data, known))
      return l->data;

  return NULL;
}

JsonObject *
service_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
service_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
get_string (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
                 && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

const char *
service_json_get_string (JsonObject *object, const char *name)
{
  return object != NULL ? get_string (json_object_get_member (object, name)) : NULL;
}

gboolean
service_json_is_list (JsonObject *object, const char *name, const char *pattern)
{
  JsonArray *array = service_json_get_array (object, name);

  if (array == NULL)
    return !json_object_has_member (object, name);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *value = get_string (json_array_get_element (array, i));

      if (value == NULL || !g_regex_match_simple (pattern, value, 0, 0))
        return FALSE;
    }

  return TRUE;
}

gboolean
service_json_list_has (JsonObject *object, const char *name, const char *value)
{
  JsonArray *array = service_json_get_array (object, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (get_string (json_array_get_element (array, i)), value) == 0)
      return TRUE;

  return FALSE;
}
