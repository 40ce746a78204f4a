/* SPDX-License-Identifier: MIT */
#include "file-sound.h"

#include "wav.h"

/**
 * WhisFileSound:
 *
 * A recording that is complete, as a file: a WAV file by its name, or an MP3 file.
 */
struct _WhisFileSound
{
  GObject parent_instance;

  char *path;
};

static void whis_file_sound_sound_init (WhisSoundInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisFileSound,
                               whis_file_sound,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SOUND, whis_file_sound_sound_init))

typedef struct
{
  guint64 offset;
  gsize size;
  guint8 *buffer;
  GInputStream *stream;
} Range;

static void
range_free (gpointer data)
{
  Range *range = data;

  g_free (range->buffer);
  g_clear_object (&range->stream);
  g_free (range);
}

static void
return_error (GTask *task, GError *cause)
{
  g_autoptr (GError) owned = cause;

  g_task_return_error (task, whis_sound_error_new (owned));
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Range *range = g_task_get_task_data (task);
  GError *error = NULL;
  gsize n_read;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, &error))
    return_error (task, error);
  else if (n_read < range->size)
    return_error (task, NULL);
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&range->buffer), range->size),
                           (GDestroyNotify) g_bytes_unref);
}

static void
did_open (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Range *range = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  range->stream = G_INPUT_STREAM (g_file_read_finish (G_FILE (source), result, &error));
  if (range->stream == NULL
      || !g_seekable_seek (G_SEEKABLE (range->stream), (goffset) range->offset, G_SEEK_SET,
                           cancellable, &error))
    {
      return_error (task, error);
      return;
    }
  range->buffer = g_try_malloc (range->size);
  if (range->buffer == NULL)
    {
      return_error (task, NULL);
      return;
    }
  g_input_stream_read_all_async (range->stream, range->buffer, range->size, G_PRIORITY_DEFAULT,
                                 cancellable, did_read, g_steal_pointer (&task));
}

static void
whis_file_sound_read_async (WhisSound *sound,
                            guint64 offset,
                            gsize size,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  WhisFileSound *self = WHIS_FILE_SOUND (sound);
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  Range *range = g_new0 (Range, 1);
  GTask *task = g_task_new (self, cancellable, callback, data);

  range->offset = offset;
  range->size = size;
  g_task_set_source_tag (task, whis_file_sound_read_async);
  g_task_set_task_data (task, range, range_free);
  g_file_read_async (file, G_PRIORITY_DEFAULT, cancellable, did_open, task);
}

static GBytes *
whis_file_sound_read_finish (WhisSound *sound, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sound), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static WhisSoundFormat
whis_file_sound_get_format (WhisSound *sound)
{
  return whis_wav_is_name (WHIS_FILE_SOUND (sound)->path) ? WHIS_SOUND_FORMAT_SAMPLES
                                                          : WHIS_SOUND_FORMAT_MP3;
}

static void
whis_file_sound_sound_init (WhisSoundInterface *iface)
{
  iface->get_format = whis_file_sound_get_format;
  iface->read_async = whis_file_sound_read_async;
  iface->read_finish = whis_file_sound_read_finish;
}

static void
whis_file_sound_finalize (GObject *object)
{
  g_free (WHIS_FILE_SOUND (object)->path);

  G_OBJECT_CLASS (whis_file_sound_parent_class)->finalize (object);
}

static void
whis_file_sound_class_init (WhisFileSoundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_file_sound_finalize;
}

static void
whis_file_sound_init (WhisFileSound *self)
{
}

/**
 * whis_file_sound_new:
 * @path: a recording: a WAV file by its name, or an MP3 file
 *
 * Returns: (transfer full) (type WhisFileSound): the sound in that file, which is opened whenever
 *   something is read
 */
WhisSound *
whis_file_sound_new (const char *path)
{
  WhisFileSound *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (WHIS_TYPE_FILE_SOUND, NULL);
  self->path = g_strdup (path);

  return WHIS_SOUND (self);
}
