/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void whis_spoken_names_mend (GtkWidget *root);

G_END_DECLS
