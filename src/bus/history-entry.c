/* SPDX-License-Identifier: MIT */
#include "history-entry.h"

#define MAX_SUMMARY 300

/* A string that the bus takes: what is not UTF-8 would end the connection. */
static GVariant *
new_string (const char *text)
{
  return g_variant_new_take_string (g_utf8_make_valid (text != NULL ? text : "", -1));
}

static void
history_entry_add (GVariantBuilder *builder, const char *key, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", key, value);
}

static char *
history_entry_shorten (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (valid, -1) <= MAX_SUMMARY)
    return g_steal_pointer (&valid);
  start = g_utf8_substring (valid, 0, MAX_SUMMARY);

  return g_strconcat (start, "…", NULL);
}

static void
add_record (GVariantBuilder *entry, const WhisRecord *record, const char *text)
{
  history_entry_add (entry, "id", new_string (record->id));
  history_entry_add (entry, "created", g_variant_new_int64 (record->created_ms));
  history_entry_add (entry, "source", new_string (record->is_file ? "file" : "microphone"));
  history_entry_add (entry, "name", new_string (record->name));
  history_entry_add (entry, "state", new_string (whis_dictation_state_get_nick (record->state)));
  history_entry_add (entry, "length", g_variant_new_uint64 (record->length_ms));
  history_entry_add (entry, "provider", new_string (record->provider));
  history_entry_add (entry, "model", new_string (record->model));
  history_entry_add (entry, "language", new_string (record->language));
  history_entry_add (entry, "host", new_string (record->host));
  history_entry_add (entry, "text", new_string (text));
  history_entry_add (entry, "code", new_string (record->code));
  history_entry_add (entry, "message", new_string (record->message));
  history_entry_add (entry, "delivered", g_variant_new_boolean (record->delivered));
  history_entry_add (entry, "outcome",
                     new_string (whis_delivery_outcome_get_nick (record->outcome)));
  history_entry_add (entry, "method", new_string (record->method));
  history_entry_add (entry, "marked", g_variant_new_boolean (record->marked));
  history_entry_add (entry, "private", g_variant_new_boolean (record->private));
  history_entry_add (entry, "has-sound", g_variant_new_boolean (record->has_sound));
  history_entry_add (entry, "lossless", g_variant_new_boolean (record->is_lossless));
}

/**
 * whis_history_entry_summarize:
 * @record: a record
 *
 * Returns: (transfer floating): its dictionary on the bus, with the beginning of its text
 */
GVariant *
whis_history_entry_summarize (const WhisRecord *record)
{
  g_autofree char *text = NULL;
  GVariantBuilder entry;

  g_return_val_if_fail (record != NULL, NULL);

  text = history_entry_shorten (record->text);
  g_variant_builder_init (&entry, G_VARIANT_TYPE_VARDICT);
  add_record (&entry, record, text);

  return g_variant_builder_end (&entry);
}

static GVariant *
describe_gaps (GArray *gaps)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(tt)"));
  for (guint i = 0; gaps != NULL && i < gaps->len; i++)
    {
      const WhisSpan *gap = &g_array_index (gaps, WhisSpan, i);

      g_variant_builder_add (&list, "(tt)", gap->start_ms, gap->end_ms);
    }

  return g_variant_builder_end (&list);
}

static GVariant *
describe_chunks (GPtrArray *chunks)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (chunks, i);

      g_variant_builder_open (&list, G_VARIANT_TYPE_VARDICT);
      history_entry_add (&list, "index", g_variant_new_uint32 (chunk->chunk->index));
      history_entry_add (&list, "start", g_variant_new_uint64 (chunk->chunk->start_ms));
      history_entry_add (&list, "length", g_variant_new_uint64 (chunk->chunk->length_ms));
      history_entry_add (&list, "has-speech", g_variant_new_boolean (chunk->chunk->has_speech));
      history_entry_add (&list, "provider", new_string (chunk->provider));
      history_entry_add (&list, "model", new_string (chunk->model));
      history_entry_add (&list, "host", new_string (chunk->host));
      history_entry_add (&list, "tried", new_string (chunk->tried));
      history_entry_add (&list, "text", new_string (chunk->text));
      history_entry_add (&list, "message", new_string (chunk->message));
      history_entry_add (&list, "gaps", describe_gaps (chunk->gaps));
      g_variant_builder_close (&list);
    }

  return g_variant_builder_end (&list);
}

static GVariant *
describe_versions (GPtrArray *versions)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < versions->len; i++)
    {
      const WhisRecordVersion *version = g_ptr_array_index (versions, i);

      g_variant_builder_open (&list, G_VARIANT_TYPE_VARDICT);
      history_entry_add (&list, "number", g_variant_new_uint32 (version->number));
      history_entry_add (&list, "created", g_variant_new_int64 (version->created_ms));
      history_entry_add (&list, "provider", new_string (version->provider));
      history_entry_add (&list, "model", new_string (version->model));
      history_entry_add (&list, "text", new_string (version->text));
      g_variant_builder_close (&list);
    }

  return g_variant_builder_end (&list);
}

/**
 * whis_history_entry_describe:
 * @record: a record
 *
 * Returns: (transfer floating): its dictionary on the bus, with all of its texts
 */
GVariant *
whis_history_entry_describe (const WhisRecord *record)
{
  GVariantBuilder entry;

  g_return_val_if_fail (record != NULL, NULL);

  g_variant_builder_init (&entry, G_VARIANT_TYPE_VARDICT);
  add_record (&entry, record, record->text);
  history_entry_add (&entry, "chunks", describe_chunks (record->chunks));
  history_entry_add (&entry, "versions", describe_versions (record->versions));

  return g_variant_builder_end (&entry);
}
