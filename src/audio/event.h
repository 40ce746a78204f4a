/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "chunk.h"
#include "sound-source.h"

G_BEGIN_DECLS

typedef struct _WhisEvent WhisEvent;

/**
 * WhisEventFunc:
 * @target: whom the event is for
 * @event: the event
 */
typedef void (*WhisEventFunc) (gpointer target, WhisEvent *event);

/**
 * WhisEvent:
 * @target: whom it is for; kept alive by the event
 * @source: (nullable): which source of sound it is about
 * @chunk: (nullable): a chunk
 * @sound: (nullable): samples
 * @error: (nullable): what went wrong
 * @text: (nullable): a name
 * @level: a level in dB
 * @ms: a length in milliseconds
 * @yes: whether
 * @full: whether for lack of room
 * @enhance: what is done to the sound
 *
 * What some thread tells an object in its main context. The event owns all that it carries.
 */
struct _WhisEvent
{
  gpointer target;
  WhisSoundSource *source;
  WhisChunk *chunk;
  GBytes *sound;
  GError *error;
  char *text;
  double level;
  guint64 ms;
  gboolean yes;
  gboolean full;
  guint enhance;

  /*< private >*/
  GMainContext *context;
  WhisEventFunc read;
  WhisEventFunc work;
  guint n_tries;
};

WhisEvent *whis_event_new (gpointer target, GMainContext *context, WhisEventFunc read);
void whis_event_post (WhisEvent *event);
void whis_event_work (WhisEvent *event, WhisEventFunc work);

G_END_DECLS
