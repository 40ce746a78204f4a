/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "dictation.h"
#include "error-details.h"

G_BEGIN_DECLS

void whis_call_return_error (GDBusMethodInvocation *invocation, const GError *error);
void whis_call_return_error_about (GDBusMethodInvocation *invocation,
                                   const GError *error,
                                   const char *id);
void whis_call_return_failure (GDBusMethodInvocation *invocation, WhisDictation *dictation);
gboolean whis_call_is_resumable (WhisDictation *dictation);

G_END_DECLS
