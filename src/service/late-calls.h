/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WhisLateCalls WhisLateCalls;

WhisLateCalls *whis_late_calls_new (GDBusConnection *bus, const char *path);
void whis_late_calls_free (WhisLateCalls *self);

void whis_late_calls_refuse (WhisLateCalls *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLateCalls, whis_late_calls_free)

G_END_DECLS
