/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHELL_OFFER (whis_shell_offer_get_type ())
G_DECLARE_FINAL_TYPE (WhisShellOffer, whis_shell_offer, WHIS, SHELL_OFFER, AdwPreferencesGroup)

void whis_shell_offer_connect (WhisShellOffer *self, WhisSettings *settings);
void whis_shell_offer_disconnect (WhisShellOffer *self);

G_END_DECLS
