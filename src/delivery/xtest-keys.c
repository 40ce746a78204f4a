/* SPDX-License-Identifier: MIT */
#include "xtest-keys.h"

#include <glib/gi18n-lib.h>
#include <xcb/xkb.h>
#include <xcb/xtest.h>

#include "delivery-error.h"

/* How long held modifiers are waited for. */
#define MODIFIERS_MS 1500

#define KEYSYM_v 0x0076
#define KEYSYM_Insert 0xff63
#define KEYSYM_Shift_L 0xffe1
#define KEYSYM_Control_L 0xffe3

#define N_MODIFIERS_MAX 2

/* What paste needs of the keymap. */
enum
{
  KEY_V,
  KEY_INSERT,
  KEY_SHIFT,
  KEY_CONTROL,
  N_KEYS
};

static const xcb_keysym_t keysyms[] = { KEYSYM_v, KEYSYM_Insert, KEYSYM_Shift_L, KEYSYM_Control_L };

G_STATIC_ASSERT (G_N_ELEMENTS (keysyms) == N_KEYS);

struct _WhisXtestKeys
{
  GObject parent_instance;

  WhisX11Connection *connection;
  gboolean selected; /* whether the state of the keyboard is told */
  guint8 modifiers;  /* those that are held or latched */
  guint8 group;      /* the current layout */
  xcb_keycode_t keycodes[N_KEYS];
  GQueue waiting; /* of GTask, each waits until no modifier is held */
};

static void whis_xtest_keys_key_sender_init (WhisKeySenderInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisXtestKeys,
                               whis_xtest_keys,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_KEY_SENDER,
                                                      whis_xtest_keys_key_sender_init))

/* A chord that is being sent; the data of its task. */
typedef struct
{
  xcb_keycode_t modifiers[N_MODIFIERS_MAX];
  guint n_modifiers;
  xcb_keycode_t key;
  guint step;
} Sending;

/* A task that waits for modifiers. */
typedef struct
{
  WhisXtestKeys *self;
  guint timeout;
} Waiting;

static void
waiting_free (Waiting *waiting)
{
  g_clear_handle_id (&waiting->timeout, g_source_remove);
  g_free (waiting);
}

static GError *
new_no_display_error (void)
{
  return g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NO_DISPLAY,
                              _ ("There is no X11 display."));
}

static GError *
new_not_offered_error (void)
{
  return g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED,
                              _ ("Keys can be pressed in this way on X11 only."));
}

static const char *
whis_xtest_keys_get_name (WhisKeySender *sender)
{
  return "xtest";
}

/* Xwayland has the extension, too, but its keys reach X11 programs only, and desktops ask the user.
 */
static gboolean
is_wayland_session (void)
{
  const char *display = g_getenv ("WAYLAND_DISPLAY");

  return display != NULL && *display != '\0';
}

/* Ends opening the connection for @task; returns whether it goes on. */
static gboolean
xtest_keys_is_opened (GTask *task, GObject *source, GAsyncResult *result)
{
  WhisX11Connection *connection = WHIS_X11_CONNECTION (source);
  g_autoptr (GError) error = NULL;

  if (whis_x11_connection_open_finish (connection, result, &error))
    {
      if (whis_x11_connection_has_xtest (connection)
          && whis_x11_connection_get_xkb_event (connection) != 0)
        return TRUE;
      g_task_return_error (task, new_not_offered_error ());
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_error (task, new_no_display_error ());

  return FALSE;
}

static void
on_opened_to_probe (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (xtest_keys_is_opened (task, source, result))
    g_task_return_boolean (task, TRUE);
}

static void
whis_xtest_keys_probe_async (WhisKeySender *sender,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  WhisXtestKeys *self = WHIS_XTEST_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_xtest_keys_probe_async);
  if (is_wayland_session ())
    g_task_return_error (task, new_not_offered_error ());
  else
    whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_probe,
                                    g_steal_pointer (&task));
}

static gboolean
whis_xtest_keys_probe_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_xtest_keys_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* The column of the first level of a layout, in the keys that have fewer of them, too. */
static guint
find_group (const xcb_xkb_key_sym_map_t *key, guint group)
{
  guint n_groups = key->groupInfo & 0x0f;

  if (group < n_groups)
    return group;
  if ((key->groupInfo & 0xc0) == XCB_XKB_GROUPS_WRAP_REDIRECT_INTO_RANGE)
    return MIN ((guint) (key->groupInfo >> 4) & 3, n_groups - 1);
  if ((key->groupInfo & 0xc0) == XCB_XKB_GROUPS_WRAP_CLAMP_INTO_RANGE)
    return n_groups - 1;

  return group % n_groups;
}

static xcb_keysym_t
get_keysym (const xcb_xkb_key_sym_map_t *key, guint group)
{
  guint column = group * key->width;

  return column < key->nSyms ? xcb_xkb_key_sym_map_syms (key)[column] : 0;
}

/* The key of the current layout counts before that of another: where a layout has no Latin letters,
 * programs look for them in the others. */
static void
xtest_keys_take_key (WhisXtestKeys *self,
                     const xcb_xkb_key_sym_map_t *key,
                     xcb_keycode_t keycode,
                     gboolean *found_in_group)
{
  guint n_groups = key->groupInfo & 0x0f;

  if (n_groups == 0)
    return;

  for (guint i = 0; i < N_KEYS; i++)
    {
      if (!found_in_group[i] && get_keysym (key, find_group (key, self->group)) == keysyms[i])
        {
          self->keycodes[i] = keycode;
          found_in_group[i] = TRUE;
        }
      for (guint group = 0; self->keycodes[i] == 0 && group < n_groups; group++)
        if (get_keysym (key, group) == keysyms[i])
          self->keycodes[i] = keycode;
    }
}

static void
xtest_keys_take_map (WhisXtestKeys *self, xcb_xkb_get_map_reply_t *reply)
{
  xcb_xkb_get_map_map_t map;
  xcb_xkb_key_sym_map_iterator_t keys;
  gboolean found_in_group[N_KEYS] = { FALSE };
  xcb_keycode_t keycode = reply->firstKeySym;

  for (guint i = 0; i < N_KEYS; i++)
    self->keycodes[i] = 0;

  xcb_xkb_get_map_map_unpack (xcb_xkb_get_map_map (reply), reply->nTypes, reply->nKeySyms,
                              reply->nKeyActions, reply->totalActions, reply->totalKeyBehaviors,
                              reply->virtualMods, reply->totalKeyExplicit, reply->totalModMapKeys,
                              reply->totalVModMapKeys, reply->present, &map);
  keys = xcb_xkb_get_map_map_syms_rtrn_iterator (reply, &map);
  for (; keys.rem > 0; xcb_xkb_key_sym_map_next (&keys))
    xtest_keys_take_key (self, keys.data, keycode++, found_in_group);
}

static void
waiting_return_all (WhisXtestKeys *self)
{
  while (!g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);

      g_clear_handle_id (&((Waiting *) g_task_get_task_data (task))->timeout, g_source_remove);
      g_task_return_boolean (task, TRUE);
    }
}

static gboolean
on_held_too_long (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Waiting *waiting = g_task_get_task_data (task);

  waiting->timeout = 0;
  g_queue_remove (&waiting->self->waiting, task);
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_MODIFIERS, "%s",
                           _ ("A key such as Ctrl, Alt or Shift was held."));

  return G_SOURCE_REMOVE;
}

/* Returns from @task when no modifier is held any more. The waiting queue owns the task. */
static void
xtest_keys_wait_for_modifiers (WhisXtestKeys *self, GTask *task)
{
  Waiting *waiting;

  if (self->modifiers == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_debug ("xtest: waits for held modifiers");
  waiting = g_new0 (Waiting, 1);
  waiting->self = self;
  waiting->timeout = g_timeout_add (MODIFIERS_MS, on_held_too_long, task);
  g_task_set_task_data (task, waiting, (GDestroyNotify) waiting_free);
  g_queue_push_tail (&self->waiting, g_object_ref (task));
}

static void
on_map_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisXtestKeys *self = g_task_get_source_object (task);

  if (reply == NULL)
    {
      g_task_return_error (task, new_no_display_error ());
      return;
    }

  xtest_keys_take_map (self, reply);
  if (self->keycodes[KEY_V] == 0 || self->keycodes[KEY_CONTROL] == 0
      || self->keycodes[KEY_SHIFT] == 0)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The keyboard has no key for “V”."));
  else
    xtest_keys_wait_for_modifiers (self, task);
}

static void
on_state_known (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (WhisXtestKeys) self = user_data;
  const xcb_xkb_get_state_reply_t *state = reply;

  if (state == NULL)
    return;

  self->modifiers = state->baseMods | state->latchedMods;
  self->group = state->group;
}

static void
xtest_keys_select_state (WhisXtestKeys *self)
{
  guint16 part = XCB_XKB_STATE_PART_MODIFIER_BASE | XCB_XKB_STATE_PART_MODIFIER_LATCH
                 | XCB_XKB_STATE_PART_GROUP_STATE;
  xcb_xkb_select_events_details_t details = { .affectState = part, .stateDetails = part };

  if (self->selected)
    return;

  self->selected = TRUE;
  xcb_xkb_select_events_aux (whis_x11_connection_get_xcb (self->connection),
                             XCB_XKB_ID_USE_CORE_KBD, XCB_XKB_EVENT_TYPE_STATE_NOTIFY, 0, 0, 0, 0,
                             &details);
}

static void
on_opened_to_prepare (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisXtestKeys *self = g_task_get_source_object (task);
  xcb_connection_t *xcb;

  if (!xtest_keys_is_opened (task, source, result))
    return;

  xtest_keys_select_state (self);
  xcb = whis_x11_connection_get_xcb (self->connection);
  whis_x11_connection_expect_reply (self->connection,
                                    xcb_xkb_get_state (xcb, XCB_XKB_ID_USE_CORE_KBD).sequence,
                                    on_state_known, g_object_ref (self));
  whis_x11_connection_expect_reply (self->connection,
                                    xcb_xkb_get_map (xcb, XCB_XKB_ID_USE_CORE_KBD,
                                                     XCB_XKB_MAP_PART_KEY_SYMS, 0, 0, 0, 0, 0, 0, 0,
                                                     0, 0, 0, 0, 0, 0, 0, 0, 0)
                                        .sequence,
                                    on_map_known, g_object_ref (task));
}

static void
whis_xtest_keys_prepare_async (WhisKeySender *sender,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  WhisXtestKeys *self = WHIS_XTEST_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_xtest_keys_prepare_async);
  if (is_wayland_session ())
    g_task_return_error (task, new_not_offered_error ());
  else
    whis_x11_connection_open_async (self->connection, cancellable, on_opened_to_prepare,
                                    g_steal_pointer (&task));
}

static gboolean
whis_xtest_keys_prepare_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_xtest_keys_prepare_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
xtest_keys_fake (WhisXtestKeys *self, guint8 type, xcb_keycode_t key)
{
  xcb_connection_t *xcb = whis_x11_connection_get_xcb (self->connection);

  xcb_test_fake_input (xcb, type, key, XCB_CURRENT_TIME, XCB_NONE, 0, 0, 0);
  xcb_flush (xcb);
}

static void
on_released (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, new_no_display_error ());
}

/* The server has to answer after the last key: one that finds this process gone before it has read
 * everything would leave the modifier down. */
static void
sending_end (GTask *task)
{
  WhisXtestKeys *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);

  for (guint i = sending->n_modifiers; i > 0; i--)
    xtest_keys_fake (self, XCB_KEY_RELEASE, sending->modifiers[i - 1]);
  whis_x11_connection_expect_reply (
      self->connection,
      xcb_get_input_focus (whis_x11_connection_get_xcb (self->connection)).sequence, on_released,
      g_object_ref (task));
}

static gboolean on_pause (gpointer user_data);

/* Modifiers down, pause, key down, pause, key up, pause, modifiers up. */
static void
sending_step (GTask *task)
{
  WhisXtestKeys *self = g_task_get_source_object (task);
  Sending *sending = g_task_get_task_data (task);
  guint pause = WHIS_CHORD_MODIFIER_MS;

  if (!whis_x11_connection_is_open (self->connection))
    {
      g_task_return_error (task, new_no_display_error ());
      return;
    }

  switch (sending->step++)
    {
    case 0:
      for (guint i = 0; i < sending->n_modifiers; i++)
        xtest_keys_fake (self, XCB_KEY_PRESS, sending->modifiers[i]);
      break;
    case 1:
      xtest_keys_fake (self, XCB_KEY_PRESS, sending->key);
      pause = WHIS_CHORD_KEY_MS;
      break;
    case 2:
      xtest_keys_fake (self, XCB_KEY_RELEASE, sending->key);
      break;
    default:
      sending_end (task);
      return;
    }

  g_timeout_add_full (G_PRIORITY_DEFAULT, pause, on_pause, g_object_ref (task), g_object_unref);
}

static gboolean
on_pause (gpointer user_data)
{
  sending_step (user_data);

  return G_SOURCE_REMOVE;
}

static Sending *
sending_new (WhisXtestKeys *self, WhisChord chord)
{
  Sending *sending = g_new0 (Sending, 1);

  if (chord != WHIS_CHORD_SHIFT_INSERT)
    sending->modifiers[sending->n_modifiers++] = self->keycodes[KEY_CONTROL];
  if (chord != WHIS_CHORD_CTRL_V)
    sending->modifiers[sending->n_modifiers++] = self->keycodes[KEY_SHIFT];
  sending->key = self->keycodes[chord == WHIS_CHORD_SHIFT_INSERT ? KEY_INSERT : KEY_V];

  return sending;
}

static void
whis_xtest_keys_send_async (WhisKeySender *sender,
                            WhisChord chord,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  WhisXtestKeys *self = WHIS_XTEST_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Sending *sending;

  g_task_set_source_tag (task, whis_xtest_keys_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  g_task_set_check_cancellable (task, FALSE);
  sending = sending_new (self, chord);
  g_task_set_task_data (task, sending, g_free);
  if (self->modifiers != 0)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_MODIFIERS, "%s",
                             _ ("A key such as Ctrl, Alt or Shift was held."));
  else if (sending->key == 0)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The keyboard has no key for “Insert”."));
  else
    sending_step (task);
}

static gboolean
whis_xtest_keys_send_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_xtest_keys_send_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_event (WhisX11Connection *connection, xcb_generic_event_t *event, gpointer user_data)
{
  WhisXtestKeys *self = user_data;
  const xcb_xkb_state_notify_event_t *state = (xcb_xkb_state_notify_event_t *) event;

  if ((event->response_type & 0x7f) != whis_x11_connection_get_xkb_event (connection)
      || state->xkbType != XCB_XKB_STATE_NOTIFY)
    return;

  self->modifiers = state->baseMods | (guint8) state->latchedMods;
  self->group = state->group;
  if (self->modifiers == 0)
    waiting_return_all (self);
}

static void
on_closed (WhisX11Connection *connection, gpointer user_data)
{
  WhisXtestKeys *self = user_data;

  self->selected = FALSE;
  self->modifiers = 0;
}

static void
whis_xtest_keys_dispose (GObject *object)
{
  WhisXtestKeys *self = WHIS_XTEST_KEYS (object);

  if (self->connection != NULL)
    g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_xtest_keys_parent_class)->dispose (object);
}

static void
whis_xtest_keys_class_init (WhisXtestKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_xtest_keys_dispose;
}

static void
whis_xtest_keys_key_sender_init (WhisKeySenderInterface *interface)
{
  interface->get_name = whis_xtest_keys_get_name;
  interface->probe_async = whis_xtest_keys_probe_async;
  interface->probe_finish = whis_xtest_keys_probe_finish;
  interface->prepare_async = whis_xtest_keys_prepare_async;
  interface->prepare_finish = whis_xtest_keys_prepare_finish;
  interface->send_async = whis_xtest_keys_send_async;
  interface->send_finish = whis_xtest_keys_send_finish;
}

static void
whis_xtest_keys_init (WhisXtestKeys *self)
{
  g_queue_init (&self->waiting);
}

/**
 * whis_xtest_keys_new:
 * @connection: a connection, which need not be open
 *
 * Keys by the XTEST extension, in a session of X11. The keys are those of the current layout, and
 * modifiers that the user holds are waited for.
 *
 * Returns: (transfer full): a new sender
 */
WhisKeySender *
whis_xtest_keys_new (WhisX11Connection *connection)
{
  WhisXtestKeys *self;

  g_return_val_if_fail (WHIS_IS_X11_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_XTEST_KEYS, NULL);
  self->connection = g_object_ref (connection);
  g_signal_connect (connection, "event", G_CALLBACK (on_event), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);

  return WHIS_KEY_SENDER (self);
}
