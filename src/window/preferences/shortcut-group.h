/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_GROUP (whis_shortcut_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutGroup,
                      whis_shortcut_group,
                      WHIS,
                      SHORTCUT_GROUP,
                      AdwPreferencesGroup)

void whis_shortcut_group_connect (WhisShortcutGroup *self, WhisServiceProxy *service);
void whis_shortcut_group_disconnect (WhisShortcutGroup *self);

G_END_DECLS
