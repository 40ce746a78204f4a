/* SPDX-License-Identifier: MIT */
#include "x11-tray.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/xfixes.h>

/* Everything that takes the selection away is told, a crash of its owner too. */
#define SELECTION_EVENTS                                                                           \
  (XCB_XFIXES_SELECTION_EVENT_MASK_SET_SELECTION_OWNER                                             \
   | XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_WINDOW_DESTROY                                      \
   | XCB_XFIXES_SELECTION_EVENT_MASK_SELECTION_CLIENT_CLOSE)

/* A display, and what was found there. */
typedef struct
{
  xcb_connection_t *connection;
  guint8 event_type;
  xcb_window_t owner;
} Display;

struct _WhisX11Tray
{
  GObject parent_instance;

  char *display_name;
  GCancellable *cancellable; /* of the way to the display */
  Display *display;
  guint source;
  gboolean present;
};

G_DEFINE_FINAL_TYPE (WhisX11Tray, whis_x11_tray, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_DISPLAY_NAME,
  PROP_PRESENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
display_free (Display *display)
{
  xcb_disconnect (display->connection);
  g_free (display);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Display, display_free)

static xcb_window_t
find_root (xcb_connection_t *connection, int screen)
{
  xcb_screen_iterator_t screens = xcb_setup_roots_iterator (xcb_get_setup (connection));

  while (screen-- > 0 && screens.rem > 1)
    xcb_screen_next (&screens);

  return screens.data->root;
}

static xcb_atom_t
find_selection (xcb_connection_t *connection, int screen)
{
  g_autofree char *name = g_strdup_printf ("_NET_SYSTEM_TRAY_S%d", screen);
  xcb_intern_atom_cookie_t cookie =
      xcb_intern_atom (connection, FALSE, (guint16) strlen (name), name);
  xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply (connection, cookie, NULL);
  xcb_atom_t atom = reply != NULL ? reply->atom : XCB_ATOM_NONE;

  free (reply);

  return atom;
}

/* The extension must be asked for its version before it does anything. */
static gboolean
find_event_type (xcb_connection_t *connection, guint8 *event_type)
{
  const xcb_query_extension_reply_t *extension =
      xcb_get_extension_data (connection, &xcb_xfixes_id);
  xcb_xfixes_query_version_reply_t *version;

  if (extension == NULL || !extension->present)
    return FALSE;

  version = xcb_xfixes_query_version_reply (connection, xcb_xfixes_query_version (connection, 1, 0),
                                            NULL);
  free (version);
  *event_type = (guint8) (extension->first_event + XCB_XFIXES_SELECTION_NOTIFY);

  return version != NULL;
}

static xcb_window_t
get_owner (xcb_connection_t *connection, xcb_atom_t selection)
{
  xcb_get_selection_owner_reply_t *reply = xcb_get_selection_owner_reply (
      connection, xcb_get_selection_owner (connection, selection), NULL);
  xcb_window_t owner = reply != NULL ? reply->owner : XCB_NONE;

  free (reply);

  return owner;
}

/* The owner is asked for after the events: none that comes in between is missed. */
static gboolean
watch_selection (Display *display, int screen)
{
  xcb_connection_t *connection = display->connection;
  xcb_atom_t selection;

  if (xcb_connection_has_error (connection) != 0)
    return FALSE;

  selection = find_selection (connection, screen);
  if (selection == XCB_ATOM_NONE || !find_event_type (connection, &display->event_type))
    return FALSE;

  xcb_xfixes_select_selection_input (connection, find_root (connection, screen), selection,
                                     SELECTION_EVENTS);
  display->owner = get_owner (connection, selection);

  return xcb_connection_has_error (connection) == 0;
}

/* In a thread: a server may take its time to let one in. */
static void
open_in_thread (GTask *task, gpointer object, gpointer name, GCancellable *cancellable)
{
  g_autoptr (Display) display = g_new0 (Display, 1);
  int screen = 0;

  display->connection = xcb_connect (name, &screen);
  if (watch_selection (display, screen))
    g_task_return_pointer (task, g_steal_pointer (&display), (GDestroyNotify) display_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                             "no display, or one without XFixes");
}

static void
set_present (WhisX11Tray *self, gboolean present)
{
  if (self->present == present)
    return;

  self->present = present;
  g_debug ("tray: %s on the X11 display", present ? "one" : "none");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PRESENT]);
}

/* Takes the events that are there; the last one tells how things are. */
static void
take_events (WhisX11Tray *self)
{
  xcb_generic_event_t *event;
  xcb_window_t owner = self->display->owner;

  while ((event = xcb_poll_for_event (self->display->connection)) != NULL)
    {
      if ((event->response_type & 0x7f) == self->display->event_type)
        owner = ((xcb_xfixes_selection_notify_event_t *) event)->owner;
      free (event);
    }

  self->display->owner = owner;
  set_present (self, owner != XCB_NONE);
}

static gboolean
display_readable (int fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (WhisX11Tray) self = g_object_ref (user_data);

  take_events (self);
  if (self->display == NULL)
    return G_SOURCE_REMOVE;
  if (xcb_connection_has_error (self->display->connection) == 0)
    return G_SOURCE_CONTINUE;

  g_debug ("tray: the X11 display is gone");
  self->source = 0;
  g_clear_pointer (&self->display, display_free);
  set_present (self, FALSE);

  return G_SOURCE_REMOVE;
}

static void
on_x11_tray_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisX11Tray *self = user_data;
  g_autoptr (GError) error = NULL;
  Display *display = g_task_propagate_pointer (G_TASK (result), &error);

  if (display == NULL)
    {
      g_debug ("tray: the X11 display: %s", error->message);
      return;
    }

  self->display = display;
  self->source = g_unix_fd_add (xcb_get_file_descriptor (display->connection),
                                G_IO_IN | G_IO_HUP | G_IO_ERR, display_readable, self);
  /* Some may have been read along with an answer. */
  take_events (self);
}

static void
whis_x11_tray_constructed (GObject *object)
{
  WhisX11Tray *self = WHIS_X11_TRAY (object);
  g_autoptr (GTask) task = NULL;

  G_OBJECT_CLASS (whis_x11_tray_parent_class)->constructed (object);

  /* The task does not own the object: dispose cancels it. */
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_x11_tray_opened, self);
  g_task_set_source_tag (task, whis_x11_tray_constructed);
  g_task_set_task_data (task, g_strdup (self->display_name), g_free);
  g_task_run_in_thread (task, open_in_thread);
}

static void
whis_x11_tray_dispose (GObject *object)
{
  WhisX11Tray *self = WHIS_X11_TRAY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->display, display_free);

  G_OBJECT_CLASS (whis_x11_tray_parent_class)->dispose (object);
}

static void
whis_x11_tray_finalize (GObject *object)
{
  WhisX11Tray *self = WHIS_X11_TRAY (object);

  g_clear_object (&self->cancellable);
  g_free (self->display_name);

  G_OBJECT_CLASS (whis_x11_tray_parent_class)->finalize (object);
}

static void
whis_x11_tray_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisX11Tray *self = WHIS_X11_TRAY (object);

  if (prop_id == PROP_PRESENT)
    g_value_set_boolean (value, self->present);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_x11_tray_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisX11Tray *self = WHIS_X11_TRAY (object);

  if (prop_id == PROP_DISPLAY_NAME)
    self->display_name = g_value_dup_string (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_x11_tray_class_init (WhisX11TrayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = whis_x11_tray_constructed;
  object_class->dispose = whis_x11_tray_dispose;
  object_class->finalize = whis_x11_tray_finalize;
  object_class->get_property = whis_x11_tray_get_property;
  object_class->set_property = whis_x11_tray_set_property;

  /**
   * WhisX11Tray:display-name:
   */
  properties[PROP_DISPLAY_NAME] =
      g_param_spec_string ("display-name", NULL, NULL, NULL,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * WhisX11Tray:present:
   */
  properties[PROP_PRESENT] =
      g_param_spec_boolean ("present", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_x11_tray_init (WhisX11Tray *self)
{
}

WhisX11Tray *
whis_x11_tray_new (const char *display)
{
  g_return_val_if_fail (display != NULL, NULL);

  return g_object_new (WHIS_TYPE_X11_TRAY, "display-name", display, NULL);
}

gboolean
whis_x11_tray_get_present (WhisX11Tray *self)
{
  g_return_val_if_fail (WHIS_IS_X11_TRAY (self), FALSE);

  return self->present;
}
