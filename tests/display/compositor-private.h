/* SPDX-License-Identifier: MIT */
#pragma once

#include <wayland-server.h>

#include "compositor.h"

G_BEGIN_DECLS

typedef struct
{
  Compositor public;

  char *folder;
  struct wl_display *display;
  struct wl_event_loop *loop;
  guint watch;
  gboolean stopping;
  GHashTable *globals; /* of CompositorGlobals and struct wl_global */

  struct wl_resource *input_method; /* nullable */
  guint n_done;
  GString *pending;
  guint n_deleted;

  struct wl_resource *keyboard; /* nullable, whose keymap is told once more */

  struct wl_resource *device;  /* nullable, of the clipboard */
  struct wl_resource *source;  /* nullable, what was put on the clipboard */
  struct wl_resource *primary; /* nullable, what was put on the primary selection */
  GPtrArray *held;             /* of GOutputStream, which nobody writes to */

  struct wl_resource *layer_surface; /* nullable */
  struct wl_resource *output;        /* nullable */
  struct wl_resource *attached;      /* nullable, since the last commit */
  struct wl_resource *frame;         /* nullable, a callback that is not done */
  gboolean has_entered;              /* the surface is on the monitor */
} CompositorPrivate;

void compositor_destroy_resource (struct wl_client *client, struct wl_resource *resource);
void compositor_note (CompositorPrivate *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void compositor_add_global (CompositorPrivate *self,
                            CompositorGlobals global,
                            const struct wl_interface *interface,
                            int version,
                            wl_global_bind_func_t bind);

void compositor_add_input_method (CompositorPrivate *self);
void compositor_add_keys (CompositorPrivate *self, guint globals);
void compositor_add_clipboard (CompositorPrivate *self, guint globals);
void compositor_add_layer_shell (CompositorPrivate *self, guint globals);

G_END_DECLS
