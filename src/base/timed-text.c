/* SPDX-License-Identifier: MIT */
#include "timed-text.h"

G_DEFINE_BOXED_TYPE (WhisTimedText, whis_timed_text, whis_timed_text_copy, whis_timed_text_free)

/**
 * whis_timed_text_new:
 * @start_ms: where it begins, in milliseconds
 * @end_ms: where it ends, in milliseconds; an end before the start becomes the start
 * @text: the words
 *
 * Returns: (transfer full): a timed text
 */
WhisTimedText *
whis_timed_text_new (guint64 start_ms, guint64 end_ms, const char *text)
{
  WhisTimedText *self = g_new0 (WhisTimedText, 1);

  self->start_ms = start_ms;
  self->end_ms = MAX (start_ms, end_ms);
  self->text = g_strdup (text);

  return self;
}

/**
 * whis_timed_text_copy:
 * @self: a timed text
 *
 * Returns: (transfer full): a copy of @self
 */
WhisTimedText *
whis_timed_text_copy (const WhisTimedText *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return whis_timed_text_new (self->start_ms, self->end_ms, self->text);
}

/**
 * whis_timed_text_free:
 * @self: (transfer full) (nullable): a timed text
 */
void
whis_timed_text_free (WhisTimedText *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self);
}

/**
 * whis_timed_texts_new:
 *
 * Returns: (transfer full) (element-type WhisTimedText): an empty list that owns what is added
 */
GPtrArray *
whis_timed_texts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) whis_timed_text_free);
}

static gpointer
copy_one (gconstpointer text, gpointer data)
{
  return whis_timed_text_copy (text);
}

/**
 * whis_timed_texts_copy:
 * @self: (nullable) (element-type WhisTimedText): a list
 *
 * Returns: (transfer full) (nullable) (element-type WhisTimedText): a copy of @self and all in it
 */
GPtrArray *
whis_timed_texts_copy (GPtrArray *self)
{
  return self != NULL ? g_ptr_array_copy (self, copy_one, NULL) : NULL;
}
