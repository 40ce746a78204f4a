/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

#include "settings.h"

G_BEGIN_DECLS

void whis_spin_button_bind_setting (GtkSpinButton *button, WhisSettings *settings, const char *key);

G_END_DECLS
