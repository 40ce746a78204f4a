/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "providers.h"

G_BEGIN_DECLS

const WhisProvider *whis_call_require_provider (GDBusMethodInvocation *invocation, const char *id);

G_END_DECLS
