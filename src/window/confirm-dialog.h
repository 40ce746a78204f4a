/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * WhisConfirmDialogCallback:
 * @owner: who asked
 * @id: what it was about
 *
 * What is done when the user agrees.
 */
typedef void (*WhisConfirmDialogCallback) (GtkWidget *owner, const char *id);

void whis_confirm_dialog_present (GtkWidget *owner,
                                  const char *heading,
                                  const char *body,
                                  const char *label,
                                  const char *id,
                                  WhisConfirmDialogCallback callback);
void whis_confirm_dialog_present_metered (GtkWidget *owner,
                                          const char *id,
                                          WhisConfirmDialogCallback callback);

G_END_DECLS
