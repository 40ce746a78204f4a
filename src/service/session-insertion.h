/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "portal-keys.h"
#include "session-display.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SESSION_INSERTION (whis_session_insertion_get_type ())
G_DECLARE_FINAL_TYPE (WhisSessionInsertion,
                      whis_session_insertion,
                      WHIS,
                      SESSION_INSERTION,
                      GObject)

WhisSessionInsertion *whis_session_insertion_new (GDBusConnection *connection,
                                                  WhisSessionDisplay *display,
                                                  WhisSettings *settings);

WhisDelivery *whis_session_insertion_get_delivery (WhisSessionInsertion *self);
WhisPortalKeys *whis_session_insertion_get_portal_keys (WhisSessionInsertion *self);

G_END_DECLS
