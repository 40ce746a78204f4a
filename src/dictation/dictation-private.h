/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation.h"

#include "dictation-delivery.h"
#include "dictation-sound.h"
#include "transcription-session.h"

G_BEGIN_DECLS

/* What the files of the class share; for no other. */
struct _WhisDictation
{
  GObject parent_instance;

  WhisDictationMode mode;
  WhisRecord *record; /* what the history knows; its chunks are those of the dictation */
  gboolean offer;
  gboolean awaits_model;
  gboolean attached;
  gboolean document;
  gboolean hands_free;
  gboolean continuous;
  gboolean reviewed;
  gboolean follows; /* another passage, whose microphone it takes over */
  char *earlier;    /* id of an earlier try on the same file, or NULL */

  WhisFailover *failover;
  WhisLiveChunks *live;         /* NULL for none */
  WhisProvisional *provisional; /* NULL for none */
  gboolean watched;             /* somebody looks at provisional text */
  WhisKeyring *keyring;
  WhisHistory *history;
  WhisDictationDelivery *delivery;
  char *delivery_reason; /* nullable, why the text was not inserted */
  gboolean withheld;     /* because a password field had the focus */
  gboolean copied;
  GCancellable *cancellable;

  WhisStateMachine *machine; /* of WhisDictationState */
  gint64 started_at;         /* monotonic time of the press, in microseconds */
  WhisDictationSound *sound;
  WhisTranscriptionSession *transcript;
  GError *sound_error;
  GError *error; /* why it failed in the end */
  char *text;
  WhisKept kept;
  gboolean knows_kept; /* before the end */
  char *no_model;      /* what was said about that at the start */
  char *end_reason;    /* nullable: why the recording was stopped, a sentence */
};

static inline WhisDictationState
get_state (WhisDictation *self)
{
  return (WhisDictationState) whis_state_machine_get (self->machine);
}

static inline void
set_string (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

static inline gboolean
is_again (WhisDictation *self)
{
  return self->mode == WHIS_DICTATION_MODE_AGAIN;
}

void whis_dictation_save (WhisDictation *self);
void whis_dictation_set_state (WhisDictation *self, WhisDictationState state);

void whis_dictation_end_provisional (WhisDictation *self);
void whis_dictation_fail (WhisDictation *self, const GError *error);
void whis_dictation_wait_or_fail (WhisDictation *self, const GError *error);
void whis_dictation_conclude_if_complete (WhisDictation *self);

G_END_DECLS
