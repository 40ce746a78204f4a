/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOGIN_GROUP (whis_login_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisLoginGroup, whis_login_group, WHIS, LOGIN_GROUP, AdwPreferencesGroup)

void
whis_login_group_connect (WhisLoginGroup *self, WhisServiceProxy *service, WhisSettings *settings);

G_END_DECLS
