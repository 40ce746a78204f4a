/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "ibus-panel-method.h"
#include "portal-keys.h"

G_BEGIN_DECLS

void whis_session_delivery_fill (WhisDelivery *delivery,
                                 GDBusConnection *connection,
                                 const char *wayland_display,
                                 const char *x11_display,
                                 WhisIBusPanelMethod *ibus_panel,
                                 WhisPortalKeys *portal_keys);

G_END_DECLS
