/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"
#include "listener.h"
#include "note.h"
#include "sound-source.h"
#include "state-machine.h"

G_BEGIN_DECLS

/* What capture.c, the state on the main context, and capture-threads.c share. */

typedef enum
{
  STATE_NEW,
  STATE_STARTING,  /* no sound yet */
  STATE_RECORDING, /* sound comes in */
  STATE_SWITCHING, /* the microphone is gone, and another one is being looked for */
  STATE_STOPPING,  /* the tail or, after an error, the rest is still coming */
  STATE_CLOSING,   /* the last chunks are being cut by force */
  STATE_ENDED,     /* "ended" was emitted, or the capture was cancelled */
  N_STATES,
} WhisCaptureState;

struct _WhisCapture
{
  GObject parent_instance;

  char *dictation;
  char *path;               /* of a recording that is only cut */
  WhisRecording *recording; /* NULL where nothing is recorded */
  char *microphone;
  char *microphone_name;
  int file;
  guint file_timeout_ms; /* 0 for a file that may come slowly */
  gboolean file_lost;    /* no descriptor was free: this must not become the microphone */
  guint longest_chunk_ms;
  WhisChunkMargins margins;
  guint bitrate;
  guint tail_ms;
  gboolean level_only;
  guint enhance; /* WhisPipelineFlags */
  guint live_rate;
  gboolean resume;
  guint resume_index;
  guint64 resume_offset;
  guint64 resume_ms;
  gboolean resume_overlaps;

  GMainContext *context;
  WhisStateMachine *machine; /* of WhisCaptureState */
  WhisSoundSource *source;   /* the one that counts; others are being shut */
  gboolean opening;          /* a thread is opening it */
  gint64 opened_at;
  WhisListener *listener;
  GSource *timeout;
  GError *error; /* what ended the recording */

  gboolean heard; /* "started" was emitted */
  gboolean fell_back;
  gint64 switching_since;
  gboolean switched; /* and the user is to be told to what */
  char *source_name;
  guint64 duration_ms;
  gboolean silent;
  gboolean warned_silent;

  GSource *watch; /* for a microphone that stands still */
  guint64 watched_ms;
  guint n_still;

  GSource *save_timer;
  gboolean saving;
  gboolean cancelled;
};

extern const WhisSoundSourceFuncs whis_capture_source_funcs;
extern const WhisListenerFuncs whis_capture_listener_funcs;

/* notes to be read in the main context */
WhisNote *whis_capture_note_new (WhisCapture *self, WhisNoteFunc read);
WhisNote *whis_capture_note_about (WhisCapture *self, WhisSoundSource *source, WhisNoteFunc read);

/* what threads do */
void whis_capture_open_in_thread (gpointer target, WhisNote *note);
void whis_capture_shut_in_thread (gpointer target, WhisNote *note);
void whis_capture_find_in_thread (gpointer target, WhisNote *note);
void whis_capture_finish_in_thread (gpointer target, WhisNote *note);
void whis_capture_save_in_thread (gpointer target, WhisNote *note);
void whis_capture_recut_in_thread (gpointer target, WhisNote *note);

/* what they tell; in the main context */
void whis_capture_on_ready (gpointer target, WhisNote *note);
void whis_capture_on_started (gpointer target, WhisNote *note);
void whis_capture_on_named (gpointer target, WhisNote *note);
void whis_capture_on_failed (gpointer target, WhisNote *note);
void whis_capture_on_broken (gpointer target, WhisNote *note);
void whis_capture_on_drained (gpointer target, WhisNote *note);
void whis_capture_on_level (gpointer target, WhisNote *note);
void whis_capture_on_chunk (gpointer target, WhisNote *note);
void whis_capture_on_sound (gpointer target, WhisNote *note);
void whis_capture_on_silent (gpointer target, WhisNote *note);
void whis_capture_on_saved (gpointer target, WhisNote *note);
void whis_capture_on_plain (gpointer target, WhisNote *note);

G_END_DECLS
