/* SPDX-License-Identifier: MIT */
#include "insertion.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (WhisInsertion, whis_insertion, whis_insertion_ref, whis_insertion_unref)

/**
 * whis_insertion_new:
 * @text: the text; neither empty nor anything but UTF-8
 *
 * Returns: (transfer full): a new insertion
 */
WhisInsertion *
whis_insertion_new (const char *text)
{
  WhisInsertion *self;

  g_return_val_if_fail (text != NULL && *text != '\0', NULL);
  g_return_val_if_fail (g_utf8_validate (text, -1, NULL), NULL);

  self = g_new0 (WhisInsertion, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->text = g_strdup (text);

  return self;
}

/**
 * whis_insertion_ref:
 * @self: an insertion
 *
 * Returns: (transfer full): @self
 */
WhisInsertion *
whis_insertion_ref (WhisInsertion *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * whis_insertion_unref:
 * @self: (transfer full): an insertion
 */
void
whis_insertion_unref (WhisInsertion *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->text);
  g_free (self->reference);
  g_clear_pointer (&self->expected, whis_focus_unref);
  g_clear_pointer (&self->focus, whis_focus_unref);
  g_free (self);
}

/**
 * whis_insertion_get_terminal_text:
 * @self: an insertion
 * @keep_inner_newlines: whether newlines inside the text stay, because it is pasted and terminals
 *   bracket what is pasted; else each becomes a space
 *
 * A newline at the end of a text would run the line in a terminal, so none stays there. A space at
 * the end does.
 *
 * Returns: (transfer full): the text as a terminal gets it; may be empty
 */
char *
whis_insertion_get_terminal_text (WhisInsertion *self, gboolean keep_inner_newlines)
{
  char *text;
  char *end;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_strdup (self->text);
  end = text + strlen (text);
  while (end > text && g_ascii_isspace (end[-1]))
    {
      end--;
      if (*end == '\n' || *end == '\r')
        *end = '\0';
    }
  if (!keep_inner_newlines)
    g_strdelimit (text, "\r\n", ' ');

  return text;
}

/**
 * whis_insertion_is_for_password:
 * @self: an insertion whose focus was asked for
 *
 * A source of the focus may not answer in time: what was a password field when the user stopped
 * speaking is still one.
 *
 * Returns: whether the text would go into a field for a password or a PIN
 */
gboolean
whis_insertion_is_for_password (WhisInsertion *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->focus != NULL && self->focus->kind != WHIS_FOCUS_UNKNOWN)
    return self->focus->kind == WHIS_FOCUS_PASSWORD;

  return self->expected != NULL && self->expected->kind == WHIS_FOCUS_PASSWORD
         && whis_focus_is_same (self->expected, self->focus);
}

/**
 * whis_insertion_is_empty_for_focus:
 * @self: an insertion whose focus was asked for
 *
 * A terminal gets no newlines at the end, so that of some texts nothing is left to insert.
 *
 * Returns: whether nothing would be inserted
 */
gboolean
whis_insertion_is_empty_for_focus (WhisInsertion *self)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->focus == NULL || self->focus->kind != WHIS_FOCUS_TERMINAL)
    return FALSE;

  text = whis_insertion_get_terminal_text (self, TRUE);

  return *text == '\0';
}
