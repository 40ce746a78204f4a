/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TEXT_CARD (whis_text_card_get_type ())
G_DECLARE_FINAL_TYPE (WhisTextCard, whis_text_card, WHIS, TEXT_CARD, AdwBin)

void whis_text_card_set_service (WhisTextCard *self, WhisServiceProxy *service);
gboolean whis_text_card_has_finished_text (WhisTextCard *self);

G_END_DECLS
