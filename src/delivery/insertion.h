/* SPDX-License-Identifier: MIT */
#pragma once

#include "focus.h"
#include "key-chord.h"

G_BEGIN_DECLS

#define WHIS_TYPE_INSERTION (whis_insertion_get_type ())

/**
 * WhisInsertion:
 * @text: the text, UTF-8 and not empty, as it is to stand in the target
 * @sensitive: whether clipboard managers are to be asked not to keep it
 * @restore: whether the clipboard of before is put back after a receipt
 * @reference: (nullable): by which the caller knows it again
 * @chord: the keys that paste in the target, or %WHIS_CHORD_AUTOMATIC
 * @deadline_ms: milliseconds that a receipt is awaited, or 0 for what the method takes
 * @expected: (nullable): what had the focus when the user stopped speaking
 * @focus: (nullable): what has the focus now
 * @on_clipboard: set by a method that uses the clipboard: whether the text is there afterwards
 * @clipboard_lost: set by such a method: whether somebody else has copied something meanwhile
 *
 * One text to be put at the cursor.
 */
typedef struct
{
  char *text;
  char *reference;
  gboolean sensitive;
  gboolean restore;
  WhisChord chord;
  guint deadline_ms;
  WhisFocus *expected;
  WhisFocus *focus;
  gboolean on_clipboard;
  gboolean clipboard_lost;
  gatomicrefcount ref_count;
} WhisInsertion;

GType whis_insertion_get_type (void);

WhisInsertion *whis_insertion_new (const char *text);
WhisInsertion *whis_insertion_ref (WhisInsertion *self);
void whis_insertion_unref (WhisInsertion *self);

char *whis_insertion_get_terminal_text (WhisInsertion *self, gboolean keep_inner_newlines);
gboolean whis_insertion_is_for_password (WhisInsertion *self);
gboolean whis_insertion_is_empty_for_focus (WhisInsertion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisInsertion, whis_insertion_unref)

G_END_DECLS
