/* SPDX-License-Identifier: MIT */
#include "x11-shortcuts.h"

#include <glib/gi18n-lib.h>
#include <xcb/xkb.h>
#include <xkbcommon/xkbcommon.h>

#include "x11-key-map.h"

/**
 * WhisX11Shortcuts:
 *
 * Shortcuts of an X11 session, by passive grabs on its root window. A grab holds for one state of
 * the lock keys only, so there is one for each.
 */

/* A shortcut, and its grabs. */
typedef struct
{
  WhisShortcutBinding binding;
  guint id;
  guint8 code; /* of the key or button; 0 if the keyboard has no such key */
  guint16 mask;
  gboolean is_grabbed;
  gboolean is_taken; /* by another client */
  gboolean is_down;
} Grab;

struct _WhisX11Shortcuts
{
  GObject parent_instance;

  WhisX11Connection *connection;
  WhisX11KeyMap *map;  /* NULL until something is bound */
  GPtrArray *grabs;    /* of Grab */
  Grab *cancel;        /* Escape while it cancels, not among the others */
  gboolean has_cancel; /* whether Escape is wanted */
  char *problem;
  guint last_id;
};

static void whis_x11_shortcuts_backend_init (WhisShortcutBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisX11Shortcuts,
                               whis_x11_shortcuts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SHORTCUT_BACKEND,
                                                      whis_x11_shortcuts_backend_init))

static const char *
whis_x11_shortcuts_get_name (WhisShortcutBackend *backend)
{
  return "x11";
}

static gboolean
whis_x11_shortcuts_tells_release (WhisShortcutBackend *backend)
{
  return TRUE;
}

static gboolean
whis_x11_shortcuts_asks_user (WhisShortcutBackend *backend)
{
  return FALSE;
}

static void
return_not_offered (GTask *task)
{
  g_task_return_new_error (task, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_NOT_OFFERED, "%s",
                           _ ("This is no X11 session."));
}

/* --- grabs -------------------------------------------------------------------------------------
 */

/* An answer to one of the requests of a grab. */
typedef struct
{
  WhisX11Shortcuts *self;
  guint id; /* of the grab, which may be gone */
} Answer;

static Grab *
x11_shortcuts_find_grab (WhisX11Shortcuts *self, guint id)
{
  if (self->cancel != NULL && self->cancel->id == id)
    return self->cancel;
  for (guint i = 0; i < self->grabs->len; i++)
    {
      Grab *grab = g_ptr_array_index (self->grabs, i);

      if (grab->id == id)
        return grab;
    }

  return NULL;
}

static void
on_grabbed (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autofree Answer *answer = user_data;
  g_autoptr (WhisX11Shortcuts) self = answer->self;
  Grab *grab = x11_shortcuts_find_grab (self, answer->id);

  if (grab != NULL && error != NULL && error->error_code == XCB_ACCESS)
    grab->is_taken = TRUE;
}

static xcb_void_cookie_t
x11_shortcuts_send_grab (WhisX11Shortcuts *self, const Grab *grab, guint16 mask)
{
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (self->connection);
  xcb_window_t root = whis_x11_connection_get_root (self->connection);

  if (grab->binding.trigger.button != 0)
    return xcb_grab_button_checked (
        xcb, FALSE, root, XCB_EVENT_MASK_BUTTON_PRESS | XCB_EVENT_MASK_BUTTON_RELEASE,
        XCB_GRAB_MODE_ASYNC, XCB_GRAB_MODE_ASYNC, XCB_NONE, XCB_NONE, grab->code, mask);

  return xcb_grab_key_checked (xcb, FALSE, root, mask, grab->code, XCB_GRAB_MODE_ASYNC,
                               XCB_GRAB_MODE_ASYNC);
}

static void
x11_shortcuts_grab (WhisX11Shortcuts *self, Grab *grab)
{
  const WhisShortcutTrigger *trigger = &grab->binding.trigger;

  grab->id = ++self->last_id;
  grab->is_taken = FALSE;
  grab->code = trigger->button != 0 ? (guint8) trigger->button
                                    : whis_x11_key_map_find (self->map, trigger->keysym);
  if (!whis_x11_key_map_get_mask (self->map, trigger->modifiers, &grab->mask))
    grab->code = 0;
  grab->is_grabbed = grab->code != 0;

  for (guint i = 0; grab->is_grabbed && i < WHIS_X11_N_LOCKS; i++)
    {
      guint16 mask = grab->mask | whis_x11_key_map_get_lock (self->map, i);
      Answer *answer = g_new (Answer, 1);

      *answer = (Answer){ g_object_ref (self), grab->id };
      whis_x11_connection_expect_reply (self->connection,
                                        x11_shortcuts_send_grab (self, grab, mask).sequence,
                                        on_grabbed, answer);
    }
}

static void
x11_shortcuts_ungrab (WhisX11Shortcuts *self, Grab *grab)
{
  xcb_connection_t *xcb;
  xcb_window_t root;

  if (!grab->is_grabbed || !whis_x11_connection_is_open (self->connection))
    return;

  grab->is_grabbed = FALSE;
  xcb = whis_x11_connection_get_xcb (self->connection);
  root = whis_x11_connection_get_root (self->connection);
  for (guint i = 0; i < WHIS_X11_N_LOCKS; i++)
    {
      guint16 mask = grab->mask | whis_x11_key_map_get_lock (self->map, i);

      if (grab->binding.trigger.button != 0)
        xcb_ungrab_button (xcb, grab->code, root, mask);
      else
        xcb_ungrab_key (xcb, grab->code, root, mask);
    }
}

static void
x11_shortcuts_ungrab_all (WhisX11Shortcuts *self)
{
  for (guint i = 0; i < self->grabs->len; i++)
    x11_shortcuts_ungrab (self, g_ptr_array_index (self->grabs, i));
  if (self->cancel != NULL)
    x11_shortcuts_ungrab (self, self->cancel);
}

/* Escape is not for long, so nobody is bothered if another program has it. */
static void
x11_shortcuts_update_cancel (WhisX11Shortcuts *self)
{
  if (self->map == NULL || !whis_x11_connection_is_open (self->connection))
    return;

  if (self->cancel != NULL)
    x11_shortcuts_ungrab (self, self->cancel);
  g_clear_pointer (&self->cancel, g_free);
  if (!self->has_cancel)
    return;

  self->cancel = g_new0 (Grab, 1);
  self->cancel->binding.action = WHIS_SHORTCUT_ACTION_CANCEL;
  self->cancel->binding.trigger.keysym = XKB_KEY_Escape;
  x11_shortcuts_grab (self, self->cancel);
}

/* --- binding -----------------------------------------------------------------------------------
 */

static void
x11_shortcuts_note_problems (WhisX11Shortcuts *self)
{
  g_autoptr (GString) problem = g_string_new (NULL);

  for (guint i = 0; i < self->grabs->len; i++)
    {
      Grab *grab = g_ptr_array_index (self->grabs, i);
      g_autofree char *label = whis_shortcut_trigger_to_label (&grab->binding.trigger);

      if (grab->code != 0 && !grab->is_taken)
        continue;
      /* Half of a shortcut, with some lock keys only, is worse than none. */
      x11_shortcuts_ungrab (self, grab);
      if (problem->len > 0)
        g_string_append_c (problem, ' ');
      if (grab->is_taken)
        g_string_append_printf (problem,
                                _ ("Another program uses %s; choose another key for “%s”."), label,
                                whis_shortcut_action_get_title (grab->binding.action));
      else
        g_string_append_printf (problem,
                                _ ("The keyboard has no key for %s; choose another one for “%s”."),
                                label, whis_shortcut_action_get_title (grab->binding.action));
    }

  g_free (self->problem);
  self->problem = problem->len > 0 ? g_string_free (g_steal_pointer (&problem), FALSE) : NULL;
}

/* The answers to all grabs came before this one. */
static void
on_all_grabbed (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Shortcuts *self = g_task_get_source_object (task);

  if (reply == NULL)
    {
      return_not_offered (task);
      return;
    }

  x11_shortcuts_note_problems (self);
  whis_shortcut_backend_changed (WHIS_SHORTCUT_BACKEND (self));
  g_task_return_boolean (task, TRUE);
}

static void
on_keys_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Shortcuts *self = g_task_get_source_object (task);
  xcb_get_modifier_mapping_reply_t *modifiers = g_task_get_task_data (task);
  xcb_connection_t *xcb;

  if (reply == NULL || modifiers == NULL)
    {
      return_not_offered (task);
      return;
    }

  xcb = whis_x11_connection_get_xcb (self->connection);
  x11_shortcuts_ungrab_all (self);
  g_clear_pointer (&self->map, whis_x11_key_map_free);
  self->map = whis_x11_key_map_new (xcb_get_setup (xcb), modifiers, reply);
  for (guint i = 0; i < self->grabs->len; i++)
    x11_shortcuts_grab (self, g_ptr_array_index (self->grabs, i));
  x11_shortcuts_update_cancel (self);
  whis_x11_connection_expect_reply (self->connection, xcb_get_input_focus (xcb).sequence,
                                    on_all_grabbed, g_steal_pointer (&task));
}

static void
on_modifiers_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const xcb_get_modifier_mapping_reply_t *modifiers = reply;

  if (modifiers != NULL)
    g_task_set_task_data (
        task, g_memdup2 (modifiers, sizeof *modifiers + (gsize) modifiers->length * 4), g_free);
}

/* Takes the task; binds what is in the list, on the keyboard as it is now. */
static void
x11_shortcuts_bind_list (WhisX11Shortcuts *self, GTask *task)
{
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (self->connection);
  const xcb_setup_t *setup = xcb_get_setup (xcb);
  guint8 n_keys = (guint8) (setup->max_keycode - setup->min_keycode + 1);

  whis_x11_connection_expect_reply (self->connection, xcb_get_modifier_mapping (xcb).sequence,
                                    on_modifiers_known, g_object_ref (task));
  whis_x11_connection_expect_reply (
      self->connection, xcb_get_keyboard_mapping (xcb, setup->min_keycode, n_keys).sequence,
      on_keys_known, task);
}

/* Without detectable repetition a key that is held is released and pressed again and again. A
 * client that has used the XKB extension is told of another layout by that extension only. */
static void
x11_shortcuts_use_xkb (WhisX11Shortcuts *self)
{
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (self->connection);
  guint32 flag = XCB_XKB_PER_CLIENT_FLAG_DETECTABLE_AUTO_REPEAT;
  guint16 types = XCB_XKB_EVENT_TYPE_NEW_KEYBOARD_NOTIFY | XCB_XKB_EVENT_TYPE_MAP_NOTIFY;
  guint16 map = XCB_XKB_MAP_PART_KEY_SYMS | XCB_XKB_MAP_PART_MODIFIER_MAP;
  xcb_xkb_select_events_details_t details = {
    .affectNewKeyboard = XCB_XKB_NKN_DETAIL_KEYCODES,
    .newKeyboardDetails = XCB_XKB_NKN_DETAIL_KEYCODES,
  };

  if (whis_x11_connection_get_xkb_event (self->connection) == 0)
    return;

  xcb_discard_reply (
      xcb, xcb_xkb_per_client_flags (xcb, XCB_XKB_ID_USE_CORE_KBD, flag, flag, 0, 0, 0).sequence);
  xcb_xkb_select_events_aux (xcb, XCB_XKB_ID_USE_CORE_KBD, types, 0, 0, map, map, &details);
}

static void
on_opened_to_bind (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisX11Shortcuts *self = g_task_get_source_object (task);

  if (!whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, NULL))
    {
      if (!g_task_return_error_if_cancelled (task))
        return_not_offered (task);
      return;
    }

  x11_shortcuts_use_xkb (self);
  x11_shortcuts_bind_list (self, g_steal_pointer (&task));
}

static void
whis_x11_shortcuts_unbind (WhisShortcutBackend *backend)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (backend);

  x11_shortcuts_ungrab_all (self);
  g_ptr_array_set_size (self->grabs, 0);
  g_clear_pointer (&self->cancel, g_free);
  self->has_cancel = FALSE;
  g_clear_pointer (&self->problem, g_free);
}

static void
whis_x11_shortcuts_bind_async (WhisShortcutBackend *backend,
                               const WhisShortcutBinding *bindings,
                               gsize n_bindings,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_x11_shortcuts_bind_async);
  x11_shortcuts_ungrab_all (self);
  g_ptr_array_set_size (self->grabs, 0);
  for (gsize i = 0; i < n_bindings; i++)
    {
      Grab *grab = g_new0 (Grab, 1);

      grab->binding = bindings[i];
      g_ptr_array_add (self->grabs, grab);
    }
  whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_bind, task);
}

static void
on_opened_to_probe (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (whis_x11_connection_open_finish (WHIS_X11_CONNECTION (source), result, NULL))
    g_task_return_boolean (task, TRUE);
  else if (!g_task_return_error_if_cancelled (task))
    return_not_offered (task);
}

static void
whis_x11_shortcuts_probe_async (WhisShortcutBackend *backend,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (backend);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_x11_shortcuts_probe_async);
  whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_probe, task);
}

static void
whis_x11_shortcuts_set_cancel (WhisShortcutBackend *backend, gboolean bound)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (backend);

  if (self->has_cancel == bound)
    return;

  self->has_cancel = bound;
  x11_shortcuts_update_cancel (self);
}

static char *
whis_x11_shortcuts_dup_trigger (WhisShortcutBackend *backend, WhisShortcutAction action)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (backend);

  for (guint i = 0; i < self->grabs->len; i++)
    {
      const Grab *grab = g_ptr_array_index (self->grabs, i);

      if (grab->binding.action == action && grab->is_grabbed)
        return whis_shortcut_trigger_to_label (&grab->binding.trigger);
    }

  return NULL;
}

static const char *
whis_x11_shortcuts_get_problem (WhisShortcutBackend *backend)
{
  return WHIS_X11_SHORTCUTS (backend)->problem;
}

/* --- events ------------------------------------------------------------------------------------
 */

static gboolean
grab_matches (const Grab *grab, gboolean is_button, guint8 code)
{
  return grab->is_grabbed && grab->code == code && (grab->binding.trigger.button != 0) == is_button;
}

static void
x11_shortcuts_press (WhisX11Shortcuts *self, Grab *grab)
{
  if (grab->is_down)
    return;

  grab->is_down = TRUE;
  whis_shortcut_backend_pressed (WHIS_SHORTCUT_BACKEND (self), grab->binding.action);
}

static void
x11_shortcuts_release (WhisX11Shortcuts *self, Grab *grab)
{
  if (!grab->is_down)
    return;

  grab->is_down = FALSE;
  whis_shortcut_backend_released (WHIS_SHORTCUT_BACKEND (self), grab->binding.action);
}

/* Handlers may bind others: nothing is touched after the first that matches. */
static void
x11_shortcuts_take_press (WhisX11Shortcuts *self, gboolean is_button, guint8 code, guint16 state)
{
  guint16 mask;

  if (self->map == NULL)
    return;

  mask = whis_x11_key_map_get_all_masks (self->map);
  if (self->cancel != NULL && grab_matches (self->cancel, is_button, code) && (state & mask) == 0)
    {
      x11_shortcuts_press (self, self->cancel);
      return;
    }
  for (guint i = 0; i < self->grabs->len; i++)
    {
      Grab *grab = g_ptr_array_index (self->grabs, i);

      if (grab_matches (grab, is_button, code) && (state & mask) == grab->mask)
        {
          x11_shortcuts_press (self, grab);
          return;
        }
    }
}

/* Modifiers may have been released before. */
static void
x11_shortcuts_take_release (WhisX11Shortcuts *self, gboolean is_button, guint8 code)
{
  if (self->cancel != NULL && self->cancel->is_down && grab_matches (self->cancel, is_button, code))
    {
      x11_shortcuts_release (self, self->cancel);
      return;
    }
  for (guint i = 0; i < self->grabs->len; i++)
    {
      Grab *grab = g_ptr_array_index (self->grabs, i);

      if (grab->is_down && grab_matches (grab, is_button, code))
        {
          x11_shortcuts_release (self, grab);
          return;
        }
    }
}

/* Another layout has its keys elsewhere. */
static void
x11_shortcuts_take_mapping (WhisX11Shortcuts *self)
{
  GTask *task;

  if (self->map == NULL || self->grabs->len == 0)
    return;

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, x11_shortcuts_take_mapping);
  x11_shortcuts_bind_list (self, task);
}

static gboolean
x11_shortcuts_is_new_layout (WhisX11Shortcuts *self, xcb_generic_event_t *event)
{
  /* All events of the extension begin as this one does. */
  const xcb_xkb_new_keyboard_notify_event_t *xkb = (xcb_xkb_new_keyboard_notify_event_t *) event;
  guint8 type = event->response_type & 0x7f;

  if (type == XCB_MAPPING_NOTIFY)
    return ((xcb_mapping_notify_event_t *) event)->request != XCB_MAPPING_POINTER;

  return type == whis_x11_connection_get_xkb_event (self->connection)
         && (xkb->xkbType == XCB_XKB_NEW_KEYBOARD_NOTIFY || xkb->xkbType == XCB_XKB_MAP_NOTIFY);
}

static void
on_event (WhisX11Shortcuts *self, xcb_generic_event_t *event)
{
  /* The events of buttons have the same members as those of keys. */
  const xcb_key_press_event_t *key = (xcb_key_press_event_t *) event;

  if (x11_shortcuts_is_new_layout (self, event))
    x11_shortcuts_take_mapping (self);

  switch (event->response_type & 0x7f)
    {
    case XCB_KEY_PRESS:
      x11_shortcuts_take_press (self, FALSE, key->detail, key->state);
      break;
    case XCB_KEY_RELEASE:
      x11_shortcuts_take_release (self, FALSE, key->detail);
      break;
    case XCB_BUTTON_PRESS:
      x11_shortcuts_take_press (self, TRUE, key->detail, key->state);
      break;
    case XCB_BUTTON_RELEASE:
      x11_shortcuts_take_release (self, TRUE, key->detail);
      break;
    default:
      break;
    }
}

static void
on_closed (WhisX11Shortcuts *self)
{
  g_clear_pointer (&self->map, whis_x11_key_map_free);
  g_ptr_array_set_size (self->grabs, 0);
  g_clear_pointer (&self->cancel, g_free);
  self->has_cancel = FALSE;
  whis_shortcut_backend_lost (WHIS_SHORTCUT_BACKEND (self), FALSE);
}

static void
whis_x11_shortcuts_backend_init (WhisShortcutBackendInterface *iface)
{
  iface->get_name = whis_x11_shortcuts_get_name;
  iface->tells_release = whis_x11_shortcuts_tells_release;
  iface->asks_user = whis_x11_shortcuts_asks_user;
  iface->probe_async = whis_x11_shortcuts_probe_async;
  iface->bind_async = whis_x11_shortcuts_bind_async;
  iface->unbind = whis_x11_shortcuts_unbind;
  iface->set_cancel = whis_x11_shortcuts_set_cancel;
  iface->dup_trigger = whis_x11_shortcuts_dup_trigger;
  iface->get_problem = whis_x11_shortcuts_get_problem;
}

static void
whis_x11_shortcuts_dispose (GObject *object)
{
  WhisX11Shortcuts *self = WHIS_X11_SHORTCUTS (object);

  if (self->connection != NULL)
    whis_x11_shortcuts_unbind (WHIS_SHORTCUT_BACKEND (self));
  g_clear_object (&self->connection);
  g_clear_pointer (&self->map, whis_x11_key_map_free);

  G_OBJECT_CLASS (whis_x11_shortcuts_parent_class)->dispose (object);
}

static void
whis_x11_shortcuts_finalize (GObject *object)
{
  g_ptr_array_unref (WHIS_X11_SHORTCUTS (object)->grabs);

  G_OBJECT_CLASS (whis_x11_shortcuts_parent_class)->finalize (object);
}

static void
whis_x11_shortcuts_class_init (WhisX11ShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_x11_shortcuts_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_x11_shortcuts_finalize;
}

static void
whis_x11_shortcuts_init (WhisX11Shortcuts *self)
{
  self->grabs = g_ptr_array_new_with_free_func (g_free);
}

/**
 * whis_x11_shortcuts_new:
 * @connection: a connection to the display of the session
 *
 * Returns: (transfer full): a backend that has bound nothing
 */
WhisX11Shortcuts *
whis_x11_shortcuts_new (WhisX11Connection *connection)
{
  WhisX11Shortcuts *self;

  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_X11_SHORTCUTS, NULL);
  self->connection = g_object_ref (connection);
  g_signal_connect_object (connection, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connection, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);

  return self;
}
