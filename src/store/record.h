/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "chunk.h"
#include "delivery-outcome.h"
#include "dictation-state.h"
#include "timed-text.h"

G_BEGIN_DECLS

/**
 * WhisRecordChunk:
 * @chunk: where the chunk is in the sound
 * @text: (nullable): its text; %NULL while it has none
 * @provider: (nullable): id of the service that gave the text, or failed
 * @code: (nullable): short word for why it has no text, as in the D-Bus signal `Failed`
 * @message: (nullable): sentence for why it has no text
 * @model: (nullable): the model that gave the text
 * @host: (nullable): where the sound of the chunk went
 * @times: (nullable) (element-type WhisTimedText): where the words are in the sound of the
 *   dictation, as the service said it; %NULL if it did not
 * @gaps: (nullable) (element-type WhisSpan): where in the dictation speech was heard, or sound
 *   that may be speech, that is in no text; %NULL for nowhere
 * @tried: (nullable): ids of services that were asked as well, and failed or were slower, with
 *   commas between
 *
 * What is known of one chunk of a dictation.
 */
typedef struct
{
  WhisChunk *chunk;
  char *text;
  char *provider;
  char *code;
  char *message;
  char *model;
  char *host;
  GPtrArray *times;
  GArray *gaps;
  char *tried;
} WhisRecordChunk;

/**
 * WhisRecordVersion:
 * @number: 0 for the text that was delivered, then counting up
 * @created_ms: Unix time in milliseconds
 * @provider: id of the service
 * @model: (nullable): its model
 * @text: the text
 *
 * One transcription of a dictation's sound.
 */
typedef struct
{
  guint number;
  gint64 created_ms;
  char *provider;
  char *model;
  char *text;
} WhisRecordVersion;

#define WHIS_TYPE_RECORD (whis_record_get_type ())

/**
 * WhisRecord:
 * @id: id of the dictation; its sound is the file `ID.wav` or `ID.mp3`
 * @created_ms: when it began, Unix time in milliseconds
 * @name: (nullable): name of the file that was transcribed; %NULL for the microphone
 * @is_file: whether the sound came from a file
 * @origin: (nullable): what tells the file that was transcribed from every other, as the caller
 *   wrote it
 * @state: where it stands
 * @provider: id of the service
 * @model: (nullable): the model, %NULL for the service's default
 * @language: (nullable): language code, %NULL for automatic
 * @prompt: (nullable): hint to the service
 * @host: (nullable): where the sound went
 * @longest_chunk_ms: longest chunk in milliseconds
 * @length_ms: length of the sound in milliseconds
 * @complete: whether the sound is there to its end, so that nothing more comes
 * @deliver: whether the text goes to the clipboard
 * @delivered: whether it has been delivered
 * @outcome: where the text went, as far as it is known
 * @method: (nullable): word of the method that inserted it
 * @private: whether nothing is kept after delivery
 * @marked: whether the user wants it kept; written by whis_history_set_marked() alone
 * @has_sound: whether its sound is there; not written
 * @is_lossless: whether it is samples in a WAV file rather than an MP3; not written
 * @run: number of the run that wrote it last, see #WhisHistoryRun; what is written has the number
 *   of the run that writes it
 * @text: (nullable): the text, once there is one
 * @code: (nullable): short word for why it failed, as in the D-Bus signal `Failed`
 * @message: (nullable): sentence for why it failed
 * @chunks: (element-type WhisRecordChunk): its chunks by index; filled by whis_history_get_finish()
 *   and whis_history_recover_finish() alone
 * @versions: (element-type WhisRecordVersion): its texts; filled by whis_history_get_finish() alone
 *
 * The record of a dictation: with its sound, all that is needed to finish it later.
 */
typedef struct
{
  char *id;
  gint64 created_ms;
  char *name;
  gboolean is_file;
  char *origin;
  WhisDictationState state;
  char *provider;
  char *model;
  char *language;
  char *prompt;
  char *host;
  guint longest_chunk_ms;
  guint64 length_ms;
  gboolean complete;
  gboolean deliver;
  gboolean delivered;
  WhisDeliveryOutcome outcome;
  char *method;
  gboolean private;
  gboolean marked;
  gboolean has_sound;
  gboolean is_lossless;
  gint64 run;
  char *text;
  char *code;
  char *message;
  GPtrArray *chunks;
  GPtrArray *versions;
} WhisRecord;

GType whis_record_get_type (void);
WhisRecord *whis_record_new (const char *id);
WhisRecord *whis_record_copy (const WhisRecord *record);
void whis_record_free (WhisRecord *record);

WhisRecordChunk *whis_record_chunk_new (const WhisChunk *chunk);
WhisRecordChunk *whis_record_chunk_copy (const WhisRecordChunk *chunk);
void whis_record_chunk_free (WhisRecordChunk *chunk);

WhisRecordVersion *whis_record_version_copy (const WhisRecordVersion *version);
void whis_record_version_free (WhisRecordVersion *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecord, whis_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecordChunk, whis_record_chunk_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecordVersion, whis_record_version_free)

G_END_DECLS
