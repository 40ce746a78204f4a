/* SPDX-License-Identifier: MIT */
#include "model-row.h"

#include "recommendation.h"
#include "smaller-model.h"

/* The hosts of addresses, each once. */
static char *
join_hosts (const char *const *addresses)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);

  for (; *addresses != NULL; addresses++)
    {
      g_autoptr (GUri) uri = g_uri_parse (*addresses, G_URI_FLAGS_NONE, NULL);
      const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

      if (host != NULL && !g_ptr_array_find_with_equal_func (hosts, host, g_str_equal, NULL))
        g_ptr_array_add (hosts, g_strdup (host));
    }
  g_ptr_array_add (hosts, NULL);

  return g_strjoinv (", ", (char **) hosts->pdata);
}

static void
add_text (GVariantBuilder *row, const char *key, const char *text)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_string (text));
}

static void
add_switch (GVariantBuilder *row, const char *key, gboolean value)
{
  g_variant_builder_add (row, "{sv}", key, g_variant_new_boolean (value));
}

static void
add_facts (GVariantBuilder *row, const WhisLocalModel *model, const WhisModelRowContext *context)
{
  const WhisLocalModel *smaller = whis_local_model_recommend_smaller (model, context->language);
  g_auto (GStrv) addresses =
      whis_local_model_dup_addresses (model, context->mirror, context->endpoint);
  g_autofree char *hosts = join_hosts ((const char *const *) addresses);
  g_auto (GStrv) languages = g_strsplit (model->languages, " ", -1);

  add_text (row, "hosts", hosts);
  add_text (row, "license", model->license);
  add_text (row, "attribution", model->attribution);
  g_variant_builder_add (row, "{sv}", "languages",
                         g_variant_new_strv ((const char *const *) languages, -1));
  add_switch (row, "takes-language", model->takes_language);
  add_switch (row, "takes-prompt", model->takes_prompt);
  g_variant_builder_add (row, "{sv}", "memory", g_variant_new_uint32 (model->memory_mb));
  add_text (row, "speed", whis_model_speed_get_nick (model->speed));
  add_text (row, "profile", model->profile);
  add_switch (row, "pinned", model->pinned);
  add_switch (row, "checksum-verified", model->verified);
  add_switch (row, "recommended", model == context->recommended);
  add_text (row, "smaller", smaller != NULL ? smaller->id : "");
}

/* Who has a model that is slower than speech learns of the next smaller one. */
static void
add_replacement (GVariantBuilder *row,
                 const WhisModelEntry *entry,
                 const WhisModelRowContext *context)
{
  const WhisModelEntry *smaller =
      whis_smaller_model_find (context->entries, entry, context->language);

  if (smaller == NULL)
    return;
  add_text (row, "replacement", smaller->id);
  add_text (row, "replacement-name", whis_model_entry_get_name (smaller));
}

static void
add_measure (GVariantBuilder *row, const WhisModelEntry *entry, const WhisModelRowContext *context)
{
  const char *state = whis_model_calibrations_get_state (context->calibrations, entry->id);
  const char *problem = whis_model_calibrations_get_problem (context->calibrations, entry->id);

  add_text (row, "measuring", state != NULL ? state : "");
  if (problem != NULL)
    add_text (row, "measure-problem", problem);
  if (!whis_model_entry_is_measured (entry))
    return;

  g_variant_builder_add (row, "{sv}", "times-faster",
                         g_variant_new_double (whis_model_entry_get_speed (entry)));
  g_variant_builder_add (row, "{sv}", "peak-memory",
                         g_variant_new_uint64 (entry->measure.peak_bytes));
  add_text (row, "gpu-verdict", whis_gpu_verdict_get_nick (entry->measure.gpu_verdict));
  if (entry->measure.gpu != NULL)
    add_text (row, "gpu", entry->measure.gpu);
  if (whis_model_entry_get_speed (entry) < 1)
    add_replacement (row, entry, context);
}

/**
 * whis_model_row_new:
 * @entry: a model
 * @context: what else is to be said
 *
 * Returns: (transfer floating): the model as a dictionary of the D-Bus method `List`
 */
GVariant *
whis_model_row_new (const WhisModelEntry *entry, const WhisModelRowContext *context)
{
  GVariantBuilder row;
  guint64 done = entry->bytes, total = 0;
  gboolean fetching = whis_model_downloads_get (context->downloads, entry->id, &done, &total);
  g_autofree char *file = entry->path != NULL ? g_path_get_basename (entry->path) : NULL;

  if (!fetching && entry->path != NULL)
    total = entry->bytes;
  else if (entry->row != NULL)
    total = entry->row->bytes;
  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  add_text (&row, "id", entry->id);
  add_text (&row, "name", whis_model_entry_get_name (entry));
  add_text (&row, "state", fetching ? "fetching" : whis_model_state_get_nick (entry->state));
  g_variant_builder_add (&row, "{sv}", "bytes", g_variant_new_uint64 (total));
  g_variant_builder_add (&row, "{sv}", "done", g_variant_new_uint64 (done));
  add_text (&row, "engine", whis_model_kind_get_name (entry->kind));
  add_switch (&row, "system", entry->system);
  if (file != NULL || entry->row != NULL)
    add_text (&row, "file", file != NULL ? file : entry->row->file);
  if (entry->path != NULL)
    add_measure (&row, entry, context);
  if (entry->row != NULL)
    add_facts (&row, entry->row, context);

  return g_variant_builder_end (&row);
}
