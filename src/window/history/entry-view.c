/* SPDX-License-Identifier: MIT */
#include "entry-view.h"

#include <glib/gi18n-lib.h>

#include "transcribe-again-dialog.h"
#include "delete-dialog.h"
#include "entry-details.h"
#include "file-chooser.h"
#include "history-item.h"
#include "history-export.h"
#include "history-row.h"
#include "navigation.h"
#include "failure-card.h"
#include "provider-item.h"
#include "accessible-labels.h"
#include "toast.h"
#include "version-view.h"
#include "relative-time.h"
#include "dictation-end.h"
#include "kept.h"

/**
 * WhisEntryView:
 *
 * One dictation of the history with its whole text, and what can be done with it. Its actions are
 * `entry.copy`, `entry.insert`, `entry.play`, `entry.mark`, `entry.finish`, `entry.again`,
 * `entry.delete` and `entry.export`. It activates `win.back` when the dictation is gone.
 */
struct _WhisEntryView
{
  AdwBin parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  GListStore *providers;
  WhisHistoryItem *entry; /* not known while it is on its way */
  char *id;
  gboolean again; /* it is transcribed once more */
  gboolean is_choosing;
  char *format;

  AdwHeaderBar *header;
  AdwWindowTitle *title;
  GtkWidget *back;
  GtkWidget *more;
  GtkWidget *copy;
  GtkWidget *insert;
  GtkButton *mark;
  GtkLabel *details;
  WhisFailureCard *failure;
  GtkWidget *unfinished;
  GtkImage *state_icon;
  GtkLabel *state_title;
  GtkLabel *reason;
  GtkWidget *finish;
  GtkLabel *missing;
  GtkRevealer *progress_revealer;
  GtkProgressBar *progress;
  WhisVersionView *versions;
  GtkButton *play;
  AdwButtonContent *play_content;
};

G_DEFINE_FINAL_TYPE (WhisEntryView, whis_entry_view, ADW_TYPE_BIN)

static WhisBusWhis1 *
get_interface (WhisEntryView *self)
{
  return whis_service_proxy_get_interface (self->service);
}

/* A dictation without speech cannot be finished. */
static gboolean
can_finish (WhisHistoryItem *entry)
{
  WhisDictationState state = whis_history_item_get_state (entry);

  return whis_dictation_state_is_unfinished (state) || state == WHIS_DICTATION_STATE_CANCELLED
         || (state == WHIS_DICTATION_STATE_FAILED && !whis_history_item_is_no_speech (entry));
}

static void
show_unfinished (WhisEntryView *self)
{
  const char *title = whis_history_item_get_state_label (self->entry);
  const char *message = whis_history_item_get_string (self->entry, "message");
  guint total, missing = whis_entry_details_count_missing (self->entry, &total);
  /* Translators: the first number is of parts without a text, the second one of all parts */
  g_autofree char *sentence = g_strdup_printf (
      ngettext ("%u of %u part has no text yet", "%u of %u parts have no text yet", total), missing,
      total);

  gtk_widget_set_visible (self->unfinished, *title != '\0');
  gtk_image_set_from_icon_name (self->state_icon, whis_history_item_get_state_icon (self->entry));
  gtk_label_set_text (self->state_title, title);
  gtk_widget_set_visible (self->finish, !whis_history_item_is_no_speech (self->entry));
  gtk_label_set_text (self->reason, message);
  gtk_widget_set_visible (GTK_WIDGET (self->reason), *message != '\0');
  gtk_label_set_text (self->missing, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->missing), missing > 0);
}

static void
show_playing (WhisEntryView *self)
{
  gboolean playing =
      self->id != NULL && g_str_equal (whis_service_proxy_get_playing (self->service), self->id);

  adw_button_content_set_icon_name (self->play_content, playing ? "media-playback-stop-symbolic"
                                                                : "media-playback-start-symbolic");
  adw_button_content_set_label (self->play_content, playing ? _ ("_Stop") : _ ("_Play"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  playing ? _ ("Stop playing") : _ ("Play the sound"), -1);
  whis_accessible_labels_fix (GTK_WIDGET (self->play));
}

static void
show_mark (WhisEntryView *self)
{
  gboolean marked = whis_history_item_get_flag (self->entry, "marked");

  gtk_button_set_icon_name (self->mark, marked ? "starred-symbolic" : "non-starred-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark),
                               marked ? _ ("Unmark") : _ ("Mark, and Keep Always"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  marked ? _ ("Unmark") : _ ("Mark, and keep always"), -1);
  whis_accessible_labels_fix (GTK_WIDGET (self->mark));
}

static void
update_actions (WhisEntryView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean known =
      whis_history_item_is_known (self->entry) && whis_service_proxy_is_running (self->service);
  WhisDictationState state = whis_history_item_get_state (self->entry);
  gboolean busy = whis_dictation_state_is_busy (state) || self->again;
  gboolean has_sound = known && whis_history_item_get_flag (self->entry, "has-sound");
  gboolean has_text = known && *whis_version_view_get_text (self->versions) != '\0';

  gtk_widget_action_set_enabled (widget, "entry.copy", has_text);
  /* The service inserts the newest version. */
  gtk_widget_action_set_enabled (widget, "entry.insert",
                                 has_text && whis_version_view_is_newest (self->versions));
  gtk_widget_action_set_enabled (widget, "entry.mark", known);
  gtk_widget_action_set_enabled (widget, "entry.play", has_sound);
  gtk_widget_action_set_enabled (widget, "entry.again", has_sound && !busy);
  gtk_widget_action_set_enabled (widget, "entry.finish",
                                 has_sound && !busy && can_finish (self->entry));
  gtk_widget_action_set_enabled (widget, "entry.delete", known && !busy);
  gtk_widget_action_set_enabled (widget, "entry.export", known);
}

static void
show_again (WhisEntryView *self, gboolean again)
{
  self->again = again;
  gtk_revealer_set_reveal_child (self->progress_revealer, again);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_revealer), again);
  if (!again)
    gtk_progress_bar_set_fraction (self->progress, 0.0);
  update_actions (self);
}

static void
show_entry (WhisEntryView *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when =
      whis_relative_time_format (whis_history_item_get_created (self->entry), now);
  g_autofree char *details = whis_entry_details_describe (self->entry);

  adw_window_title_set_title (self->title, when);
  gtk_label_set_text (self->details, details);
  show_unfinished (self);
  show_mark (self);
  show_playing (self);
  whis_version_view_show (self->versions, self->entry);
  update_actions (self);
}

/* What was shown before is another dictation's. */
static void
clear_entry (WhisEntryView *self)
{
  adw_window_title_set_title (self->title, "");
  gtk_label_set_text (self->details, "");
  gtk_widget_set_visible (self->unfinished, FALSE);
  show_mark (self);
  whis_version_view_show (self->versions, self->entry);
}

static void
got_entry_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) description = NULL;
  g_autoptr (WhisDictationEnd) end = NULL;

  if (whis_bus_whis1_call_get_history_entry_finish (WHIS_BUS_WHIS1 (source), &description, result,
                                                    &error))
    {
      whis_history_item_update (self->entry, description);
      show_entry (self);
      return;
    }

  end = whis_dictation_end_new_from_error (error);
  if (g_str_equal (end->code, "not-found"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
  else
    whis_failure_card_show_error (self->failure, error);
}

static void
entry_view_load (WhisEntryView *self)
{
  if (self->id != NULL && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_get_history_entry (get_interface (self), self->id, self->cancellable,
                                           got_entry_cb, g_object_ref (self));
}

static void
providers_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) descriptions = NULL;

  if (whis_bus_whis1_call_list_providers_finish (WHIS_BUS_WHIS1 (source), &descriptions, result,
                                                 &error))
    whis_provider_list_fill (self->providers, descriptions);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    entry_view_load (self);
}

static void
history_changed_cb (WhisEntryView *self, const char *id)
{
  if (*id == '\0' || g_strcmp0 (id, self->id) == 0)
    entry_view_load (self);
}

static void
progress_cb (WhisEntryView *self, const char *id, guint64 done, guint64 total)
{
  if (self->again && g_strcmp0 (id, self->id) == 0 && total > 0)
    gtk_progress_bar_set_fraction (self->progress, MIN ((double) done / (double) total, 1.0));
}

static void
finished_cb (WhisEntryView *self, const char *id, const char *text)
{
  if (g_strcmp0 (id, self->id) != 0)
    return;

  show_again (self, FALSE);
  entry_view_load (self);
}

static void
failed_cb (WhisEntryView *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept)
{
  g_autofree char *sentence = whis_kept_describe (whis_kept_from_words (kept));

  if (g_strcmp0 (id, self->id) != 0)
    return;

  /* The reason why the dictation itself failed is shown in its entry. */
  if (self->again)
    whis_failure_card_show_failure (self->failure, code, message, sentence);
  show_again (self, FALSE);
  entry_view_load (self);
}

static void
availability_changed_cb (WhisEntryView *self)
{
  if (!whis_service_proxy_is_running (self->service) && self->id != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;

  whis_failure_card_show_answer (self->failure, source, result);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_call_copy_history_entry_finish (WHIS_BUS_WHIS1 (source), result, &error))
    whis_toast_show (GTK_WIDGET (self), _ ("Copied"));
  else
    whis_failure_card_show_error (self->failure, error);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);

  whis_bus_whis1_call_copy_history_entry (get_interface (self), self->id,
                                          whis_version_view_get_number (self->versions),
                                          self->cancellable, copied_cb, g_object_ref (self));
}

static void
insert_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.insert-entry", "s", WHIS_ENTRY_VIEW (widget)->id);
}

static void
play_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);
  gboolean playing = g_str_equal (whis_service_proxy_get_playing (self->service), self->id);

  whis_bus_whis1_call_play_sound (get_interface (self), playing ? "" : self->id, self->cancellable,
                                  answered_cb, g_object_ref (self));
}

static void
mark_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);

  whis_bus_whis1_call_mark_history_entry (get_interface (self), self->id,
                                          !whis_history_item_get_flag (self->entry, "marked"),
                                          self->cancellable, answered_cb, g_object_ref (self));
}

static void
finish_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);

  whis_bus_whis1_call_resume (get_interface (self), self->id, g_variant_new ("a{sv}", NULL),
                              self->cancellable, answered_cb, g_object_ref (self));
}

static void
transcribing_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_call_transcribe_again_finish (WHIS_BUS_WHIS1 (source), result, &error))
    return;

  whis_failure_card_show_error (self->failure, error);
  show_again (self, FALSE);
}

static void
again_answered_cb (WhisEntryView *self, const char *response, WhisTranscribeAgainDialog *dialog)
{
  if (!g_str_equal (response, WHIS_TRANSCRIBE_AGAIN_RESPONSE) || self->id == NULL
      || !whis_service_proxy_is_running (self->service))
    return;

  show_again (self, TRUE);
  whis_bus_whis1_call_transcribe_again (
      get_interface (self), self->id, whis_transcribe_again_dialog_build_options (dialog),
      self->cancellable, transcribing_again_cb, g_object_ref (self));
}

static void
again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);
  WhisTranscribeAgainDialog *dialog =
      whis_transcribe_again_dialog_new (widget, G_LIST_MODEL (self->providers));

  g_signal_connect_object (dialog, "response", G_CALLBACK (again_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
delete_answered_cb (WhisEntryView *self, const char *response)
{
  const char *ids[] = { self->id, NULL };

  if (g_str_equal (response, WHIS_DELETE_RESPONSE) && self->id != NULL
      && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_delete_history_entries (get_interface (self), ids, self->cancellable,
                                                answered_cb, g_object_ref (self));
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = whis_delete_dialog_new (widget);

  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_answered_cb), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_history_export_finish (G_FILE (source), result, &error))
    whis_toast_show (GTK_WIDGET (self), _ ("Saved"));
  else
    whis_failure_card_show_error (self->failure, error);
}

static void
file_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisEntryView) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = whis_file_chooser_finish (GTK_WINDOW (source), result, &error);

  self->is_choosing = FALSE;
  if (file != NULL && self->id != NULL && whis_service_proxy_is_running (self->service))
    whis_history_export_async (get_interface (self), self->entry,
                               whis_version_view_get_text (self->versions), self->format, file,
                               self->cancellable, exported_cb, g_object_ref (self));
  else if (file == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    whis_failure_card_show_error (self->failure, error);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (widget);
  const char *format = g_variant_get_string (parameter, NULL);
  g_autofree char *suggestion = whis_history_export_suggest_name (self->entry, format);

  if (self->is_choosing)
    return;

  g_free (self->format);
  self->format = g_strdup (format);
  self->is_choosing = TRUE;
  whis_file_chooser_save_async (GTK_WINDOW (gtk_widget_get_root (widget)), suggestion,
                                self->cancellable, file_chosen_cb, g_object_ref (self));
}

static void
whis_entry_view_dispose (GObject *object)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_entry_view_parent_class)->dispose (object);
}

static void
whis_entry_view_finalize (GObject *object)
{
  WhisEntryView *self = WHIS_ENTRY_VIEW (object);

  g_clear_object (&self->providers);
  g_clear_object (&self->entry);
  g_free (self->id);
  g_free (self->format);

  G_OBJECT_CLASS (whis_entry_view_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/history/entry-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, header);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, title);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, back);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, more);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, copy);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, insert);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, mark);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, details);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, failure);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, unfinished);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, state_icon);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, state_title);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, reason);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, finish);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, missing);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, progress);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, versions);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, play);
  gtk_widget_class_bind_template_child (widget_class, WhisEntryView, play_content);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
}

static void
whis_entry_view_class_init (WhisEntryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_entry_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_entry_view_finalize;

  g_type_ensure (WHIS_TYPE_FAILURE_CARD);
  g_type_ensure (WHIS_TYPE_VERSION_VIEW);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "entry.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "entry.insert", NULL, insert_action);
  gtk_widget_class_install_action (widget_class, "entry.play", NULL, play_action);
  gtk_widget_class_install_action (widget_class, "entry.mark", NULL, mark_action);
  gtk_widget_class_install_action (widget_class, "entry.finish", NULL, finish_action);
  gtk_widget_class_install_action (widget_class, "entry.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "entry.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "entry.export", "s", export_action);
}

static void
whis_entry_view_init (WhisEntryView *self)
{
  self->cancellable = g_cancellable_new ();
  self->providers = g_list_store_new (WHIS_TYPE_PROVIDER_ITEM);
  self->entry = whis_history_item_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  whis_navigation_hide_back_button (self->header);
}

/**
 * whis_entry_view_set_service:
 * @self: a view
 * @service: the service; set once
 *
 * Makes the view follow the service.
 */
void
whis_entry_view_set_service (WhisEntryView *self, WhisServiceProxy *service)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "notify::playing", G_CALLBACK (show_playing) },
    { "history-changed", G_CALLBACK (history_changed_cb) },
    { "progress", G_CALLBACK (progress_cb) },
    { "finished", G_CALLBACK (finished_cb) },
    { "failed", G_CALLBACK (failed_cb) },
  };

  g_return_if_fail (WHIS_IS_ENTRY_VIEW (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_changed_cb),
                           self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    whis_service_proxy_connect (service, handlers[i].signal, handlers[i].callback, self);
  update_actions (self);
}

/**
 * whis_entry_view_open:
 * @self: a view
 * @id: (nullable): a dictation, %NULL for none
 *
 * Shows a dictation and follows it.
 */
void
whis_entry_view_open (WhisEntryView *self, const char *id)
{
  g_return_if_fail (WHIS_IS_ENTRY_VIEW (self));

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_free (self->id);
  self->id = g_strdup (id);
  g_object_unref (self->entry);
  self->entry = whis_history_item_new (NULL);
  /* A view that is being left keeps its text while it moves away. */
  if (id != NULL)
    clear_entry (self);
  whis_failure_card_hide (self->failure);
  show_again (self, FALSE);

  /* The keys may have changed, so the services are listed each time. */
  if (id != NULL && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_list_providers (get_interface (self), self->cancellable,
                                        providers_listed_cb, g_object_ref (self));
}

/**
 * whis_entry_view_show_error:
 * @self: a view
 * @error: why something could not be done with the dictation
 */
void
whis_entry_view_show_error (WhisEntryView *self, const GError *error)
{
  g_return_if_fail (WHIS_IS_ENTRY_VIEW (self));
  g_return_if_fail (error != NULL);

  whis_failure_card_show_error (self->failure, error);
}

/**
 * whis_entry_view_focus_text:
 * @self: a view
 *
 * Gives the focus to the text.
 */
void
whis_entry_view_focus_text (WhisEntryView *self)
{
  g_return_if_fail (WHIS_IS_ENTRY_VIEW (self));

  gtk_widget_child_focus (GTK_WIDGET (self->versions), GTK_DIR_TAB_FORWARD);
}
