/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *whis_json_parse (const char *data, gsize size, GError **error);
JsonObject *whis_json_as_object (JsonNode *node);
const char *whis_json_get_string (JsonObject *object, const char *member);
JsonArray *whis_json_get_array (JsonObject *object, const char *member);
JsonObject *whis_json_get_object (JsonObject *object, const char *member);
JsonObject *whis_json_get_first_object (JsonObject *object, const char *member);
double whis_json_get_double (JsonObject *object, const char *member);

void whis_json_add_string (JsonBuilder *builder, const char *name, const char *value);
void whis_json_add_strings (JsonBuilder *builder, const char *name, const char *const *values);
void whis_json_add_boolean (JsonBuilder *builder, const char *name, gboolean value);
GBytes *whis_json_finish (JsonBuilder *builder);

G_END_DECLS
