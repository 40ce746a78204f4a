/* SPDX-License-Identifier: MIT */
#include "delete-dialog.h"

#include <glib/gi18n-lib.h>

/**
 * whis_delete_dialog_new:
 * @from: a widget of the window that asks
 *
 * Asks whether to delete a dictation; the response is then %WHIS_DELETE_RESPONSE.
 *
 * Returns: (transfer none): a dialog to connect to and to present
 */
GtkWidget *
whis_delete_dialog_new (GtkWidget *from)
{
  GtkWidget *widget;
  AdwMessageDialog *dialog;

  g_return_val_if_fail (GTK_IS_WIDGET (from), NULL);

  widget =
      adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (from)), _ ("Delete This Dictation?"),
                              _ ("Its text and its sound are deleted for good."));
  dialog = ADW_MESSAGE_DIALOG (widget);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), WHIS_DELETE_RESPONSE,
                                    _ ("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (dialog, WHIS_DELETE_RESPONSE,
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return widget;
}
