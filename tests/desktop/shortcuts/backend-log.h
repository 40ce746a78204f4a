/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"

G_BEGIN_DECLS

/*
 * Notes what a backend tells, each with a space behind it: "+toggle" and "-toggle" for keys that
 * are pressed and released, "[Super+H]" for what is bound to toggle when that changes, "lost" for a
 * backend that may come back, and "gone" for one that does not.
 */
void backend_log_connect (GString *log, WhisShortcutBackend *backend);

G_END_DECLS
