/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void whis_openai_json_set_string (JsonBuilder *builder, const char *member, const char *value);
void whis_openai_json_set_int (JsonBuilder *builder, const char *member, gint64 value);
void whis_openai_json_set_seconds (JsonBuilder *builder, const char *member, guint64 ms);
void whis_openai_json_set_usage (JsonBuilder *builder, guint64 duration_ms);
void whis_openai_json_begin_model (JsonBuilder *builder, const char *id, gint64 created);

char *whis_openai_json_print (JsonBuilder *builder);
char *whis_openai_json_print_error (guint status,
                                    const char *param,
                                    const char *code,
                                    const char *sentence);

G_END_DECLS
