/* SPDX-License-Identifier: MIT */
#include "service-openai-rules.h"

#include <string.h>

#include "service-sound.h"

gboolean
openai_field_is (ServiceCall *call, const char *name, const char *value)
{
  const char *values = g_hash_table_lookup (call->request->fields, name);
  g_auto (GStrv) list = g_strsplit (values != NULL ? values : "", "\n", -1);

  return g_strv_contains ((const char *const *) list, value);
}

static gboolean
check_fault (ServiceCall *call, const OpenaiRules *rules)
{
  ServiceFault fault = service_form_check (call->form, rules->fields);

  switch (fault.kind)
    {
    case SERVICE_FAULT_UNKNOWN:
      service_call_complain (call, "unknown field %s", fault.name);
      if (rules->refuses_unknown)
        service_call_fail (call, "unknown-field", fault.name);
      return !rules->refuses_unknown;
    case SERVICE_FAULT_TWICE:
      service_call_refuse (call, "bad-request", "field %s twice", fault.name);
      return FALSE;
    case SERVICE_FAULT_VALUE:
      service_call_refuse (
          call, g_str_equal (fault.name, "language") ? "unsupported-language" : "bad-request",
          "field %s cannot be '%s'", fault.name, fault.value);
      return FALSE;
    case SERVICE_FAULT_NONE:
    default:
      return TRUE;
    }
}

static gboolean
check_file (ServiceCall *call, const OpenaiRules *rules)
{
  const ServicePart *part = service_form_find (call->form, "file");
  const char *extension;

  if (part == NULL || part->file_name == NULL)
    {
      service_call_refuse (call, "no-file", "no part file with a filename");
      return FALSE;
    }
  extension = service_sound_get_extension (part->file_name);
  if (extension == NULL || !service_word_in (extension, rules->extensions))
    {
      service_call_refuse (call, "unsupported-file", "file name %s", part->file_name);
      return FALSE;
    }
  if (!service_sound_type_fits (part->file_name, part->type))
    service_call_complain (call, "%s is sent as %s", part->file_name, part->type);

  return TRUE;
}

static gboolean
check_model (ServiceCall *call, const OpenaiRules *rules)
{
  const char *model;

  if (rules->model_field == NULL)
    return TRUE;
  model = service_form_get (call->form, rules->model_field);
  g_free (call->model);
  call->model = g_strdup (model);
  if (model == NULL)
    service_call_refuse (call, "no-model", "no %s", rules->model_field);
  else if (rules->retired_models != NULL && service_word_in (model, rules->retired_models))
    service_call_fail (call, "retired-model", model);
  else if (!service_word_in (model, rules->models))
    service_call_refuse (call, "unknown-model", "unknown model %s", model);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_size (ServiceCall *call, const OpenaiRules *rules)
{
  gsize size = g_bytes_get_size (call->request->body);
  ServiceWav wav;

  if (rules->max_bytes > 0 && size > rules->max_bytes)
    {
      g_autofree char *number = g_strdup_printf ("%zu", size);

      service_call_fail (call, "too-large", number);
      return FALSE;
    }
  if (service_sound_read_wav (call->request->file, &wav) && wav.duration_ms < rules->min_ms)
    {
      service_call_fail (call, "too-short", "");
      return FALSE;
    }

  return TRUE;
}

gboolean
openai_rules_check (ServiceCall *call, const OpenaiRules *rules)
{
  if (call->form == NULL)
    {
      service_call_refuse (call, "not-a-form", "%s", call->form_fault);
      return FALSE;
    }

  return check_fault (call, rules) && check_file (call, rules) && check_model (call, rules)
         && check_size (call, rules);
}
