/* SPDX-License-Identifier: MIT */
#include "x11-focus.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "delivery-error.h"

#define TIMEOUT_MS 150

/* Longer than any window's way to the root. */
#define N_PARENTS_MAX 32

/* In units of 4 bytes. */
#define CLASS_LENGTH_MAX 256

struct _WhisX11Focus
{
  GObject parent_instance;

  WhisX11Connection *connection;
};

static void whis_x11_focus_focus_source_init (WhisFocusSourceInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisX11Focus,
                               whis_x11_focus,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_FOCUS_SOURCE,
                                                      whis_x11_focus_focus_source_init))

/* A question; the data of its task. */
typedef struct
{
  WhisX11Focus *self;
  xcb_window_t window; /* the one that is looked at */
  xcb_window_t active; /* what the window manager says */
  char *class;
  gboolean is_top; /* whether it is the client's window that the window manager knows */
  guint n_parents;
  guint timeout;
  gboolean answered;
} Query;

static void
query_free (Query *query)
{
  g_clear_handle_id (&query->timeout, g_source_remove);
  g_free (query->class);
  g_free (query);
}

static void
query_fail (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (query->answered)
    return;

  query->answered = TRUE;
  g_clear_handle_id (&query->timeout, g_source_remove);
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY, "%s",
                           _ ("There is no X11 display."));
}

static void
query_return (GTask *task)
{
  Query *query = g_task_get_task_data (task);
  g_autofree char *identity = NULL;

  if (query->answered)
    return;

  query->answered = TRUE;
  g_clear_handle_id (&query->timeout, g_source_remove);
  if (query->window != XCB_NONE)
    identity = g_strdup_printf ("x11:%x", query->window);
  g_task_return_pointer (task, whis_focus_new (WHIS_FOCUS_UNKNOWN, query->class, identity),
                         (GDestroyNotify) whis_focus_unref);
}

static gboolean
on_timeout (gpointer user_data)
{
  GTask *task = user_data;

  ((Query *) g_task_get_task_data (task))->timeout = 0;
  query_fail (task);

  return G_SOURCE_REMOVE;
}

static void query_look (GTask *task);

/* Whether answers are still of use. */
static gboolean
query_goes_on (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (query->answered)
    return FALSE;
  if (whis_x11_connection_is_open (query->self->connection))
    return TRUE;

  query_fail (task);

  return FALSE;
}

/* The property has the name of the instance and that of the class, each with a zero at its end. */
static void
on_class_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  xcb_get_property_reply_t *property = reply;
  const char *names;
  const char *name;
  gsize size;
  gsize instance;

  if (property == NULL || property->type != XCB_ATOM_STRING || property->format != 8)
    return;

  names = xcb_get_property_value (property);
  size = (gsize) xcb_get_property_value_length (property);
  instance = strnlen (names, size);
  if (instance + 1 >= size)
    return;

  /* A program without a class may have the name of an instance. */
  name = names[instance + 1] != '\0' ? names + instance + 1 : names;
  if (*name == '\0')
    return;

  g_free (query->class);
  query->class = g_utf8_make_valid (name, (gssize) strnlen (name, size - (gsize) (name - names)));
}

static void
on_state_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const xcb_get_property_reply_t *property = reply;

  ((Query *) g_task_get_task_data (task))->is_top =
      property != NULL && property->type != XCB_ATOM_NONE;
}

/* A toolkit may give the focus to a window inside of the client's window; without a window manager
 * the topmost one is that of the client. */
static void
on_parent_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  const xcb_query_tree_reply_t *tree = reply;

  if (!query_goes_on (task))
    return;

  if (tree == NULL || query->is_top || tree->parent == XCB_NONE || tree->parent == tree->root
      || ++query->n_parents == N_PARENTS_MAX)
    {
      query_return (task);
      return;
    }

  query->window = tree->parent;
  query_look (task);
}

static void
query_look (GTask *task)
{
  Query *query = g_task_get_task_data (task);
  WhisX11Connection *connection = query->self->connection;
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (connection);

  whis_x11_connection_expect_reply (connection,
                                    xcb_get_property (xcb, FALSE, query->window, XCB_ATOM_WM_CLASS,
                                                      XCB_ATOM_STRING, 0, CLASS_LENGTH_MAX)
                                        .sequence,
                                    on_class_known, g_object_ref (task));
  whis_x11_connection_expect_reply (
      connection,
      xcb_get_property (xcb, FALSE, query->window,
                        whis_x11_connection_get_atom (connection, WHIS_X11_ATOM_WM_STATE),
                        XCB_GET_PROPERTY_TYPE_ANY, 0, 0)
          .sequence,
      on_state_known, g_object_ref (task));
  whis_x11_connection_expect_reply (connection, xcb_query_tree (xcb, query->window).sequence,
                                    on_parent_known, g_object_ref (task));
}

static void
on_active_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  xcb_get_property_reply_t *property = reply;

  if (property != NULL && property->format == 32 && property->value_len == 1)
    query->active = *(const xcb_window_t *) xcb_get_property_value (property);
}

static void
on_focus_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  const xcb_get_input_focus_reply_t *focus = reply;

  if (!query_goes_on (task))
    return;

  if (focus != NULL && focus->focus > XCB_INPUT_FOCUS_FOLLOW_KEYBOARD
      && focus->focus != whis_x11_connection_get_root (query->self->connection))
    query->window = focus->focus;
  else
    query->window = query->active;

  if (query->window == XCB_NONE)
    query_return (task);
  else
    query_look (task);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Connection *connection = WHIS_X11_CONNECTION (source);
  xcb_connection_t *xcb;

  if (!whis_x11_connection_open_finish (connection, result, NULL) || !query_goes_on (task))
    {
      query_fail (task);
      return;
    }

  xcb = whis_x11_connection_get_xcb (connection);
  whis_x11_connection_expect_reply (
      connection,
      xcb_get_property (xcb, FALSE, whis_x11_connection_get_root (connection),
                        whis_x11_connection_get_atom (connection, WHIS_X11_ATOM_NET_ACTIVE_WINDOW),
                        XCB_ATOM_WINDOW, 0, 1)
          .sequence,
      on_active_known, g_object_ref (task));
  whis_x11_connection_expect_reply (connection, xcb_get_input_focus (xcb).sequence, on_focus_known,
                                    g_object_ref (task));
}

static void
whis_x11_focus_query_async (WhisFocusSource *source,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  WhisX11Focus *self = WHIS_X11_FOCUS (source);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Query *query = g_new0 (Query, 1);

  g_task_set_source_tag (task, whis_x11_focus_query_async);
  query->self = self;
  query->timeout = g_timeout_add (TIMEOUT_MS, on_timeout, task);
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  whis_x11_connection_open_async (self->connection, NULL, on_opened, task);
}

static WhisFocus *
whis_x11_focus_query_finish (WhisFocusSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_x11_focus_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
whis_x11_focus_dispose (GObject *object)
{
  g_clear_object (&WHIS_X11_FOCUS (object)->connection);

  G_OBJECT_CLASS (whis_x11_focus_parent_class)->dispose (object);
}

static void
whis_x11_focus_class_init (WhisX11FocusClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_x11_focus_dispose;
}

static void
whis_x11_focus_focus_source_init (WhisFocusSourceInterface *interface)
{
  interface->query_async = whis_x11_focus_query_async;
  interface->query_finish = whis_x11_focus_query_finish;
}

static void
whis_x11_focus_init (WhisX11Focus *self)
{
}

/**
 * whis_x11_focus_new:
 * @connection: a connection, which need not be open
 *
 * Tells which window of an X11 session has the focus, and the class of its program. Of the fields
 * in a window X11 knows nothing.
 *
 * Returns: (transfer full): a new source
 */
WhisFocusSource *
whis_x11_focus_new (WhisX11Connection *connection)
{
  WhisX11Focus *self;

  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_X11_FOCUS, NULL);
  self->connection = g_object_ref (connection);

  return WHIS_FOCUS_SOURCE (self);
}
