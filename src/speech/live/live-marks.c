/* SPDX-License-Identifier: MIT */
#include "live-marks.h"
#include "live-items.h"
#include "merge.h"

#include <string.h>

/* How far the answer to a flush may stay behind the place of the flush, in microseconds: less than
 * the shortest word. */
#define FLUSH_SLACK_US (100 * 1000)

/* Times are rounded on their way, in microseconds. */
#define ROUNDING_US (20 * 1000)

/* A service that speaks of more sounds than that, none of which we committed, talks nonsense. */
#define MOST_STRAYS 64

/* What is understood of a chunk: more than anybody says in an hour. */
#define MOST_TEXT (256 * 1024)

/* A service's name for a sound is some 30 letters. */
#define LONGEST_NAME 256

typedef enum
{
  WAITING,
  SETTLED,
  FAILED,
} MarkState;

/* The end of a chunk. */
typedef struct
{
  guint chunk;
  gboolean has_speech;
  guint64 end_us;
  guint64 end;  /* in samples */
  guint commit; /* counted from 1; 0 before it was sent */
  char *item;
  MarkState state;
  char *text;
} Mark;

/* A final text, and where its sound is. */
typedef struct
{
  guint64 middle_us;
  char *text;
} Final;

/**
 * WhisLiveMarks:
 *
 * Knows which text belongs to which chunk. It is told where chunks end and what the service says,
 * and gives the texts of the chunks in their order, each once and complete.
 *
 * Chunks without speech are settled at once; their sound is left to the next chunk with speech,
 * because models invent words for silence.
 */
struct _WhisLiveMarks
{
  WhisLiveMatch match;
  guint rate;
  GQueue marks; /* of Mark; those that have not been popped */
  guint n_commits;

  WhisLiveItems *items;
  GQueue finals;    /* of Final, which no mark has taken */
  guint64 heard_us; /* everything before is final */
  guint64 flushed_us;
  gboolean hold_last;
  guint form; /* of the final texts that count */
  guint n_settled;
  gsize n_text; /* bytes that were understood since a mark was settled last */
  char *interim;
};

static void
mark_free (gpointer data)
{
  Mark *mark = data;

  g_free (mark->item);
  g_free (mark->text);
  g_free (mark);
}

static void
final_free (gpointer data)
{
  Final *final = data;

  g_free (final->text);
  g_free (final);
}

/**
 * whis_live_marks_new:
 * @match: how texts are matched to chunks
 * @rate: samples in a second
 *
 * Returns: (transfer full): no marks
 */
WhisLiveMarks *
whis_live_marks_new (WhisLiveMatch match, guint rate)
{
  WhisLiveMarks *self;

  g_return_val_if_fail (rate > 0, NULL);

  self = g_new0 (WhisLiveMarks, 1);
  self->match = match;
  self->rate = rate;
  g_queue_init (&self->marks);
  g_queue_init (&self->finals);
  self->items = whis_live_items_new ();

  return self;
}

/**
 * whis_live_marks_free:
 * @self: (transfer full) (nullable): marks
 */
void
whis_live_marks_free (WhisLiveMarks *self)
{
  if (self == NULL)
    return;

  g_queue_clear_full (&self->marks, mark_free);
  g_queue_clear_full (&self->finals, final_free);
  whis_live_items_free (self->items);
  g_free (self->interim);
  g_free (self);
}

/**
 * whis_live_marks_add:
 * @self: marks
 * @chunk: index of a chunk
 * @has_speech: whether speech was heard in it
 * @end: where it ends, in samples from the start of the session
 *
 * Tells where a chunk ends. Chunks are told in their order.
 */
void
whis_live_marks_add (WhisLiveMarks *self, guint chunk, gboolean has_speech, guint64 end)
{
  Mark *mark;

  g_return_if_fail (self != NULL);

  mark = g_new0 (Mark, 1);
  mark->chunk = chunk;
  mark->has_speech = has_speech;
  mark->end = end;
  mark->end_us = end * G_USEC_PER_SEC / self->rate;
  if (!has_speech)
    {
      mark->state = SETTLED;
      mark->text = g_strdup ("");
    }
  g_queue_push_tail (&self->marks, mark);
}

static Mark *
find_uncommitted (WhisLiveMarks *self)
{
  for (GList *l = self->marks.head; l != NULL; l = l->next)
    {
      Mark *mark = l->data;

      if (mark->has_speech && mark->commit == 0)
        return mark;
    }

  return NULL;
}

/**
 * whis_live_marks_get_next_commit:
 * @self: marks
 * @end: (out): after which sample
 *
 * Returns: whether there is a chunk of which the service has not been told yet that it ends
 */
gboolean
whis_live_marks_get_next_commit (WhisLiveMarks *self, guint64 *end)
{
  Mark *mark;

  g_return_val_if_fail (self != NULL && end != NULL, FALSE);

  mark = find_uncommitted (self);
  if (mark != NULL)
    *end = mark->end;

  return mark != NULL;
}

/**
 * whis_live_marks_commit:
 * @self: marks of which one is to be committed
 *
 * Tells that the service is being told.
 *
 * Returns: the number of the commit, counted from 1
 */
guint
whis_live_marks_commit (WhisLiveMarks *self)
{
  Mark *mark;

  g_return_val_if_fail (self != NULL, 0);

  mark = find_uncommitted (self);
  g_return_val_if_fail (mark != NULL, 0);
  mark->commit = ++self->n_commits;

  return mark->commit;
}

/* --- texts ------------------------------------------------------------------------------------ */

static void
add_text (GString *all, const char *text)
{
  if (text != NULL && *text != '\0')
    whis_merge_append (all, text);
}

static char *
live_marks_clean_text (const char *text)
{
  return g_strstrip (g_strdup (text != NULL ? text : ""));
}

static void
live_marks_settle (WhisLiveMarks *self, Mark *mark, char *text)
{
  mark->state = text != NULL ? SETTLED : FAILED;
  g_free (mark->text);
  mark->text = text;
  self->n_settled++;
  self->n_text = 0;
}

static void
replace_interim (WhisLiveMarks *self, const char *text)
{
  g_free (self->interim);
  self->interim = text != NULL ? live_marks_clean_text (text) : NULL;
}

/* The final texts whose sound lies before @end_us, which are nobody's from here on. */
static char *
steal_finals (WhisLiveMarks *self, guint64 end_us)
{
  GString *all = g_string_new (NULL);
  Final *final;

  while ((final = g_queue_peek_head (&self->finals)) != NULL && final->middle_us < end_us)
    {
      add_text (all, final->text);
      final_free (g_queue_pop_head (&self->finals));
    }

  return g_string_free (all, FALSE);
}

static void
keep_final (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  Final *final;

  if (event->text == NULL || *event->text == '\0')
    return;
  final = g_new0 (Final, 1);
  final->middle_us = event->start_us / 2 + event->end_us / 2;
  final->text = live_marks_clean_text (event->text);
  g_queue_push_tail (&self->finals, final);
}

/* The oldest chunk whose commit is unanswered. */
static Mark *
find_oldest (WhisLiveMarks *self)
{
  for (GList *l = self->marks.head; l != NULL; l = l->next)
    {
      Mark *mark = l->data;

      if (mark->state == WAITING && mark->commit != 0 && mark->item == NULL)
        return mark;
    }

  return NULL;
}

static Mark *
find_commit (WhisLiveMarks *self, guint commit)
{
  for (GList *l = self->marks.head; l != NULL && commit != 0; l = l->next)
    {
      Mark *mark = l->data;

      if (mark->commit == commit)
        return mark;
    }

  return NULL;
}

/* --- by item ---------------------------------------------------------------------------------- */

static Mark *
find_owner (WhisLiveMarks *self, const WhisLiveItem *item)
{
  for (GList *l = self->marks.head; l != NULL; l = l->next)
    {
      Mark *mark = l->data;

      if (g_strcmp0 (mark->item, item->name) == 0)
        return mark;
    }

  return NULL;
}

static guint
count_strays (WhisLiveMarks *self)
{
  guint n = 0;

  for (guint i = 0; i < whis_live_items_get_n (self->items); i++)
    n += find_owner (self, whis_live_items_get_nth (self->items, i)) == NULL;

  return n;
}

/* A text that is complete before its commit is acknowledged waits for that. */
static void
settle_item (WhisLiveMarks *self, WhisLiveItem *item)
{
  Mark *mark = find_owner (self, item);

  if (mark == NULL || !whis_live_item_is_complete (item))
    return;
  live_marks_settle (self, mark, item->failed ? NULL : g_steal_pointer (&item->final));
  whis_live_items_finish (self->items, item);
}

/* A sound that we did not commit would shift all texts behind it: nothing can be trusted then. */
static gboolean
handle_commit (WhisLiveMarks *self, const char *name)
{
  Mark *mark = find_oldest (self);

  if (mark == NULL)
    return FALSE;
  mark->item = g_strdup (name);
  settle_item (self, whis_live_items_get (self->items, name));

  return TRUE;
}

static gboolean
handle_item (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  if (event->item == NULL || whis_live_items_is_finished (self->items, event->item))
    return TRUE;
  if (event->type == WHIS_LIVE_EVENT_TAKEN)
    return handle_commit (self, event->item);

  settle_item (self, whis_live_items_update (self->items, event));

  return count_strays (self) <= MOST_STRAYS;
}

/* --- by order --------------------------------------------------------------------------------- */

/* What the service made final without being asked belongs to what comes next. */
static void
handle_final_in_order (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  Mark *mark;

  if (self->form == 0)
    self->form = event->form;
  if (self->form != event->form)
    return;
  replace_interim (self, NULL);
  keep_final (self, event);
  mark = find_oldest (self);
  if (mark != NULL)
    live_marks_settle (self, mark, steal_finals (self, G_MAXUINT64));
}

/* --- by time ---------------------------------------------------------------------------------- */

static gboolean
is_last (WhisLiveMarks *self, Mark *mark)
{
  for (GList *l = self->marks.tail; l != NULL; l = l->prev)
    {
      Mark *other = l->data;

      if (other->has_speech)
        return other == mark;
    }

  return FALSE;
}

static void
settle_by_time (WhisLiveMarks *self)
{
  Mark *mark;

  while ((mark = find_oldest (self)) != NULL
         && MAX (self->heard_us, self->flushed_us) >= mark->end_us
         && !(self->hold_last && is_last (self, mark)))
    live_marks_settle (self, mark, steal_finals (self, mark->end_us));
}

static void
handle_final_in_time (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  replace_interim (self, NULL);
  keep_final (self, event);
  self->heard_us = MAX (self->heard_us, event->end_us + ROUNDING_US);
  if (event->flushed)
    self->flushed_us = MAX (self->flushed_us, event->end_us + FLUSH_SLACK_US);
  settle_by_time (self);
}

/* ---------------------------------------------------------------------------------------------- */

static void
handle_empty (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  Mark *mark = find_commit (self, event->commit);

  if (mark == NULL)
    mark = find_oldest (self);
  if (mark != NULL && mark->state == WAITING)
    live_marks_settle (self, mark, steal_finals (self, G_MAXUINT64));
}

/* Provisional texts take each other's place; others add up. */
static gboolean
is_too_much (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  gsize size = event->text != NULL ? strlen (event->text) : 0;

  if (event->type != WHIS_LIVE_EVENT_INTERIM)
    self->n_text += size;

  return MAX (size, self->n_text) > MOST_TEXT
         || (event->item != NULL && strlen (event->item) > LONGEST_NAME);
}

/**
 * whis_live_marks_handle_event:
 * @self: marks
 * @event: what the service says
 *
 * Finds out whose text it is.
 *
 * Returns: %FALSE when it makes no sense or is too much, and no later text could be trusted to be
 * where it belongs
 */
gboolean
whis_live_marks_handle_event (WhisLiveMarks *self, const WhisLiveEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);

  if (is_too_much (self, event))
    return FALSE;
  if (event->type == WHIS_LIVE_EVENT_EMPTY)
    handle_empty (self, event);
  else if (self->match == WHIS_LIVE_MATCH_ITEM)
    return handle_item (self, event);
  else if (event->type == WHIS_LIVE_EVENT_INTERIM)
    replace_interim (self, event->text);
  else if (event->type == WHIS_LIVE_EVENT_FINAL && self->match == WHIS_LIVE_MATCH_ORDER)
    handle_final_in_order (self, event);
  else if (event->type == WHIS_LIVE_EVENT_FINAL)
    handle_final_in_time (self, event);

  return TRUE;
}

/**
 * whis_live_marks_hold_last:
 * @self: marks
 * @hold: whether the service is expected to tell when it is done
 *
 * No more chunks come. Until the service is done, the last one with speech may still get words.
 */
void
whis_live_marks_hold_last (WhisLiveMarks *self, gboolean hold)
{
  g_return_if_fail (self != NULL);

  self->hold_last = hold;
  settle_by_time (self);
}

/**
 * whis_live_marks_settle_all:
 * @self: marks
 *
 * The service has told all its texts.
 */
void
whis_live_marks_settle_all (WhisLiveMarks *self)
{
  Mark *mark;

  g_return_if_fail (self != NULL);

  while ((mark = find_oldest (self)) != NULL)
    live_marks_settle (self, mark,
                       steal_finals (self, is_last (self, mark) ? G_MAXUINT64 : mark->end_us));
}

/**
 * whis_live_marks_get_n_settled:
 * @self: marks
 *
 * Returns: how many chunks with speech are settled, by a text or as failed
 */
guint
whis_live_marks_get_n_settled (WhisLiveMarks *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_settled;
}

/**
 * whis_live_marks_is_waiting:
 * @self: marks
 *
 * Returns: whether some chunk has no text yet
 */
gboolean
whis_live_marks_is_waiting (WhisLiveMarks *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (GList *l = self->marks.head; l != NULL; l = l->next)
    {
      if (((Mark *) l->data)->state == WAITING)
        return TRUE;
    }

  return FALSE;
}

/**
 * whis_live_marks_pop:
 * @self: marks
 * @chunk: (out): index of a chunk
 * @text: (out) (transfer full) (nullable): its text; %NULL when the service failed on it
 *
 * Takes the next chunk in order, if it is settled.
 *
 * Returns: whether there was one
 */
gboolean
whis_live_marks_pop (WhisLiveMarks *self, guint *chunk, char **text)
{
  Mark *mark;

  g_return_val_if_fail (self != NULL && chunk != NULL && text != NULL, FALSE);

  mark = g_queue_peek_head (&self->marks);
  if (mark == NULL || mark->state == WAITING)
    return FALSE;
  g_queue_pop_head (&self->marks);
  *chunk = mark->chunk;
  *text = mark->state == SETTLED ? g_steal_pointer (&mark->text) : NULL;
  mark_free (mark);

  return TRUE;
}

/**
 * whis_live_marks_pop_rest:
 * @self: marks
 * @chunk: (out): index of a chunk
 * @text: (out) (transfer full) (nullable): its text; %NULL when the service failed on it
 *
 * Takes the next settled chunk, for when those before it will not be settled any more.
 *
 * Returns: whether there was one
 */
gboolean
whis_live_marks_pop_rest (WhisLiveMarks *self, guint *chunk, char **text)
{
  Mark *mark;

  g_return_val_if_fail (self != NULL && chunk != NULL && text != NULL, FALSE);

  while ((mark = g_queue_peek_head (&self->marks)) != NULL && mark->state == WAITING)
    mark_free (g_queue_pop_head (&self->marks));

  return whis_live_marks_pop (self, chunk, text);
}

static void
add_item (GString *all, const WhisLiveItem *item)
{
  g_autofree char *text = whis_live_item_dup_text (item);

  add_text (all, text);
}

/**
 * whis_live_marks_dup_partial:
 * @self: marks
 *
 * Returns: (transfer full): what was understood after the chunks that have been popped
 */
char *
whis_live_marks_dup_partial (WhisLiveMarks *self)
{
  GString *all = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (GList *l = self->marks.head; l != NULL; l = l->next)
    {
      Mark *mark = l->data;

      if (mark->state == SETTLED)
        add_text (all, mark->text);
      else if (mark->state == WAITING && mark->item != NULL)
        add_item (all, whis_live_items_get (self->items, mark->item));
    }
  for (guint i = 0; i < whis_live_items_get_n (self->items); i++)
    {
      const WhisLiveItem *item = whis_live_items_get_nth (self->items, i);

      if (find_owner (self, item) == NULL)
        add_item (all, item);
    }
  for (GList *l = self->finals.head; l != NULL; l = l->next)
    add_text (all, ((Final *) l->data)->text);
  add_text (all, self->interim);

  return g_string_free (all, FALSE);
}
