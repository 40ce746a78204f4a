/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation.h"

G_BEGIN_DECLS

void whis_caller_watch_attach (WhisDictation *dictation, GDBusMethodInvocation *invocation);

G_END_DECLS
