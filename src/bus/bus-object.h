/* SPDX-License-Identifier: MIT */
#pragma once

#include "bus-delivery.h"
#include "dictations.h"
#include "portal-keys.h"
#include "endpoint-switch.h"
#include "login-start.h"
#include "model-store.h"
#include "session-display.h"
#include "settings.h"
#include "unfinished.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_OBJECT (whis_bus_object_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusObject, whis_bus_object, WHIS, BUS_OBJECT, WhisBusWhis1Skeleton)

WhisBusObject *whis_bus_object_new (WhisDictations *dictations,
                                    WhisSettings *settings,
                                    WhisKeyring *keyring,
                                    WhisSessionDisplay *display,
                                    WhisDelivery *delivery,
                                    WhisPortalKeys *portal_keys,
                                    WhisHistory *history,
                                    WhisUnfinished *unfinished,
                                    WhisMeter *meter,
                                    WhisModelStore *models,
                                    WhisLocalModelChoice *local_model,
                                    WhisEndpointSwitch *endpoint_switch,
                                    WhisLoginStart *login_start,
                                    GActionGroup *actions);

gboolean whis_bus_object_export (WhisBusObject *self,
                                 GDBusConnection *connection,
                                 const char *path,
                                 GError **error);
void whis_bus_object_unexport (WhisBusObject *self);
void whis_bus_object_complete_quit (WhisBusObject *self);
void whis_bus_object_set_tray (WhisBusObject *self, gboolean shown);
WhisBusDelivery *whis_bus_object_get_delivery (WhisBusObject *self);

G_END_DECLS
