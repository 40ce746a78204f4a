/* SPDX-License-Identifier: MIT */
#pragma once

#include <gst/gst.h>

#include "audio-error.h"

G_BEGIN_DECLS

typedef struct _WhisSoundSource WhisSoundSource;

/**
 * WhisSoundSourceFuncs:
 * @ready: GStreamer is there, and the sound server is asked next
 * @started: the first sound is there; @sound comes next
 * @sound: 16 kHz, one channel; returns whether more is wanted
 * @moved: the sound server took another microphone, because this one is gone or the user wants it
 * @ended: there is no more sound, or no more was wanted
 * @failed: takes ownership of GStreamer's error; sound may still come
 *
 * What a source tells, from threads of GStreamer's, and from the one that opens it.
 */
typedef struct
{
  void (*ready) (WhisSoundSource *source, gpointer user_data);
  void (*started) (WhisSoundSource *source, gpointer user_data);
  gboolean (*sound) (const gint16 *samples, gsize n_samples, gpointer user_data);
  void (*moved) (WhisSoundSource *source, gpointer user_data);
  void (*ended) (WhisSoundSource *source, gpointer user_data);
  void (*failed) (WhisSoundSource *source, GError *error, gpointer user_data);
} WhisSoundSourceFuncs;

/**
 * WhisSoundSourceSplit:
 * @former: who was told of the sound until now
 * @next: who is from here on
 *
 * Returns: whether that is to be
 */
typedef gboolean (*WhisSoundSourceSplit) (gpointer former, gpointer next);

WhisSoundSource *whis_sound_source_new (int file,
                                        const char *microphone,
                                        guint flags,
                                        const WhisSoundSourceFuncs *funcs,
                                        gpointer user_data);
WhisSoundSource *whis_sound_source_ref (WhisSoundSource *source);
void whis_sound_source_unref (WhisSoundSource *source);

void whis_sound_source_set_pipeline (WhisSoundSource *source, GstElement *pipeline);
gboolean whis_sound_source_open (WhisSoundSource *source, GError **error);
gboolean whis_sound_source_hand_over (WhisSoundSource *source,
                                      gpointer user_data,
                                      WhisSoundSourceSplit split);
void whis_sound_source_mute (WhisSoundSource *source);
void whis_sound_source_close (WhisSoundSource *source);

guint64 whis_sound_source_query_duration (WhisSoundSource *source);
char *whis_sound_source_dup_name (WhisSoundSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisSoundSource, whis_sound_source_unref)

G_END_DECLS
