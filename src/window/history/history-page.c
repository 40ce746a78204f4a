/* SPDX-License-Identifier: MIT */
#include "history-page.h"

#include <glib/gi18n-lib.h>

#include "delete-dialog.h"
#include "history-model.h"
#include "history-row.h"
#include "failure-card.h"

/**
 * WhisHistoryPage:
 *
 * The history: a search, and the list of its results. A row that is activated activates
 * `win.open-entry` with the id of its dictation. Nothing is loaded before the page is shown.
 */
struct _WhisHistoryPage
{
  AdwBin parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  WhisHistoryModel *model;
  GtkSingleSelection *selection;
  gboolean started;
  gboolean stale;
  char *to_delete;

  GtkSearchEntry *search;
  GtkToggleButton *marked;
  GtkToggleButton *unfinished;
  WhisFailureCard *failure;
  GtkStack *stack;
  GtkListView *list;
  AdwStatusPage *empty;
  GtkWidget *show_all;
};

G_DEFINE_FINAL_TYPE (WhisHistoryPage, whis_history_page, ADW_TYPE_BIN)

static gboolean
is_filtered (WhisHistoryPage *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->search)) != '\0'
         || gtk_toggle_button_get_active (self->marked)
         || gtk_toggle_button_get_active (self->unfinished);
}

static void
show_empty (WhisHistoryPage *self, const char *icon, const char *title, const char *description)
{
  /* A status page reads markup, and a sentence of the service has none. */
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_icon_name (self->empty, icon);
  adw_status_page_set_title (self->empty, title);
  adw_status_page_set_description (self->empty, escaped);
  gtk_widget_set_visible (self->show_all, is_filtered (self));
  gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
show_content (WhisHistoryPage *self)
{
  const GError *error = whis_history_model_get_error (self->model);

  if (error != NULL)
    {
      g_autofree char *sentence = whis_service_call_error_to_sentence (error);

      show_empty (self, "dialog-error-symbolic", _ ("The History Cannot Be Read"), sentence);
    }
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (whis_history_model_is_loading (self->model) || !self->started)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  else if (is_filtered (self))
    show_empty (self, "system-search-symbolic", _ ("Nothing Found"),
                _ ("Try other words, or look at all dictations."));
  else
    show_empty (self, "document-open-recent-symbolic", _ ("Nothing Yet"),
                _ ("What you dictate can be found, played and copied here."));
}

static void
query_changed_cb (WhisHistoryPage *self)
{
  if (self->started)
    whis_history_model_set_query (self->model, whis_service_proxy_get_interface (self->service),
                                  gtk_editable_get_text (GTK_EDITABLE (self->search)),
                                  gtk_toggle_button_get_active (self->marked),
                                  gtk_toggle_button_get_active (self->unfinished));
}

static void
history_page_start (WhisHistoryPage *self)
{
  self->started = TRUE;
  self->stale = FALSE;
  self->cancellable = g_cancellable_new ();
  show_content (self);
  query_changed_cb (self);
}

static void
history_page_stop (WhisHistoryPage *self)
{
  self->started = FALSE;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  whis_history_model_set_query (self->model, NULL, "", FALSE, FALSE);
}

static void
update_started (WhisHistoryPage *self)
{
  gboolean mapped = gtk_widget_get_mapped (GTK_WIDGET (self));

  if (self->started && !whis_service_proxy_is_running (self->service))
    history_page_stop (self);
  else if (!self->started && whis_service_proxy_is_running (self->service) && mapped)
    history_page_start (self);
  else if (self->started && self->stale && mapped)
    {
      self->stale = FALSE;
      whis_history_model_refresh (self->model);
    }
}

static void
history_changed_cb (WhisHistoryPage *self)
{
  self->stale = TRUE;
  update_started (self);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisHistoryPage) self = user_data;

  whis_failure_card_show_answer (self->failure, source, result);
}

static void
delete_answered_cb (WhisHistoryPage *self, const char *response)
{
  g_autofree char *id = g_steal_pointer (&self->to_delete);
  const char *ids[] = { id, NULL };

  if (g_str_equal (response, WHIS_DELETE_RESPONSE) && id != NULL
      && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_delete_history_entries (whis_service_proxy_get_interface (self->service),
                                                ids, self->cancellable, answered_cb,
                                                g_object_ref (self));
}

static const char *
get_selected_id (WhisHistoryPage *self)
{
  WhisHistoryItem *entry = gtk_single_selection_get_selected_item (self->selection);

  return entry != NULL ? whis_history_item_get_string (entry, "id") : "";
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisHistoryPage *self = WHIS_HISTORY_PAGE (widget);
  GtkWidget *dialog;

  if (*get_selected_id (self) == '\0')
    return;

  g_free (self->to_delete);
  self->to_delete = g_strdup (get_selected_id (self));
  dialog = whis_delete_dialog_new (widget);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_answered_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  WhisHistoryPage *self = WHIS_HISTORY_PAGE (widget);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_toggle_button_set_active (self->marked, FALSE);
  gtk_toggle_button_set_active (self->unfinished, FALSE);
}

static void
activated_cb (WhisHistoryPage *self, guint position)
{
  g_autoptr (WhisHistoryItem) entry =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  const char *id = entry != NULL ? whis_history_item_get_string (entry, "id") : "";

  if (*id != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-entry", "s", id);
}

/* Enter in the search goes to the first result. */
static void
search_activated_cb (WhisHistoryPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    return;

  gtk_single_selection_set_selected (self->selection, 0);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
clicked_cb (GtkListItem *item, int n_press, double x, double y, GtkGesture *gesture)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));

  if (n_press == 1 && gtk_widget_contains (row, x, y))
    gtk_widget_activate_action (row, "list.activate-item", "u", gtk_list_item_get_position (item));
}

/* One click opens, as it does in every other list of this window. The list view's own way of that
 * would also choose what is only pointed at, and the Delete key is about what is chosen. */
static void
setup_cb (WhisHistoryPage *self, GtkListItem *item)
{
  GtkWidget *row = whis_history_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (clicked_cb), item, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (WhisHistoryPage *self, GtkListItem *item)
{
  whis_history_row_set_entry (WHIS_HISTORY_ROW (gtk_list_item_get_child (item)),
                              gtk_list_item_get_item (item));
}

static void
unbind_cb (WhisHistoryPage *self, GtkListItem *item)
{
  whis_history_row_set_entry (WHIS_HISTORY_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
whis_history_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (whis_history_page_parent_class)->map (widget);

  if (WHIS_HISTORY_PAGE (widget)->service != NULL)
    update_started (WHIS_HISTORY_PAGE (widget));
}

static void
whis_history_page_dispose (GObject *object)
{
  WhisHistoryPage *self = WHIS_HISTORY_PAGE (object);

  if (self->model != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->model, show_content, self);
      history_page_stop (self);
    }
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->service);
  g_clear_pointer (&self->to_delete, g_free);

  G_OBJECT_CLASS (whis_history_page_parent_class)->dispose (object);
}

static void
whis_history_page_class_init (WhisHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_history_page_dispose;
  widget_class->map = whis_history_page_map;

  g_type_ensure (WHIS_TYPE_FAILURE_CARD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/history/history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, search);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, marked);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, unfinished);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, failure);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, list);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, empty);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryPage, show_all);
  gtk_widget_class_bind_template_callback (widget_class, query_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_install_action (widget_class, "history.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "history.show-all", NULL, show_all_action);
}

static void
whis_history_page_init (WhisHistoryPage *self)
{
  self->model = whis_history_model_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  /* The first row is not selected by itself, so that Delete cannot hit it. */
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify::loading", G_CALLBACK (show_content), self,
                           G_CONNECT_SWAPPED);
  show_content (self);
}

/**
 * whis_history_page_set_service:
 * @self: a page
 * @service: the service whose history to show; set once
 *
 * Makes the page follow the service.
 */
void
whis_history_page_set_service (WhisHistoryPage *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_HISTORY_PAGE (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (update_started), self,
                           G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "history-changed", G_CALLBACK (history_changed_cb), self);
  update_started (self);
}

/**
 * whis_history_page_search:
 * @self: a page
 *
 * Gives the focus to the search.
 */
void
whis_history_page_search (WhisHistoryPage *self)
{
  g_return_if_fail (WHIS_IS_HISTORY_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

/**
 * whis_history_page_focus_list:
 * @self: a page
 *
 * Gives the focus back to the row that had it.
 */
void
whis_history_page_focus_list (WhisHistoryPage *self)
{
  g_return_if_fail (WHIS_IS_HISTORY_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/**
 * whis_history_page_show_unfinished:
 * @self: a page
 *
 * Shows the dictations that can be finished, and no others.
 */
void
whis_history_page_show_unfinished (WhisHistoryPage *self)
{
  g_return_if_fail (WHIS_IS_HISTORY_PAGE (self));

  show_all_action (GTK_WIDGET (self), NULL, NULL);
  gtk_toggle_button_set_active (self->unfinished, TRUE);
}
