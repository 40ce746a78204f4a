/* SPDX-License-Identifier: MIT */
#pragma once

#include <pango/pangocairo.h>

#include "appearance.h"
#include "content.h"

G_BEGIN_DECLS

#define WHIS_INDICATOR_WIDTH 440
#define WHIS_INDICATOR_RADIUS 14

#define WHIS_TYPE_INDICATOR_CARD (whis_indicator_card_get_type ())

G_DECLARE_FINAL_TYPE (WhisIndicatorCard, whis_indicator_card, WHIS, INDICATOR_CARD, GObject)

WhisIndicatorCard *whis_indicator_card_new (void);

void whis_indicator_card_set_look (WhisIndicatorCard *self, const WhisLook *look);
int whis_indicator_card_get_height (WhisIndicatorCard *self, const WhisIndicatorContent *content);
void whis_indicator_card_draw (WhisIndicatorCard *self,
                               cairo_t *cr,
                               const WhisIndicatorContent *content);

PangoLayout *
whis_indicator_card_create_detail (WhisIndicatorCard *self, const WhisIndicatorContent *content);

G_END_DECLS
