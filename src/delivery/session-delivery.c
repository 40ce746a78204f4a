/* SPDX-License-Identifier: MIT */
#include "session-delivery.h"

#include "accessible-focus.h"
#include "compositor-focus.h"
#include "data-control-selection.h"
#include "paste-method.h"
#include "portal-keys.h"
#include "shell-method.h"
#include "wayland-input-method.h"
#include "wayland-keys.h"
#include "x11-focus.h"
#include "x11-selection.h"
#include "xtest-keys.h"

static void
add_shell (WhisDelivery *delivery, GDBusConnection *connection)
{
  g_autoptr (WhisShellMethod) shell = whis_shell_method_new (connection);

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (shell));
  whis_delivery_add_focus_source (delivery, WHIS_FOCUS_SOURCE (shell));
}

static void
add_wayland_paste (WhisDelivery *delivery,
                   const char *name,
                   WhisSelection *selection,
                   const char *display_name,
                   WhisWaylandKeysProtocol protocol)
{
  g_autoptr (WhisKeySender) keys = whis_wayland_keys_new (display_name, protocol);
  g_autoptr (WhisPasteMethod) paste = whis_paste_method_new (name, selection, keys);

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (paste));
}

static void
add_ibus (WhisDelivery *delivery, WhisIBusPanelMethod *ibus_panel)
{
  if (ibus_panel != NULL)
    whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (ibus_panel));
}

static void
add_wayland (WhisDelivery *delivery, const char *display_name, WhisIBusPanelMethod *ibus_panel)
{
  g_autoptr (WhisWaylandInputMethod) input_method = whis_wayland_input_method_new (display_name);

  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (display_name);

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (input_method));
  add_ibus (delivery, ibus_panel);
  add_wayland_paste (delivery, "kwin-paste", selection, display_name, WHIS_WAYLAND_KEYS_FAKE_INPUT);
  add_wayland_paste (delivery, "wayland-paste", selection, display_name,
                     WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  whis_delivery_add_selection (delivery, selection);
}

static void
add_x11 (WhisDelivery *delivery, const char *display_name)
{
  g_autoptr (WhisX11Connection) connection = whis_x11_connection_new (display_name);
  g_autoptr (WhisSelection) selection = whis_x11_selection_new (connection, TRUE);
  g_autoptr (WhisKeySender) keys = whis_xtest_keys_new (connection);
  g_autoptr (WhisPasteMethod) paste = whis_paste_method_new ("x11-paste", selection, keys);
  g_autoptr (WhisFocusSource) focus = whis_x11_focus_new (connection);

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (paste));
  whis_delivery_add_selection (delivery, selection);
  whis_delivery_add_focus_source (delivery, focus);
}

/* A selection of X11 is the clipboard of a Wayland compositor, too, and owning it takes no focus.
 * Mutter reads it once by itself, so that who reads is not told. */
static void
add_xwayland (WhisDelivery *delivery, const char *display_name, WhisKeySender *keys)
{
  g_autoptr (WhisX11Connection) connection = whis_x11_connection_new (display_name);
  g_autoptr (WhisSelection) selection = whis_x11_selection_new (connection, FALSE);
  g_autoptr (WhisPasteMethod) paste = whis_paste_method_new ("xwayland-paste", selection, keys);

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (paste));
  whis_delivery_add_selection (delivery, selection);
}

/* Keys by the portal, for which the user may be asked, come last. */
static void
add_portal (WhisDelivery *delivery,
            WhisPortalKeys *keys,
            const char *wayland_display,
            const char *x11_display)
{
  g_autoptr (WhisSelection) selection = whis_data_control_selection_new (wayland_display);
  g_autoptr (WhisPasteMethod) paste =
      whis_paste_method_new ("portal-paste", selection, WHIS_KEY_SENDER (keys));

  whis_delivery_add_method (delivery, WHIS_INSERTION_METHOD (paste));
  if (x11_display != NULL && *x11_display != '\0')
    add_xwayland (delivery, x11_display, WHIS_KEY_SENDER (keys));
}

/* What the first one says counts: those that know the window come before that which knows only the
 * field, whose identity is compared where no other is known. */
static void
add_focus_sources (WhisDelivery *delivery)
{
  g_autoptr (WhisFocusSource) compositor = whis_compositor_focus_new_for_session ();
  g_autoptr (WhisFocusSource) accessible = whis_accessible_focus_new ();

  if (compositor != NULL)
    whis_delivery_add_focus_source (delivery, compositor);
  whis_delivery_add_focus_source (delivery, accessible);
}

/**
 * whis_session_delivery_fill:
 * @delivery: a delivery without methods
 * @connection: (nullable): the session bus
 * @wayland_display: (nullable): the value of `WAYLAND_DISPLAY`
 * @x11_display: (nullable): the value of `DISPLAY`
 * @ibus_panel: (nullable): what commits by IBus
 * @portal_keys: (nullable): what presses keys by the portal
 *
 * The ladder of methods for a session: those that commit a text come before those that paste it.
 * The name of the desktop is not asked for; a method that the session does not offer is left when
 * it is tried. In a Wayland session the keys of X11 would reach X clients only, and are not used.
 */
void
whis_session_delivery_fill (WhisDelivery *delivery,
                            GDBusConnection *connection,
                            const char *wayland_display,
                            const char *x11_display,
                            WhisIBusPanelMethod *ibus_panel,
                            WhisPortalKeys *portal_keys)
{
  if (connection != NULL)
    add_shell (delivery, connection);
  if (wayland_display != NULL && *wayland_display != '\0')
    {
      add_wayland (delivery, wayland_display, ibus_panel);
      if (portal_keys != NULL)
        add_portal (delivery, portal_keys, wayland_display, x11_display);
    }
  else if (x11_display != NULL && *x11_display != '\0')
    {
      /* A paste has a receipt there. */
      add_x11 (delivery, x11_display);
      add_ibus (delivery, ibus_panel);
    }
  add_focus_sources (delivery);
}
