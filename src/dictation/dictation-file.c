/* SPDX-License-Identifier: MIT */
#include "dictation-file.h"

#include "file-sound.h"

/**
 * WhisDictationFile:
 *
 * The file that the sound of a dictation is in: one that is being recorded, or one that is there
 * already. It is locked as long as the dictation is alive, so that nobody else finishes or deletes
 * it.
 */
struct _WhisDictationFile
{
  GObject parent_instance;

  WhisHistory *history;
  char *id;
  char *path;
  WhisSound *readable;      /* NULL for one that is closed */
  WhisRecording *recording; /* NULL for one that is there already, and for one that is closed */
  int lock;                 /* or -1 */
  gboolean deleted;
  guint64 size; /* when there is no recording */
};

G_DEFINE_FINAL_TYPE (WhisDictationFile, whis_dictation_file, G_TYPE_OBJECT)

static void
whis_dictation_file_dispose (GObject *object)
{
  WhisDictationFile *self = WHIS_DICTATION_FILE (object);

  g_clear_object (&self->recording);
  g_clear_object (&self->readable);
  if (self->history != NULL)
    whis_dictation_file_unlock (self);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (whis_dictation_file_parent_class)->dispose (object);
}

static void
whis_dictation_file_finalize (GObject *object)
{
  WhisDictationFile *self = WHIS_DICTATION_FILE (object);

  g_free (self->id);
  g_free (self->path);

  G_OBJECT_CLASS (whis_dictation_file_parent_class)->finalize (object);
}

static void
whis_dictation_file_class_init (WhisDictationFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_dictation_file_dispose;
  object_class->finalize = whis_dictation_file_finalize;
}

static void
whis_dictation_file_init (WhisDictationFile *self)
{
  self->lock = -1;
}

/**
 * whis_dictation_file_new:
 * @plan: what the dictation is to do; the lock of a file that is there already is taken over
 * @history: where the file is kept
 *
 * Returns: (transfer full): a file; a new one is created by what records into it
 */
WhisDictationFile *
whis_dictation_file_new (const WhisDictationPlan *plan, WhisHistory *history)
{
  WhisDictationFile *self;

  g_return_val_if_fail (plan != NULL && plan->record != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);

  self = g_object_new (WHIS_TYPE_DICTATION_FILE, NULL);
  self->history = g_object_ref (history);
  self->id = g_strdup (plan->record->id);
  self->path = whis_history_dup_sound_path (history, self->id, plan->record->is_lossless);
  if (plan->mode == WHIS_DICTATION_MODE_NEW)
    {
      self->recording = whis_recording_new (self->path);
      self->readable = g_object_ref (WHIS_SOUND (self->recording));
    }
  else
    {
      self->lock = plan->lock;
      self->size = plan->sound_size;
      self->readable = whis_file_sound_new (self->path);
    }

  return self;
}

/**
 * whis_dictation_file_lock:
 * @self: a file
 *
 * What records has locked the file since its creation; from here on the lock is held here too. Does
 * nothing while there is no file.
 */
void
whis_dictation_file_lock (WhisDictationFile *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_FILE (self));

  if (self->lock < 0 && self->recording != NULL)
    self->lock = whis_recording_dup_lock (self->recording);
}

/**
 * whis_dictation_file_unlock:
 * @self: a file
 *
 * What records holds the lock too, and may close its file later.
 */
void
whis_dictation_file_unlock (WhisDictationFile *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_FILE (self));

  if (self->lock < 0)
    return;

  whis_history_unlock (self->history, self->lock);
  self->lock = -1;
}

/**
 * whis_dictation_file_close:
 * @self: a file all of which is saved
 * @recorded: whether nothing more is written to it; else its last reference closes it
 *
 * Who still has the sound can go on reading it.
 */
void
whis_dictation_file_close (WhisDictationFile *self, gboolean recorded)
{
  g_return_if_fail (WHIS_IS_DICTATION_FILE (self));

  self->size = whis_dictation_file_get_size (self);
  if (self->recording != NULL && recorded)
    whis_recording_close (self->recording);
  g_clear_object (&self->recording);
  g_clear_object (&self->readable);
}

/**
 * whis_dictation_file_delete:
 * @self: a file
 *
 * Deletes the file, if its lock is held or can be had.
 */
void
whis_dictation_file_delete (WhisDictationFile *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_FILE (self));

  whis_dictation_file_lock (self);
  if (self->lock < 0)
    return;

  self->deleted = TRUE;
  self->size = 0;
  whis_history_delete_sound (self->history, self->id);
}

const char *
whis_dictation_file_get_path (WhisDictationFile *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (self), NULL);

  return self->path;
}

/**
 * whis_dictation_file_get_readable:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): the sound in it, also what the disk has not taken yet; %NULL
 *   once it is closed
 */
WhisSound *
whis_dictation_file_get_readable (WhisDictationFile *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (self), NULL);

  return self->readable;
}

/**
 * whis_dictation_file_get_recording:
 * @self: a file
 *
 * Returns: (transfer none) (nullable): where new sound goes; %NULL if all of it is there
 */
WhisRecording *
whis_dictation_file_get_recording (WhisDictationFile *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (self), NULL);

  return self->recording;
}

/**
 * whis_dictation_file_is_saved:
 * @self: a file
 *
 * Returns: whether nothing is in memory only
 */
gboolean
whis_dictation_file_is_saved (WhisDictationFile *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (self), TRUE);

  return self->recording == NULL || whis_recording_get_saved (self->recording);
}

/**
 * whis_dictation_file_get_size:
 * @self: a file
 *
 * Returns: how many bytes of sound there are, as far as that is known without asking the disk
 */
guint64
whis_dictation_file_get_size (WhisDictationFile *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION_FILE (self), 0);

  return self->recording != NULL && !self->deleted ? whis_recording_get_size (self->recording)
                                                   : self->size;
}
