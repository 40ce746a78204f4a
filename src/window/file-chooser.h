/* SPDX-License-Identifier: MIT */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkFileChooserNative *whis_file_chooser_new_for_sound (GtkWindow *parent);
GtkFileChooserNative *whis_file_chooser_new_for_export (GtkWindow *parent, const char *name);
GFile *whis_file_chooser_take_answer (GtkFileChooserNative **chooser, int response);

G_END_DECLS
