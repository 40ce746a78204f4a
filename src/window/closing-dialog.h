/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "dictation-state.h"

G_BEGIN_DECLS

#define WHIS_CLOSING_KEEP "keep"
#define WHIS_CLOSING_QUIT "quit"
#define WHIS_CLOSING_CANCEL "cancel"

GtkWidget *whis_closing_dialog_new (GtkWindow *parent, WhisDictationState state);
GtkWidget *whis_quitting_dialog_new (GtkWindow *parent, WhisDictationState state);

G_END_DECLS
