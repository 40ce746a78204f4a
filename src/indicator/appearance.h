/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisLook:
 * @is_light: whether the desktop is light
 * @is_high_contrast: whether the user wants more contrast
 * @reduces_motion: whether the user wants less to move
 * @font: (nullable): the font of the desktop, as Pango writes it
 *
 * How the desktop looks.
 */
typedef struct
{
  gboolean is_light;
  gboolean is_high_contrast;
  gboolean reduces_motion;
  const char *font;
} WhisLook;

#define WHIS_TYPE_APPEARANCE (whis_appearance_get_type ())

G_DECLARE_FINAL_TYPE (WhisAppearance, whis_appearance, WHIS, APPEARANCE, GObject)

WhisAppearance *whis_appearance_new (GDBusConnection *connection);

const WhisLook *whis_appearance_get_look (WhisAppearance *self);

G_END_DECLS
