/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-state.h"
#include "level-history.h"

G_BEGIN_DECLS

/**
 * WhisIndicatorContent:
 * @state: of the dictation
 * @is_silent: whether the open microphone gives nothing but silence
 * @code: why there is not the whole text, as on the bus; else empty
 * @message: a sentence about that; else empty
 * @text: the end of what is understood; private
 * @is_rtl: whether the whole text runs from right to left
 * @elapsed_ms: the length of the sound
 * @levels: of the last two seconds
 *
 * What the indicator shows of a dictation.
 */
typedef struct
{
  WhisDictationState state;
  gboolean is_silent;
  char *code;
  char *message;
  char *text;
  gboolean is_rtl;
  guint64 elapsed_ms;
  WhisLevelHistory levels;
} WhisIndicatorContent;

WhisIndicatorContent *whis_indicator_content_new (void);
WhisIndicatorContent *whis_indicator_content_copy (const WhisIndicatorContent *self);
void whis_indicator_content_free (WhisIndicatorContent *self);

void whis_indicator_content_set_failure (WhisIndicatorContent *self,
                                         const char *code,
                                         const char *message);
void whis_indicator_content_set_text (WhisIndicatorContent *self, const char *text);

gboolean whis_indicator_content_looks_like (const WhisIndicatorContent *self,
                                            const WhisIndicatorContent *other);
gboolean whis_indicator_content_is_open (const WhisIndicatorContent *self);
gboolean whis_indicator_content_is_problem (const WhisIndicatorContent *self);
const char *whis_indicator_content_get_label (const WhisIndicatorContent *self);
const char *whis_indicator_content_get_detail (const WhisIndicatorContent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisIndicatorContent, whis_indicator_content_free)

G_END_DECLS
