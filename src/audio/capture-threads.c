/* SPDX-License-Identifier: MIT */
#include "capture-private.h"

#include <gst/gst.h>

#include "devices.h"
#include "gstreamer.h"
#include "pipeline.h"
#include "recut.h"

/* The side of a capture that is not on the main context: GStreamer's threads, and those that wait
 * for the sound server or the disk. They do not touch the capture's state; they write notes. */

WhisNote *
whis_capture_note_new (WhisCapture *self, WhisNoteFunc read)
{
  return whis_note_new (self, self->context, read);
}

WhisNote *
whis_capture_note_about (WhisCapture *self, WhisSoundSource *source, WhisNoteFunc read)
{
  WhisNote *note = whis_capture_note_new (self, read);

  note->source = whis_sound_source_ref (source);

  return note;
}

/* --- what they tell ------------------------------------------------------------------------ */

static void
tell_ready (WhisSoundSource *source, gpointer user_data)
{
  whis_note_post (whis_capture_note_about (user_data, source, whis_capture_on_ready));
}

static void
tell_started (WhisSoundSource *source, gpointer user_data)
{
  WhisCapture *self = user_data;
  WhisNote *note = whis_capture_note_about (self, source, whis_capture_on_started);

  note->ms = whis_sound_source_query_duration (source);
  whis_note_post (note);

  if (self->file >= 0 || self->level_only)
    return;

  /* afterwards, because the server has to be asked */
  note = whis_capture_note_about (self, source, whis_capture_on_named);
  note->text = whis_sound_source_dup_name (source);
  whis_note_post (note);
}

static void
tell_moved (WhisSoundSource *source, gpointer user_data)
{
  WhisCapture *self = user_data;
  WhisNote *note = whis_capture_note_about (self, source, whis_capture_on_named);

  whis_listener_change_microphone (self->listener);
  note->yes = TRUE;
  note->text = whis_sound_source_dup_name (source);
  whis_note_post (note);
}

static gboolean
take_sound (const gint16 *samples, gsize n_samples, gpointer user_data)
{
  WhisCapture *self = user_data;

  return whis_listener_hear (self->listener, samples, n_samples);
}

static void
tell_drained (WhisSoundSource *source, gpointer user_data)
{
  WhisCapture *self = user_data;

  whis_listener_finish (self->listener);
  whis_note_post (whis_capture_note_about (self, source, whis_capture_on_drained));
}

static void
tell_failed (WhisSoundSource *source, GError *error, gpointer user_data)
{
  WhisNote *note = whis_capture_note_about (user_data, source, whis_capture_on_failed);

  note->error = error;
  whis_note_post (note);
}

const WhisSoundSourceFuncs whis_capture_source_funcs = { tell_ready, tell_started, take_sound,
                                                         tell_moved, tell_drained, tell_failed };

static void
tell_level (double peak_db, gpointer user_data)
{
  WhisCapture *self = user_data;
  WhisNote *note;

  if (self->file >= 0 || self->resume)
    return;

  note = whis_capture_note_new (self, whis_capture_on_level);
  note->level = peak_db;
  whis_note_post (note);
}

static void
tell_chunk (WhisChunk *chunk, gpointer user_data)
{
  WhisNote *note = whis_capture_note_new (user_data, whis_capture_on_chunk);

  note->chunk = chunk;
  whis_note_post (note);
}

static void
tell_sound (GBytes *samples, gpointer user_data)
{
  WhisNote *note = whis_capture_note_new (user_data, whis_capture_on_sound);

  note->sound = samples;
  whis_note_post (note);
}

static void
tell_silent (gboolean silent, gpointer user_data)
{
  WhisCapture *self = user_data;
  WhisNote *note;

  if (self->file >= 0 || self->resume)
    return;

  note = whis_capture_note_new (self, whis_capture_on_silent);
  note->yes = silent;
  whis_note_post (note);
}

static void
tell_saved (gboolean saved, gboolean full, gpointer user_data)
{
  WhisNote *note = whis_capture_note_new (user_data, whis_capture_on_saved);

  note->yes = saved;
  note->full = full;
  whis_note_post (note);
}

static void
tell_broken (GError *error, gpointer user_data)
{
  WhisNote *note = whis_capture_note_new (user_data, whis_capture_on_broken);

  note->error = error;
  whis_note_post (note);
}

const WhisListenerFuncs whis_capture_listener_funcs = { tell_level,  tell_chunk, tell_sound,
                                                        tell_silent, tell_saved, tell_broken };

static void
tell_recut_started (gpointer user_data)
{
  whis_note_post (whis_capture_note_new (user_data, whis_capture_on_started));
}

/* --- what they do -------------------------------------------------------------------------- */

void
whis_capture_open_in_thread (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (!whis_gstreamer_start (&note->error) || !whis_listener_prepare (self->listener, &note->error))
    return;

  if (self->enhance != 0 && !whis_pipeline_can_enhance ())
    whis_note_post (whis_capture_note_new (self, whis_capture_on_plain));
  whis_listener_change_microphone (self->listener);
  whis_sound_source_open (note->source, &note->error);
}

void
whis_capture_shut_in_thread (gpointer target, WhisNote *note)
{
  whis_sound_source_shut (note->source);
}

void
whis_capture_find_in_thread (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  note->text = whis_devices_find (self->microphone_name);
}

void
whis_capture_finish_in_thread (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  whis_listener_finish (self->listener);
}

void
whis_capture_save_in_thread (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  note->yes = whis_listener_save (self->listener);
}

void
whis_capture_recut_in_thread (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;
  WhisRecut recut = { .path = self->path,
                      .dictation = self->dictation,
                      .longest_chunk_ms = self->longest_chunk_ms,
                      .index = self->resume_index,
                      .offset = self->resume_offset,
                      .ms = self->resume_ms,
                      .overlaps = self->resume_overlaps,
                      .started = tell_recut_started,
                      .user_data = self };

  if (whis_gstreamer_start (&note->error))
    whis_recut_run (&recut, self->listener, &note->error);
}
