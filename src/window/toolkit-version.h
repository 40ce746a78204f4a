/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * For the files that use what GTK and libadwaita have only since later versions than the oldest
 * that Whis builds with. To be included first.
 *
 * Deprecated in later versions and used all the same: AdwMessageDialog, AdwAboutWindow and
 * GtkShortcutsWindow, whose successors are AdwDialogs, and GtkStyleContext's colours by name, which
 * have none.
 */

#include <glib.h>

#undef GDK_VERSION_MAX_ALLOWED
#define GDK_VERSION_MAX_ALLOWED G_ENCODE_VERSION (4, 10)
#undef ADW_VERSION_MAX_ALLOWED
#define ADW_VERSION_MAX_ALLOWED (1 << 24 | 5 << 16)

#include <adwaita.h>

#define WHIS_HAS_FILE_DIALOG GTK_CHECK_VERSION (4, 10, 0)
#define WHIS_HAS_NAVIGATION_VIEW ADW_CHECK_VERSION (1, 4, 0)
#define WHIS_HAS_BREAKPOINTS ADW_CHECK_VERSION (1, 4, 0)
#define WHIS_HAS_PREFERENCES_DIALOG ADW_CHECK_VERSION (1, 5, 0)
#define WHIS_HAS_ALERT_DIALOG ADW_CHECK_VERSION (1, 5, 0)
