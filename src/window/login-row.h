/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "window-settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOGIN_ROW (whis_login_row_get_type ())
G_DECLARE_FINAL_TYPE (WhisLoginRow, whis_login_row, WHIS, LOGIN_ROW, AdwActionRow)

void whis_login_row_connect (WhisLoginRow *self,
                             WhisServiceProxy *service,
                             WhisWindowSettings *settings);

G_END_DECLS
