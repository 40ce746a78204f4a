/* SPDX-License-Identifier: MIT */
#include "wayland-keys.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "delivery-error.h"
#include "fake-input-protocol.h"
#include "virtual-keyboard-unstable-v1-protocol.h"
#include "wayland-connection.h"
#include "wayland-keymap.h"

/* A compositor that has a keyboard sends its keymap at once. */
#define KEYMAP_TIMEOUT_MS 500

struct _WhisWaylandKeys
{
  GObject parent_instance;

  char *display_name;
  WhisWaylandKeysProtocol protocol;

  WhisWaylandConnection *connection;
  struct wl_keyboard *seat_keyboard;
  struct zwp_virtual_keyboard_manager_v1 *manager;
  struct zwp_virtual_keyboard_v1 *keyboard;
  struct org_kde_kwin_fake_input *fake_input;
  WhisWaylandKeymap *keymap;
  GTask *preparing;
  guint timer;
};

static void whis_wayland_keys_key_sender_init (WhisKeySenderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisWaylandKeys,
                               whis_wayland_keys,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_KEY_SENDER,
                                                      whis_wayland_keys_key_sender_init))

/* The keys of a chord, and what of it is done; the data of its task. */
typedef struct
{
  guint keys[3]; /* modifiers first, as the kernel numbers them */
  guint n_keys;
  guint mask; /* of the modifiers */
  guint layout;
  guint step; /* the next one: all keys are pressed and then released, the other way round */
} Chord;

static void
wayland_keys_close (WhisWaylandKeys *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->keyboard, zwp_virtual_keyboard_v1_destroy);
  g_clear_pointer (&self->manager, zwp_virtual_keyboard_manager_v1_destroy);
  g_clear_pointer (&self->fake_input, org_kde_kwin_fake_input_destroy);
  g_clear_pointer (&self->seat_keyboard, wl_keyboard_destroy);
  g_clear_pointer (&self->keymap, whis_wayland_keymap_free);
  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      whis_wayland_connection_close (self->connection);
      g_clear_object (&self->connection);
    }
}

static void
wayland_keys_return (WhisWaylandKeys *self, const char *message)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->preparing);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (task == NULL)
    return;

  if (message == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  wayland_keys_close (self);
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                           message);
}

static void
on_connection_closed (WhisWaylandConnection *connection, gpointer user_data)
{
  g_autoptr (WhisWaylandKeys) self = g_object_ref (user_data);
  gboolean preparing = self->preparing != NULL;

  wayland_keys_close (self);
  if (preparing)
    wayland_keys_return (self, _ ("The connection to the desktop has ended."));
}

/* Where no other keyboard is in use, as after a paste that no key of the user's has followed, the
 * one that was made is the seat's own, and has no keymap yet. Programs are told a keymap with the
 * keys, so that any one will do that has them. */
static void
wayland_keys_use_default_keymap (WhisWaylandKeys *self)
{
  gsize size = 0;
  int fd;

  self->keymap = whis_wayland_keymap_new_default ();
  if (self->keymap == NULL)
    return;

  fd = whis_wayland_keymap_create_file (self->keymap, &size);
  if (fd < 0)
    {
      g_clear_pointer (&self->keymap, whis_wayland_keymap_free);
      return;
    }

  zwp_virtual_keyboard_v1_keymap (self->keyboard, WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd,
                                  (uint32_t) size);
  close (fd);
}

static void
on_keymap (void *data, struct wl_keyboard *keyboard, uint32_t format, int32_t fd, uint32_t size)
{
  WhisWaylandKeys *self = data;

  g_clear_pointer (&self->keymap, whis_wayland_keymap_free);
  if (format == WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1)
    self->keymap = whis_wayland_keymap_new (fd, size);

  /* With the seat's own keymap the numbers of keys mean the same to every program. */
  if (self->keymap != NULL && self->keyboard != NULL)
    zwp_virtual_keyboard_v1_keymap (self->keyboard, format, fd, size);
  else if (self->keyboard != NULL && format == WL_KEYBOARD_KEYMAP_FORMAT_NO_KEYMAP)
    wayland_keys_use_default_keymap (self);
  close (fd);

  /* The keyboard that was made has its keymap told, too, which is not to be set once more. */
  g_clear_pointer (&self->seat_keyboard, wl_keyboard_destroy);

  wayland_keys_return (
      self, self->keymap != NULL ? NULL : _ ("The layout of the keyboard cannot be read."));
}

static void
on_enter (void *data,
          struct wl_keyboard *keyboard,
          uint32_t serial,
          struct wl_surface *surface,
          struct wl_array *keys)
{
}

static void
on_leave (void *data, struct wl_keyboard *keyboard, uint32_t serial, struct wl_surface *surface)
{
}

static void
on_key (void *data,
        struct wl_keyboard *keyboard,
        uint32_t serial,
        uint32_t time,
        uint32_t key,
        uint32_t state)
{
}

static void
on_modifiers (void *data,
              struct wl_keyboard *keyboard,
              uint32_t serial,
              uint32_t depressed,
              uint32_t latched,
              uint32_t locked,
              uint32_t group)
{
}

static void
on_repeat_info (void *data, struct wl_keyboard *keyboard, int32_t rate, int32_t delay)
{
}

static const struct wl_keyboard_listener keyboard_listener = {
  on_keymap, on_enter, on_leave, on_key, on_modifiers, on_repeat_info,
};

static gboolean
on_keymap_timeout (gpointer user_data)
{
  WhisWaylandKeys *self = user_data;

  self->timer = 0;
  wayland_keys_return (self, _ ("The desktop has no keyboard."));

  return G_SOURCE_REMOVE;
}

static gboolean
wayland_keys_bind (WhisWaylandKeys *self)
{
  struct wl_seat *seat = whis_wayland_connection_get_seat (self->connection);

  if (seat == NULL)
    return FALSE;

  if (self->protocol == WHIS_WAYLAND_KEYS_FAKE_INPUT)
    {
      self->fake_input =
          whis_wayland_connection_bind (self->connection, &org_kde_kwin_fake_input_interface, 4);
      if (self->fake_input == NULL || org_kde_kwin_fake_input_get_version (self->fake_input) < 4)
        return FALSE;

      /* The reason may be shown to the user. */
      org_kde_kwin_fake_input_authenticate (self->fake_input, "Whis",
                                            _ ("Paste what you have dictated"));
    }
  else
    {
      self->manager = whis_wayland_connection_bind (self->connection,
                                                    &zwp_virtual_keyboard_manager_v1_interface, 1);
      if (self->manager == NULL)
        return FALSE;

      self->keyboard =
          zwp_virtual_keyboard_manager_v1_create_virtual_keyboard (self->manager, seat);
    }

  self->seat_keyboard = wl_seat_get_keyboard (seat);
  wl_keyboard_add_listener (self->seat_keyboard, &keyboard_listener, self);
  whis_wayland_connection_flush (self->connection);

  return TRUE;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisWaylandKeys) self = user_data;

  self->connection = whis_wayland_connection_open_finish (result, NULL);
  if (self->connection == NULL)
    {
      wayland_keys_return (self, _ ("There is no Wayland session."));
      return;
    }

  g_signal_connect (self->connection, "closed", G_CALLBACK (on_connection_closed), self);
  if (wayland_keys_bind (self))
    self->timer = g_timeout_add (KEYMAP_TIMEOUT_MS, on_keymap_timeout, self);
  else
    wayland_keys_return (self, _ ("The desktop lets no other program press keys."));
}

static const char *
whis_wayland_keys_get_name (WhisKeySender *sender)
{
  return WHIS_WAYLAND_KEYS (sender)->protocol == WHIS_WAYLAND_KEYS_FAKE_INPUT ? "fake-input"
                                                                              : "virtual-keyboard";
}

static void
on_probe_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisWaylandKeys *self = g_task_get_source_object (task);
  const char *interface = self->protocol == WHIS_WAYLAND_KEYS_FAKE_INPUT
                              ? org_kde_kwin_fake_input_interface.name
                              : zwp_virtual_keyboard_manager_v1_interface.name;
  g_autoptr (WhisWaylandConnection) connection = whis_wayland_connection_open_finish (result, NULL);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (connection == NULL)
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("There is no Wayland session."));
  else if (!whis_wayland_connection_has (connection, interface))
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The desktop lets no other program press keys."));
  else
    g_task_return_boolean (task, TRUE);
}

static void
whis_wayland_keys_probe_async (WhisKeySender *sender,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (sender, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_wayland_keys_probe_async);
  whis_wayland_connection_open_async (WHIS_WAYLAND_KEYS (sender)->display_name, cancellable,
                                      on_probe_connected, g_steal_pointer (&task));
}

static gboolean
whis_wayland_keys_probe_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_keys_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_wayland_keys_prepare_async (WhisKeySender *sender,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  WhisWaylandKeys *self = WHIS_WAYLAND_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_wayland_keys_prepare_async);
  if (self->preparing != NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "The keys are in use");
      return;
    }
  if (self->keymap != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->preparing = g_steal_pointer (&task);
  whis_wayland_connection_open_async (self->display_name, NULL, on_connected, g_object_ref (self));
}

static gboolean
whis_wayland_keys_prepare_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_keys_prepare_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static guint32
get_time_ms (void)
{
  return (guint32) (g_get_monotonic_time () / 1000);
}

static void
wayland_keys_set (WhisWaylandKeys *self, guint key, gboolean down)
{
  if (self->fake_input != NULL)
    org_kde_kwin_fake_input_keyboard_key (self->fake_input, key, down);
  else if (self->keyboard != NULL)
    zwp_virtual_keyboard_v1_key (self->keyboard, get_time_ms (), key,
                                 down ? WL_KEYBOARD_KEY_STATE_PRESSED
                                      : WL_KEYBOARD_KEY_STATE_RELEASED);
}

static void
wayland_keys_set_modifiers (WhisWaylandKeys *self, guint mask, guint layout)
{
  if (self->keyboard != NULL)
    zwp_virtual_keyboard_v1_modifiers (self->keyboard, mask, 0, 0, layout);
}

static gboolean on_next_step (gpointer user_data);

/* Presses or releases the next key, and says how long to wait then, 0 at the end. */
static guint
wayland_keys_do_step (WhisWaylandKeys *self, Chord *chord)
{
  guint n_modifiers = chord->n_keys - 1;
  gboolean down = chord->step < chord->n_keys;
  guint i = down ? chord->step : 2 * chord->n_keys - 1 - chord->step;

  wayland_keys_set (self, chord->keys[i], down);
  if (down && i + 1 == n_modifiers)
    wayland_keys_set_modifiers (self, chord->mask, chord->layout);
  if (!down && i == n_modifiers - 1)
    wayland_keys_set_modifiers (self, 0, 0);
  if (self->connection != NULL)
    whis_wayland_connection_flush (self->connection);

  chord->step++;
  if (chord->step == 2 * chord->n_keys)
    return 0;

  return i == n_modifiers && down ? WHIS_CHORD_KEY_MS : WHIS_CHORD_MODIFIER_MS;
}

static void
chord_go_on (GTask *task)
{
  WhisWaylandKeys *self = g_task_get_source_object (task);
  guint pause = wayland_keys_do_step (self, g_task_get_task_data (task));

  if (pause > 0)
    g_timeout_add (pause, on_next_step, g_object_ref (task));
  else if (self->connection != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED, "%s",
                             _ ("The connection to the desktop has ended."));
}

static gboolean
on_next_step (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  chord_go_on (task);

  return G_SOURCE_REMOVE;
}

static gboolean
chord_add (Chord *chord, WhisWaylandKeymap *keymap, xkb_keysym_t keysym)
{
  guint layout;

  if (!whis_wayland_keymap_find (keymap, keysym, &chord->keys[chord->n_keys], &layout))
    return FALSE;

  chord->n_keys++;
  chord->layout = layout;

  return TRUE;
}

static Chord *
chord_new (WhisWaylandKeymap *keymap, WhisChord which)
{
  g_autofree Chord *chord = g_new0 (Chord, 1);
  gboolean found = TRUE;

  if (which != WHIS_CHORD_SHIFT_INSERT)
    {
      found = chord_add (chord, keymap, XKB_KEY_Control_L);
      chord->mask |= whis_wayland_keymap_get_mask (keymap, XKB_MOD_NAME_CTRL);
    }
  if (which != WHIS_CHORD_CTRL_V)
    {
      found = found && chord_add (chord, keymap, XKB_KEY_Shift_L);
      chord->mask |= whis_wayland_keymap_get_mask (keymap, XKB_MOD_NAME_SHIFT);
    }
  found =
      found
      && chord_add (chord, keymap, which == WHIS_CHORD_SHIFT_INSERT ? XKB_KEY_Insert : XKB_KEY_v);

  return found ? g_steal_pointer (&chord) : NULL;
}

static void
whis_wayland_keys_send_async (WhisKeySender *sender,
                              WhisChord which,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  WhisWaylandKeys *self = WHIS_WAYLAND_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Chord *chord;

  g_task_set_source_tag (task, whis_wayland_keys_send_async);
  g_task_set_check_cancellable (task, FALSE);
  chord = self->keymap != NULL ? chord_new (self->keymap, which) : NULL;
  if (chord == NULL)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED, "%s",
                               _ ("The layout of the keyboard has no key that pastes."));
      return;
    }

  g_task_set_task_data (task, chord, g_free);
  chord_go_on (task);
}

static gboolean
whis_wayland_keys_send_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_wayland_keys_send_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_wayland_keys_dispose (GObject *object)
{
  wayland_keys_close (WHIS_WAYLAND_KEYS (object));

  G_OBJECT_CLASS (whis_wayland_keys_parent_class)->dispose (object);
}

static void
whis_wayland_keys_finalize (GObject *object)
{
  g_free (WHIS_WAYLAND_KEYS (object)->display_name);

  G_OBJECT_CLASS (whis_wayland_keys_parent_class)->finalize (object);
}

static void
whis_wayland_keys_class_init (WhisWaylandKeysClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_wayland_keys_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_wayland_keys_finalize;
}

static void
whis_wayland_keys_key_sender_init (WhisKeySenderInterface *iface)
{
  iface->get_name = whis_wayland_keys_get_name;
  iface->probe_async = whis_wayland_keys_probe_async;
  iface->probe_finish = whis_wayland_keys_probe_finish;
  iface->prepare_async = whis_wayland_keys_prepare_async;
  iface->prepare_finish = whis_wayland_keys_prepare_finish;
  iface->send_async = whis_wayland_keys_send_async;
  iface->send_finish = whis_wayland_keys_send_finish;
}

static void
whis_wayland_keys_init (WhisWaylandKeys *self)
{
}

/**
 * whis_wayland_keys_new:
 * @display_name: (nullable): the value of `WAYLAND_DISPLAY`
 * @protocol: by which protocol
 *
 * Presses keys in a compositor that lets other programs do so. Which modifiers the user holds
 * cannot be seen.
 *
 * Returns: (transfer full): a new sender
 */
WhisKeySender *
whis_wayland_keys_new (const char *display_name, WhisWaylandKeysProtocol protocol)
{
  WhisWaylandKeys *self = g_object_new (WHIS_TYPE_WAYLAND_KEYS, NULL);

  self->display_name = g_strdup (display_name);
  self->protocol = protocol;

  return WHIS_KEY_SENDER (self);
}
