/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_UNFINISHED_BANNER (whis_unfinished_banner_get_type ())
G_DECLARE_FINAL_TYPE (WhisUnfinishedBanner, whis_unfinished_banner, WHIS, UNFINISHED_BANNER, AdwBin)

void whis_unfinished_banner_set_service (WhisUnfinishedBanner *self, WhisServiceProxy *service);

G_END_DECLS
