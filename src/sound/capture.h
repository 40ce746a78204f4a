/* SPDX-License-Identifier: MIT */
#pragma once

#include "audio-error.h"
#include "chunk.h"
#include "recording.h"
#include "state-machine.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CAPTURE_STATE (whis_capture_state_get_type ())

/**
 * WhisCaptureState:
 * @WHIS_CAPTURE_STATE_NEW: not started
 * @WHIS_CAPTURE_STATE_STARTING: no sound yet
 * @WHIS_CAPTURE_STATE_RECORDING: sound comes in
 * @WHIS_CAPTURE_STATE_SWITCHING: the microphone is gone, and another one is being looked for
 * @WHIS_CAPTURE_STATE_STOPPING: the tail or, after an error, the rest is still coming
 * @WHIS_CAPTURE_STATE_CLOSING: no more sound is taken; the last chunks are being cut
 * @WHIS_CAPTURE_STATE_ENDED: [signal@Capture::ended] was emitted, or the capture was cancelled
 *
 * Where a capture stands.
 */
typedef enum
{
  WHIS_CAPTURE_STATE_NEW,
  WHIS_CAPTURE_STATE_STARTING,
  WHIS_CAPTURE_STATE_RECORDING,
  WHIS_CAPTURE_STATE_SWITCHING,
  WHIS_CAPTURE_STATE_STOPPING,
  WHIS_CAPTURE_STATE_CLOSING,
  WHIS_CAPTURE_STATE_ENDED,
} WhisCaptureState;

GType whis_capture_state_get_type (void);
const WhisStateTable *whis_capture_state_get_table (void);

#define WHIS_TYPE_CAPTURE (whis_capture_get_type ())
G_DECLARE_DERIVABLE_TYPE (WhisCapture, whis_capture, WHIS, CAPTURE, GObject)

/**
 * WhisCaptureClass:
 * @prepare: (nullable): checks whether it can start at all
 * @start: begins; [method@Capture.emit_started] follows, or an end
 * @stop: takes no more sound, after a tail; returns the length of that in milliseconds
 * @close: takes no more sound and cuts the last chunks; [method@Capture.end] follows
 * @leave: the capture has ended or is cancelled: nothing that delivers sound is held any more
 * @cancel: (nullable): nothing is wanted any more, also of what is done after the end
 * @set_passes_sound: (nullable): whether the sound is told
 * @get_elapsed_ms: returns how much sound was heard
 * @get_quiet_ms: (nullable): returns for how long no speech was heard, and whether there was any
 * @begin_split: (nullable): if there is a longer pause, holds what is heard for the next capture
 * @cancel_split: (nullable): there will be no next one
 *
 * What an implementation does; the state is the base class's.
 */
struct _WhisCaptureClass
{
  GObjectClass parent_class;

  gboolean (*prepare) (WhisCapture *self, GError **error);
  void (*start) (WhisCapture *self);
  guint (*stop) (WhisCapture *self);
  void (*close) (WhisCapture *self);
  void (*leave) (WhisCapture *self);
  void (*cancel) (WhisCapture *self);
  void (*set_passes_sound) (WhisCapture *self, gboolean passes);
  guint64 (*get_elapsed_ms) (WhisCapture *self);
  guint64 (*get_quiet_ms) (WhisCapture *self, gboolean *has_spoken);
  gboolean (*begin_split) (WhisCapture *self);
  void (*cancel_split) (WhisCapture *self);
};

/**
 * WhisCaptureOptions:
 * @dictation: id that every chunk carries
 * @recording: (nullable): where the sound goes, without a file yet; %NULL to cut a recording that
 *   exists
 * @longest_chunk_ms: longest chunk in milliseconds; 0 for 30000
 * @margins: (nullable): how much silence is wanted around speech; %NULL for the usual
 * @bitrate: rate of the recording in kbit/s, one of %WHIS_BITRATE_USUAL and its like; 0 for that.
 *   @recording is a WAV file with %WHIS_BITRATE_LOSSLESS and an MP3 file with the others
 * @live_rate: the rate of [signal@Capture::sound] in Hz; 0 for no such signal
 * @pause_ms: the shortest pause in which the recording may be split, see
 *   [method@Capture.begin_split]; 0 for never
 *
 * What becomes of the sound that a capture hears. Copied, with a reference of the recording.
 */
typedef struct
{
  const char *dictation;
  WhisRecording *recording;
  guint longest_chunk_ms;
  const WhisChunkMargins *margins;
  guint bitrate;
  guint live_rate;
  guint pause_ms;
} WhisCaptureOptions;

/**
 * WhisMicrophoneOptions:
 * @name: (nullable): name of a PulseAudio source, %NULL or empty for the default one
 * @label: (nullable): what @name was called when it was chosen; finds it again when its source has
 *   another name
 * @automatic_gain: whether a quiet microphone is amplified
 * @noise_suppression: whether noise is suppressed
 * @has_cue: whether a sound tells the user of the start; it is cut out of what is heard
 * @tail_ms: how much sound is still recorded after a stop, in milliseconds
 * @former: (nullable): a capture of a microphone, with a split that was begun: its microphone is
 *   taken over from the split on, and it ends there. If it ends before that by itself, there is no
 *   sound
 *
 * Which microphone, and how. Copied.
 */
typedef struct
{
  const char *name;
  const char *label;
  gboolean automatic_gain;
  gboolean noise_suppression;
  gboolean has_cue;
  guint tail_ms;
  WhisCapture *former;
} WhisMicrophoneOptions;

/**
 * WHIS_CAPTURE_TAIL_MS:
 *
 * The usual tail: people press stop while their last syllable still sounds.
 */
#define WHIS_CAPTURE_TAIL_MS 200

/**
 * WhisRecutStart:
 * @index: index of the first chunk that is missing
 * @offset: the first byte whose sound is in no chunk yet
 * @ms: where that byte's sound is, in milliseconds
 * @overlaps: whether the chunk before was cut inside speech, see
 *   [func@Chunker.cut_inside_speech]
 *
 * Where a recording that exists is to be cut from.
 */
typedef struct
{
  guint index;
  guint64 offset;
  guint64 ms;
  gboolean overlaps;
} WhisRecutStart;

/**
 * WhisCaptureKinds:
 * @new_microphone: makes what records from a microphone
 * @new_file: makes what records the sound of a file, of which the descriptor is duplicated
 * @new_recut: makes what only cuts a recording that exists
 *
 * Who makes captures. Whoever follows one need not know how sound is made, or in which process.
 */
typedef struct
{
  WhisCapture *(*new_microphone) (const WhisCaptureOptions *options,
                                  const WhisMicrophoneOptions *microphone);
  WhisCapture *(*new_file) (const WhisCaptureOptions *options, int file);
  WhisCapture *(*new_recut) (const WhisCaptureOptions *options,
                             const char *path,
                             const WhisRecutStart *start);
} WhisCaptureKinds;

gboolean whis_capture_start (WhisCapture *self, GError **error);
void whis_capture_stop (WhisCapture *self);
void whis_capture_cancel (WhisCapture *self);

void whis_capture_set_passes_sound (WhisCapture *self, gboolean passes);
WhisCaptureState whis_capture_get_state (WhisCapture *self);
guint64 whis_capture_get_elapsed_ms (WhisCapture *self);
guint64 whis_capture_get_quiet_ms (WhisCapture *self, gboolean *has_spoken);
guint64 whis_capture_get_duration_ms (WhisCapture *self);
gboolean whis_capture_begin_split (WhisCapture *self);
void whis_capture_cancel_split (WhisCapture *self);

/* for implementations */
GMainContext *whis_capture_get_context (WhisCapture *self);
gboolean whis_capture_is_cancelled (WhisCapture *self);
gboolean whis_capture_has_started (WhisCapture *self);
gboolean whis_capture_has_error (WhisCapture *self);
void whis_capture_set_name (WhisCapture *self, const char *name);
void whis_capture_set_state (WhisCapture *self, WhisCaptureState state);
void whis_capture_set_timeout (WhisCapture *self, guint ms, GSourceFunc func);
void whis_capture_take_error (WhisCapture *self, GError *error);
void whis_capture_emit_started (WhisCapture *self, guint64 duration_ms);
void whis_capture_emit_level (WhisCapture *self, double peak_db);
void whis_capture_emit_chunk (WhisCapture *self, WhisChunk *chunk);
void whis_capture_emit_sound (WhisCapture *self, GBytes *samples);
void whis_capture_emit_warning (WhisCapture *self, const char *sentence);
void whis_capture_emit_silent (WhisCapture *self, gboolean silent, const char *warning);
void whis_capture_emit_saved (WhisCapture *self);
void whis_capture_close (WhisCapture *self);
void whis_capture_end (WhisCapture *self);

G_END_DECLS
