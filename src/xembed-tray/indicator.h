/* SPDX-License-Identifier: MIT */
#pragma once

#include <libayatana-appindicator/app-indicator.h>

G_BEGIN_DECLS

#define WHIS_TYPE_INDICATOR (whis_indicator_get_type ())

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppIndicator, g_object_unref)
G_DECLARE_FINAL_TYPE (WhisIndicator, whis_indicator, WHIS, INDICATOR, AppIndicator)

/**
 * WhisIndicator:
 *
 * An [class@AyatanaAppIndicator3.Indicator] that behaves in a panel of the old kind as the icon
 * does in one of today. The library's own icon opens its menu with every click; here the left and
 * the middle button emit `activated`, and the right one opens the menu.
 */

/**
 * whis_indicator_new:
 *
 * Returns: (transfer full): an indicator, to be shown once it has a menu and an icon
 */
WhisIndicator *whis_indicator_new (void);

/**
 * whis_indicator_set_icon:
 * @self: an indicator
 * @icon_name: the name of a symbolic icon
 * @title: what it stands for
 */
void whis_indicator_set_icon (WhisIndicator *self, const char *icon_name, const char *title);

/**
 * whis_indicator_set_tooltip:
 * @self: an indicator
 * @markup: the tooltip
 */
void whis_indicator_set_tooltip (WhisIndicator *self, const char *markup);

/**
 * whis_indicator_get_embedded:
 * @self: an indicator
 *
 * Returns: whether a panel has taken the icon; notified as `embedded`
 */
gboolean whis_indicator_get_embedded (WhisIndicator *self);

G_END_DECLS
