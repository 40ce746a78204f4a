/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_IMPORT_GROUP (whis_import_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisImportGroup, whis_import_group, WHIS, IMPORT_GROUP, AdwPreferencesGroup)

void whis_import_group_connect (WhisImportGroup *self, WhisServiceProxy *service);
void whis_import_group_disconnect (WhisImportGroup *self);

G_END_DECLS
