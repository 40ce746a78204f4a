/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "confirm-dialog.h"

#include <glib/gi18n-lib.h>

#define RESPONSE_GO_ON "go-on"

/* The data of a dialog's signal. */
typedef struct
{
  GtkWidget *owner;
  char *id;
  WhisConfirmDialogCallback callback;
} Confirmation;

static void
confirmation_free (gpointer data, GClosure *closure)
{
  Confirmation *confirmation = data;

  g_object_unref (confirmation->owner);
  g_free (confirmation->id);
  g_free (confirmation);
}

static void
response_cb (GtkWidget *dialog, const char *response, Confirmation *confirmation)
{
  if (g_str_equal (response, RESPONSE_GO_ON))
    confirmation->callback (confirmation->owner, confirmation->id);
}

#if WHIS_HAS_ALERT_DIALOG

static GtkWidget *
confirm_dialog_present (GtkWidget *owner, const char *heading, const char *body, const char *label)
{
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  adw_alert_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), RESPONSE_GO_ON, label, NULL);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");
  adw_dialog_present (ADW_DIALOG (dialog), owner);
  return GTK_WIDGET (dialog);
}

#else

static GtkWidget *
confirm_dialog_present (GtkWidget *owner, const char *heading, const char *body, const char *label)
{
  GtkRoot *root = gtk_widget_get_root (owner);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body));

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), RESPONSE_GO_ON, label, NULL);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  gtk_window_present (GTK_WINDOW (dialog));
  return GTK_WIDGET (dialog);
}

#endif

/**
 * whis_confirm_dialog_present:
 * @owner: who asks
 * @heading: the question
 * @body: what the user should know
 * @label: of the button that agrees
 * @id: what it is about
 * @callback: called when the user agrees
 *
 * Asks before something is done that costs something.
 */
void
whis_confirm_dialog_present (GtkWidget *owner,
                             const char *heading,
                             const char *body,
                             const char *label,
                             const char *id,
                             WhisConfirmDialogCallback callback)
{
  Confirmation *confirmation;

  g_return_if_fail (GTK_IS_WIDGET (owner));
  g_return_if_fail (callback != NULL);

  confirmation = g_new (Confirmation, 1);
  confirmation->owner = g_object_ref (owner);
  confirmation->id = g_strdup (id);
  confirmation->callback = callback;
  g_signal_connect_data (confirm_dialog_present (owner, heading, body, label), "response",
                         G_CALLBACK (response_cb), confirmation, confirmation_free, 0);
}

/**
 * whis_confirm_dialog_present_metered:
 * @owner: who asks
 * @id: the model that would be downloaded
 * @callback: called when the user agrees
 *
 * Asks whether a network that costs money may be used.
 */
void
whis_confirm_dialog_present_metered (GtkWidget *owner,
                                     const char *id,
                                     WhisConfirmDialogCallback callback)
{
  whis_confirm_dialog_present (owner, _ ("Download Over a Metered Network?"),
                               _ ("It may cost money."), _ ("_Download"), id, callback);
}
