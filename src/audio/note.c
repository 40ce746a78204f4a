/* SPDX-License-Identifier: MIT */
#include "note.h"

#include <glib/gi18n-lib.h>

#include "audio-error.h"

/* A system that gives no thread may give one when others have ended: for five seconds. */
#define RETRY_MS 100
#define MOST_TRIES 50

static void
note_free (gpointer data)
{
  WhisNote *note = data;

  g_clear_pointer (&note->source, whis_sound_source_unref);
  whis_chunk_free (note->chunk);
  g_clear_pointer (&note->sound, g_bytes_unref);
  g_clear_error (&note->error);
  g_free (note->text);
  g_main_context_unref (note->context);
  g_object_unref (note->target);
  g_free (note);
}

static gboolean
read_note (gpointer data)
{
  WhisNote *note = data;

  note->read (note->target, note);

  return G_SOURCE_REMOVE;
}

/**
 * whis_note_new:
 * @target: (type GObject.Object): whom it is for
 * @context: where @target lives
 * @read: what is called there
 *
 * May be called in any thread.
 *
 * Returns: (transfer full): an empty note, to be given to one of the two functions below
 */
WhisNote *
whis_note_new (gpointer target, GMainContext *context, WhisNoteFunc read)
{
  WhisNote *note;

  g_return_val_if_fail (G_IS_OBJECT (target), NULL);
  g_return_val_if_fail (read != NULL, NULL);

  note = g_new0 (WhisNote, 1);
  note->target = g_object_ref (target);
  note->context = g_main_context_ref (context);
  note->read = read;

  return note;
}

/**
 * whis_note_post:
 * @note: (transfer full): a note
 *
 * Has the note read in its context. Notes are read in the order in which they are posted.
 */
void
whis_note_post (WhisNote *note)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] note");
  g_source_set_callback (source, read_note, note, note_free);
  g_source_attach (source, note->context);
}

static gpointer
work_in_thread (gpointer data)
{
  WhisNote *note = data;

  note->work (note->target, note);
  whis_note_post (note);

  return NULL;
}

static void start_thread (WhisNote *note);

static gboolean
on_retry (gpointer data)
{
  start_thread (data);

  return G_SOURCE_REMOVE;
}

static void
retry (WhisNote *note)
{
  g_autoptr (GSource) source = g_timeout_source_new (RETRY_MS);

  note->n_tries++;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "[whis] note without a thread");
  g_source_set_callback (source, on_retry, note, NULL);
  g_source_attach (source, note->context);
}

static void
give_up (WhisNote *note, const GError *error)
{
  g_message ("No thread: %s", error->message);
  if (note->error == NULL)
    note->error = g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                               _ ("The system has no room for another thread (%s): end other "
                                  "programs and try again."),
                               error->message);
  whis_note_post (note);
}

static void
start_thread (WhisNote *note)
{
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_try_new ("whis-capture", work_in_thread, note, &error);

  if (thread != NULL)
    g_thread_unref (thread);
  else if (note->n_tries < MOST_TRIES)
    retry (note);
  else
    give_up (note, error);
}

/**
 * whis_note_work:
 * @note: (transfer full): a note
 * @work: what may take its time
 *
 * Runs @work in a thread, and then has the note read. Where no thread is to be had for a while, it
 * is read with an error, and without the work.
 *
 * A thread of its own and not GTask's: a sound server that hangs would keep one of the few that all
 * tasks share; and GTask may drop the last reference to the target in its thread, whereas the note
 * carries it back to the main context.
 */
void
whis_note_work (WhisNote *note, WhisNoteFunc work)
{
  note->work = work;
  start_thread (note);
}
