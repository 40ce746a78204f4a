/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <glib/gi18n-lib.h>

#include "audio-error.h"

/* A system that gives no thread may give one when others have ended: for five seconds. */
#define RETRY_MS 100
#define MOST_TRIES 50

static void
event_free (gpointer data)
{
  WhisEvent *event = data;

  g_clear_pointer (&event->source, whis_sound_source_unref);
  whis_chunk_free (event->chunk);
  g_clear_pointer (&event->sound, g_bytes_unref);
  g_clear_error (&event->error);
  g_free (event->text);
  g_main_context_unref (event->context);
  g_object_unref (event->target);
  g_free (event);
}

static gboolean
read_event (gpointer data)
{
  WhisEvent *event = data;

  event->read (event->target, event);

  return G_SOURCE_REMOVE;
}

/**
 * whis_event_new:
 * @target: (type GObject.Object): whom it is for
 * @context: where @target lives
 * @read: what is called there
 *
 * May be called in any thread.
 *
 * Returns: (transfer full): an empty event, to be given to one of the two functions below
 */
WhisEvent *
whis_event_new (gpointer target, GMainContext *context, WhisEventFunc read)
{
  WhisEvent *event;

  g_return_val_if_fail (G_IS_OBJECT (target), NULL);
  g_return_val_if_fail (read != NULL, NULL);

  event = g_new0 (WhisEvent, 1);
  event->target = g_object_ref (target);
  event->context = g_main_context_ref (context);
  event->read = read;

  return event;
}

/**
 * whis_event_post:
 * @event: (transfer full): a event
 *
 * Has the event read in its context. Events are read in the order in which they are posted.
 */
void
whis_event_post (WhisEvent *event)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] event");
  g_source_set_callback (source, read_event, event, event_free);
  g_source_attach (source, event->context);
}

static gpointer
work_in_thread (gpointer data)
{
  WhisEvent *event = data;

  event->work (event->target, event);
  whis_event_post (event);

  return NULL;
}

static void start_thread (WhisEvent *event);

static gboolean
on_retry (gpointer data)
{
  start_thread (data);

  return G_SOURCE_REMOVE;
}

static void
event_retry (WhisEvent *event)
{
  g_autoptr (GSource) source = g_timeout_source_new (RETRY_MS);

  event->n_tries++;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] event without a thread");
  g_source_set_callback (source, on_retry, event, NULL);
  g_source_attach (source, event->context);
}

static void
give_up (WhisEvent *event, const GError *error)
{
  g_message ("No thread: %s", error->message);
  if (event->error == NULL)
    event->error = g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                                _ ("The system has no room for another thread (%s): end other "
                                   "programs and try again."),
                                error->message);
  whis_event_post (event);
}

static void
start_thread (WhisEvent *event)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_try_new ("whis-capture", work_in_thread, event, &error);

  if (thread != NULL)
    g_thread_unref (thread);
  else if (event->n_tries < MOST_TRIES)
    event_retry (event);
  else
    give_up (event, error);
}

/**
 * whis_event_work:
 * @event: (transfer full): a event
 * @work: what may take its time
 *
 * Runs @work in a thread, and then has the event read. Where no thread is to be had for a while, it
 * is read with an error, and without the work.
 *
 * A thread of its own and not GTask's: a sound server that hangs would keep one of the few that all
 * tasks share; and GTask may drop the last reference to the target in its thread, whereas the event
 * carries it back to the main context.
 */
void
whis_event_work (WhisEvent *event, WhisEventFunc work)
{
  event->work = work;
  start_thread (event);
}
