/* SPDX-License-Identifier: MIT */
#include "shm-buffers.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* One is shown while the other is drawn. */
#define N_BUFFERS 2

typedef struct
{
  WhisShmBuffers *owner;
  struct wl_buffer *buffer;
  cairo_surface_t *image;
  gboolean is_busy;
} Buffer;

/**
 * WhisShmBuffers:
 *
 * Two images in memory that is shared with a Wayland compositor.
 */
struct _WhisShmBuffers
{
  guint8 *memory;
  gsize size;
  Buffer buffers[N_BUFFERS];
  GFunc released;
  gpointer data;
};

static void
on_buffer_release (void *data, struct wl_buffer *wl_buffer)
{
  Buffer *buffer = data;

  buffer->is_busy = FALSE;
  buffer->owner->released (buffer->owner, buffer->owner->data);
}

static const struct wl_buffer_listener buffer_listener = { on_buffer_release };

/**
 * whis_shm_buffers_new:
 * @shm: the compositor's shared memory
 * @width: of each image, in pixels
 * @height: of each image, in pixels
 * @released: called when an image can be drawn on again
 * @data: for @released
 *
 * Returns: (transfer full) (nullable): two transparent images; %NULL if there is no memory
 */
WhisShmBuffers *
whis_shm_buffers_new (struct wl_shm *shm, int width, int height, GFunc released, gpointer data)
{
  int stride = cairo_format_stride_for_width (CAIRO_FORMAT_ARGB32, width);
  gsize size = (gsize) stride * (gsize) height * N_BUFFERS;
  int fd = memfd_create ("whis-indicator", MFD_CLOEXEC);
  struct wl_shm_pool *pool;
  WhisShmBuffers *self;
  guint8 *memory = MAP_FAILED;

  if (fd >= 0 && ftruncate (fd, (off_t) size) == 0)
    memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  self = g_new0 (WhisShmBuffers, 1);
  self->memory = memory;
  self->size = size;
  self->released = released;
  self->data = data;
  pool = wl_shm_create_pool (shm, fd, (gint32) size);
  for (int i = 0; i < N_BUFFERS; i++)
    {
      Buffer *buffer = &self->buffers[i];
      int offset = i * stride * height;

      buffer->owner = self;
      buffer->buffer =
          wl_shm_pool_create_buffer (pool, offset, width, height, stride, WL_SHM_FORMAT_ARGB8888);
      buffer->image = cairo_image_surface_create_for_data (memory + offset, CAIRO_FORMAT_ARGB32,
                                                           width, height, stride);
      wl_buffer_add_listener (buffer->buffer, &buffer_listener, buffer);
    }
  wl_shm_pool_destroy (pool);
  close (fd);

  return self;
}

/**
 * whis_shm_buffers_free:
 * @self: the images
 */
void
whis_shm_buffers_free (WhisShmBuffers *self)
{
  for (int i = 0; i < N_BUFFERS; i++)
    {
      cairo_surface_destroy (self->buffers[i].image);
      wl_buffer_destroy (self->buffers[i].buffer);
    }
  munmap (self->memory, self->size);
  g_free (self);
}

/**
 * whis_shm_buffers_get_free:
 * @self: the images
 *
 * Returns: (transfer none) (nullable): an image that the compositor does not use, made transparent
 */
cairo_surface_t *
whis_shm_buffers_get_free (WhisShmBuffers *self)
{
  for (int i = 0; i < N_BUFFERS; i++)
    {
      Buffer *buffer = &self->buffers[i];

      if (buffer->is_busy)
        continue;
      memset (self->memory + (gsize) i * self->size / N_BUFFERS, 0, self->size / N_BUFFERS);
      cairo_surface_mark_dirty (buffer->image);
      return buffer->image;
    }

  return NULL;
}

/**
 * whis_shm_buffers_take:
 * @self: the images
 * @image: one of them
 *
 * Returns: (transfer none): the compositor's name for it, which is its own until it releases it
 */
struct wl_buffer *
whis_shm_buffers_take (WhisShmBuffers *self, cairo_surface_t *image)
{
  for (int i = 0; i < N_BUFFERS; i++)
    if (self->buffers[i].image == image)
      {
        self->buffers[i].is_busy = TRUE;
        return self->buffers[i].buffer;
      }

  g_return_val_if_reached (NULL);
}
