/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_RECORDER_VIEW (whis_recorder_view_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecorderView, whis_recorder_view, WHIS, RECORDER_VIEW, AdwBin)

void whis_recorder_view_set_service (WhisRecorderView *self, WhisServiceProxy *service);

G_END_DECLS
