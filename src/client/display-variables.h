/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

const char *const *whis_display_get_variables (void);
void whis_display_hand_over (GDBusConnection *bus);

G_END_DECLS
