/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void whis_accessible_labels_fix (GtkWidget *root);

G_END_DECLS
