/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <unistd.h>

#include "compositor-private.h"
#include "ext-data-control-server-protocol.h"
#include "wlr-data-control-server-protocol.h"

/* The two protocols differ in the names of their interfaces alone, so that the implementations of
 * one serve both. */
typedef struct
{
  CompositorGlobals global;
  const struct wl_interface *manager;
  const struct wl_interface *device;
  const struct wl_interface *source;
  const struct wl_interface *offer;
  int version;
} Protocol;

static const Protocol protocols[] = {
  { COMPOSITOR_EXT_DATA_CONTROL, &ext_data_control_manager_v1_interface,
    &ext_data_control_device_v1_interface, &ext_data_control_source_v1_interface,
    &ext_data_control_offer_v1_interface, 1 },
  { COMPOSITOR_WLR_DATA_CONTROL, &zwlr_data_control_manager_v1_interface,
    &zwlr_data_control_device_v1_interface, &zwlr_data_control_source_v1_interface,
    &zwlr_data_control_offer_v1_interface, 2 },
  { COMPOSITOR_WLR_DATA_CONTROL_1, &zwlr_data_control_manager_v1_interface,
    &zwlr_data_control_device_v1_interface, &zwlr_data_control_source_v1_interface,
    &zwlr_data_control_offer_v1_interface, 1 },
};

static const Protocol *
find_protocol (struct wl_resource *resource)
{
  const char *class = wl_resource_get_class (resource);

  return g_str_has_prefix (class, "ext_") ? &protocols[0] : &protocols[1];
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) bytes = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
}

static void
receive (struct wl_client *client, struct wl_resource *resource, const char *format, int32_t fd)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, TRUE);
  GBytes *bytes = g_hash_table_lookup (self->public.clipboard, format);

  compositor_note (self, "receive:%s", format);
  if (self->public.silent_owner)
    {
      /* Nothing is written, and the pipe stays open. */
      g_ptr_array_add (self->held, g_steal_pointer (&stream));
      return;
    }

  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  g_output_stream_write_all_async (stream, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, NULL, on_written, g_bytes_ref (bytes));
}

static void
on_offer_destroyed (struct wl_resource *resource)
{
  ((CompositorPrivate *) wl_resource_get_user_data (resource))->public.n_offers--;
}

static const struct ext_data_control_offer_v1_interface offer_implementation = {
  .receive = receive,
  .destroy = compositor_destroy_resource,
};

/* Tells what is on the clipboard. */
static void
send_selection (CompositorPrivate *self)
{
  struct wl_resource *offer = NULL;
  GHashTableIter formats;
  gpointer name;

  if (self->public.clipboard != NULL)
    {
      offer = wl_resource_create (wl_resource_get_client (self->device),
                                  find_protocol (self->device)->offer, 1, 0);
      wl_resource_set_implementation (offer, &offer_implementation, self, on_offer_destroyed);
      self->public.n_offers++;
      ext_data_control_device_v1_send_data_offer (self->device, offer);
      g_hash_table_iter_init (&formats, self->public.clipboard);
      while (g_hash_table_iter_next (&formats, &name, NULL))
        ext_data_control_offer_v1_send_offer (offer, name);
    }
  ext_data_control_device_v1_send_selection (self->device, offer);
}

static void
offer_format (struct wl_client *client, struct wl_resource *resource, const char *format)
{
  compositor_note (wl_resource_get_user_data (resource), "offer:%s", format);
}

static const struct ext_data_control_source_v1_interface source_implementation = {
  .offer = offer_format,
  .destroy = compositor_destroy_resource,
};

static void
on_source_destroyed (struct wl_resource *resource)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  if (self->source == resource)
    self->source = NULL;
  if (self->primary == resource)
    self->primary = NULL;
}

static void
set_selection (struct wl_client *client, struct wl_resource *resource, struct wl_resource *source)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->source = source;
  compositor_note (self, source != NULL ? "set-selection" : "clear-selection");
}

static void
set_primary (struct wl_client *client, struct wl_resource *resource, struct wl_resource *source)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->primary = source;
  compositor_note (self, source != NULL ? "set-primary" : "clear-primary");
}

static const struct ext_data_control_device_v1_interface device_implementation = {
  .set_selection = set_selection,
  .destroy = compositor_destroy_resource,
  .set_primary_selection = set_primary,
};

static void
on_device_destroyed (struct wl_resource *resource)
{
  ((CompositorPrivate *) wl_resource_get_user_data (resource))->device = NULL;
}

static void
create_source (struct wl_client *client, struct wl_resource *resource, uint32_t id)
{
  struct wl_resource *source = wl_resource_create (client, find_protocol (resource)->source, 1, id);

  wl_resource_set_implementation (source, &source_implementation,
                                  wl_resource_get_user_data (resource), on_source_destroyed);
}

static void
get_device (struct wl_client *client,
            struct wl_resource *resource,
            uint32_t id,
            struct wl_resource *seat)
{
  CompositorPrivate *self = wl_resource_get_user_data (resource);

  self->device = wl_resource_create (client, find_protocol (resource)->device,
                                     wl_resource_get_version (resource), id);
  wl_resource_set_implementation (self->device, &device_implementation, self, on_device_destroyed);
  compositor_note (self, "get-device:%s:%d", wl_resource_get_class (resource),
                   wl_resource_get_version (resource));
  send_selection (self);
}

static const struct ext_data_control_manager_v1_interface manager_implementation = {
  .create_data_source = create_source,
  .get_data_device = get_device,
  .destroy = compositor_destroy_resource,
};

static void
bind_ext (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *manager =
      wl_resource_create (client, protocols[0].manager, (int) version, id);

  wl_resource_set_implementation (manager, &manager_implementation, data, NULL);
}

static void
bind_wlr (struct wl_client *client, void *data, uint32_t version, uint32_t id)
{
  struct wl_resource *manager =
      wl_resource_create (client, protocols[1].manager, (int) version, id);

  wl_resource_set_implementation (manager, &manager_implementation, data, NULL);
}

void
compositor_add_clipboard (CompositorPrivate *self, guint globals)
{
  for (gsize i = G_N_ELEMENTS (protocols); i > 0; i--)
    if (globals & protocols[i - 1].global)
      compositor_add_global (self, protocols[i - 1].global, protocols[i - 1].manager,
                             protocols[i - 1].version, i == 1 ? bind_ext : bind_wlr);
}

/* Asks for what was put on the clipboard, as a program that pastes does. */
static int
ask_for (CompositorPrivate *self, struct wl_resource *source, const char *format)
{
  int fds[2];

  g_assert_nonnull (source);
  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  ext_data_control_source_v1_send_send (source, format, fds[1]);
  close (fds[1]);
  wl_display_flush_clients (self->display);

  return fds[0];
}

static void
on_spliced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;

  g_assert_cmpint (g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL), >=, 0);
  *done = TRUE;
}

char *
compositor_paste (Compositor *public, const char *format, gboolean primary)
{
  CompositorPrivate *self = (CompositorPrivate *) public;
  int fd = ask_for (self, primary ? self->primary : self->source, format);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (fd, TRUE);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  gboolean done = FALSE;

  g_output_stream_splice_async (output, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, on_spliced, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);

  return g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (output)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (output)));
}

void
compositor_paste_and_close (Compositor *public, const char *format)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  close (ask_for (self, self->source, format));
}

/* Somebody else copies. */
void
compositor_copy (Compositor *public, GHashTable *formats)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  g_clear_pointer (&public->clipboard, g_hash_table_unref);
  public->clipboard = formats != NULL ? g_hash_table_ref (formats) : NULL;
  if (self->source != NULL)
    ext_data_control_source_v1_send_cancelled (self->source);
  if (self->device != NULL)
    send_selection (self);
  wl_display_flush_clients (self->display);
}

/* The seat of the clipboard goes away. */
void
compositor_finish_clipboard (Compositor *public)
{
  CompositorPrivate *self = (CompositorPrivate *) public;

  ext_data_control_device_v1_send_finished (self->device);
  wl_display_flush_clients (self->display);
}

/* A silent owner closes what it should have written to. */
void
compositor_close_held (Compositor *public)
{
  g_ptr_array_set_size (((CompositorPrivate *) public)->held, 0);
}
