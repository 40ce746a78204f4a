/* SPDX-License-Identifier: MIT */
#pragma once

#include "interface-group.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_GROUP (whis_shortcut_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutGroup,
                      whis_shortcut_group,
                      WHIS,
                      SHORTCUT_GROUP,
                      WhisInterfaceGroup)

G_END_DECLS
