/* SPDX-License-Identifier: MIT */
#pragma once

#include "key-chord.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PORTAL_KEYS (whis_portal_keys_get_type ())

G_DECLARE_FINAL_TYPE (WhisPortalKeys, whis_portal_keys, WHIS, PORTAL_KEYS, GObject)

WhisPortalKeys *whis_portal_keys_new (GDBusConnection *connection);

void whis_portal_keys_set_allowed (WhisPortalKeys *self, gboolean allowed);
const char *whis_portal_keys_get_restore_token (WhisPortalKeys *self);
void whis_portal_keys_set_restore_token (WhisPortalKeys *self, const char *token);

G_END_DECLS
