/* SPDX-License-Identifier: MIT */
#include "dictation-source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-kinds.h"
#include "chunker.h"

/**
 * WhisDictationSource:
 *
 * Where the sound of a dictation comes from: a microphone, a file of the user, or what was recorded
 * before.
 */
struct _WhisDictationSource
{
  const WhisCaptureKinds *captures;
  WhisDictationMode mode;
  gboolean is_file;
  int file; /* -1 for the microphone, or if no descriptor was free */
  gboolean has_original;
  char *microphone;
  char *microphone_name;
  gboolean automatic_gain;
  gboolean noise_suppression;
  gboolean has_cue;
  guint bitrate;
  guint pause_ms;
  WhisCapture *former; /* nullable */
};

static gboolean
is_regular (int file)
{
  struct stat status;

  return file >= 0 && fstat (file, &status) == 0 && S_ISREG (status.st_mode);
}

/* NULL for "let somebody else choose" is also written as an empty string. */
static char *
dup_choice (const char *choice)
{
  return choice != NULL && *choice != '\0' ? g_strdup (choice) : NULL;
}

/**
 * whis_dictation_source_new:
 * @plan: what the dictation is to do
 * @captures: (nullable): who makes its captures; %NULL for those of this process
 *
 * Returns: (transfer full): where its sound comes from
 */
WhisDictationSource *
whis_dictation_source_new (const WhisDictationPlan *plan, const WhisCaptureKinds *captures)
{
  WhisDictationSource *self;

  g_return_val_if_fail (plan != NULL && plan->record != NULL, NULL);

  self = g_new0 (WhisDictationSource, 1);
  self->captures = captures != NULL ? captures : whis_capture_kinds_get ();
  self->mode = plan->mode;
  self->is_file = plan->record->is_file;
  self->file = -1;
  if (self->mode == WHIS_DICTATION_MODE_NEW && self->is_file && plan->file >= 0)
    self->file = fcntl (plan->file, F_DUPFD_CLOEXEC, 3);
  self->has_original = is_regular (self->file);
  self->microphone = dup_choice (plan->microphone);
  self->microphone_name = dup_choice (plan->microphone_name);
  self->automatic_gain = plan->automatic_gain;
  self->noise_suppression = plan->noise_suppression;
  self->has_cue = plan->has_cue;
  self->bitrate = plan->bitrate;
  self->pause_ms = plan->pause_ms;

  return self;
}

/**
 * whis_dictation_source_free:
 * @self: (transfer full): a source
 */
void
whis_dictation_source_free (WhisDictationSource *self)
{
  g_return_if_fail (self != NULL);

  if (self->file >= 0)
    close (self->file);
  g_clear_object (&self->former);
  g_free (self->microphone);
  g_free (self->microphone_name);
  g_free (self);
}

gboolean
whis_dictation_source_is_microphone (const WhisDictationSource *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->mode == WHIS_DICTATION_MODE_NEW && !self->is_file;
}

/**
 * whis_dictation_source_has_original:
 * @self: a source
 *
 * Returns: whether it is a file that the user keeps
 */
gboolean
whis_dictation_source_has_original (const WhisDictationSource *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_original;
}

/**
 * whis_dictation_source_is_only_copy:
 * @self: a source
 *
 * Returns: whether what is recorded from it is the only copy of that sound
 */
gboolean
whis_dictation_source_is_only_copy (const WhisDictationSource *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->mode == WHIS_DICTATION_MODE_NEW && !self->has_original;
}

/**
 * whis_dictation_source_set_former:
 * @self: a source that is a microphone
 * @former: (nullable): the capture that has this microphone, with a split that was begun
 *
 * Takes the microphone over, in place of opening it.
 */
void
whis_dictation_source_set_former (WhisDictationSource *self, WhisCapture *former)
{
  g_return_if_fail (self != NULL);

  g_set_object (&self->former, former);
}

static WhisCapture *
create_microphone (const WhisDictationSource *self,
                   const WhisCaptureOptions *options,
                   const WhisModelProfile *profile)
{
  const WhisMicrophoneOptions microphone = {
    .name = self->microphone,
    .label = self->microphone_name,
    .automatic_gain = self->automatic_gain,
    .noise_suppression = self->noise_suppression,
    .has_cue = self->has_cue,
    .tail_ms = MAX (WHIS_CAPTURE_TAIL_MS, profile->tail_ms),
    .former = self->former,
  };

  return self->captures->new_microphone (options, &microphone);
}

static WhisCapture *
create_recut (const WhisDictationSource *self,
              const WhisCaptureOptions *options,
              WhisDictationFile *file,
              GPtrArray *chunks)
{
  const WhisRecordChunk *last =
      chunks->len > 0 ? g_ptr_array_index (chunks, chunks->len - 1) : NULL;
  WhisRecutStart start = { .index = chunks->len };

  if (last != NULL)
    {
      start.offset = last->chunk->offset + last->chunk->size;
      start.ms = last->chunk->start_ms + last->chunk->length_ms;
      start.overlaps = whis_chunker_cut_inside_speech (last->chunk, options->margins);
      if (whis_dictation_file_get_size (file) <= start.offset)
        return NULL;
    }

  return self->captures->new_recut (options, whis_dictation_file_get_path (file), &start);
}

/**
 * whis_dictation_source_create_capture:
 * @self: a source
 * @file: where the sound goes, or is
 * @record: the chunks that there are, and how long a new one may be
 * @profile: how the sound is to be cut
 * @samples_rate: the rate of [signal@Capture::sound] in Hz; 0 for no such signal
 *
 * Returns: (transfer full) (nullable): what records the sound, or cuts the rest of what was
 *   recorded; %NULL if there is no rest
 */
WhisCapture *
whis_dictation_source_create_capture (const WhisDictationSource *self,
                                      WhisDictationFile *file,
                                      const WhisRecord *record,
                                      const WhisModelProfile *profile,
                                      guint samples_rate)
{
  WhisCaptureOptions options;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (file), NULL);
  g_return_val_if_fail (record != NULL && profile != NULL, NULL);

  options = (WhisCaptureOptions){ .dictation = record->id,
                                  .recording = whis_dictation_file_get_recording (file),
                                  .longest_chunk_ms = record->longest_chunk_ms,
                                  .margins = &profile->margins,
                                  .bitrate = self->bitrate,
                                  .live_rate = samples_rate,
                                  .pause_ms = self->pause_ms };
  if (self->mode != WHIS_DICTATION_MODE_NEW)
    return create_recut (self, &options, file, record->chunks);

  return self->is_file ? self->captures->new_file (&options, self->file)
                       : create_microphone (self, &options, profile);
}
