/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MODEL_OFFER (whis_model_offer_get_type ())
G_DECLARE_FINAL_TYPE (WhisModelOffer, whis_model_offer, WHIS, MODEL_OFFER, AdwBin)

void
whis_model_offer_connect (WhisModelOffer *self, WhisServiceProxy *service, WhisSettings *settings);

G_END_DECLS
