/* SPDX-License-Identifier: MIT */
#include "tray-pixmaps.h"

#define ICON_PREFIX WHIS_APP_ID "-"
#define ICON_SUFFIX "-symbolic"

static char *
state_of_icon (const char *icon_name)
{
  char *state;

  if (icon_name == NULL || !g_str_has_prefix (icon_name, ICON_PREFIX))
    return NULL;

  state = g_strdup (icon_name + strlen (ICON_PREFIX));
  if (g_str_has_suffix (state, ICON_SUFFIX))
    state[strlen (state) - strlen (ICON_SUFFIX)] = '\0';

  return state;
}

static GVariant *
tray_pixmaps_pixels (const WhisTrayPixmap *pixmap)
{
  g_autoptr (GBytes) bytes = NULL;

  bytes = g_bytes_new_static (pixmap->argb, (gsize) pixmap->size * (gsize) pixmap->size * 4);

  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE);
}

GVariant *
whis_tray_pixmaps_for_icon (const char *icon_name)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(iiay)"));
  g_autofree char *state = state_of_icon (icon_name);

  for (const WhisTrayPixmap *pixmap = whis_tray_pixmap_table; pixmap->state != NULL; pixmap++)
    {
      if (g_strcmp0 (state, pixmap->state) == 0)
        g_variant_builder_add (&builder, "(ii@ay)", pixmap->size, pixmap->size,
                               tray_pixmaps_pixels (pixmap));
    }

  return g_variant_builder_end (&builder);
}
