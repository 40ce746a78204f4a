/* SPDX-License-Identifier: MIT */
#include "memory-sound.h"

/**
 * WhisMemorySound:
 *
 * A sound that is in no file.
 */
struct _WhisMemorySound
{
  GObject parent_instance;

  GBytes *bytes;
  WhisSoundFormat format;
};

static void whis_memory_sound_sound_init (WhisSoundInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisMemorySound,
                               whis_memory_sound,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SOUND,
                                                      whis_memory_sound_sound_init))

static void
whis_memory_sound_read_async (WhisSound *sound,
                              guint64 offset,
                              gsize size,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  WhisMemorySound *self = WHIS_MEMORY_SOUND (sound);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  gsize length = g_bytes_get_size (self->bytes);

  g_task_set_source_tag (task, whis_memory_sound_read_async);
  if (offset > length || size > length - offset)
    g_task_return_error (task, whis_sound_error_new (NULL));
  else
    g_task_return_pointer (task, g_bytes_new_from_bytes (self->bytes, (gsize) offset, size),
                           (GDestroyNotify) g_bytes_unref);
}

static GBytes *
whis_memory_sound_read_finish (WhisSound *sound, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sound), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static WhisSoundFormat
whis_memory_sound_get_format (WhisSound *sound)
{
  return WHIS_MEMORY_SOUND (sound)->format;
}

static void
whis_memory_sound_sound_init (WhisSoundInterface *iface)
{
  iface->get_format = whis_memory_sound_get_format;
  iface->read_async = whis_memory_sound_read_async;
  iface->read_finish = whis_memory_sound_read_finish;
}

static void
whis_memory_sound_finalize (GObject *object)
{
  g_bytes_unref (WHIS_MEMORY_SOUND (object)->bytes);

  G_OBJECT_CLASS (whis_memory_sound_parent_class)->finalize (object);
}

static void
whis_memory_sound_class_init (WhisMemorySoundClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_memory_sound_finalize;
}

static void
whis_memory_sound_init (WhisMemorySound *self)
{
}

/**
 * whis_memory_sound_new:
 * @bytes: the sound
 * @format: what @bytes are
 *
 * Returns: (transfer full) (type WhisMemorySound): a sound of these bytes
 */
WhisSound *
whis_memory_sound_new (GBytes *bytes, WhisSoundFormat format)
{
  WhisMemorySound *self;

  g_return_val_if_fail (bytes != NULL, NULL);

  self = g_object_new (WHIS_TYPE_MEMORY_SOUND, NULL);
  self->bytes = g_bytes_ref (bytes);
  self->format = format;

  return WHIS_SOUND (self);
}
