/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The response that means to transcribe. */
#define WHIS_TRANSCRIBE_AGAIN_RESPONSE "transcribe"

#define WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG (whis_transcribe_again_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WhisTranscribeAgainDialog,
                      whis_transcribe_again_dialog,
                      WHIS,
                      TRANSCRIBE_AGAIN_DIALOG,
                      AdwMessageDialog)

WhisTranscribeAgainDialog *
whis_transcribe_again_dialog_new (GtkWidget *from, GListModel *providers);

GVariant *whis_transcribe_again_dialog_build_options (WhisTranscribeAgainDialog *self);

G_END_DECLS
