/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The response that means to transcribe. */
#define WHIS_AGAIN_RESPONSE "transcribe"

#define WHIS_TYPE_AGAIN_DIALOG (whis_again_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WhisAgainDialog, whis_again_dialog, WHIS, AGAIN_DIALOG, AdwMessageDialog)

WhisAgainDialog *whis_again_dialog_new (GtkWidget *from, GListModel *providers);

GVariant *whis_again_dialog_build_options (WhisAgainDialog *self);

G_END_DECLS
