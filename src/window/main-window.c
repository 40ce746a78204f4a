/* SPDX-License-Identifier: MIT */
#include "main-window.h"

#include <glib/gi18n-lib.h>

#include "closing-dialog.h"
#include "entry-view.h"
#include "file-chooser.h"
#include "file-transfer.h"
#include "history-page.h"
#include "model-offer.h"
#include "navigation.h"
#include "failure-card.h"
#include "recorder-view.h"
#include "shell-offer.h"
#include "shortcut-offer.h"
#include "accessible-labels.h"
#include "text-card.h"
#include "toast.h"
#include "unfinished-banner.h"
#include "view-title.h"
#include "window-insertion.h"

/* libadwaita 1.2 crashes when a toast is dismissed while it begins to appear. */
#define TOAST_APPEARS_MS 500

/**
 * WhisMainWindow:
 *
 * The home window: a view to dictate in, the history, and an entry of the history on top of both.
 * Its actions are what its buttons, menu and keys do: `win.toggle`, `win.cancel`,
 * `win.undo-cancel`, `win.resume`, `win.copy`, `win.insert`, `win.insert-entry`, `win.open-file`,
 * `win.start-service`, `win.quit-service`, and to move about `win.view`, `win.search`,
 * `win.show-unfinished`, `win.open-entry` and `win.back`.
 */
struct _WhisMainWindow
{
  AdwApplicationWindow parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  gboolean is_choosing;
  GtkWidget *dialog;
  gboolean may_close;

  AdwToast *undo_toast;

  AdwToastOverlay *toasts;
  WhisNavigation *navigation;
  GtkWidget *main;
  WhisViewTitle *switcher;
  AdwViewStack *views;
  GtkStack *pages;
  GtkSpinner *spinner;
  AdwStatusPage *absent;
  WhisRecorderView *recorder;
  WhisFailureCard *failure;
  WhisModelOffer *model_offer;
  WhisShortcutOffer *shortcut_offer;
  WhisShellOffer *shell_offer;
  WhisTextCard *text;
  WhisUnfinishedBanner *banner;
  WhisHistoryPage *history;
  WhisEntryView *entry;
};

G_DEFINE_FINAL_TYPE (WhisMainWindow, whis_main_window, ADW_TYPE_APPLICATION_WINDOW)

static void
update_actions (WhisMainWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean running = whis_service_proxy_is_running (self->service);
  gboolean busy = whis_dictation_state_is_busy (whis_service_proxy_get_state (self->service));

  gtk_widget_action_set_enabled (widget, "win.toggle", running);
  gtk_widget_action_set_enabled (widget, "win.open-file", running);
  gtk_widget_action_set_enabled (widget, "win.quit-service", running);
  gtk_widget_action_set_enabled (widget, "win.resume", running);
  gtk_widget_action_set_enabled (widget, "win.view", running);
  gtk_widget_action_set_enabled (widget, "win.search", running);
  gtk_widget_action_set_enabled (widget, "win.show-unfinished", running);
  gtk_widget_action_set_enabled (widget, "win.cancel", running && busy);
  gtk_widget_action_set_enabled (widget, "win.copy",
                                 running && whis_text_card_has_finished_text (self->text));
  gtk_widget_action_set_enabled (widget, "win.insert",
                                 running && whis_text_card_has_finished_text (self->text));
  gtk_widget_action_set_enabled (widget, "win.insert-entry", running);
}

static void
show_availability (WhisMainWindow *self)
{
  WhisAvailability availability = whis_service_proxy_get_availability (self->service);
  const char *problem = whis_service_proxy_get_problem (self->service);
  /* A status page reads markup. */
  g_autofree char *description = g_markup_escape_text (problem != NULL ? problem : "", -1);

  adw_status_page_set_description (self->absent, description);
  gtk_spinner_set_spinning (self->spinner, availability == WHIS_AVAILABILITY_STARTING);
  switch (availability)
    {
    case WHIS_AVAILABILITY_RUNNING:
      gtk_stack_set_visible_child_name (self->pages, "home");
      break;
    case WHIS_AVAILABILITY_ABSENT:
      gtk_stack_set_visible_child_name (self->pages, "absent");
      break;
    case WHIS_AVAILABILITY_STARTING:
    default:
      gtk_stack_set_visible_child_name (self->pages, "starting");
    }
}

static void
availability_changed_cb (WhisMainWindow *self)
{
  /* In this order: a button whose action is disabled cannot take the focus. */
  update_actions (self);
  whis_view_title_set_switcher_enabled (self->switcher,
                                        whis_service_proxy_is_running (self->service));
  show_availability (self);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMainWindow) self = user_data;

  whis_failure_card_show_answer (self->failure, source, result);
}

static void
toggle_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_bus_whis1_call_toggle (whis_service_proxy_get_interface (self->service),
                              g_variant_new ("a{sv}", NULL), self->cancellable, answered_cb,
                              g_object_ref (self));
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_bus_whis1_call_cancel (whis_service_proxy_get_interface (self->service), "",
                              self->cancellable, answered_cb, g_object_ref (self));
}

static void
undo_cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_bus_whis1_call_undo_cancel (whis_service_proxy_get_interface (self->service),
                                   self->cancellable, answered_cb, g_object_ref (self));
}

static void
undo_toast_dismissed_cb (WhisMainWindow *self, AdwToast *toast)
{
  if (self->undo_toast == toast)
    g_clear_object (&self->undo_toast);
}

static void
dismiss_cb (gpointer user_data)
{
  g_autoptr (AdwToast) toast = user_data;

  adw_toast_dismiss (toast);
}

static void
can_undo_cancel_changed_cb (WhisMainWindow *self)
{
  gboolean can_undo = whis_service_proxy_get_can_undo_cancel (self->service);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo-cancel", can_undo);
  if (can_undo && self->undo_toast == NULL)
    {
      self->undo_toast = adw_toast_new (_ ("Dictation cancelled"));
      adw_toast_set_button_label (self->undo_toast, _ ("_Undo"));
      adw_toast_set_action_name (self->undo_toast, "win.undo-cancel");
      /* The service says when it is too late. */
      adw_toast_set_timeout (self->undo_toast, 0);
      g_signal_connect_object (self->undo_toast, "dismissed", G_CALLBACK (undo_toast_dismissed_cb),
                               self, G_CONNECT_SWAPPED);
      adw_toast_overlay_add_toast (self->toasts, g_object_ref (self->undo_toast));
    }
  else if (!can_undo && self->undo_toast != NULL)
    g_timeout_add_once (TOAST_APPEARS_MS, dismiss_cb, g_steal_pointer (&self->undo_toast));
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_bus_whis1_call_resume (whis_service_proxy_get_interface (self->service), "",
                              g_variant_new ("a{sv}", NULL), self->cancellable, answered_cb,
                              g_object_ref (self));
}

static void
show_view (WhisMainWindow *self, const char *name)
{
  whis_navigation_pop (self->navigation);
  adw_view_stack_set_visible_child_name (self->views, name);
}

static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (WHIS_MAIN_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (WHIS_MAIN_WINDOW (widget), "history");
  whis_history_page_search (WHIS_MAIN_WINDOW (widget)->history);
}

static void
show_unfinished_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  show_view (WHIS_MAIN_WINDOW (widget), "history");
  whis_history_page_show_unfinished (WHIS_MAIN_WINDOW (widget)->history);
}

static void
open_entry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_entry_view_open (self->entry, g_variant_get_string (parameter, NULL));
  whis_navigation_push (self->navigation);
  whis_entry_view_focus_text (self->entry);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  whis_navigation_pop (WHIS_MAIN_WINDOW (widget)->navigation);
}

/* A gesture leads back, too. */
static void
visible_child_changed_cb (WhisMainWindow *self)
{
  if (self->entry == NULL || whis_navigation_get_visible_child (self->navigation) != self->main)
    return;

  whis_entry_view_open (self->entry, NULL);
  whis_history_page_focus_list (self->history);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMainWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_call_copy_last_text_finish (WHIS_BUS_WHIS1 (source), result, &error))
    whis_toast_show (GTK_WIDGET (self->toasts), _ ("Copied"));
  else
    whis_failure_card_show_error (self->failure, error);
}

/* The service holds the clipboard, so that the text outlives this window. */
static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  whis_bus_whis1_call_copy_last_text (whis_service_proxy_get_interface (self->service),
                                      self->cancellable, copied_cb, g_object_ref (self));
}

/* The user goes on elsewhere, so the window has done its work. */
static void
inserted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (source);
  g_autoptr (GError) error = NULL;

  if (whis_window_insertion_finish (GTK_WINDOW (self), result, &error))
    gtk_window_destroy (GTK_WINDOW (self));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else if (whis_navigation_get_visible_child (self->navigation) == self->main)
    whis_failure_card_show_error (self->failure, error);
  else
    whis_entry_view_show_error (self->entry, error);
}

static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);
  const char *id = parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL;

  whis_window_insertion_async (GTK_WINDOW (self), self->service, id, self->cancellable, inserted_cb,
                               NULL);
}

static void
transferred_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMainWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = whis_file_transfer_finish (WHIS_BUS_WHIS1 (source), result, &error);

  if (id == NULL)
    whis_failure_card_show_error (self->failure, error);
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = whis_file_chooser_finish (GTK_WINDOW (source), result, &error);

  self->is_choosing = FALSE;
  if (file != NULL)
    whis_main_window_transcribe (self, file);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    whis_failure_card_show_error (self->failure, error);
}

static void
open_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (widget);

  if (self->is_choosing)
    return;

  self->is_choosing = TRUE;
  whis_file_chooser_open_async (GTK_WINDOW (self), self->cancellable, file_chosen_cb, NULL);
}

static gboolean
dropped_cb (WhisMainWindow *self, const GValue *value)
{
  GSList *files;

  if (!whis_service_proxy_is_running (self->service) || !G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    return FALSE;

  files = g_value_get_boxed (value);
  for (GSList *l = files; l != NULL; l = l->next)
    whis_main_window_transcribe (self, l->data);
  return files != NULL;
}

static void
accept_drops (WhisMainWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (dropped_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->toasts), GTK_EVENT_CONTROLLER (target));
}

static void
start_service_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  whis_service_proxy_start (WHIS_MAIN_WINDOW (widget)->service);
}

static void
close_now (WhisMainWindow *self)
{
  self->may_close = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
quit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMainWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  /* A service that is gone before its answer has quit too. */
  if (whis_bus_whis1_call_quit_finish (WHIS_BUS_WHIS1 (source), result, &error)
      || !whis_service_proxy_is_running (self->service))
    close_now (self);
  else
    whis_failure_card_show_error (self->failure, error);
}

static void
quit_service (WhisMainWindow *self)
{
  whis_bus_whis1_call_quit (whis_service_proxy_get_interface (self->service), self->cancellable,
                            quit_cb, g_object_ref (self));
}

static void
close_idle_cb (gpointer user_data)
{
  g_autoptr (WhisMainWindow) self = user_data;

  close_now (self);
}

static void
closing_answered_cb (WhisMainWindow *self, const char *response)
{
  self->dialog = NULL;
  if (g_str_equal (response, WHIS_CLOSING_QUIT) && whis_service_proxy_is_running (self->service))
    quit_service (self);
  else if (!g_str_equal (response, WHIS_CLOSING_CANCEL))
    /* The dialog is destroyed with this window, so the window waits until the response is handled.
     */
    g_idle_add_once (close_idle_cb, g_object_ref (self));
}

static void
main_window_ask (WhisMainWindow *self, GtkWidget *dialog)
{
  self->dialog = dialog;
  g_signal_connect_object (dialog, "response", G_CALLBACK (closing_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
quit_service_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  whis_main_window_quit_service (WHIS_MAIN_WINDOW (widget));
}

static gboolean
whis_main_window_close_request (GtkWindow *window)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (window);
  WhisDictationState state = whis_service_proxy_get_state (self->service);

  if (self->may_close || !whis_service_proxy_is_running (self->service)
      || whis_service_proxy_get_tray (self->service))
    return GTK_WINDOW_CLASS (whis_main_window_parent_class)->close_request (window);

  if (self->dialog == NULL)
    main_window_ask (self, whis_closing_dialog_new (window, state));
  else
    gtk_window_present (GTK_WINDOW (self->dialog));
  return TRUE;
}

static void
whis_main_window_dispose (GObject *object)
{
  WhisMainWindow *self = WHIS_MAIN_WINDOW (object);

  if (self->shortcut_offer != NULL)
    whis_shortcut_offer_disconnect (self->shortcut_offer);
  if (self->shell_offer != NULL)
    whis_shell_offer_disconnect (self->shell_offer);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);
  g_clear_object (&self->undo_toast);

  G_OBJECT_CLASS (whis_main_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toggle", NULL, toggle_action);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "win.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "win.insert", NULL, insert_action);
  gtk_widget_class_install_action (widget_class, "win.insert-entry", "s", insert_action);
  gtk_widget_class_install_action (widget_class, "win.open-file", NULL, open_file_action);
  gtk_widget_class_install_action (widget_class, "win.start-service", NULL, start_service_action);
  gtk_widget_class_install_action (widget_class, "win.quit-service", NULL, quit_service_action);
  gtk_widget_class_install_action (widget_class, "win.undo-cancel", NULL, undo_cancel_action);
  gtk_widget_class_install_action (widget_class, "win.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "win.view", "s", view_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.show-unfinished", NULL,
                                   show_unfinished_action);
  gtk_widget_class_install_action (widget_class, "win.open-entry", "s", open_entry_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  /* Bindings of the window itself leave Escape to an open menu or popover. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.cancel", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "win.toggle",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open-file",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "win.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_i, GDK_CONTROL_MASK, "win.insert",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "win.search",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1, GDK_ALT_MASK, "win.view", "s",
                                       "dictate");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_2, GDK_ALT_MASK, "win.view", "s",
                                       "history");
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/main-window.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, absent);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, recorder);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, failure);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, model_offer);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, shortcut_offer);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, shell_offer);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, text);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, navigation);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, main);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, views);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, history);
  gtk_widget_class_bind_template_child (widget_class, WhisMainWindow, entry);
  gtk_widget_class_bind_template_callback (widget_class, visible_child_changed_cb);
}

static void
whis_main_window_class_init (WhisMainWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_main_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = whis_main_window_close_request;

  g_type_ensure (WHIS_TYPE_RECORDER_VIEW);
  g_type_ensure (WHIS_TYPE_FAILURE_CARD);
  g_type_ensure (WHIS_TYPE_MODEL_OFFER);
  g_type_ensure (WHIS_TYPE_SHORTCUT_OFFER);
  g_type_ensure (WHIS_TYPE_SHELL_OFFER);
  g_type_ensure (WHIS_TYPE_TEXT_CARD);
  g_type_ensure (WHIS_TYPE_UNFINISHED_BANNER);
  g_type_ensure (WHIS_TYPE_HISTORY_PAGE);
  g_type_ensure (WHIS_TYPE_ENTRY_VIEW);
  g_type_ensure (WHIS_TYPE_NAVIGATION);
  g_type_ensure (WHIS_TYPE_VIEW_TITLE);
  bind_template (widget_class);
  install_actions (widget_class);
  install_keys (widget_class);
}

static void
whis_main_window_init (WhisMainWindow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  whis_view_title_set_window (self->switcher, ADW_APPLICATION_WINDOW (self));
  accept_drops (self);
  whis_accessible_labels_fix (GTK_WIDGET (self));
}

static void
follow_service (WhisMainWindow *self)
{
  g_signal_connect_object (self->service, "notify::availability",
                           G_CALLBACK (availability_changed_cb), self, G_CONNECT_SWAPPED);
  whis_service_proxy_connect (self->service, "notify::state", G_CALLBACK (update_actions), self);
  whis_service_proxy_connect (self->service, "notify::can-undo-cancel",
                              G_CALLBACK (can_undo_cancel_changed_cb), self);
  g_signal_connect_object (self->text, "notify::has-finished-text", G_CALLBACK (update_actions),
                           self, G_CONNECT_SWAPPED);
}

/**
 * whis_main_window_new:
 * @application: the application
 * @service: the service
 * @settings: the settings
 *
 * Returns: (transfer none): the home window, not presented yet
 */
WhisMainWindow *
whis_main_window_new (GtkApplication *application,
                      WhisServiceProxy *service,
                      WhisSettings *settings)
{
  WhisMainWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);

  self = g_object_new (WHIS_TYPE_MAIN_WINDOW, "application", application, NULL);
  self->service = g_object_ref (service);
  whis_recorder_view_set_service (self->recorder, service);
  whis_failure_card_set_service (self->failure, service);
  whis_model_offer_connect (self->model_offer, service, settings);
  whis_shortcut_offer_connect (self->shortcut_offer, service, settings);
  whis_shell_offer_connect (self->shell_offer, settings);
  whis_text_card_set_service (self->text, service);
  whis_unfinished_banner_set_service (self->banner, service);
  whis_history_page_set_service (self->history, service);
  whis_entry_view_set_service (self->entry, service);
  follow_service (self);
  availability_changed_cb (self);
  can_undo_cancel_changed_cb (self);

  return self;
}

/**
 * whis_main_window_transcribe:
 * @self: the window
 * @file: an audio or video file
 *
 * Gives a file to the service; what is wrong with it is shown in the window.
 */
void
whis_main_window_transcribe (WhisMainWindow *self, GFile *file)
{
  g_return_if_fail (WHIS_IS_MAIN_WINDOW (self));
  g_return_if_fail (G_IS_FILE (file));

  if (whis_service_proxy_is_running (self->service))
    whis_file_transfer_async (whis_service_proxy_get_interface (self->service), file,
                              self->cancellable, transferred_cb, g_object_ref (self));
}

/**
 * whis_main_window_quit_service:
 * @self: the window
 *
 * Ends the service and closes the window; asks first while a dictation is under way.
 */
void
whis_main_window_quit_service (WhisMainWindow *self)
{
  WhisDictationState state;

  g_return_if_fail (WHIS_IS_MAIN_WINDOW (self));

  state = whis_service_proxy_get_state (self->service);
  if (!whis_service_proxy_is_running (self->service) || self->dialog != NULL)
    return;
  if (whis_dictation_state_is_busy (state))
    main_window_ask (self, whis_quitting_dialog_new (GTK_WINDOW (self), state));
  else
    quit_service (self);
}
