/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_call_return_error (GDBusMethodInvocation *invocation, const GError *error);

G_END_DECLS
