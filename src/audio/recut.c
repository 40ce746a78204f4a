/* SPDX-License-Identifier: MIT */
#include "recut.h"

#include <glib/gi18n-lib.h>

#include "chunker.h"
#include "codec.h"
#include "frames.h"
#include "voice.h"

/* The voice detector knows the room after three seconds, and the decoder needs the reservoir. */
#define PRELUDE_FRAMES (3600 / WHIS_FRAME_MS)

/* Decisions about voice are on a grid of 10 ms, which began with the recording; in an MP3 file that
 * is the codec's delay of 69 ms later. On the same grid the same cuts are found. */
#define MP3_GRID_START_MS 69

typedef struct
{
  WhisRecorder *recorder;
  WhisFrames *frames;
  WhisCodec *decoder; /* %NULL for samples */
  guint64 first_frame;
  guint64 n_frames; /* passed */
  guint64 n_heard;  /* samples */
  guint64 n_to_start;
  guint64 next_offset;
  void (*started) (gpointer user_data);
  gpointer user_data;
  gboolean wanted;
} Run;

/* How much is between the first frame and the grid of the decisions. */
static guint
off_grid_ms (const Run *run)
{
  guint64 first_ms = run->first_frame * WHIS_FRAME_MS;
  guint start_ms = run->decoder != NULL ? MP3_GRID_START_MS : 0;

  if (first_ms < start_ms)
    return start_ms;

  return (WHIS_VOICE_STEP_MS - (guint) ((first_ms - start_ms) % WHIS_VOICE_STEP_MS))
         % WHIS_VOICE_STEP_MS;
}

static gboolean
on_sound (const void *data, gsize size, gpointer user_data)
{
  Run *run = user_data;

  run->n_heard += size / sizeof (gint16);
  if (run->started != NULL && run->n_heard > run->n_to_start)
    g_steal_pointer (&run->started) (run->user_data);
  run->wanted = whis_recorder_hear (run->recorder, data, size / sizeof (gint16));

  return run->wanted;
}

/* What a decoder leaves out, because it is damaged, is silence. */
static void
fill_up (Run *run)
{
  static const gint16 silence[WHIS_FRAME_SAMPLES] = { 0 };
  guint64 due = run->n_frames * WHIS_FRAME_SAMPLES;

  while (run->wanted && run->n_heard < due)
    on_sound (silence, sizeof silence[0] * MIN (due - run->n_heard, G_N_ELEMENTS (silence)), run);
}

static void
read_to_the_end (Run *run)
{
  WhisFrame frame;

  while (run->wanted && whis_frames_next (run->frames, &frame))
    {
      if (run->decoder != NULL)
        whis_codec_push (run->decoder, frame.data, frame.size);
      else
        on_sound (frame.data, frame.size, run);
      if (!run->wanted)
        return;

      whis_recorder_pass_frame (run->recorder, frame.offset - run->next_offset, frame.size);
      run->next_offset = frame.offset + frame.size;
      run->n_frames++;
    }

  if (run->decoder != NULL)
    whis_codec_end (run->decoder);
  fill_up (run);
}

static void
prepare_recorder (Run *run, const WhisRecut *recut)
{
  guint64 end_of_previous = recut->start.ms / WHIS_FRAME_MS;
  guint64 overlap = recut->start.overlaps ? WHIS_CHUNKER_OVERLAP_MS / WHIS_FRAME_MS : 0;
  guint64 n_before = whis_frames_rewind (run->frames, recut->start.offset,
                                         MIN (PRELUDE_FRAMES + overlap, end_of_previous));

  run->first_frame = end_of_previous - n_before;
  run->n_to_start = n_before * WHIS_FRAME_SAMPLES;
  run->next_offset = whis_frames_get_offset (run->frames);
  whis_recorder_recut (run->recorder, recut->dictation, recut->longest_chunk_ms, recut->start.index,
                       end_of_previous - MIN (overlap, n_before), end_of_previous, run->first_frame,
                       run->next_offset, off_grid_ms (run));
}

/**
 * whis_recut_run:
 * @recut: what to cut
 * @recorder: a recorder that has heard nothing
 * @error: return location for a [error@AudioError]
 *
 * Cuts what is left of a recording into chunks, up to its last whole frame, as fast as that goes.
 * The recording is only read. GStreamer must have been initialised. Not for the main loop; the
 * recorder may be stopped from there.
 *
 * Returns: whether that went well; %FALSE with `FILE` set when the recording cannot be read or
 *   holds nothing at all
 */
gboolean
whis_recut_run (const WhisRecut *recut, WhisRecorder *recorder, GError **error)
{
  Run run = {
    .recorder = recorder, .started = recut->started, .user_data = recut->user_data, .wanted = TRUE
  };
  g_autoptr (WhisFrames) frames = whis_frames_new (recut->path, error);
  g_autoptr (WhisCodec) decoder = NULL;

  if (frames == NULL)
    return FALSE;
  if (!whis_frames_is_lossless (frames))
    {
      decoder = whis_codec_new_decoder (on_sound, &run, error);
      if (decoder == NULL)
        return FALSE;
    }

  run.frames = frames;
  run.decoder = decoder;
  prepare_recorder (&run, recut);
  read_to_the_end (&run);
  whis_recorder_finish (recorder);

  if (run.n_frames == 0 && recut->start.offset == 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("The recording “%s” holds no sound."), recut->path);
      return FALSE;
    }

  return TRUE;
}
