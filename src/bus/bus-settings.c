/* SPDX-License-Identifier: MIT */
#include "bus-settings.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "bus-object-private.h"

/* How long a change that another program has stored may take to arrive. */
#define TIMEOUT_S 10

/* A call that is answered when the service sees the value of a setting. */
typedef struct
{
  WhisSettings *settings;
  GDBusMethodInvocation *invocation; /* (transfer full) until it is answered */
  char *name;
  char *value;
  gulong changed_handler;
  guint timeout;
} Wait;

static void
wait_free (Wait *wait)
{
  g_clear_signal_handler (&wait->changed_handler, wait->settings);
  g_clear_handle_id (&wait->timeout, g_source_remove);
  g_object_unref (wait->settings);
  g_free (wait->name);
  g_free (wait->value);
  g_free (wait);
}

static gboolean
wait_is_over (Wait *wait)
{
  g_autofree char *value = whis_settings_print (wait->settings, wait->name, NULL);

  return g_strcmp0 (value, wait->value) == 0;
}

static void
changed_cb (Wait *wait)
{
  if (!wait_is_over (wait))
    return;

  g_dbus_method_invocation_return_value (wait->invocation, NULL);
  wait_free (wait);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Wait *wait = user_data;

  wait->timeout = 0;
  g_dbus_method_invocation_return_error (
      wait->invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
      _ ("The setting “%s” is stored, but Whis does not see it yet; quit Whis and start it again."),
      wait->name);
  wait_free (wait);

  return G_SOURCE_REMOVE;
}

static gboolean
bus_settings_handle_await_setting (WhisBusWhis1 *interface,
                                   GDBusMethodInvocation *invocation,
                                   const char *name,
                                   const char *value)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  g_autofree char *current = NULL;
  g_autoptr (GError) error = NULL;
  Wait *wait;

  current = whis_settings_print (self->settings, name, &error);
  if (current == NULL)
    {
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_ARGUMENTS, error->message);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  if (g_str_equal (current, value))
    {
      whis_bus_whis1_complete_await_setting (interface, invocation);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  wait = g_new0 (Wait, 1);
  wait->settings = g_object_ref (self->settings);
  wait->invocation = invocation;
  wait->name = g_strdup (name);
  wait->value = g_strdup (value);
  wait->changed_handler =
      g_signal_connect_swapped (wait->settings, "changed", G_CALLBACK (changed_cb), wait);
  wait->timeout = g_timeout_add_seconds (TIMEOUT_S, timeout_cb, wait);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_settings_implement:
 * @iface: the interface
 *
 * Sets the handlers of the methods about settings.
 */
void
whis_bus_settings_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_await_setting = bus_settings_handle_await_setting;
}
