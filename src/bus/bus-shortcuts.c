/* SPDX-License-Identifier: MIT */
#include "bus-shortcuts.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"

/**
 * WhisBusShortcuts:
 *
 * The D-Bus interface `io.github.whis_gtk.Whis1.Shortcuts`, see its XML for what each method means.
 */
struct _WhisBusShortcuts
{
  WhisBusWhis1ShortcutsSkeleton parent_instance;

  WhisShortcuts *shortcuts;
};

static void whis_bus_shortcuts_iface_init (WhisBusWhis1ShortcutsIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisBusShortcuts,
                               whis_bus_shortcuts,
                               WHIS_BUS_TYPE_WHIS1_SHORTCUTS_SKELETON,
                               G_IMPLEMENT_INTERFACE (WHIS_BUS_TYPE_WHIS1_SHORTCUTS,
                                                      whis_bus_shortcuts_iface_init))

/* Calls @func with the action, and ends the call. */
static gboolean
bus_shortcuts_act (WhisBusWhis1Shortcuts *interface,
                   GDBusMethodInvocation *invocation,
                   const char *nick,
                   void (*func) (WhisShortcuts *shortcuts, WhisShortcutAction action))
{
  WhisShortcutAction action;

  if (!whis_shortcut_action_from_nick (nick, &action))
    {
      g_dbus_method_invocation_return_error (invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                                             _ ("There is no action “%s”."), nick);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  g_dbus_method_invocation_return_value (invocation, NULL);
  func (WHIS_BUS_SHORTCUTS (interface)->shortcuts, action);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
whis_bus_shortcuts_press (WhisBusWhis1Shortcuts *interface,
                          GDBusMethodInvocation *invocation,
                          const char *action)
{
  return bus_shortcuts_act (interface, invocation, action, whis_shortcuts_press);
}

static gboolean
whis_bus_shortcuts_release (WhisBusWhis1Shortcuts *interface,
                            GDBusMethodInvocation *invocation,
                            const char *action)
{
  return bus_shortcuts_act (interface, invocation, action, whis_shortcuts_release);
}

static gboolean
whis_bus_shortcuts_tap (WhisBusWhis1Shortcuts *interface,
                        GDBusMethodInvocation *invocation,
                        const char *action)
{
  return bus_shortcuts_act (interface, invocation, action, whis_shortcuts_tap);
}

static gboolean
whis_bus_shortcuts_describe (WhisBusWhis1Shortcuts *interface, GDBusMethodInvocation *invocation)
{
  WhisBusShortcuts *self = WHIS_BUS_SHORTCUTS (interface);

  whis_bus_whis1_shortcuts_complete_describe (interface, invocation,
                                              whis_shortcuts_describe (self->shortcuts));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_shortcuts_bind_finish (WHIS_SHORTCUTS (source), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_error_literal (
        invocation, WHIS_BUS_ERROR,
        g_error_matches (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_TRIGGER)
            ? WHIS_BUS_ERROR_ARGUMENTS
            : WHIS_BUS_ERROR_FAILED,
        error->message);
}

static gboolean
whis_bus_shortcuts_bind (WhisBusWhis1Shortcuts *interface,
                         GDBusMethodInvocation *invocation,
                         GVariant *triggers)
{
  whis_shortcuts_bind_async (WHIS_BUS_SHORTCUTS (interface)->shortcuts, triggers, NULL, on_bound,
                             invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  gboolean arrived = whis_shortcuts_check_finish (WHIS_SHORTCUTS (source), result, NULL);

  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(b)", arrived));
}

static gboolean
whis_bus_shortcuts_check (WhisBusWhis1Shortcuts *interface, GDBusMethodInvocation *invocation)
{
  whis_shortcuts_check_async (WHIS_BUS_SHORTCUTS (interface)->shortcuts, NULL, on_checked,
                              invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_bus_shortcuts_iface_init (WhisBusWhis1ShortcutsIface *iface)
{
  iface->handle_bind = whis_bus_shortcuts_bind;
  iface->handle_check = whis_bus_shortcuts_check;
  iface->handle_describe = whis_bus_shortcuts_describe;
  iface->handle_press = whis_bus_shortcuts_press;
  iface->handle_release = whis_bus_shortcuts_release;
  iface->handle_tap = whis_bus_shortcuts_tap;
}

static void
whis_bus_shortcuts_dispose (GObject *object)
{
  g_clear_object (&WHIS_BUS_SHORTCUTS (object)->shortcuts);

  G_OBJECT_CLASS (whis_bus_shortcuts_parent_class)->dispose (object);
}

static void
whis_bus_shortcuts_class_init (WhisBusShortcutsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_shortcuts_dispose;
}

static void
whis_bus_shortcuts_init (WhisBusShortcuts *self)
{
}

/**
 * whis_bus_shortcuts_new:
 * @shortcuts: what the calls are about
 *
 * Returns: (transfer full): the interface, not on the bus yet
 */
WhisBusShortcuts *
whis_bus_shortcuts_new (WhisShortcuts *shortcuts)
{
  WhisBusShortcuts *self;

  g_return_val_if_fail (WHIS_IS_SHORTCUTS (shortcuts), NULL);

  self = g_object_new (WHIS_TYPE_BUS_SHORTCUTS, NULL);
  self->shortcuts = g_object_ref (shortcuts);
  g_signal_connect_object (shortcuts, "changed", G_CALLBACK (whis_bus_whis1_shortcuts_emit_changed),
                           self, G_CONNECT_SWAPPED);

  return self;
}
