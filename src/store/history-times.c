/* SPDX-License-Identifier: MIT */
/* Times of words as the database has them: JSON (RFC 8259), `[[start,end,"text"],…]`, in
 * milliseconds. */
#include "history-times.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
add_time (JsonBuilder *builder, const WhisTimedText *time)
{
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, (gint64) time->start_ms);
  json_builder_add_int_value (builder, (gint64) time->end_ms);
  json_builder_add_string_value (builder, time->text);
  json_builder_end_array (builder);
}

/**
 * whis_history_times_print:
 * @times: (nullable) (element-type WhisTimedText): times of words
 *
 * Returns: (transfer full) (nullable): JSON
 */
char *
whis_history_times_print (GPtrArray *times)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (times == NULL)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < times->len; i++)
    add_time (builder, g_ptr_array_index (times, i));
  json_builder_end_array (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/* Whether there are no more than two brackets around anything, and nothing outside of strings that
 * is not ours. json-glib recurses once per level, so a damaged file could overflow the stack; it
 * also takes comments, which could hide brackets. */
static gboolean
is_plain (const char *json)
{
  gsize depth = 0;
  gboolean in_string = FALSE;

  for (const char *p = json; *p != '\0'; p++)
    {
      if (in_string && *p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        in_string = !in_string;
      else if (!in_string && (strchr ("[],0123456789 ", *p) == NULL || (*p == '[' && ++depth > 2)))
        return FALSE;
      else if (!in_string && *p == ']' && depth > 0)
        depth--;
    }

  return TRUE;
}

static gboolean
read_ms (JsonArray *entry, guint index, guint64 *ms)
{
  JsonNode *node = json_array_get_element (entry, index);

  if (json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;
  *ms = (guint64) json_node_get_int (node);

  return TRUE;
}

static WhisTimedText *
read_time (JsonNode *node)
{
  JsonArray *entry = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint64 start, end;
  JsonNode *text;

  if (entry == NULL || json_array_get_length (entry) != 3 || !read_ms (entry, 0, &start)
      || !read_ms (entry, 1, &end))
    return NULL;
  text = json_array_get_element (entry, 2);
  /* json-glib makes an invalid character of half a surrogate pair. */
  if (json_node_get_value_type (text) != G_TYPE_STRING
      || !g_utf8_validate (json_node_get_string (text), -1, NULL))
    return NULL;

  return whis_timed_text_new (start, end, json_node_get_string (text));
}

static GPtrArray *
read_times (JsonArray *entries)
{
  g_autoptr (GPtrArray) times = whis_timed_texts_new ();

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      WhisTimedText *time = read_time (json_array_get_element (entries, i));

      if (time == NULL)
        return NULL;
      g_ptr_array_add (times, time);
    }

  return g_steal_pointer (&times);
}

/**
 * whis_history_times_parse:
 * @json: (nullable): what the database has
 *
 * Returns: (transfer full) (nullable) (element-type WhisTimedText): the times of words; %NULL if
 *   there are none, or what is there is damaged
 */
GPtrArray *
whis_history_times_parse (const char *json)
{
  g_autoptr (JsonParser) parser = NULL;
  JsonNode *root;

  if (json == NULL || !g_utf8_validate (json, -1, NULL) || !is_plain (json))
    return NULL;

  parser = json_parser_new ();
  root = json_parser_load_from_data (parser, json, -1, NULL) ? json_parser_get_root (parser) : NULL;
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;

  return read_times (json_node_get_array (root));
}
