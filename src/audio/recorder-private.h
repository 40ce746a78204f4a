/* SPDX-License-Identifier: MIT */
#pragma once

#include "recorder.h"

#include "chunker.h"
#include "codec.h"
#include "pause-buffer.h"
#include "tap.h"
#include "voice.h"

G_BEGIN_DECLS

/* What the files of the recorder share; for no other. */
struct _WhisRecorder
{
  WhisRecorderFuncs funcs;
  gpointer user_data;

  /* guards what follows; held while writing to disk */
  GMutex feed_lock;
  WhisRecording *recording;
  WhisCodec *encoder;
  guint tap_rate;     /* 0 for none */
  gint is_tap_closed; /* atomic */
  WhisTap *tap;
  gint is_split_cancelled; /* atomic; until the buffer is told */
  guint bitrate;           /* kbit/s */
  WhisChunkMargins margins;
  WhisChunker *chunker;
  WhisVoice *voice;
  WhisPauseBuffer *pause; /* NULL if it is not split in pauses */
  GArray *inherited;      /* what a recorder that was split has left to this one, not heard yet */
  guint64 decided_ms;
  guint64 spoken_ms;
  gboolean finished;
  gboolean failed;
  gboolean saved;
  guint peak;
  guint n_sliced;
  gsize n_deaf;      /* samples without a decision */
  guint64 n_prelude; /* samples that were in earlier chunks */
  guint loudest;     /* of this microphone */
  guint64 n_since;   /* samples of this microphone */
  guint64 n_zero;    /* zeros in a row */
  gboolean silent;

  /* guards what follows; held for a moment only */
  GMutex lock;
  guint64 n_samples;
  guint64 stop_at;
  guint64 quiet_ms; /* since speech was heard last, or since the start */
  gboolean has_spoken;
  guint64 quiet_before_ms; /* of the recording that was split */
};

/* With the feed lock. */
gboolean whis_recorder_holds (WhisRecorder *recorder);

G_END_DECLS
