/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"

G_BEGIN_DECLS

GVariant *whis_portal_shortcut_list_new (const WhisShortcutBinding *bindings, gsize n_bindings);
void whis_portal_shortcut_list_read (GVariant *list, char **triggers);
char *whis_portal_shortcut_list_describe_missing (const WhisShortcutBinding *bindings,
                                                  gsize n_bindings,
                                                  char *const *triggers);
GError *whis_portal_shortcut_list_translate_error (const GError *error);

G_END_DECLS
