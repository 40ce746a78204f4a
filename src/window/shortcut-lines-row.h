/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_LINES_ROW (whis_shortcut_lines_row_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutLinesRow,
                      whis_shortcut_lines_row,
                      WHIS,
                      SHORTCUT_LINES_ROW,
                      AdwActionRow)

void whis_shortcut_lines_row_show (WhisShortcutLinesRow *self, GVariant *description);

G_END_DECLS
