/* SPDX-License-Identifier: MIT */
#include "document.h"

#include <json-glib/json-glib.h>

#include "cue-part.h"
#include "cues.h"

/* --- subtitles -------------------------------------------------------------------------------- */

/* More than 99 hours have more than two digits. */
static void
append_time (GString *document, guint64 ms, char point)
{
  g_string_append_printf (document, "%02u:%02u:%02u%c%03u", (guint) (ms / 3600000),
                          (guint) (ms / 60000 % 60), (guint) (ms / 1000 % 60), point,
                          (guint) (ms % 1000));
}

static void
append_span (GString *document, const WhisCue *cue, char point)
{
  append_time (document, cue->start_ms, point);
  g_string_append (document, " --> ");
  append_time (document, cue->end_ms, point);
  g_string_append_c (document, '\n');
}

/* The format has no way to write its own arrow. */
static void
append_srt_cue (GString *document, guint number, const WhisCue *cue)
{
  g_autoptr (GString) text = g_string_new (cue->text);

  g_string_replace (text, "-->", "→", 0);
  if (number > 1)
    g_string_append_c (document, '\n');
  g_string_append_printf (document, "%u\n", number);
  append_span (document, cue, ',');
  g_string_append_printf (document, "%s\n", text->str);
}

static void
append_vtt_cue (GString *document, const WhisCue *cue)
{
  g_autoptr (GString) text = g_string_new (cue->text);

  g_string_replace (text, "&", "&amp;", 0);
  g_string_replace (text, "<", "&lt;", 0);
  g_string_replace (text, ">", "&gt;", 0);
  g_string_append_c (document, '\n');
  append_span (document, cue, '.');
  g_string_append_printf (document, "%s\n", text->str);
}

static char *
write_srt (const WhisRecord *record)
{
  g_autoptr (GPtrArray) cues = whis_cues_new (record);
  GString *document = g_string_new (NULL);

  for (guint i = 0; i < cues->len; i++)
    append_srt_cue (document, i + 1, g_ptr_array_index (cues, i));

  return g_string_free (document, FALSE);
}

static char *
write_vtt (const WhisRecord *record)
{
  g_autoptr (GPtrArray) cues = whis_cues_new (record);
  GString *document = g_string_new ("WEBVTT\n");

  for (guint i = 0; i < cues->len; i++)
    append_vtt_cue (document, g_ptr_array_index (cues, i));

  return g_string_free (document, FALSE);
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* An object is open, and the next member may be its first. */
static void
append_name (GString *document, const char *name)
{
  char last = document->str[document->len - 1];

  g_string_append_printf (document, "%s\"%s\":", last == '{' ? "" : ",", name);
}

static void
append_string (GString *document, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;
  g_autoptr (JsonNode) node = json_node_new (valid != NULL ? JSON_NODE_VALUE : JSON_NODE_NULL);
  g_autofree char *json = NULL;

  if (valid != NULL)
    json_node_set_string (node, valid);
  json = json_to_string (node, FALSE);
  append_name (document, name);
  g_string_append (document, json);
}

/* What was left to the service is not known, and is not a name without letters. */
static void
append_choice (GString *document, const char *name, const char *value)
{
  append_string (document, name, value != NULL && *value != '\0' ? value : NULL);
}

/* Seconds to the millisecond, which a double does not write so briefly. */
static void
append_seconds (GString *document, const char *name, guint64 ms)
{
  append_name (document, name);
  g_string_append_printf (document, "%" G_GUINT64_FORMAT ".%03u", ms / 1000, (guint) (ms % 1000));
}

/* An array is open, and the next element may be its first. */
static void
begin_element (GString *document)
{
  g_string_append (document, document->str[document->len - 1] == '[' ? "{" : ",{");
}

/* As in subtitles nothing was said outside of the chunk: a word in the frames in front of it that
 * the decoder needs is its first. */
static void
append_times (GString *document, const WhisRecordChunk *chunk)
{
  guint64 first = chunk->chunk->start_ms;
  guint64 last = first + chunk->chunk->length_ms;

  append_name (document, "words");
  g_string_append_c (document, '[');
  for (guint i = 0; i < chunk->times->len; i++)
    {
      const WhisTimedText *timed = g_ptr_array_index (chunk->times, i);

      begin_element (document);
      append_seconds (document, "start", CLAMP (timed->start_ms, first, last));
      append_seconds (document, "end", CLAMP (timed->end_ms, first, last));
      append_string (document, "text", timed->text);
      g_string_append_c (document, '}');
    }
  g_string_append_c (document, ']');
}

static const char *
get_times_nick (const WhisRecordChunk *chunk)
{
  if (chunk->times == NULL || chunk->times->len == 0)
    return "chunk";

  return whis_cue_parts_are_words (chunk->times) ? "words" : "segments";
}

/* Where speech was heard that is in no text. */
static void
append_gaps (GString *document, const WhisRecordChunk *chunk)
{
  if (chunk->gaps == NULL)
    return;

  append_name (document, "gaps");
  g_string_append_c (document, '[');
  for (guint i = 0; i < chunk->gaps->len; i++)
    {
      const WhisSpan *gap = &g_array_index (chunk->gaps, WhisSpan, i);

      begin_element (document);
      append_seconds (document, "start", gap->start_ms);
      append_seconds (document, "end", gap->end_ms);
      g_string_append_c (document, '}');
    }
  g_string_append_c (document, ']');
}

static void
append_chunk (GString *document, const WhisRecordChunk *chunk)
{
  const char *text = chunk->text;

  /* Nobody speaks, so that nothing was sent. */
  if (text == NULL && !chunk->chunk->has_speech)
    text = "";

  begin_element (document);
  append_seconds (document, "start", chunk->chunk->start_ms);
  append_seconds (document, "end", chunk->chunk->start_ms + chunk->chunk->length_ms);
  append_string (document, "text", text);
  append_choice (document, "service", chunk->provider);
  append_choice (document, "model", chunk->model);
  append_choice (document, "host", chunk->host);
  append_string (document, "times", get_times_nick (chunk));
  if (chunk->times != NULL && chunk->times->len > 0)
    append_times (document, chunk);
  append_gaps (document, chunk);
  if (chunk->message != NULL)
    append_string (document, "error", chunk->message);
  g_string_append_c (document, '}');
}

static char *
write_json (const WhisRecord *record)
{
  GString *document = g_string_new ("{");

  append_string (document, "file", record->name);
  append_seconds (document, "duration", record->length_ms);
  append_string (document, "service", record->provider);
  append_choice (document, "model", record->model);
  append_choice (document, "language", record->language);
  append_string (document, "text", record->text);
  append_name (document, "chunks");
  g_string_append_c (document, '[');
  for (guint i = 0; i < record->chunks->len; i++)
    append_chunk (document, g_ptr_array_index (record->chunks, i));
  g_string_append (document, "]}\n");

  return g_string_free (document, FALSE);
}

/* ---------------------------------------------------------------------------------------------- */

/**
 * whis_document_write:
 * @record: a dictation with its chunks
 * @format: what to write
 *
 * Writes the transcript of a dictation. Times are those of the service where it gave any, else the
 * place of a chunk in the sound. What could not be transcribed is a mark in a text and in
 * subtitles, and an error in JSON. Takes time with the length of the dictation.
 *
 * Returns: (transfer full): the document, valid UTF-8; a text has no line end
 */
char *
whis_document_write (const WhisRecord *record, WhisDocumentFormat format)
{
  g_return_val_if_fail (record != NULL, NULL);

  switch (format)
    {
    case WHIS_DOCUMENT_JSON:
      return write_json (record);
    case WHIS_DOCUMENT_SRT:
      return write_srt (record);
    case WHIS_DOCUMENT_VTT:
      return write_vtt (record);
    case WHIS_DOCUMENT_TEXT:
    default:
      return g_utf8_make_valid (record->text != NULL ? record->text : "", -1);
    }
}
