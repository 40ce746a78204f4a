/* SPDX-License-Identifier: MIT */
#pragma once

#include "interface-group.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_OFFER (whis_shortcut_offer_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutOffer,
                      whis_shortcut_offer,
                      WHIS,
                      SHORTCUT_OFFER,
                      WhisInterfaceGroup)

void whis_shortcut_offer_connect (WhisShortcutOffer *self,
                                  WhisServiceProxy *service,
                                  WhisSettings *settings);
void whis_shortcut_offer_disconnect (WhisShortcutOffer *self);

G_END_DECLS
