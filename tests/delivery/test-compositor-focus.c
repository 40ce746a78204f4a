/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "compositor-focus.h"
#include "delivery-error.h"

/* A compositor that checks the question and gives the answer in two halves. */
typedef struct
{
  char *dir;
  char *path;
  GSocketService *service;
  GBytes *request;         /* what it must be asked */
  GBytes *reply;           /* NULL if it never answers */
  GSocketConnection *open; /* of the question under way */
  char *got;
  WhisFocus *focus;
  GError *error;
  gboolean answered;
} Compositor;

static void
on_request_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Compositor *self = user_data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->open));
  const guint8 *data;
  gsize size;

  g_assert_true (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, NULL, NULL));
  g_assert_cmpmem (self->got, g_bytes_get_size (self->request),
                   g_bytes_get_data (self->request, NULL), g_bytes_get_size (self->request));
  g_clear_pointer (&self->got, g_free);
  if (self->reply == NULL)
    return;

  /* Whoever has asked may have given up. */
  data = g_bytes_get_data (self->reply, &size);
  if (g_output_stream_write_all (output, data, size / 2, NULL, NULL, NULL))
    g_output_stream_write_all (output, data + size / 2, size - size / 2, NULL, NULL, NULL);
  g_clear_object (&self->open);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Compositor *self = user_data;

  g_assert_null (self->open);
  self->open = g_object_ref (connection);
  self->got = g_malloc (g_bytes_get_size (self->request));
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), self->got,
                                 g_bytes_get_size (self->request), G_PRIORITY_DEFAULT, NULL,
                                 on_request_read, self);

  return TRUE;
}

static void
compositor_init (Compositor *self)
{
  g_autoptr (GSocketAddress) address = NULL;

  self->dir = g_dir_make_tmp ("whis-compositor-XXXXXX", NULL);
  self->path = g_build_filename (self->dir, "socket", NULL);
  self->service = g_socket_service_new ();
  address = g_unix_socket_address_new (self->path);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                                G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                                NULL, NULL, NULL));
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
}

static void
compositor_clear (Compositor *self)
{
  g_socket_service_stop (self->service);
  g_clear_object (&self->service);
  g_clear_object (&self->open);
  g_clear_pointer (&self->request, g_bytes_unref);
  g_clear_pointer (&self->reply, g_bytes_unref);
  g_clear_pointer (&self->focus, whis_focus_unref);
  g_clear_error (&self->error);
  g_unlink (self->path);
  g_rmdir (self->dir);
  g_free (self->path);
  g_free (self->dir);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compositor, compositor_clear)

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Compositor *self = user_data;

  self->focus = whis_focus_source_query_finish (WHIS_FOCUS_SOURCE (source), result, &self->error);
  self->answered = TRUE;
}

static void
compositor_ask (Compositor *self, WhisFocusSource *source)
{
  g_clear_pointer (&self->focus, whis_focus_unref);
  g_clear_error (&self->error);
  self->answered = FALSE;
  whis_focus_source_query_async (source, NULL, on_answered, self);
  while (!self->answered || self->got != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* On a busy machine an answer may come too late. */
static void
compositor_ask_until_answered (Compositor *self, WhisFocusSource *source)
{
  do
    compositor_ask (self, source);
  while (self->focus == NULL);
}

static void
compositor_set_reply (Compositor *self, const char *reply)
{
  g_clear_pointer (&self->reply, g_bytes_unref);
  self->reply = g_bytes_new (reply, strlen (reply));
}

static GBytes *
create_i3_message (guint32 type, const char *payload)
{
  const guint32 numbers[] = { (guint32) strlen (payload), type };
  GByteArray *message = g_byte_array_new ();

  g_byte_array_append (message, (const guint8 *) "i3-ipc", 6);
  g_byte_array_append (message, (const guint8 *) numbers, sizeof numbers);
  g_byte_array_append (message, (const guint8 *) payload, (guint) strlen (payload));

  return g_byte_array_free_to_bytes (message);
}

static const char tree[] =
    "{\"id\":1,\"type\":\"root\",\"focused\":false,\"nodes\":[{\"id\":2,\"type\":\"output\","
    "\"focused\":false,\"nodes\":[{\"id\":3,\"type\":\"workspace\",\"focused\":%s,\"nodes\":["
    "{\"id\":4,\"type\":\"con\",\"focused\":false,\"app_id\":\"foot\",\"nodes\":[]}],"
    "\"floating_nodes\":[{\"id\":5,\"type\":\"floating_con\",\"focused\":%s,\"app_id\":%s,"
    "\"window_properties\":{\"class\":\"XTerm\",\"title\":\"ä\"},\"nodes\":[]}]}]}]}";

static void
compositor_set_tree (Compositor *self, gboolean window, const char *application)
{
  g_autofree char *text =
      g_strdup_printf (tree, window ? "false" : "true", window ? "true" : "false", application);

  g_clear_pointer (&self->reply, g_bytes_unref);
  self->reply = create_i3_message (4, text);
}

static void
test_sway (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source = NULL;

  compositor_init (&compositor);
  compositor.request = create_i3_message (4, "");
  g_setenv ("SWAYSOCK", compositor.path, TRUE);
  source = whis_compositor_focus_new_for_session ();
  g_unsetenv ("SWAYSOCK");

  compositor_set_tree (&compositor, TRUE, "\"org.gnome.TextEditor\"");
  compositor_ask_until_answered (&compositor, source);
  g_assert_cmpstr (compositor.focus->application, ==, "org.gnome.TextEditor");
  g_assert_cmpstr (compositor.focus->identity, ==, "i3:5");
  g_assert_cmpint (compositor.focus->kind, ==, WHIS_FOCUS_UNKNOWN);

  /* A program on Xwayland. */
  compositor_set_tree (&compositor, TRUE, "null");
  compositor_ask_until_answered (&compositor, source);
  g_assert_cmpstr (compositor.focus->application, ==, "XTerm");
  g_assert_cmpint (compositor.focus->kind, ==, WHIS_FOCUS_TERMINAL);

  /* No window. */
  compositor_set_tree (&compositor, FALSE, "null");
  compositor_ask_until_answered (&compositor, source);
  g_assert_null (compositor.focus->application);
  g_assert_null (compositor.focus->identity);
}

static void
test_i3 (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source = NULL;

  compositor_init (&compositor);
  compositor.request = create_i3_message (4, "");
  g_setenv ("I3SOCK", compositor.path, TRUE);
  source = whis_compositor_focus_new_for_session ();
  g_unsetenv ("I3SOCK");
  compositor_set_tree (&compositor, TRUE, "null");
  compositor_ask_until_answered (&compositor, source);
  g_assert_cmpstr (compositor.focus->application, ==, "XTerm");
}

static void
test_hyprland (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source = NULL;

  compositor_init (&compositor);
  compositor.request = g_bytes_new_static ("j/activewindow", strlen ("j/activewindow"));
  source = whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_HYPRLAND, compositor.path);
  compositor_set_reply (&compositor,
                        "{\n    \"address\": \"0x55d1\",\n    \"class\": \"kitty\"\n}");
  compositor_ask_until_answered (&compositor, source);
  g_assert_cmpstr (compositor.focus->application, ==, "kitty");
  g_assert_cmpstr (compositor.focus->identity, ==, "hyprland:0x55d1");
  g_assert_cmpint (compositor.focus->kind, ==, WHIS_FOCUS_TERMINAL);

  compositor_set_reply (&compositor, "{}");
  compositor_ask_until_answered (&compositor, source);
  g_assert_null (compositor.focus->application);
  g_assert_null (compositor.focus->identity);
}

static void
test_niri (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source = NULL;

  compositor_init (&compositor);
  compositor.request = g_bytes_new_static ("\"FocusedWindow\"\n", strlen ("\"FocusedWindow\"\n"));
  g_setenv ("NIRI_SOCKET", compositor.path, TRUE);
  source = whis_compositor_focus_new_for_session ();
  g_unsetenv ("NIRI_SOCKET");
  compositor_set_reply (&compositor, "{\"Ok\":{\"FocusedWindow\":{\"id\":12,\"title\":\"x\","
                                     "\"app_id\":\"firefox\",\"is_focused\":true}}}\n");
  compositor_ask_until_answered (&compositor, source);
  g_assert_cmpstr (compositor.focus->application, ==, "firefox");
  g_assert_cmpstr (compositor.focus->identity, ==, "niri:12");

  compositor_set_reply (&compositor, "{\"Ok\":{\"FocusedWindow\":null}}\n");
  compositor_ask_until_answered (&compositor, source);
  g_assert_null (compositor.focus->application);

  compositor_set_reply (&compositor, "{\"Err\":\"error parsing request\"}\n");
  compositor_ask (&compositor, source);
  g_assert_error (compositor.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

static void
test_never_answers (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source = NULL;

  compositor_init (&compositor);
  compositor.request = create_i3_message (4, "");
  source = whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_I3, compositor.path);
  compositor_ask (&compositor, source);
  g_assert_error (compositor.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

static void
test_not_there (void)
{
  g_auto (Compositor) compositor = { NULL };
  g_autoptr (WhisFocusSource) source =
      whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_NIRI, "/nonexistent/socket");

  compositor_init (&compositor);
  compositor_ask (&compositor, source);
  g_assert_error (compositor.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

static void
test_no_compositor (void)
{
  g_assert_null (whis_compositor_focus_new_for_session ());
}

int
main (int argc, char *argv[])
{
  g_unsetenv ("SWAYSOCK");
  g_unsetenv ("I3SOCK");
  g_unsetenv ("NIRI_SOCKET");
  g_unsetenv ("HYPRLAND_INSTANCE_SIGNATURE");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/compositor-focus/sway", test_sway);
  g_test_add_func ("/compositor-focus/i3", test_i3);
  g_test_add_func ("/compositor-focus/hyprland", test_hyprland);
  g_test_add_func ("/compositor-focus/niri", test_niri);
  g_test_add_func ("/compositor-focus/never-answers", test_never_answers);
  g_test_add_func ("/compositor-focus/not-there", test_not_there);
  g_test_add_func ("/compositor-focus/no-compositor", test_no_compositor);

  return g_test_run ();
}
