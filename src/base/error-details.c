/* SPDX-License-Identifier: MIT */
#include "error-details.h"

#include <string.h>

/* GDBus hands over two strings of an error: its name and its message. So the details are lines of
 * the message, behind the one with the sentence: “id: 20260101-120000-1a2b”. */
#define CODE "code: "
#define ID "id: "
#define KEPT "kept: "
#define RESUMABLE "resumable"

static void
error_details_add (GString *message, const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (message, "\n%s%s", name, value);
}

/**
 * whis_error_details_join:
 * @self: the details
 * @sentence: a sentence for the user
 *
 * Returns: (transfer full): the message of an error on D-Bus that has both; for details that say
 *   nothing it is @sentence in one line
 */
char *
whis_error_details_join (const WhisErrorDetails *self, const char *sentence)
{
  GString *message;
  g_autofree char *kept = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sentence != NULL, NULL);

  message = g_string_new (sentence);
  /* What a service has answered may be in it. */
  g_strdelimit (message->str, "\r\n", ' ');
  kept = whis_kept_to_words (self->kept);
  error_details_add (message, CODE, self->code);
  error_details_add (message, ID, self->id);
  error_details_add (message, KEPT, kept);
  if (self->resumable)
    g_string_append (message, "\n" RESUMABLE);

  return g_string_free (message, FALSE);
}

static void
error_details_read_line (WhisErrorDetails *self, const char *line)
{
  if (g_str_has_prefix (line, CODE) && self->code == NULL)
    self->code = g_strdup (line + strlen (CODE));
  else if (g_str_has_prefix (line, ID) && self->id == NULL)
    self->id = g_strdup (line + strlen (ID));
  else if (g_str_has_prefix (line, KEPT))
    self->kept = whis_kept_from_words (line + strlen (KEPT));
  else if (g_str_equal (line, RESUMABLE))
    self->resumable = TRUE;
}

/**
 * whis_error_details_split:
 * @self: (out caller-allocates): the details; empty ones where @message has none
 * @message: the message of an error from D-Bus
 *
 * The opposite of whis_error_details_join(). Lines that this version does not know are passed over.
 *
 * Returns: (transfer full): the sentence
 */
char *
whis_error_details_split (WhisErrorDetails *self, const char *message)
{
  g_auto (GStrv) lines = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (message != NULL, NULL);

  *self = (WhisErrorDetails){ .kept = WHIS_KEPT_NOTHING };
  lines = g_strsplit (message, "\n", -1);
  if (lines[0] == NULL)
    return g_strdup ("");

  for (guint i = 1; lines[i] != NULL; i++)
    error_details_read_line (self, lines[i]);

  return g_strdup (lines[0]);
}

void
whis_error_details_clear (WhisErrorDetails *self)
{
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->id, g_free);
}
