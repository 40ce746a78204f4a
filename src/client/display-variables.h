/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

const char *const *whis_display_get_variables (void);
void whis_display_hand_over (WhisBusWhis1 *service);

G_END_DECLS
