/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "portal-keys.h"

G_BEGIN_DECLS

WhisDelivery *whis_session_delivery_new (WhisClipboard *clipboard,
                                         GDBusConnection *connection,
                                         const char *wayland_display,
                                         const char *x11_display,
                                         WhisPortalKeys *portal_keys);

G_END_DECLS
