/* SPDX-License-Identifier: MIT */
#include "history-row.h"

#include <glib/gi18n-lib.h>

#include "providers.h"
#include "elapsed-time.h"
#include "relative-time.h"

/**
 * WhisHistoryRow:
 *
 * A row of the history: when, how long, by whom, the first words, and what became of it.
 */
struct _WhisHistoryRow
{
  AdwBin parent;

  WhisHistoryItem *entry;
  GtkLabel *when;
  GtkLabel *details;
  GtkWidget *state;
  GtkImage *state_icon;
  GtkLabel *state_title;
  GtkWidget *marked;
  GtkLabel *text;
};

G_DEFINE_FINAL_TYPE (WhisHistoryRow, whis_history_row, ADW_TYPE_BIN)

static void
show_details (WhisHistoryRow *self)
{
  g_autofree char *length = whis_elapsed_time_format (whis_history_item_get_length (self->entry));
  const char *service =
      whis_providers_get_name (whis_history_item_get_string (self->entry, "provider"));
  const char *file = whis_history_item_get_string (self->entry, "name");
  g_autofree char *details = *file != '\0' ? g_strdup_printf ("%s · %s · %s", length, service, file)
                                           : g_strdup_printf ("%s · %s", length, service);

  gtk_label_set_text (self->details, details);
}

/* The first words on one line. */
static void
show_text (WhisHistoryRow *self)
{
  g_autofree char *text = g_strdup (whis_history_item_get_string (self->entry, "text"));

  g_strdelimit (text, "\r\n\t", ' ');
  if (*g_strstrip (text) != '\0')
    {
      gtk_label_set_text (self->text, text);
      gtk_widget_remove_css_class (GTK_WIDGET (self->text), "dim-label");
    }
  else
    {
      gtk_label_set_text (self->text, whis_history_item_is_known (self->entry)
                                              && !whis_history_item_is_no_speech (self->entry)
                                          ? _ ("No text yet")
                                          : "");
      gtk_widget_add_css_class (GTK_WIDGET (self->text), "dim-label");
    }
}

static void
show_state (WhisHistoryRow *self)
{
  WhisDictationState state = whis_history_item_get_state (self->entry);
  const char *title = whis_history_item_get_state_label (self->entry);

  gtk_widget_set_visible (self->state, *title != '\0');
  gtk_label_set_text (self->state_title, title);
  gtk_image_set_from_icon_name (self->state_icon, whis_history_item_get_state_icon (self->entry));
  if (state == WHIS_DICTATION_STATE_FAILED && !whis_history_item_is_no_speech (self->entry))
    gtk_widget_add_css_class (self->state, "error");
  else
    gtk_widget_remove_css_class (self->state, "error");
}

static void
append_words (GString *name, const char *words)
{
  if (*words == '\0')
    return;
  if (name->len > 0)
    g_string_append (name, ", ");
  g_string_append (name, words);
}

/* In a list, it is the row of the list view that a screen reader comes to, and GTK gives that no
 * name. */
static void
name_list_item (WhisHistoryRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autoptr (GString) name = g_string_new (NULL);

  if (item == NULL)
    return;

  append_words (name, gtk_label_get_text (self->when));
  if (gtk_widget_get_visible (self->state))
    append_words (name, gtk_label_get_text (self->state_title));
  if (gtk_widget_get_visible (self->marked))
    append_words (name, _ ("Marked"));
  append_words (name, gtk_label_get_text (self->text));
  append_words (name, gtk_label_get_text (self->details));
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, name->str,
                                  -1);
}

static void
show_entry (WhisHistoryRow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = NULL;

  if (whis_history_item_is_known (self->entry))
    {
      when = whis_relative_time_format (whis_history_item_get_created (self->entry), now);
      show_details (self);
    }
  else
    gtk_label_set_text (self->details, "");
  gtk_label_set_text (self->when, when != NULL ? when : "…");
  gtk_widget_set_visible (self->marked, whis_history_item_get_flag (self->entry, "marked"));
  show_text (self);
  show_state (self);
  name_list_item (self);
}

static void
whis_history_row_dispose (GObject *object)
{
  WhisHistoryRow *self = WHIS_HISTORY_ROW (object);

  whis_history_row_set_entry (self, NULL);

  G_OBJECT_CLASS (whis_history_row_parent_class)->dispose (object);
}

static void
whis_history_row_class_init (WhisHistoryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_history_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/history/history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, when);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, details);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, state);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, state_icon);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, state_title);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, marked);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryRow, text);
}

static void
whis_history_row_init (WhisHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_history_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
whis_history_row_new (void)
{
  WhisHistoryRow *self = g_object_new (WHIS_TYPE_HISTORY_ROW, NULL);

  return GTK_WIDGET (self);
}

/**
 * whis_history_row_set_entry:
 * @self: a row
 * @entry: (nullable): the entry to show and to follow
 *
 * Shows an entry.
 */
void
whis_history_row_set_entry (WhisHistoryRow *self, WhisHistoryItem *entry)
{
  g_return_if_fail (WHIS_IS_HISTORY_ROW (self));

  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, show_entry, self);
  g_set_object (&self->entry, entry);
  if (entry == NULL)
    return;

  g_signal_connect_object (entry, "changed", G_CALLBACK (show_entry), self, G_CONNECT_SWAPPED);
  show_entry (self);
}
