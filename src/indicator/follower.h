/* SPDX-License-Identifier: MIT */
#pragma once

#include "content.h"
#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_INDICATOR_FOLLOWER (whis_indicator_follower_get_type ())

G_DECLARE_FINAL_TYPE (WhisIndicatorFollower,
                      whis_indicator_follower,
                      WHIS,
                      INDICATOR_FOLLOWER,
                      GObject)

WhisIndicatorFollower *
whis_indicator_follower_new (WhisServiceProxy *service, const char *dictation);

const WhisIndicatorContent *whis_indicator_follower_get_content (WhisIndicatorFollower *self);

G_END_DECLS
