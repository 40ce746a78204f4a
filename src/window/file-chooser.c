/* SPDX-License-Identifier: MIT */
#include "file-chooser.h"

#include <glib/gi18n-lib.h>

static GtkFileChooserNative *
create (GtkWindow *parent, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);

  return chooser;
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *const *types)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, types[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/**
 * whis_file_chooser_new_for_sound:
 * @parent: the window that asks
 *
 * Returns: (transfer full): asks for a file to transcribe, not shown yet
 */
GtkFileChooserNative *
whis_file_chooser_new_for_sound (GtkWindow *parent)
{
  static const char *const sound[] = { "audio/*", "video/*", "application/ogg", NULL };
  static const char *const anything[] = { "*/*", NULL };
  GtkFileChooserNative *chooser =
      create (parent, _ ("Transcribe a File"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Transcribe"));

  add_filter (GTK_FILE_CHOOSER (chooser), _ ("Audio and Video"), sound);
  add_filter (GTK_FILE_CHOOSER (chooser), _ ("All Files"), anything);

  return chooser;
}

/**
 * whis_file_chooser_new_for_export:
 * @parent: the window that asks
 * @name: a name for the file
 *
 * Returns: (transfer full): asks where to save a file, not shown yet
 */
GtkFileChooserNative *
whis_file_chooser_new_for_export (GtkWindow *parent, const char *name)
{
  GtkFileChooserNative *chooser =
      create (parent, _ ("Export"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);

  return chooser;
}

/**
 * whis_file_chooser_take_answer:
 * @chooser: (inout): a chooser that has been answered; it is released
 * @response: its response
 *
 * Returns: (transfer full) (nullable): the file, unless the user does not want one
 */
GFile *
whis_file_chooser_take_answer (GtkFileChooserNative **chooser, int response)
{
  GFile *file = response == GTK_RESPONSE_ACCEPT
                    ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (*chooser))
                    : NULL;

  g_clear_object (chooser);

  return file;
}
