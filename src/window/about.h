/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWindow *whis_about_window_new (GtkWindow *parent);

G_END_DECLS
