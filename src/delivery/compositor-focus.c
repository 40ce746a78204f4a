/* SPDX-License-Identifier: MIT */
#include "compositor-focus.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "delivery-error.h"
#include "json.h"

#define TIMEOUT_MS 150

/* The tree of a hundred windows has 200 KB. */
#define REPLY_MAX (16 * 1024 * 1024)
#define READ_SIZE 65536

/* Of the protocol of i3: the magic word, the length and the type, in the byte order of the machine.
 */
#define I3_MAGIC "i3-ipc"
#define I3_HEADER_SIZE (strlen (I3_MAGIC) + 2 * sizeof (guint32))
#define I3_GET_TREE 4u

struct _WhisCompositorFocus
{
  GObject parent_instance;

  WhisCompositorIpc ipc;
  char *socket_path;
};

static void whis_compositor_focus_focus_source_init (WhisFocusSourceInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisCompositorFocus,
                               whis_compositor_focus,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_FOCUS_SOURCE,
                                                      whis_compositor_focus_focus_source_init))

/* A question that is under way; the data of its task. */
typedef struct
{
  GCancellable *cancellable; /* of all that is waited for */
  guint timer;
  GSocketConnection *connection;
  GBytes *request;
  GByteArray *reply;
} Query;

static void
query_free (Query *query)
{
  g_clear_handle_id (&query->timer, g_source_remove);
  g_object_unref (query->cancellable);
  g_clear_object (&query->connection);
  g_clear_pointer (&query->request, g_bytes_unref);
  g_byte_array_unref (query->reply);
  g_free (query);
}

/* Finds the focused window in a tree of i3; a workspace has the focus where there is none. */
static JsonObject *
i3_find_focused (JsonObject *node)
{
  static const char *const lists[] = { "nodes", "floating_nodes" };

  if (json_object_get_boolean_member_with_default (node, "focused", FALSE))
    return node;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *list = whis_json_get_array (node, lists[i]);

      for (guint j = 0; list != NULL && j < json_array_get_length (list); j++)
        {
          JsonObject *child = whis_json_as_object (json_array_get_element (list, j));
          JsonObject *found = child != NULL ? i3_find_focused (child) : NULL;

          if (found != NULL)
            return found;
        }
    }

  return NULL;
}

static char *
get_number (JsonObject *object, const char *prefix)
{
  return g_strdup_printf ("%s%" G_GINT64_FORMAT, prefix,
                          json_object_get_int_member_with_default (object, "id", 0));
}

static GBytes *
i3_create_request (void)
{
  const guint32 numbers[] = { 0, I3_GET_TREE };
  g_autoptr (GByteArray) request = g_byte_array_new ();

  g_byte_array_append (request, (const guint8 *) I3_MAGIC, (guint) strlen (I3_MAGIC));
  g_byte_array_append (request, (const guint8 *) numbers, sizeof numbers);

  return g_byte_array_free_to_bytes (g_steal_pointer (&request));
}

/* How many bytes the reply has, %G_MAXSIZE if that is not known yet. */
static gsize
i3_get_reply_size (GByteArray *reply)
{
  guint32 length;

  if (reply->len < I3_HEADER_SIZE)
    return G_MAXSIZE;

  memcpy (&length, reply->data + strlen (I3_MAGIC), sizeof length);

  return I3_HEADER_SIZE + length;
}

static WhisFocus *
i3_get_focus (JsonObject *tree)
{
  JsonObject *window = i3_find_focused (tree);
  JsonObject *x11;
  const char *application;
  g_autofree char *identity = NULL;

  if (window == NULL || g_strcmp0 (whis_json_get_string (window, "type"), "workspace") == 0)
    return whis_focus_new (WHIS_FOCUS_UNKNOWN, NULL, NULL);

  x11 = whis_json_get_object (window, "window_properties");
  application = whis_json_get_string (window, "app_id");
  if (application == NULL && x11 != NULL)
    application = whis_json_get_string (x11, "class");
  identity = get_number (window, "i3:");

  return whis_focus_new (WHIS_FOCUS_UNKNOWN, application, identity);
}

static GBytes *
hyprland_create_request (void)
{
  return g_bytes_new_static ("j/activewindow", strlen ("j/activewindow"));
}

/* Hyprland closes the socket behind its reply. */
static gsize
hyprland_get_reply_size (GByteArray *reply)
{
  return G_MAXSIZE;
}

static WhisFocus *
hyprland_get_focus (JsonObject *window)
{
  const char *address = whis_json_get_string (window, "address");
  g_autofree char *identity = address != NULL ? g_strconcat ("hyprland:", address, NULL) : NULL;

  return whis_focus_new (WHIS_FOCUS_UNKNOWN, whis_json_get_string (window, "class"), identity);
}

static GBytes *
niri_create_request (void)
{
  return g_bytes_new_static ("\"FocusedWindow\"\n", strlen ("\"FocusedWindow\"\n"));
}

static gsize
niri_get_reply_size (GByteArray *reply)
{
  const guint8 *newline = memchr (reply->data, '\n', reply->len);

  return newline != NULL ? (gsize) (newline - reply->data) + 1 : G_MAXSIZE;
}

static WhisFocus *
niri_get_focus (JsonObject *reply)
{
  JsonObject *answer = whis_json_get_object (reply, "Ok");
  JsonObject *window = answer != NULL ? whis_json_get_object (answer, "FocusedWindow") : NULL;
  g_autofree char *identity = NULL;

  if (answer == NULL)
    return NULL;
  if (window == NULL)
    return whis_focus_new (WHIS_FOCUS_UNKNOWN, NULL, NULL);

  identity = get_number (window, "niri:");

  return whis_focus_new (WHIS_FOCUS_UNKNOWN, whis_json_get_string (window, "app_id"), identity);
}

static const struct
{
  GBytes *(*create_request) (void);
  gsize (*get_reply_size) (GByteArray *reply);
  WhisFocus *(*get_focus) (JsonObject *reply);
  gsize header_size;
} protocols[] = {
  [WHIS_COMPOSITOR_IPC_I3] = { i3_create_request, i3_get_reply_size, i3_get_focus,
                               sizeof I3_MAGIC - 1 + 8 },
  [WHIS_COMPOSITOR_IPC_HYPRLAND] = { hyprland_create_request, hyprland_get_reply_size,
                                     hyprland_get_focus, 0 },
  [WHIS_COMPOSITOR_IPC_NIRI] = { niri_create_request, niri_get_reply_size, niri_get_focus, 0 },
};

static void
query_fail (GTask *task, const char *message)
{
  g_debug ("The compositor does not tell the focus: %s", message);
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                           _ ("The desktop does not tell which window has the focus."));
}

static void
query_use_reply (GTask *task)
{
  WhisCompositorFocus *self = g_task_get_source_object (task);
  Query *query = g_task_get_task_data (task);
  gsize header = protocols[self->ipc].header_size;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;
  WhisFocus *focus;

  if (query->reply->len < header)
    {
      query_fail (task, "the reply is too short");
      return;
    }

  node = whis_json_parse ((const char *) query->reply->data + header, query->reply->len - header,
                          &error);
  object = node != NULL ? whis_json_as_object (node) : NULL;
  focus = object != NULL ? protocols[self->ipc].get_focus (object) : NULL;
  if (focus != NULL)
    g_task_return_pointer (task, focus, (GDestroyNotify) whis_focus_unref);
  else
    query_fail (task, error != NULL ? error->message : "it is no reply to this");
}

static void query_read (GTask *task);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisCompositorFocus *self = g_task_get_source_object (task);
  Query *query = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize size;

  if (bytes == NULL)
    {
      query_fail (task, error->message);
      return;
    }

  g_byte_array_append (query->reply, g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
  size = protocols[self->ipc].get_reply_size (query->reply);
  if (query->reply->len > REPLY_MAX)
    query_fail (task, "the reply is too long");
  else if (g_bytes_get_size (bytes) == 0 || query->reply->len >= size)
    query_use_reply (task);
  else
    query_read (task);
}

static void
query_read (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (query->connection)),
                                   READ_SIZE, G_PRIORITY_DEFAULT, query->cancellable, on_read,
                                   g_object_ref (task));
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    query_read (task);
  else
    query_fail (task, error->message);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisCompositorFocus *self = g_task_get_source_object (task);
  Query *query = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gconstpointer data;
  gsize size;

  query->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (query->connection == NULL)
    {
      query_fail (task, error->message);
      return;
    }

  query->request = protocols[self->ipc].create_request ();
  data = g_bytes_get_data (query->request, &size);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (query->connection)),
                                   data, size, G_PRIORITY_DEFAULT, query->cancellable, on_written,
                                   g_steal_pointer (&task));
}

static gboolean
on_timeout (gpointer user_data)
{
  Query *query = user_data;

  query->timer = 0;
  g_cancellable_cancel (query->cancellable);

  return G_SOURCE_REMOVE;
}

static void
whis_compositor_focus_query_async (WhisFocusSource *source,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  WhisCompositorFocus *self = WHIS_COMPOSITOR_FOCUS (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->socket_path);
  Query *query = g_new0 (Query, 1);

  g_task_set_source_tag (task, whis_compositor_focus_query_async);
  query->cancellable = g_cancellable_new ();
  query->reply = g_byte_array_new ();
  query->timer = g_timeout_add (TIMEOUT_MS, on_timeout, query);
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), query->cancellable,
                                 on_connected, g_object_ref (task));
}

static WhisFocus *
whis_compositor_focus_query_finish (WhisFocusSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_compositor_focus_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
whis_compositor_focus_finalize (GObject *object)
{
  g_free (WHIS_COMPOSITOR_FOCUS (object)->socket_path);

  G_OBJECT_CLASS (whis_compositor_focus_parent_class)->finalize (object);
}

static void
whis_compositor_focus_class_init (WhisCompositorFocusClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_compositor_focus_finalize;
}

static void
whis_compositor_focus_focus_source_init (WhisFocusSourceInterface *interface)
{
  interface->query_async = whis_compositor_focus_query_async;
  interface->query_finish = whis_compositor_focus_query_finish;
}

static void
whis_compositor_focus_init (WhisCompositorFocus *self)
{
}

/**
 * whis_compositor_focus_new:
 * @ipc: how it is asked
 * @socket_path: its socket
 *
 * Tells the application id, or the window class of an X11 program, and the number of the focused
 * window, by the socket of a compositor or a window manager. See `sway-ipc(7)`,
 * <https://i3wm.org/docs/ipc.html>, <https://wiki.hypr.land/IPC/> and
 * <https://github.com/YaLTeR/niri/wiki/IPC>.
 *
 * Returns: (transfer full): a new source
 */
WhisFocusSource *
whis_compositor_focus_new (WhisCompositorIpc ipc, const char *socket_path)
{
  WhisCompositorFocus *self;

  g_return_val_if_fail (socket_path != NULL, NULL);

  self = g_object_new (WHIS_TYPE_COMPOSITOR_FOCUS, NULL);
  self->ipc = ipc;
  self->socket_path = g_strdup (socket_path);

  return WHIS_FOCUS_SOURCE (self);
}

static const char *
get_variable (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

/**
 * whis_compositor_focus_new_for_session:
 *
 * Finds the socket by the variables that a compositor sets: `SWAYSOCK`, `I3SOCK`, `NIRI_SOCKET` or
 * `HYPRLAND_INSTANCE_SIGNATURE`.
 *
 * Returns: (transfer full) (nullable): a new source, or %NULL if none is set
 */
WhisFocusSource *
whis_compositor_focus_new_for_session (void)
{
  const char *signature = get_variable ("HYPRLAND_INSTANCE_SIGNATURE");
  g_autofree char *hyprland = NULL;
  const char *path;

  if ((path = get_variable ("SWAYSOCK")) != NULL || (path = get_variable ("I3SOCK")) != NULL)
    return whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_I3, path);
  if ((path = get_variable ("NIRI_SOCKET")) != NULL)
    return whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_NIRI, path);
  if (signature == NULL)
    return NULL;

  hyprland = g_build_filename (g_get_user_runtime_dir (), "hypr", signature, ".socket.sock", NULL);

  return whis_compositor_focus_new (WHIS_COMPOSITOR_IPC_HYPRLAND, hyprland);
}
