/* SPDX-License-Identifier: MIT */
#include <adwaita.h>

#include "accessible-labels.h"

static char *
dup_without_mnemonic (const char *label)
{
  GString *plain = g_string_new (NULL);

  for (const char *c = label; *c != '\0'; c++)
    {
      /* A doubled underscore is a literal one. */
      if (*c == '_' && c[1] != '\0')
        c++;
      g_string_append_c (plain, *c);
    }

  return g_string_free (plain, FALSE);
}

/* GTK 4.8 reads the label with its mnemonic underscore before the accessible name. */
static void
fix_labelled (GtkWidget *button, const char *label)
{
  g_autofree char *plain = dup_without_mnemonic (label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, plain,
                                  -1);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* GTK makes the tooltip the description, which then repeats the accessible name. */
static void
fix_icon (GtkWidget *button)
{
  if (gtk_widget_get_tooltip_text (button) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    "", -1);
}

static void
accessible_labels_fix (GtkWidget *widget)
{
  GtkWidget *child;

  if (GTK_IS_MENU_BUTTON (widget))
    {
      fix_icon (widget);
      return;
    }
  if (!GTK_IS_BUTTON (widget))
    return;

  child = gtk_button_get_child (GTK_BUTTON (widget));
  if (gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    fix_labelled (widget, gtk_button_get_label (GTK_BUTTON (widget)));
  else if (ADW_IS_BUTTON_CONTENT (child))
    gtk_accessible_reset_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  else
    fix_icon (widget);
}

/**
 * whis_accessible_labels_fix:
 * @root: a widget; when a tooltip or a label in it is set anew, this is to be called again
 *
 * Sees that screen readers say the name of a button once: @root's, and those of all in it.
 */
void
whis_accessible_labels_fix (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  accessible_labels_fix (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    whis_accessible_labels_fix (child);
}
