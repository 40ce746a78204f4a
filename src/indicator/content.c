/* SPDX-License-Identifier: MIT */
#include "content.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "dictation-state-label.h"
#include "direction.h"

/* More does not fit on the widest line; the font may be narrow. */
#define TEXT_CHARACTERS 200

/**
 * whis_indicator_content_new:
 *
 * Returns: (transfer full): what is shown of a dictation that records, of which no more is known
 */
WhisIndicatorContent *
whis_indicator_content_new (void)
{
  WhisIndicatorContent *self = g_new0 (WhisIndicatorContent, 1);

  self->state = WHIS_DICTATION_STATE_RECORDING;
  self->code = g_strdup ("");
  self->message = g_strdup ("");
  self->text = g_strdup ("");

  return self;
}

/**
 * whis_indicator_content_copy:
 * @self: what is shown
 *
 * Returns: (transfer full): the same
 */
WhisIndicatorContent *
whis_indicator_content_copy (const WhisIndicatorContent *self)
{
  WhisIndicatorContent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (WhisIndicatorContent, 1);
  *copy = *self;
  copy->code = g_strdup (self->code);
  copy->message = g_strdup (self->message);
  copy->text = g_strdup (self->text);

  return copy;
}

/**
 * whis_indicator_content_free:
 * @self: what is shown
 */
void
whis_indicator_content_free (WhisIndicatorContent *self)
{
  g_free (self->code);
  g_free (self->message);
  g_free (self->text);
  g_free (self);
}

/**
 * whis_indicator_content_set_failure:
 * @self: what is shown
 * @code: why there is not the whole text, as on the bus; else empty
 * @message: a sentence about that; else empty
 */
void
whis_indicator_content_set_failure (WhisIndicatorContent *self,
                                    const char *code,
                                    const char *message)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (code != NULL && message != NULL);

  g_free (self->code);
  self->code = g_strdup (code);
  g_free (self->message);
  self->message = g_strdup (message);
}

/**
 * whis_indicator_content_set_text:
 * @self: what is shown
 * @text: what is understood
 *
 * Keeps the end of a text, as one line.
 */
void
whis_indicator_content_set_text (WhisIndicatorContent *self, const char *text)
{
  glong length;

  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL && g_utf8_validate (text, -1, NULL));

  self->is_rtl = whis_direction_is_rtl (text);
  length = g_utf8_strlen (text, -1);
  g_free (self->text);
  self->text = g_strdup (g_utf8_offset_to_pointer (text, MAX (0, length - TEXT_CHARACTERS)));
  g_strdelimit (self->text, "\n\r\t\v\f", ' ');
  g_strstrip (self->text);
}

/**
 * whis_indicator_content_looks_like:
 * @self: what is shown
 * @other: what is to be shown
 *
 * Returns: whether nobody could see a difference
 */
gboolean
whis_indicator_content_looks_like (const WhisIndicatorContent *self,
                                   const WhisIndicatorContent *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self->state == other->state && self->is_silent == other->is_silent
         && self->elapsed_ms / 1000 == other->elapsed_ms / 1000
         && memcmp (&self->levels, &other->levels, sizeof self->levels) == 0
         && g_str_equal (self->code, other->code) && g_str_equal (self->message, other->message)
         && g_str_equal (self->text, other->text);
}

/**
 * whis_indicator_content_is_open:
 * @self: what is shown
 *
 * Returns: whether the microphone is open
 */
gboolean
whis_indicator_content_is_open (const WhisIndicatorContent *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return whis_dictation_state_takes_sound (self->state);
}

/**
 * whis_indicator_content_is_problem:
 * @self: what is shown
 *
 * Returns: whether the dictation ended without its whole text, and nobody wanted that
 */
gboolean
whis_indicator_content_is_problem (const WhisIndicatorContent *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == WHIS_DICTATION_STATE_FAILED
         || whis_dictation_state_is_unfinished (self->state);
}

/**
 * whis_indicator_content_get_label:
 * @self: what is shown
 *
 * Returns: the state in a word or two, translated
 */
const char *
whis_indicator_content_get_label (const WhisIndicatorContent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->is_silent && whis_indicator_content_is_open (self))
    return _ ("No sound is heard");

  return whis_dictation_state_get_label (self->state, self->code);
}

/**
 * whis_indicator_content_get_detail:
 * @self: what is shown
 *
 * Returns: what stands below the state: the text, or why there is none; maybe empty
 */
const char *
whis_indicator_content_get_detail (const WhisIndicatorContent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return whis_indicator_content_is_problem (self) ? self->message : self->text;
}
