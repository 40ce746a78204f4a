/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcuts.h"

G_BEGIN_DECLS

WhisShortcuts *whis_session_shortcuts_new (WhisSettings *settings,
                                           GDBusConnection *connection,
                                           const char *const *environment);

G_END_DECLS
