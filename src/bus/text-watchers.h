/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TEXT_WATCHERS (whis_text_watchers_get_type ())
G_DECLARE_FINAL_TYPE (WhisTextWatchers, whis_text_watchers, WHIS, TEXT_WATCHERS, GObject)

WhisTextWatchers *whis_text_watchers_new (WhisDictations *dictations);

void whis_text_watchers_implement (WhisBusWhis1Iface *iface);

G_END_DECLS
