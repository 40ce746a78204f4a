/* SPDX-License-Identifier: MIT */
#include "failure-card.h"

#include <glib/gi18n-lib.h>

#include "dictation-end.h"

/**
 * WhisFailureCard:
 *
 * A card that says in one sentence what went wrong and what to do, and in another what was kept,
 * with a button to try again where that is possible. It stays until the user dismisses it or
 * dictates again.
 */
struct _WhisFailureCard
{
  AdwBin parent;

  WhisServiceProxy *service;
  gboolean is_remark; /* nothing has failed */
  char *failed;       /* id of the dictation to try again */
  GtkRevealer *revealer;
  GtkWidget *card;
  GtkImage *icon;
  GtkLabel *message;
  GtkLabel *kept;
  GtkWidget *again;
  GtkWidget *keys;
};

G_DEFINE_FINAL_TYPE (WhisFailureCard, whis_failure_card, ADW_TYPE_BIN)

static void
set_shown (WhisFailureCard *self, gboolean shown)
{
  /* A child that is only folded away could still get the keyboard focus. */
  gtk_widget_set_visible (self->card, shown);
  gtk_revealer_set_reveal_child (self->revealer, shown);
}

static void
dismissed_cb (WhisFailureCard *self)
{
  set_shown (self, FALSE);
}

static gboolean
is_about_keys (const char *code)
{
  return g_str_equal (code, "key-missing") || g_str_equal (code, "key-wrong")
         || g_str_equal (code, "permission");
}

/* Silence and a missing model are shown without the colour of an error. */
static gboolean
is_fault (const char *code)
{
  return *code != '\0' && !g_str_equal (code, "no-speech") && !g_str_equal (code, "no-model");
}

static void
resumed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisFailureCard) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_call_resume_finish (WHIS_BUS_WHIS1 (source), NULL, result, &error))
    whis_failure_card_show_error (self, error);
}

static void
again_clicked_cb (WhisFailureCard *self)
{
  set_shown (self, FALSE);
  whis_bus_whis1_call_resume (whis_service_proxy_get_interface (self->service), self->failed,
                              g_variant_new ("a{sv}", NULL), NULL, resumed_cb, g_object_ref (self));
}

static void
offer_again (WhisFailureCard *self, const char *id)
{
  g_free (self->failed);
  self->failed = g_strdup (id);
  gtk_widget_set_visible (self->again, TRUE);
}

static void
failed_cb (WhisFailureCard *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           gboolean resumable)
{
  g_autofree char *sentence = whis_kept_describe (whis_kept_from_words (kept));

  /* The toast with Undo tells of a cancelled dictation. */
  if (g_str_equal (code, "cancelled"))
    return;

  whis_failure_card_show_failure (self, code, message, sentence);
  if (resumable)
    offer_again (self, id);
}

/* The service sets the message before or after the signal of a failure, and also without one. */
static void
message_changed_cb (WhisFailureCard *self)
{
  const char *message = whis_service_proxy_get_message (self->service);

  /* An empty message hides a remark; a failure stays until it is dismissed. */
  if (*message == '\0' && self->is_remark)
    set_shown (self, FALSE);
  if (*message == '\0'
      || whis_service_proxy_get_state (self->service) == WHIS_DICTATION_STATE_CANCELLED
      || (whis_failure_card_is_shown (self)
          && g_str_equal (message, gtk_label_get_text (self->message))))
    return;

  whis_failure_card_show_failure (self, whis_service_proxy_get_code (self->service), message, "");
}

static void
state_changed_cb (WhisFailureCard *self)
{
  if (whis_dictation_state_takes_sound (whis_service_proxy_get_state (self->service)))
    set_shown (self, FALSE);
}

static void
whis_failure_card_dispose (GObject *object)
{
  WhisFailureCard *self = WHIS_FAILURE_CARD (object);

  g_clear_object (&self->service);
  g_clear_pointer (&self->failed, g_free);

  G_OBJECT_CLASS (whis_failure_card_parent_class)->dispose (object);
}

static void
whis_failure_card_class_init (WhisFailureCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_failure_card_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/failure-card.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, revealer);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, card);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, icon);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, message);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, kept);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, keys);
  gtk_widget_class_bind_template_child (widget_class, WhisFailureCard, again);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked_cb);
}

static void
whis_failure_card_init (WhisFailureCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_shown (self, FALSE);
}

/**
 * whis_failure_card_set_service:
 * @self: a notice
 * @service: the service whose failures to show; set once
 *
 * Makes the card follow the service.
 */
void
whis_failure_card_set_service (WhisFailureCard *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_FAILURE_CARD (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  whis_service_proxy_connect (service, "failed", G_CALLBACK (failed_cb), self);
  whis_service_proxy_connect (service, "notify::message", G_CALLBACK (message_changed_cb), self);
  whis_service_proxy_connect (service, "notify::state", G_CALLBACK (state_changed_cb), self);
  message_changed_cb (self);
}

/**
 * whis_failure_card_show_failure:
 * @self: a notice
 * @code: the stable word of the failure as on the bus; empty for a mere remark
 * @message: a sentence for the user
 * @kept: what was kept, as a sentence, or empty
 *
 * Shows the card.
 */
void
whis_failure_card_show_failure (WhisFailureCard *self,
                                const char *code,
                                const char *message,
                                const char *kept)
{
  gboolean fault;

  g_return_if_fail (WHIS_IS_FAILURE_CARD (self));
  g_return_if_fail (code != NULL && message != NULL && kept != NULL);

  fault = is_fault (code);
  self->is_remark = *code == '\0';
  gtk_image_set_from_icon_name (self->icon,
                                fault ? "dialog-error-symbolic" : "dialog-information-symbolic");
  if (fault)
    gtk_widget_add_css_class (self->card, "fault");
  else
    gtk_widget_remove_css_class (self->card, "fault");
  gtk_label_set_text (self->message, message);
  gtk_label_set_text (self->kept, kept);
  gtk_widget_set_visible (GTK_WIDGET (self->kept), *kept != '\0');
  gtk_widget_set_visible (self->again, FALSE);
  gtk_widget_set_visible (self->keys, is_about_keys (code));
  set_shown (self, TRUE);
}

/**
 * whis_failure_card_show_error:
 * @self: a notice
 * @error: what a call of the service gave
 *
 * Shows why the call failed, unless it was cancelled.
 */
void
whis_failure_card_show_error (WhisFailureCard *self, const GError *error)
{
  g_autoptr (WhisDictationEnd) end = NULL;
  g_autofree char *kept = NULL;

  g_return_if_fail (WHIS_IS_FAILURE_CARD (self));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  end = whis_dictation_end_new_from_error (error);
  kept = whis_kept_describe (end->kept);
  whis_failure_card_show_failure (self, end->code, end->message, kept);
  if (end->resumable)
    offer_again (self, end->id);
}

/**
 * whis_failure_card_show_answer:
 * @self: a notice
 * @service: the service, as a #GDBusProxy
 * @result: its answer
 *
 * Finishes a call, and shows its error if there is one.
 */
void
whis_failure_card_show_answer (WhisFailureCard *self, GObject *service, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (service), result, &error);

  g_return_if_fail (WHIS_IS_FAILURE_CARD (self));

  if (answer == NULL)
    whis_failure_card_show_error (self, error);
}

/**
 * whis_failure_card_is_shown:
 * @self: a notice
 *
 * Returns: whether the card can be seen
 */
gboolean
whis_failure_card_is_shown (WhisFailureCard *self)
{
  g_return_val_if_fail (WHIS_IS_FAILURE_CARD (self), FALSE);

  return gtk_revealer_get_reveal_child (self->revealer);
}

/**
 * whis_failure_card_hide:
 * @self: a notice
 *
 * Hides the card.
 */
void
whis_failure_card_hide (WhisFailureCard *self)
{
  g_return_if_fail (WHIS_IS_FAILURE_CARD (self));

  set_shown (self, FALSE);
}
