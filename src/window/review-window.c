/* SPDX-License-Identifier: MIT */
#include "review-window.h"

#include "dictation-end.h"
#include "window-insertion.h"

/**
 * WhisReviewWindow:
 *
 * Shows the last text before it is inserted, for those whose setting `review` says so. The text is
 * on the clipboard by then: Enter inserts it where the user was working, and Escape leaves it
 * there.
 */
struct _WhisReviewWindow
{
  AdwWindow parent_instance;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  GtkLabel *text;
  GtkLabel *problem;
  GtkWidget *insert;
};

G_DEFINE_FINAL_TYPE (WhisReviewWindow, whis_review_window, ADW_TYPE_WINDOW)

static void
review_window_show_problem (WhisReviewWindow *self, const GError *error)
{
  g_autoptr (WhisDictationEnd) end = whis_dictation_end_new_from_error (error);

  gtk_label_set_text (self->problem, end->message);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
  gtk_window_present (GTK_WINDOW (self));
}

/* Who presses Enter has seen it. */
static void
review_window_show_text (WhisReviewWindow *self, const char *text)
{
  gtk_label_set_text (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "review.insert", *text != '\0');
  gtk_widget_grab_focus (self->insert);
  gtk_window_present (GTK_WINDOW (self));
}

static void
inserted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisReviewWindow *self = WHIS_REVIEW_WINDOW (source);
  g_autoptr (GError) error = NULL;

  if (whis_window_insertion_finish (GTK_WINDOW (self), result, &error))
    gtk_window_destroy (GTK_WINDOW (self));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    review_window_show_problem (self, error);
}

static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisReviewWindow *self = WHIS_REVIEW_WINDOW (widget);

  if (whis_service_proxy_is_running (self->service))
    whis_window_insertion_async (GTK_WINDOW (self), self->service, NULL, self->cancellable,
                                 inserted_cb, NULL);
}

static void
got_text_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisReviewWindow) self = user_data;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_call_get_last_text_finish (WHIS_BUS_WHIS1 (source), &text, result, &error))
    review_window_show_text (self, text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    review_window_show_problem (self, error);
}

/**
 * whis_review_window_load:
 * @self: the window
 *
 * Presents the window when it has the text that is the last one now.
 */
void
whis_review_window_load (WhisReviewWindow *self)
{
  g_return_if_fail (WHIS_IS_REVIEW_WINDOW (self));

  if (whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_get_last_text (whis_service_proxy_get_interface (self->service),
                                       self->cancellable, got_text_cb, g_object_ref (self));
}

static void
availability_cb (WhisReviewWindow *self)
{
  /* A service that was started anew knows the last text of the history, which may be another. */
  if (*gtk_label_get_text (self->text) == '\0')
    whis_review_window_load (self);
}

static void
whis_review_window_dispose (GObject *object)
{
  WhisReviewWindow *self = WHIS_REVIEW_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_review_window_parent_class)->dispose (object);
}

static void
whis_review_window_class_init (WhisReviewWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_review_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/review-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisReviewWindow, text);
  gtk_widget_class_bind_template_child (widget_class, WhisReviewWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, WhisReviewWindow, insert);
  gtk_widget_class_install_action (widget_class, "review.insert", NULL, insert_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, 0, "review.insert", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, 0, "review.insert", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
whis_review_window_init (WhisReviewWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "review.insert", FALSE);
}

/**
 * whis_review_window_new:
 * @application: the application
 * @service: the service
 *
 * Returns: (transfer none): a window that presents itself with the last text
 */
WhisReviewWindow *
whis_review_window_new (GtkApplication *application, WhisServiceProxy *service)
{
  WhisReviewWindow *self = g_object_new (WHIS_TYPE_REVIEW_WINDOW, "application", application, NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);
  whis_review_window_load (self);

  return self;
}
