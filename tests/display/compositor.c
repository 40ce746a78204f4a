/* SPDX-License-Identifier: MIT */
#include "compositor-private.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>

void
compositor_destroy_resource (struct wl_client *client, struct wl_resource *resource)
{
  wl_resource_destroy (resource);
}

/* Notes a request. The clients are thrown out when all of their requests were read. */
void
compositor_note (CompositorPrivate *self, const char *format, ...)
{
  gsize before = self->public.log->len;
  va_list arguments;

  va_start (arguments, format);
  g_string_append_vprintf (self->public.log, format, arguments);
  va_end (arguments);
  if (self->public.stop_at != NULL
      && g_str_has_prefix (self->public.log->str + before, self->public.stop_at))
    self->stopping = TRUE;
  g_string_append_c (self->public.log, ' ');
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  CompositorPrivate *self = user_data;

  wl_event_loop_dispatch (self->loop, 0);
  if (self->stopping)
    {
      self->watch = 0;
      compositor_stop (&self->public);
      return G_SOURCE_REMOVE;
    }
  wl_display_flush_clients (self->display);

  return G_SOURCE_CONTINUE;
}

void
compositor_add_global (CompositorPrivate *self,
                       CompositorGlobals global,
                       const struct wl_interface *interface,
                       int version,
                       wl_global_bind_func_t bind)
{
  g_hash_table_insert (self->globals, GUINT_TO_POINTER (global),
                       wl_global_create (self->display, interface, version, self, bind));
}

Compositor *
compositor_new (guint globals)
{
  CompositorPrivate *self = g_new0 (CompositorPrivate, 1);

  self->folder = g_dir_make_tmp ("whis-wayland-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->public.name = g_build_filename (self->folder, "wayland", NULL);
  self->public.log = g_string_new (NULL);
  self->public.text = g_string_new (NULL);
  self->public.layouts = "us";
  self->public.scale = 1;
  self->pending = g_string_new (NULL);
  self->globals = g_hash_table_new (NULL, NULL);
  self->held = g_ptr_array_new_with_free_func (g_object_unref);
  self->display = wl_display_create ();
  g_assert_cmpint (wl_display_add_socket (self->display, self->public.name), ==, 0);
  self->loop = wl_display_get_event_loop (self->display);

  compositor_add_keys (self, globals);
  if (globals & COMPOSITOR_INPUT_METHOD)
    compositor_add_input_method (self);
  compositor_add_clipboard (self, globals);
  compositor_add_layer_shell (self, globals);
  self->watch = g_unix_fd_add (wl_event_loop_get_fd (self->loop), G_IO_IN, on_readable, self);

  return &self->public;
}

/* The compositor ends, and with it all connections. */
void
compositor_stop (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->display == NULL)
    return;

  wl_display_destroy_clients (self->display);
  g_clear_pointer (&self->display, wl_display_destroy);
}

void
compositor_free (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  compositor_stop (public);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_hash_table_unref (self->globals);
  g_ptr_array_unref (self->held);
  g_clear_pointer (&public->clipboard, g_hash_table_unref);
  g_string_free (self->pending, TRUE);
  g_string_free (public->text, TRUE);
  g_string_free (public->log, TRUE);
  g_free (public->name);
  g_free (self->folder);
  g_free (self);
}

void
compositor_remove (Compositor *public, CompositorGlobals global)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  wl_global_remove (g_hash_table_lookup (self->globals, GUINT_TO_POINTER (global)));
  wl_display_flush_clients (self->display);
}

void
compositor_await (Compositor *self, const char *request)
{
  while (strstr (self->log->str, request) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

guint
compositor_count_clients (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  return self->display != NULL ? (guint) wl_list_length (wl_display_get_client_list (self->display))
                               : 0;
}
