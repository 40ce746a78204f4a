/* SPDX-License-Identifier: MIT */
#pragma once

#include "live-event.h"

G_BEGIN_DECLS

/**
 * WhisLiveMatch:
 * @WHIS_LIVE_MATCH_ITEM: by the name that the service gave to the sound of each commit
 * @WHIS_LIVE_MATCH_ORDER: one final text for each commit, in their order
 * @WHIS_LIVE_MATCH_TIME: any number of final texts, by the time of their sound
 *
 * How the texts of a service are matched to the chunks.
 */
typedef enum
{
  WHIS_LIVE_MATCH_ITEM,
  WHIS_LIVE_MATCH_ORDER,
  WHIS_LIVE_MATCH_TIME,
} WhisLiveMatch;

typedef struct _WhisLiveMarks WhisLiveMarks;

WhisLiveMarks *whis_live_marks_new (WhisLiveMatch match, guint rate);
void whis_live_marks_free (WhisLiveMarks *self);

void whis_live_marks_add (WhisLiveMarks *self, guint chunk, gboolean has_speech, guint64 end);
gboolean whis_live_marks_get_next_commit (WhisLiveMarks *self, guint64 *end);
guint whis_live_marks_commit (WhisLiveMarks *self);

gboolean whis_live_marks_handle_event (WhisLiveMarks *self, const WhisLiveEvent *event);
void whis_live_marks_hold_last (WhisLiveMarks *self, gboolean hold);
void whis_live_marks_settle_all (WhisLiveMarks *self);

guint whis_live_marks_get_n_settled (WhisLiveMarks *self);
gboolean whis_live_marks_is_waiting (WhisLiveMarks *self);
gboolean whis_live_marks_pop (WhisLiveMarks *self, guint *chunk, char **text);
gboolean whis_live_marks_pop_rest (WhisLiveMarks *self, guint *chunk, char **text);
char *whis_live_marks_dup_partial (WhisLiveMarks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLiveMarks, whis_live_marks_free)

G_END_DECLS
