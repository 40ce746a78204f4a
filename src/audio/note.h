/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "chunk.h"
#include "sound-source.h"

G_BEGIN_DECLS

typedef struct _WhisNote WhisNote;

/**
 * WhisNoteFunc:
 * @target: whom the note is for
 * @note: the note
 */
typedef void (*WhisNoteFunc) (gpointer target, WhisNote *note);

/**
 * WhisNote:
 * @target: whom it is for; kept alive by the note
 * @source: (nullable): which source of sound it is about
 * @chunk: (nullable): a chunk
 * @sound: (nullable): samples
 * @error: (nullable): what went wrong
 * @text: (nullable): a name
 * @level: a level in dB
 * @ms: a length in milliseconds
 * @yes: whether
 * @full: whether for lack of room
 *
 * What some thread tells an object in its main context. The note owns all that it carries.
 */
struct _WhisNote
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

  /*< private >*/
  GMainContext *context;
  WhisNoteFunc read;
  WhisNoteFunc work;
  guint n_tries;
};

WhisNote *whis_note_new (gpointer target, GMainContext *context, WhisNoteFunc read);
void whis_note_post (WhisNote *note);
void whis_note_work (WhisNote *note, WhisNoteFunc work);

G_END_DECLS
