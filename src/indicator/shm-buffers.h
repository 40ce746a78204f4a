/* SPDX-License-Identifier: MIT */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <wayland-client.h>

G_BEGIN_DECLS

typedef struct _WhisShmBuffers WhisShmBuffers;

WhisShmBuffers *
whis_shm_buffers_new (struct wl_shm *shm, int width, int height, GFunc released, gpointer data);
void whis_shm_buffers_free (WhisShmBuffers *self);

cairo_surface_t *whis_shm_buffers_get_free (WhisShmBuffers *self);
struct wl_buffer *whis_shm_buffers_take (WhisShmBuffers *self, cairo_surface_t *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisShmBuffers, whis_shm_buffers_free)

G_END_DECLS
