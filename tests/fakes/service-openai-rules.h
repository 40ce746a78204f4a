/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-call.h"

G_BEGIN_DECLS

/* What services that speak OpenAI's dialect demand of a form, each in its own strictness. */
typedef struct
{
  const ServiceField *fields;
  /* the part that names the model; NULL where the server has only one */
  const char *model_field;
  /* parted by spaces */
  const char *models;
  const char *retired_models;
  /* of the file's name */
  const char *extensions;
  gsize max_bytes;
  guint min_ms;
  /* an answer instead of silence */
  gboolean refuses_unknown;
} OpenaiRules;

/* FALSE and an answer when something is wrong with the form. */
gboolean openai_rules_check (ServiceCall *call, const OpenaiRules *rules);

/* The field is there, and it, or one of its values, is @value. */
gboolean openai_field_is (ServiceCall *call, const char *name, const char *value);

G_END_DECLS
