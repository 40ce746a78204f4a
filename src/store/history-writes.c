/* SPDX-License-Identifier: MIT */
#include "history-writes.h"

#include "history-sounds.h"
#include "history-times.h"

/* Every value of a record but the mark, which is the user's. What is delivered keeps its time. */
static const char upsert_record[] =
    "INSERT INTO dictations (id, created, state, state_at, private, deliver, delivered,"
    "  delivered_at, is_file, longest_chunk, length, provider, model, language, prompt, host, name,"
    "  code, message, text, complete, origin, run, outcome, method)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, iif (?7, ?4, NULL), ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
    "  ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)"
    " ON CONFLICT (id) DO UPDATE SET created = excluded.created, state = excluded.state,"
    "  state_at = iif (state = excluded.state, state_at, excluded.state_at),"
    "  private = excluded.private, deliver = excluded.deliver, delivered = excluded.delivered,"
    "  delivered_at = iif (excluded.delivered, coalesce (delivered_at, excluded.delivered_at),"
    "    NULL),"
    "  is_file = excluded.is_file, longest_chunk = excluded.longest_chunk,"
    "  length = excluded.length, provider = excluded.provider, model = excluded.model,"
    "  language = excluded.language, prompt = excluded.prompt, host = excluded.host,"
    "  name = excluded.name, code = excluded.code, message = excluded.message,"
    "  text = excluded.text, complete = excluded.complete,"
    "  origin = excluded.origin, run = excluded.run, outcome = excluded.outcome,"
    "  method = excluded.method";

static const char upsert_first_version[] =
    "INSERT INTO versions (dictation, number, created, private, provider, model, text)"
    " SELECT key, 0, ?2, private, provider, model, text FROM dictations WHERE id = ?1"
    " ON CONFLICT (dictation, number) DO UPDATE SET provider = excluded.provider,"
    "  created = iif (text = excluded.text, created, excluded.created),"
    "  private = excluded.private, model = excluded.model, text = excluded.text";

static void
note_changed (WhisHistoryDatabase *database, WhisHistoryWrite *write, const char *id)
{
  if (whis_history_database_count_changes (database) > 0)
    g_ptr_array_add (write->changed, g_strdup (id));
}

static gboolean
history_writes_upsert (WhisHistoryDatabase *database,
                       WhisHistoryWrite *write,
                       const WhisRecord *record,
                       GError **error)
{
  return whis_history_database_run (
      database, error, upsert_record, "sisibbbbiisssssssssbsiss", record->id, record->created_ms,
      whis_dictation_state_get_nick (record->state), write->now_ms, !!record->private,
      !!record->deliver, !!record->delivered, !!record->is_file, (gint64) record->longest_chunk_ms,
      (gint64) record->length_ms, record->provider != NULL ? record->provider : "", record->model,
      record->language, record->prompt, record->host, record->name, record->code, record->message,
      record->text, !!record->complete, record->origin,
      whis_history_run_hold (whis_history_database_get_run (database)),
      whis_delivery_outcome_get_nick (record->outcome), record->method);
}

/* Nothing is to be finished. */
static gboolean
is_settled (WhisDictationState state)
{
  return state == WHIS_DICTATION_STATE_DONE || state == WHIS_DICTATION_STATE_FAILED
         || state == WHIS_DICTATION_STATE_CANCELLED;
}

/**
 * whis_history_write_record:
 * @database: the database, within a transaction
 * @write: the transaction
 * @record: (type WhisRecord): a record
 * @error: return location for an error
 *
 * Writes the whole row of a dictation.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_write_record (WhisHistoryDatabase *database,
                           WhisHistoryWrite *write,
                           gconstpointer record,
                           GError **error)
{
  const WhisRecord *self = record;
  gboolean done = self->state == WHIS_DICTATION_STATE_DONE && self->text != NULL;

  if (!history_writes_upsert (database, write, self, error))
    return FALSE;
  whis_history_sounds_set_settled (whis_history_database_get_directory (database), self->id,
                                   is_settled (self->state));
  g_ptr_array_add (write->changed, g_strdup (self->id));
  if (done
      && !whis_history_database_run (database, error, upsert_first_version, "si", self->id,
                                     write->now_ms))
    return FALSE;

  return whis_history_apply_rules_to (database, write, self->id, error);
}

/**
 * whis_history_write_chunk:
 * @database: the database, within a transaction
 * @write: the transaction
 * @chunk: (type WhisRecordChunk): what is known of a chunk
 * @error: return location for an error
 *
 * Writes one chunk of a dictation; nothing if the dictation was deleted meanwhile.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_write_chunk (WhisHistoryDatabase *database,
                          WhisHistoryWrite *write,
                          gconstpointer chunk,
                          GError **error)
{
  static const char sql[] =
      "INSERT INTO chunks (dictation, idx, offset, size, start, length, overlaps, speech, voice,"
      "  provider, code, message, text, model, host, times, tried, spans, gaps)"
      " SELECT key, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
      "  ?16, ?17, ?18, ?19 FROM dictations WHERE id = ?1"
      " ON CONFLICT (dictation, idx) DO UPDATE SET offset = excluded.offset, size = excluded.size,"
      "  start = excluded.start, length = excluded.length, overlaps = excluded.overlaps,"
      "  speech = excluded.speech, voice = excluded.voice, provider = excluded.provider,"
      "  code = excluded.code, message = excluded.message, text = excluded.text,"
      "  model = excluded.model, host = excluded.host, times = excluded.times,"
      "  tried = excluded.tried, spans = excluded.spans, gaps = excluded.gaps";
  const WhisRecordChunk *self = chunk;
  const WhisChunk *range = self->chunk;
  g_autofree char *times = whis_history_times_print (self->times);
  g_autofree char *spans = whis_spans_print (range->voice);
  g_autofree char *gaps = whis_spans_print (self->gaps);

  if (!whis_history_database_run (
          database, error, sql, "siiiiibbissssssssss", range->dictation, (gint64) range->index,
          (gint64) range->offset, (gint64) range->size, (gint64) range->start_ms,
          (gint64) range->length_ms, !!range->overlaps_previous, !!range->has_speech,
          (gint64) range->voice_ms, self->provider, self->code, self->message, self->text,
          self->model, self->host, times, self->tried, spans, gaps))
    return FALSE;
  note_changed (database, write, range->dictation);

  return TRUE;
}

/**
 * whis_history_write_version:
 * @database: the database, within a transaction
 * @write: the transaction
 * @new_version: (type WhisHistoryNewVersion): a version
 * @error: return location for an error
 *
 * Adds a version of the text of a dictation, under the next number.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_write_version (WhisHistoryDatabase *database,
                            WhisHistoryWrite *write,
                            gconstpointer new_version,
                            GError **error)
{
  static const char sql[] =
      "INSERT INTO versions (dictation, number, created, private, provider, model, text)"
      " SELECT key, 1 + (SELECT coalesce (max (number), 0) FROM versions WHERE dictation = "
      "dictations.key),"
      "  ?2, private, ?3, ?4, ?5 FROM dictations WHERE id = ?1";
  const WhisHistoryNewVersion *self = new_version;
  const WhisRecordVersion *version = self->version;

  if (!whis_history_database_run (database, error, sql, "sisss", self->id, version->created_ms,
                                  version->provider != NULL ? version->provider : "",
                                  version->model, version->text != NULL ? version->text : ""))
    return FALSE;
  note_changed (database, write, self->id);

  return TRUE;
}

static gboolean
set_marked (WhisHistoryDatabase *database,
            WhisHistoryWrite *write,
            const char *id,
            gboolean marked,
            GError **error)
{
  if (!whis_history_database_run (
          database, error, "UPDATE dictations SET marked = ?2 WHERE id = ?1", "sb", id, marked))
    return FALSE;
  note_changed (database, write, id);

  return TRUE;
}

gboolean
whis_history_write_mark (WhisHistoryDatabase *database,
                         WhisHistoryWrite *write,
                         gconstpointer id,
                         GError **error)
{
  return set_marked (database, write, id, TRUE, error);
}

gboolean
whis_history_write_no_mark (WhisHistoryDatabase *database,
                            WhisHistoryWrite *write,
                            gconstpointer id,
                            GError **error)
{
  return set_marked (database, write, id, FALSE, error);
}

gboolean
whis_history_write_delivered (WhisHistoryDatabase *database,
                              WhisHistoryWrite *write,
                              gconstpointer id,
                              GError **error)
{
  if (!whis_history_database_run (
          database, error, "UPDATE dictations SET delivered = 1, delivered_at = ?2 WHERE id = ?1",
          "si", id, write->now_ms))
    return FALSE;
  note_changed (database, write, id);

  return whis_history_apply_rules_to (database, write, id, error);
}

gboolean
whis_history_write_landed (WhisHistoryDatabase *database,
                           WhisHistoryWrite *write,
                           gconstpointer id,
                           GError **error)
{
  if (!whis_history_database_run (database, error,
                                  "UPDATE dictations SET outcome = 'landed' WHERE id = ?1"
                                  " AND outcome IN ('not-seen', 'handed-over')",
                                  "s", id))
    return FALSE;
  note_changed (database, write, id);

  return TRUE;
}

gboolean
whis_history_write_outcome (WhisHistoryDatabase *database,
                            WhisHistoryWrite *write,
                            gconstpointer data,
                            GError **error)
{
  const WhisHistoryNewOutcome *new_outcome = data;

  if (!whis_history_database_run (
          database, error,
          "UPDATE dictations SET outcome = ?2, method = ?3 WHERE id = ?1"
          " AND (?4 OR coalesce (outcome, '') NOT IN ('landed', 'handed-over'))",
          "sssb", new_outcome->id, whis_delivery_outcome_get_nick (new_outcome->outcome),
          new_outcome->method, whis_delivery_outcome_is_inserted (new_outcome->outcome)))
    return FALSE;
  note_changed (database, write, new_outcome->id);

  return TRUE;
}

gboolean
whis_history_write_interrupted (WhisHistoryDatabase *database,
                                WhisHistoryWrite *write,
                                gconstpointer id,
                                GError **error)
{
  if (!whis_history_database_run (
          database, error,
          "UPDATE dictations SET state = 'interrupted', state_at = ?2 WHERE id = ?1", "si", id,
          write->now_ms))
    return FALSE;
  note_changed (database, write, id);

  return TRUE;
}
