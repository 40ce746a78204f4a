/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "question.h"

#include <glib/gi18n-lib.h>

#define RESPONSE_GO_ON "go-on"

/* The data of a dialog's signal. */
typedef struct
{
  GtkWidget *owner;
  char *id;
  WhisQuestionAgreed agreed;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->owner);
  g_free (question->id);
  g_free (question);
}

static void
response_cb (GtkWidget *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, RESPONSE_GO_ON))
    question->agreed (question->owner, question->id);
}

#if WHIS_HAS_ALERT_DIALOG

static GtkWidget *
present (GtkWidget *owner, const char *heading, const char *body, const char *label)
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
present (GtkWidget *owner, const char *heading, const char *body, const char *label)
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
 * whis_http_request_ask:
 * @owner: who asks
 * @heading: the question
 * @body: what the user should know
 * @label: of the button that agrees
 * @id: what it is about
 * @agreed: called when the user agrees
 *
 * Asks before something is done that costs something.
 */
void
whis_http_request_ask (GtkWidget *owner,
                       const char *heading,
                       const char *body,
                       const char *label,
                       const char *id,
                       WhisQuestionAgreed agreed)
{
  Question *question;

  g_return_if_fail (GTK_IS_WIDGET (owner));
  g_return_if_fail (agreed != NULL);

  question = g_new (Question, 1);
  question->owner = g_object_ref (owner);
  question->id = g_strdup (id);
  question->agreed = agreed;
  g_signal_connect_data (present (owner, heading, body, label), "response",
                         G_CALLBACK (response_cb), question, question_free, 0);
}

/**
 * whis_http_request_ask_metered:
 * @owner: who asks
 * @id: the model that would be downloaded
 * @agreed: called when the user agrees
 *
 * Asks whether a network that costs money may be used.
 */
void
whis_http_request_ask_metered (GtkWidget *owner, const char *id, WhisQuestionAgreed agreed)
{
  whis_http_request_ask (owner, _ ("Download Over a Metered Network?"), _ ("It may cost money."),
                         _ ("_Download"), id, agreed);
}
