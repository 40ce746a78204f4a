/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CHOSEN_SERVICE (whis_chosen_service_get_type ())
G_DECLARE_FINAL_TYPE (WhisChosenService, whis_chosen_service, WHIS, CHOSEN_SERVICE, GObject)

WhisChosenService *whis_chosen_service_new (WhisServiceProxy *service, WhisSettings *settings);

gboolean whis_chosen_service_is_local (WhisChosenService *self);
gboolean whis_chosen_service_lacks_key (WhisChosenService *self);
const char *whis_chosen_service_get_name (WhisChosenService *self);

G_END_DECLS
