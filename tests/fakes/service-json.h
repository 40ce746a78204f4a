/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A request's JSON, as strictly as services with a schema read it. */

/* NULL unless @bytes are one object and nothing else. */
JsonNode *service_json_read (GBytes *bytes);
/* A member whose name is not one of the words of @known, or NULL. */
const char *service_json_find_unknown (JsonObject *object, const char *known);
/* NULL when it is not there or not of that kind. */
JsonObject *service_json_get_object (JsonObject *object, const char *name);
JsonArray *service_json_get_array (JsonObject *object, const char *name);
const char *service_json_get_string (JsonObject *object, const char *name);
/* Not there at all, or an array of strings that match the expression. */
gboolean service_json_is_list (JsonObject *object, const char *name, const char *pattern);
gboolean service_json_list_has (JsonObject *object, const char *name, const char *value);

G_END_DECLS
