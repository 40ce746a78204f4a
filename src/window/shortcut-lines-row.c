/* SPDX-License-Identifier: MIT */
#include "shortcut-lines-row.h"

#include <glib/gi18n-lib.h>

#include "toast.h"

/* For the keyboard settings of a desktop that lets no program bind shortcuts. */
#define COMMAND "whis shortcut tap toggle"

/**
 * WhisShortcutLinesRow:
 *
 * What the user has to write into the configuration of the compositor, or to bind in the settings
 * of the desktop, where Whis cannot bind shortcuts itself.
 */
struct _WhisShortcutLinesRow
{
  AdwActionRow parent;

  char *lines; /* what is copied; NULL if there is nothing to write */
};

G_DEFINE_FINAL_TYPE (WhisShortcutLinesRow, whis_shortcut_lines_row, ADW_TYPE_ACTION_ROW)

static void
copy_cb (WhisShortcutLinesRow *self)
{
  if (self->lines == NULL)
    return;

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->lines);
  whis_toast_show (GTK_WIDGET (self), _ ("Copied"));
}

static void
whis_shortcut_lines_row_finalize (GObject *object)
{
  WhisShortcutLinesRow *self = WHIS_SHORTCUT_LINES_ROW (object);

  g_free (self->lines);

  G_OBJECT_CLASS (whis_shortcut_lines_row_parent_class)->finalize (object);
}

static void
whis_shortcut_lines_row_class_init (WhisShortcutLinesRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = whis_shortcut_lines_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/shortcut-lines-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
whis_shortcut_lines_row_init (WhisShortcutLinesRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_shortcut_lines_row_show:
 * @self: the row
 * @description: what the service tells of its shortcuts
 *
 * Shows what there is to write, or hides the row if there is nothing.
 */
void
whis_shortcut_lines_row_show (WhisShortcutLinesRow *self, GVariant *description)
{
  const char *line = NULL, *file = "", *backend = "";
  const char *title = _ ("Lines for the Configuration");
  g_autofree char *where = NULL;
  g_autofree char *subtitle = NULL;

  g_return_if_fail (WHIS_IS_SHORTCUT_LINES_ROW (self));
  g_return_if_fail (description != NULL);

  g_variant_lookup (description, "line", "&s", &line);
  g_variant_lookup (description, "line-file", "&s", &file);
  g_variant_lookup (description, "backend", "&s", &backend);
  if (line != NULL)
    where = g_strdup_printf (_ ("They belong into %s"), file);
  else if (*backend == '\0')
    {
      title = _ ("Command for a Shortcut");
      where = g_strdup (_ ("No program can bind shortcuts here. Bind this in the keyboard settings "
                           "of your desktop"));
      line = COMMAND;
    }

  g_free (self->lines);
  self->lines = g_strdup (line);
  subtitle = line != NULL ? g_strchomp (g_strjoin ("\n", where, line, NULL)) : g_strdup ("");
  gtk_widget_set_visible (GTK_WIDGET (self), line != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
}
