/* SPDX-License-Identifier: MIT */
#include "json.h"
#include "json-text.h"

#include <gio/gio.h>
#include <string.h>

/* Far above what is read of any answer; a bad byte becomes three. */
#define LARGEST (G_MAXINT / 4)

/**
 * whis_json_parse:
 * @data: (array length=size): bytes from outside
 * @size: number of bytes
 * @error: return location
 *
 * Reads JSON (RFC 8259) from an untrusted source, in the forms that whis_json_text_new() knows too.
 * Not with an immutable parser: that of json-glib 1.10 aborts where a second value follows the
 * first.
 *
 * Returns: (transfer full): the root; %NULL with an error when there is none
 */
JsonNode *
whis_json_parse (const char *data, gsize size, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GString) text = NULL;
  JsonNode *root;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size > 0 && size <= LARGEST)
    text = whis_json_text_new (data, size);
  if (text == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not JSON");
      return NULL;
    }
  if (!json_parser_load_from_data (parser, text->str, (gssize) text->len, error))
    return NULL;
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no JSON");

  return root;
}

/**
 * whis_json_as_object:
 * @node: (nullable): a node
 *
 * Returns: (transfer none) (nullable): the node if it is an object
 */
JsonObject *
whis_json_as_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * whis_json_get_string:
 * @object: (nullable): an object
 * @member: name of a member
 *
 * Returns: (transfer none) (nullable): the member if it is a string
 */
const char *
whis_json_get_string (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

/**
 * whis_json_get_array:
 * @object: (nullable): an object
 * @member: name of a member
 *
 * Returns: (transfer none) (nullable): the member if it is an array
 */
JsonArray *
whis_json_get_array (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * whis_json_get_object:
 * @object: (nullable): an object
 * @member: name of a member
 *
 * Returns: (transfer none) (nullable): the member if it is an object
 */
JsonObject *
whis_json_get_object (JsonObject *object, const char *member)
{
  return object != NULL ? whis_json_as_object (json_object_get_member (object, member)) : NULL;
}

/**
 * whis_json_get_first_object:
 * @object: (nullable): an object
 * @member: name of a member
 *
 * Returns: (transfer none) (nullable): the first element of the member if that is an array that
 *   begins with an object
 */
JsonObject *
whis_json_get_first_object (JsonObject *object, const char *member)
{
  JsonArray *array = whis_json_get_array (object, member);

  return array != NULL && json_array_get_length (array) > 0
             ? whis_json_as_object (json_array_get_element (array, 0))
             : NULL;
}

/**
 * whis_json_get_double:
 * @object: (nullable): an object
 * @member: name of a member
 *
 * Returns: the member if it is a number; a negative number when it is none
 */
double
whis_json_get_double (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || (json_node_get_value_type (node) != G_TYPE_INT64
          && json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return -1;

  return json_node_get_double (node);
}

/**
 * whis_json_add_string:
 * @builder: an object that is being built
 * @name: name of a member
 * @value: its value
 */
void
whis_json_add_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL && value != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/**
 * whis_json_add_strings:
 * @builder: an object that is being built
 * @name: name of a member
 * @values: what is in it, an array
 */
void
whis_json_add_strings (JsonBuilder *builder, const char *name, const char *const *values)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL && values != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

/**
 * whis_json_add_boolean:
 * @builder: an object that is being built
 * @name: name of a member
 * @value: its value
 */
void
whis_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  g_return_if_fail (JSON_IS_BUILDER (builder));
  g_return_if_fail (name != NULL);

  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

/**
 * whis_json_finish:
 * @builder: what has been built, to the end
 *
 * Returns: (transfer full): it as JSON (RFC 8259)
 */
GBytes *
whis_json_finish (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  char *text;

  g_return_val_if_fail (JSON_IS_BUILDER (builder), NULL);

  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}
