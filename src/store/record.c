/* SPDX-License-Identifier: MIT */
#include "record.h"

G_DEFINE_BOXED_TYPE (WhisRecord, whis_record, whis_record_copy, whis_record_free)

/**
 * whis_record_new:
 * @id: id of a dictation
 *
 * Returns: (transfer full): an idle record without chunks and texts
 */
WhisRecord *
whis_record_new (const char *id)
{
  WhisRecord *record;

  g_return_val_if_fail (id != NULL, NULL);

  record = g_new0 (WhisRecord, 1);
  record->id = g_strdup (id);
  record->provider = g_strdup ("");
  record->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_chunk_free);
  record->versions = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_version_free);

  return record;
}

static gpointer
copy_chunk (gconstpointer chunk, gpointer user_data)
{
  return whis_record_chunk_copy (chunk);
}

static gpointer
copy_version (gconstpointer version, gpointer user_data)
{
  return whis_record_version_copy (version);
}

/**
 * whis_record_copy:
 * @record: a record
 *
 * Returns: (transfer full): a copy of all of it
 */
WhisRecord *
whis_record_copy (const WhisRecord *record)
{
  WhisRecord *copy;

  g_return_val_if_fail (record != NULL, NULL);

  copy = g_memdup2 (record, sizeof *record);
  copy->id = g_strdup (record->id);
  copy->name = g_strdup (record->name);
  copy->origin = g_strdup (record->origin);
  copy->method = g_strdup (record->method);
  copy->provider = g_strdup (record->provider);
  copy->model = g_strdup (record->model);
  copy->language = g_strdup (record->language);
  copy->prompt = g_strdup (record->prompt);
  copy->host = g_strdup (record->host);
  copy->text = g_strdup (record->text);
  copy->code = g_strdup (record->code);
  copy->message = g_strdup (record->message);
  copy->chunks = g_ptr_array_copy (record->chunks, copy_chunk, NULL);
  g_ptr_array_set_free_func (copy->chunks, (GDestroyNotify) whis_record_chunk_free);
  copy->versions = g_ptr_array_copy (record->versions, copy_version, NULL);
  g_ptr_array_set_free_func (copy->versions, (GDestroyNotify) whis_record_version_free);

  return copy;
}

/**
 * whis_record_free:
 * @record: (transfer full) (nullable): a record
 */
void
whis_record_free (WhisRecord *record)
{
  if (record == NULL)
    return;

  g_free (record->id);
  g_free (record->name);
  g_free (record->origin);
  g_free (record->method);
  g_free (record->provider);
  g_free (record->model);
  g_free (record->language);
  g_free (record->prompt);
  g_free (record->host);
  g_free (record->text);
  g_free (record->code);
  g_free (record->message);
  g_ptr_array_unref (record->chunks);
  g_ptr_array_unref (record->versions);
  g_free (record);
}

/**
 * whis_record_chunk_new:
 * @chunk: a chunk; copied
 *
 * Returns: (transfer full): the record of a chunk without text
 */
WhisRecordChunk *
whis_record_chunk_new (const WhisChunk *chunk)
{
  WhisRecordChunk *record;

  g_return_val_if_fail (chunk != NULL, NULL);

  record = g_new0 (WhisRecordChunk, 1);
  record->chunk = whis_chunk_copy (chunk);

  return record;
}

/**
 * whis_record_chunk_copy:
 * @chunk: the record of a chunk
 *
 * Returns: (transfer full): a copy of it
 */
WhisRecordChunk *
whis_record_chunk_copy (const WhisRecordChunk *chunk)
{
  WhisRecordChunk *copy;

  g_return_val_if_fail (chunk != NULL, NULL);

  copy = whis_record_chunk_new (chunk->chunk);
  copy->text = g_strdup (chunk->text);
  copy->provider = g_strdup (chunk->provider);
  copy->code = g_strdup (chunk->code);
  copy->message = g_strdup (chunk->message);
  copy->model = g_strdup (chunk->model);
  copy->host = g_strdup (chunk->host);
  copy->times = whis_timed_texts_copy (chunk->times);
  copy->gaps = whis_spans_copy (chunk->gaps);
  copy->tried = g_strdup (chunk->tried);

  return copy;
}

/**
 * whis_record_chunk_free:
 * @chunk: (transfer full) (nullable): the record of a chunk
 */
void
whis_record_chunk_free (WhisRecordChunk *chunk)
{
  if (chunk == NULL)
    return;

  whis_chunk_free (chunk->chunk);
  g_free (chunk->text);
  g_free (chunk->provider);
  g_free (chunk->code);
  g_free (chunk->message);
  g_free (chunk->model);
  g_free (chunk->host);
  g_clear_pointer (&chunk->times, g_ptr_array_unref);
  g_clear_pointer (&chunk->gaps, g_array_unref);
  g_free (chunk->tried);
  g_free (chunk);
}

/**
 * whis_record_version_copy:
 * @version: a version
 *
 * Returns: (transfer full): a copy of it
 */
WhisRecordVersion *
whis_record_version_copy (const WhisRecordVersion *version)
{
  WhisRecordVersion *copy;

  g_return_val_if_fail (version != NULL, NULL);

  copy = g_memdup2 (version, sizeof *version);
  copy->provider = g_strdup (version->provider);
  copy->model = g_strdup (version->model);
  copy->text = g_strdup (version->text);

  return copy;
}

/**
 * whis_record_version_free:
 * @version: (transfer full) (nullable): a version
 */
void
whis_record_version_free (WhisRecordVersion *version)
{
  if (version == NULL)
    return;

  g_free (version->provider);
  g_free (version->model);
  g_free (version->text);
  g_free (version);
}
