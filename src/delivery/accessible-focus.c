/* SPDX-License-Identifier: MIT */
#include "accessible-focus.h"

#include <glib/gi18n-lib.h>

#include "delivery-error.h"

#define TIMEOUT_MS 150

/* A larger tree is not read in that time. */
#define N_OBJECTS_MAX 1000

/* What is read of the text before the caret, in characters. */
#define TEXT_LENGTH 64

#define REGISTRY "org.a11y.atspi.Registry"
#define ROOT_PATH "/org/a11y/atspi/accessible/root"
#define ACCESSIBLE "org.a11y.atspi.Accessible"
#define TEXT "org.a11y.atspi.Text"

/* Of AtspiStateType, which are bits, and of AtspiRole. */
#define STATE_ACTIVE 1
#define STATE_EDITABLE 7
#define STATE_FOCUSED 12

enum
{
  ROLE_CHECK_BOX = 7,
  ROLE_MENU_ITEM = 35,
  ROLE_PASSWORD_TEXT = 40,
  ROLE_PUSH_BUTTON = 43,
  ROLE_RADIO_BUTTON = 44,
  ROLE_SLIDER = 51,
  ROLE_TERMINAL = 60,
  ROLE_TOGGLE_BUTTON = 62,
};

/* The registry has programs, those have windows, and windows have all that is in them. */
enum
{
  DEPTH_REGISTRY,
  DEPTH_PROGRAM,
  DEPTH_WINDOW,
};

struct _WhisAccessibleFocus
{
  GObject parent_instance;

  GDBusConnection *bus; /* of accessibility; NULL until it is needed */
};

static void whis_accessible_focus_focus_source_init (WhisFocusSourceInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisAccessibleFocus,
                               whis_accessible_focus,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_FOCUS_SOURCE,
                                                      whis_accessible_focus_focus_source_init))

/* A search; the data of its task. */
typedef struct
{
  GCancellable *cancellable; /* of all calls */
  guint timer;
  guint n_objects;
  guint n_awaited;
  gboolean answered;

  /* What has the focus. */
  char *name;
  char *path;
  gboolean editable;
  WhisFocusKind kind;
} Query;

/* An object that is looked at. */
typedef struct
{
  GTask *task;
  char *name;
  char *path;
  guint depth;
} Object;

static void
query_free (Query *query)
{
  g_object_unref (query->cancellable);
  g_free (query->name);
  g_free (query->path);
  g_free (query);
}

static void
object_free (Object *object)
{
  g_object_unref (object->task);
  g_free (object->name);
  g_free (object->path);
  g_free (object);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Object, object_free)

static gboolean
query_end (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (query->answered)
    return FALSE;

  query->answered = TRUE;
  g_clear_handle_id (&query->timer, g_source_remove);
  g_cancellable_cancel (query->cancellable);

  return TRUE;
}

static void
query_fail (GTask *task)
{
  if (query_end (task))
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("Accessibility does not tell which field has the focus."));
}

static void
query_return (GTask *task, const char *text_before)
{
  Query *query = g_task_get_task_data (task);
  g_autofree char *identity = NULL;
  WhisFocus *focus;

  if (!query_end (task))
    return;

  identity = g_strconcat ("atspi:", query->name, query->path, NULL);
  focus = whis_focus_new (query->kind, NULL, identity);
  whis_focus_set_text_before (focus, text_before);
  g_task_return_pointer (task, focus, (GDestroyNotify) whis_focus_unref);
}

static gboolean
on_timeout (gpointer user_data)
{
  GTask *task = user_data;

  ((Query *) g_task_get_task_data (task))->timer = 0;
  query_fail (task);

  return G_SOURCE_REMOVE;
}

static void
query_call (GTask *task,
            const char *name,
            const char *path,
            const char *interface,
            const char *method,
            GVariant *arguments,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  WhisAccessibleFocus *self = g_task_get_source_object (task);
  Query *query = g_task_get_task_data (task);

  g_dbus_connection_call (self->bus, name, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, query->cancellable, callback,
                          user_data);
}

/* What was read is never in a log. */
static void
on_text_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *text = NULL;

  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")))
    g_variant_get (reply, "(&s)", &text);
  query_return (task, text);
}

static void
on_caret_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;
  gint32 caret;

  if (query->answered)
    return;
  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    g_variant_get (reply, "(v)", &value);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    {
      query_return (task, NULL);
      return;
    }

  caret = g_variant_get_int32 (value);
  query_call (task, query->name, query->path, TEXT, "GetText",
              g_variant_new ("(ii)", MAX (0, caret - TEXT_LENGTH), MAX (0, caret)), on_text_read,
              g_object_ref (task));
}

static WhisFocusKind
kind_of_role (guint32 role, gboolean editable)
{
  switch (role)
    {
    case ROLE_PASSWORD_TEXT:
      return WHIS_FOCUS_PASSWORD;
    case ROLE_TERMINAL:
      return WHIS_FOCUS_TERMINAL;
    case ROLE_CHECK_BOX:
    case ROLE_MENU_ITEM:
    case ROLE_PUSH_BUTTON:
    case ROLE_RADIO_BUTTON:
    case ROLE_SLIDER:
    case ROLE_TOGGLE_BUTTON:
      return editable ? WHIS_FOCUS_TEXT : WHIS_FOCUS_NONE;
    default:
      return editable ? WHIS_FOCUS_TEXT : WHIS_FOCUS_UNKNOWN;
    }
}

static void
on_role_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  guint32 role = 0;

  if (query->answered)
    return;
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(u)")))
    {
      query_fail (task);
      return;
    }

  g_variant_get (reply, "(u)", &role);
  query->kind = kind_of_role (role, query->editable);
  if (query->kind == WHIS_FOCUS_TEXT)
    query_call (task, query->name, query->path, "org.freedesktop.DBus.Properties", "Get",
                g_variant_new ("(ss)", TEXT, "CaretOffset"), on_caret_known, g_object_ref (task));
  else
    query_return (task, NULL);
}

static void
query_take (GTask *task, const Object *object, gboolean editable)
{
  Query *query = g_task_get_task_data (task);

  if (query->name != NULL)
    return;

  query->name = g_strdup (object->name);
  query->path = g_strdup (object->path);
  query->editable = editable;
  query_call (task, query->name, query->path, ACCESSIBLE, "GetRole", NULL, on_role_known,
              g_object_ref (task));
}

static void
query_end_step (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (--query->n_awaited == 0 && query->name == NULL)
    query_fail (task);
}

static void query_look (GTask *task, const char *name, const char *path, guint depth);

static void
on_children_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Object) object = user_data;
  Query *query = g_task_get_task_data (object->task);
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (!query->answered && reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a(so))")))
    {
      g_autoptr (GVariantIter) children = NULL;
      const char *name;
      const char *path;

      g_variant_get (reply, "(a(so))", &children);
      while (g_variant_iter_next (children, "(&s&o)", &name, &path))
        query_look (object->task, name, path, object->depth + 1);
    }
  query_end_step (object->task);
}

static void
object_read_children (Object *object)
{
  query_call (object->task, object->name, object->path, ACCESSIBLE, "GetChildren", NULL,
              on_children_known, object);
}

static void
on_state_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Object) object = user_data;
  Query *query = g_task_get_task_data (object->task);
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  guint32 states = 0;

  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(au)")))
    {
      g_autoptr (GVariantIter) words = NULL;

      g_variant_get (reply, "(au)", &words);
      g_variant_iter_next (words, "u", &states);
    }

  if (!query->answered && object->depth > DEPTH_WINDOW && (states & (1u << STATE_FOCUSED)))
    query_take (object->task, object, (states & (1u << STATE_EDITABLE)) != 0);
  else if (!query->answered && query->name == NULL
           && (object->depth > DEPTH_WINDOW || (states & (1u << STATE_ACTIVE))))
    {
      object_read_children (g_steal_pointer (&object));
      return;
    }
  query_end_step (object->task);
}

/* Looks at an object and at what is in it, but in active windows only. */
static void
query_look (GTask *task, const char *name, const char *path, guint depth)
{
  Query *query = g_task_get_task_data (task);
  Object *object;

  if (query->answered || ++query->n_objects > N_OBJECTS_MAX)
    return;

  query->n_awaited++;
  object = g_new0 (Object, 1);
  object->task = g_object_ref (task);
  object->name = g_strdup (name);
  object->path = g_strdup (path);
  object->depth = depth;
  if (depth < DEPTH_WINDOW)
    object_read_children (object);
  else
    query_call (task, name, path, ACCESSIBLE, "GetState", NULL, on_state_known, object);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisAccessibleFocus *self = g_task_get_source_object (task);
  GDBusConnection *bus = g_dbus_connection_new_for_address_finish (result, NULL);

  if (bus == NULL)
    {
      query_fail (task);
      return;
    }

  g_set_object (&self->bus, bus);
  g_object_unref (bus);
  query_look (task, REGISTRY, ROOT_PATH, DEPTH_REGISTRY);
}

static void
on_address_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *address = NULL;

  if (reply != NULL)
    g_variant_get (reply, "(&s)", &address);
  if (address == NULL || *address == '\0' || query->answered)
    {
      query_fail (task);
      return;
    }

  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, query->cancellable, on_connected,
                                     g_steal_pointer (&task));
}

static void
on_session_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (GDBusConnection) session = g_bus_get_finish (result, NULL);

  if (session == NULL || query->answered)
    {
      query_fail (task);
      return;
    }

  /* Where nobody uses accessibility it is not started for this. */
  g_dbus_connection_call (session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
                          NULL, G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS,
                          query->cancellable, on_address_known, g_steal_pointer (&task));
}

static void
whis_accessible_focus_query_async (WhisFocusSource *source,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  WhisAccessibleFocus *self = WHIS_ACCESSIBLE_FOCUS (source);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Query *query = g_new0 (Query, 1);

  g_task_set_source_tag (task, whis_accessible_focus_query_async);
  query->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  query->timer = g_timeout_add_full (G_PRIORITY_DEFAULT, TIMEOUT_MS, on_timeout,
                                     g_object_ref (task), g_object_unref);

  if (self->bus != NULL && g_dbus_connection_is_closed (self->bus))
    g_clear_object (&self->bus);
  if (self->bus != NULL)
    query_look (task, REGISTRY, ROOT_PATH, DEPTH_REGISTRY);
  else
    g_bus_get (G_BUS_TYPE_SESSION, query->cancellable, on_session_bus, g_object_ref (task));
}

static WhisFocus *
whis_accessible_focus_query_finish (WhisFocusSource *source, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_accessible_focus_query_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
whis_accessible_focus_dispose (GObject *object)
{
  g_clear_object (&WHIS_ACCESSIBLE_FOCUS (object)->bus);

  G_OBJECT_CLASS (whis_accessible_focus_parent_class)->dispose (object);
}

static void
whis_accessible_focus_class_init (WhisAccessibleFocusClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_accessible_focus_dispose;
}

static void
whis_accessible_focus_focus_source_init (WhisFocusSourceInterface *interface)
{
  interface->query_async = whis_accessible_focus_query_async;
  interface->query_finish = whis_accessible_focus_query_finish;
}

static void
whis_accessible_focus_init (WhisAccessibleFocus *self)
{
}

/**
 * whis_accessible_focus_new:
 *
 * Tells by AT-SPI what kind of field has the focus, and the end of the text before its caret. Only
 * programs that take part in accessibility are seen.
 *
 * Returns: (transfer full): a new source
 */
WhisFocusSource *
whis_accessible_focus_new (void)
{
  return g_object_new (WHIS_TYPE_ACCESSIBLE_FOCUS, NULL);
}
