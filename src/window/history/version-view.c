/* SPDX-License-Identifier: MIT */
#include "version-view.h"

#include <glib/gi18n-lib.h>

#include "word-diff.h"
#include "providers.h"
#include "relative-time.h"

/**
 * WhisVersionView:
 *
 * The text of a dictation. Where it was transcribed more than once, one of the versions, and if
 * wanted what differs from another one.
 */
struct _WhisVersionView
{
  AdwBin parent;

  GVariant *versions; /* aa{sv}, oldest first */
  char *text;         /* for a dictation without versions */

  GtkWidget *choices;
  GtkDropDown *version;
  GtkCheckButton *compare;
  GtkDropDown *other;
  GtkLabel *summary;
  GtkTextView *view;
  GtkTextBuffer *buffer;
  GtkTextTag *removed;
  GtkTextTag *added;
};

G_DEFINE_FINAL_TYPE (WhisVersionView, whis_version_view, ADW_TYPE_BIN)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
count_versions (WhisVersionView *self)
{
  return self->versions != NULL ? (guint) g_variant_n_children (self->versions) : 0;
}

static GVariant *
get_version (WhisVersionView *self, guint position)
{
  return position < count_versions (self) ? g_variant_get_child_value (self->versions, position)
                                          : NULL;
}

/* The string belongs to the variant of the versions. */
static const char *
get_version_text (WhisVersionView *self, guint position)
{
  g_autoptr (GVariant) version = get_version (self, position);
  const char *text = self->text;

  if (version != NULL)
    g_variant_lookup (version, "text", "&s", &text);
  return text != NULL ? text : "";
}

static void
append_piece (WhisVersionView *self, const WhisDiffPiece *piece, gboolean last)
{
  GtkTextTag *tags[] = {
    [WHIS_DIFF_SAME] = NULL,
    [WHIS_DIFF_REMOVED] = self->removed,
    [WHIS_DIFF_ADDED] = self->added,
  };
  g_autofree char *words = g_strchomp (g_strdup (piece->text));
  const char *space = piece->text + strlen (words);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (self->buffer, &end);
  if (tags[piece->kind] != NULL)
    gtk_text_buffer_insert_with_tags (self->buffer, &end, words, -1, tags[piece->kind], NULL);
  else
    gtk_text_buffer_insert (self->buffer, &end, words, -1);
  /* The last word of a text has no space after it, but may have words of the other one. */
  gtk_text_buffer_insert (self->buffer, &end,
                          *space == '\0' && !last && piece->kind == WHIS_DIFF_REMOVED ? " " : space,
                          -1);
}

static void
show_summary (WhisVersionView *self, guint removed, guint added)
{
  g_autofree char *removals =
      g_strdup_printf (ngettext ("%u word removed", "%u words removed", removed), removed);
  g_autofree char *additions =
      g_strdup_printf (ngettext ("%u word added", "%u words added", added), added);
  g_autofree char *both = g_strdup_printf ("%s, %s", removals, additions);

  gtk_label_set_text (self->summary,
                      removed + added > 0 ? both : _ ("Both versions have the same words"));
}

static void
show_difference (WhisVersionView *self, const char *before, const char *after)
{
  g_autoptr (GPtrArray) pieces = whis_word_diff (before, after);
  guint words[3] = { 0, 0, 0 };

  gtk_text_buffer_set_text (self->buffer, "", -1);
  for (guint i = 0; i < pieces->len; i++)
    {
      const WhisDiffPiece *piece = g_ptr_array_index (pieces, i);

      append_piece (self, piece, i + 1 == pieces->len);
      words[piece->kind] += piece->words;
    }
  show_summary (self, words[WHIS_DIFF_REMOVED], words[WHIS_DIFF_ADDED]);
}

static void
choice_changed_cb (WhisVersionView *self)
{
  gboolean compares = gtk_check_button_get_active (self->compare) && count_versions (self) > 1;
  const char *text = get_version_text (self, gtk_drop_down_get_selected (self->version));

  gtk_widget_set_sensitive (GTK_WIDGET (self->other), compares);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), compares);
  if (compares)
    show_difference (self, get_version_text (self, gtk_drop_down_get_selected (self->other)), text);
  else
    gtk_text_buffer_set_text (self->buffer, text, -1);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static char *
describe_version (GVariant *version)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = NULL;
  const char *provider = "", *model = "";
  gint64 created = 0;

  g_variant_lookup (version, "provider", "&s", &provider);
  g_variant_lookup (version, "model", "&s", &model);
  g_variant_lookup (version, "created", "x", &created);
  when = whis_relative_time_format (created, now);
  provider = whis_providers_get_name (provider);
  return *model != '\0' ? g_strdup_printf ("%s · %s · %s", provider, model, when)
                        : g_strdup_printf ("%s · %s", provider, when);
}

static void
fill_choices (WhisVersionView *self)
{
  guint count = count_versions (self);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GVariant) version = get_version (self, i);

      gtk_string_list_take (names, describe_version (version));
    }
  gtk_drop_down_set_model (self->version, G_LIST_MODEL (names));
  gtk_drop_down_set_model (self->other, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->version, count > 0 ? count - 1 : 0);
  gtk_drop_down_set_selected (self->other, 0);
  gtk_widget_set_visible (self->choices, count > 1);
}

/* The colours of the theme; strike and underline say the same without them. */
static void
update_colours (WhisVersionView *self)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self->view));
  GdkRGBA colour;

  if (gtk_style_context_lookup_color (context, "error_color", &colour))
    g_object_set (self->removed, "foreground-rgba", &colour, NULL);
  if (gtk_style_context_lookup_color (context, "success_color", &colour))
    g_object_set (self->added, "foreground-rgba", &colour, NULL);
}

/* Not when the style manager says that the theme is another one: the colours are still the old ones
 * then. */
static void
whis_version_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (whis_version_view_parent_class)->css_changed (widget, change);

  update_colours (WHIS_VERSION_VIEW (widget));
}

static void
whis_version_view_finalize (GObject *object)
{
  WhisVersionView *self = WHIS_VERSION_VIEW (object);

  g_clear_pointer (&self->versions, g_variant_unref);
  g_free (self->text);

  G_OBJECT_CLASS (whis_version_view_parent_class)->finalize (object);
}

static void
whis_version_view_class_init (WhisVersionViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = whis_version_view_finalize;
  widget_class->css_changed = whis_version_view_css_changed;

  /**
   * WhisVersionView::changed:
   * @self: a view
   *
   * Another version is shown.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WHIS_TYPE_VERSION_VIEW, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/history/version-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, choices);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, version);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, compare);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, other);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, summary);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, view);
  gtk_widget_class_bind_template_child (widget_class, WhisVersionView, buffer);
  gtk_widget_class_bind_template_callback (widget_class, choice_changed_cb);
}

/* In the button a long name is shortened, so that it fits into a narrow window; in the list it
 * wraps.
 */
static void
set_choice_factories (GtkDropDown *choice)
{
  g_autoptr (GtkListItemFactory) factory = gtk_builder_list_item_factory_new_from_resource (
      NULL, WHIS_WINDOW_RESOURCES "/history/version-choice.ui");
  g_autoptr (GtkListItemFactory) list_factory = gtk_builder_list_item_factory_new_from_resource (
      NULL, WHIS_WINDOW_RESOURCES "/history/version-choice-row.ui");

  gtk_drop_down_set_factory (choice, factory);
  gtk_drop_down_set_list_factory (choice, list_factory);
}

static void
whis_version_view_init (WhisVersionView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_choice_factories (self->version);
  set_choice_factories (self->other);
  self->removed = gtk_text_buffer_create_tag (self->buffer, "removed", "strikethrough", TRUE, NULL);
  self->added =
      gtk_text_buffer_create_tag (self->buffer, "added", "underline", PANGO_UNDERLINE_SINGLE, NULL);
}

/* Text that is read, selected or compared stays as it is when nothing of it has changed. */
static gboolean
is_shown (WhisVersionView *self, GVariant *versions, const char *text)
{
  return g_strcmp0 (self->text, text) == 0
         && (versions == self->versions
             || (versions != NULL && self->versions != NULL
                 && g_variant_equal (versions, self->versions)));
}

/**
 * whis_version_view_show:
 * @self: a view
 * @entry: an entry with its whole text, or one that is not known yet
 *
 * Shows the newest version of the text, and none of an entry that is not known.
 */
void
whis_version_view_show (WhisVersionView *self, WhisHistoryItem *entry)
{
  g_autoptr (GVariant) versions = NULL;
  const char *text;

  g_return_if_fail (WHIS_IS_VERSION_VIEW (self));
  g_return_if_fail (WHIS_IS_HISTORY_ITEM (entry));

  text = whis_history_item_get_string (entry, "text");
  if (whis_history_item_is_known (entry))
    versions = g_variant_lookup_value (whis_history_item_get_description (entry), "versions",
                                       G_VARIANT_TYPE ("aa{sv}"));
  if (is_shown (self, versions, text))
    return;

  g_free (self->text);
  self->text = g_strdup (text);
  g_clear_pointer (&self->versions, g_variant_unref);
  self->versions = g_steal_pointer (&versions);
  fill_choices (self);
  choice_changed_cb (self);
}

/**
 * whis_version_view_is_newest:
 * @self: a view
 *
 * Returns: whether the newest version is shown
 */
gboolean
whis_version_view_is_newest (WhisVersionView *self)
{
  g_return_val_if_fail (WHIS_IS_VERSION_VIEW (self), FALSE);

  return count_versions (self) < 2
         || gtk_drop_down_get_selected (self->version) == count_versions (self) - 1;
}

/**
 * whis_version_view_get_number:
 * @self: a view
 *
 * Returns: the number of the version that is shown
 */
guint
whis_version_view_get_number (WhisVersionView *self)
{
  g_autoptr (GVariant) version = NULL;
  guint number = 0;

  g_return_val_if_fail (WHIS_IS_VERSION_VIEW (self), 0);

  version = get_version (self, gtk_drop_down_get_selected (self->version));
  if (version != NULL)
    g_variant_lookup (version, "number", "u", &number);
  return number;
}

/**
 * whis_version_view_get_text:
 * @self: a view
 *
 * Returns: the text of the version that is shown
 */
const char *
whis_version_view_get_text (WhisVersionView *self)
{
  g_return_val_if_fail (WHIS_IS_VERSION_VIEW (self), "");

  return get_version_text (self, gtk_drop_down_get_selected (self->version));
}
