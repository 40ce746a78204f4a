/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "file-chooser.h"

#include <glib/gi18n-lib.h>

static GtkFileFilter *
make_filter (const char *name, const char *const *types)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; types[i] != NULL; i++)
    gtk_file_filter_add_mime_type (filter, types[i]);

  return filter;
}

static GtkFileFilter *
make_sound_filter (void)
{
  static const char *const types[] = { "audio/*", "video/*", "application/ogg", NULL };

  return make_filter (_ ("Audio and Video"), types);
}

static GtkFileFilter *
make_any_filter (void)
{
  static const char *const types[] = { "*/*", NULL };

  return make_filter (_ ("All Files"), types);
}

static GTask *
create_task (GtkWindow *parent,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (parent, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_file_chooser_finish);

  return task;
}

static void
return_dismissed (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "dismissed");
}

#if WHIS_HAS_FILE_DIALOG

static GtkFileDialog *
file_chooser_create (const char *title, const char *accept)
{
  GtkFileDialog *dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_accept_label (dialog, accept);

  return dialog;
}

static void
return_file (GTask *task, GFile *file, GError *error)
{
  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else if (error->domain == GTK_DIALOG_ERROR)
    {
      return_dismissed (task);
      g_error_free (error);
    }
  else
    g_task_return_error (task, error);
}

static void
did_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GFile *file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);

  return_file (task, file, error);
}

static void
did_save (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GFile *file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);

  return_file (task, file, error);
}

static void
open_file (GTask *task, GtkWindow *parent)
{
  g_autoptr (GtkFileDialog) dialog =
      file_chooser_create (_ ("Transcribe a File"), _ ("_Transcribe"));
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) sound = make_sound_filter ();
  g_autoptr (GtkFileFilter) any = make_any_filter ();

  g_list_store_append (filters, sound);
  g_list_store_append (filters, any);
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  gtk_file_dialog_open (dialog, parent, g_task_get_cancellable (task), did_open, task);
}

static void
save_file (GTask *task, GtkWindow *parent, const char *name)
{
  g_autoptr (GtkFileDialog) dialog = file_chooser_create (_ ("Export"), _ ("_Save"));

  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, parent, g_task_get_cancellable (task), did_save, task);
}

#else

static GtkFileChooserNative *
file_chooser_create (GtkWindow *parent,
                     const char *title,
                     GtkFileChooserAction action,
                     const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, parent, action, accept, NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);

  return chooser;
}

static void
add_filter (GtkFileChooserNative *chooser, GtkFileFilter *filter)
{
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (chooser), filter);
  g_object_unref (filter);
}

static void
on_file_chooser_responded (GTask *task, int response)
{
  GtkFileChooserNative *chooser = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (chooser, task);
  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)),
                           g_object_unref);
  else
    return_dismissed (task);
  g_object_unref (task);
}

/* A dialog that is hidden gives no response by itself. */
static void
on_file_chooser_cancelled (GTask *task)
{
  gtk_native_dialog_hide (GTK_NATIVE_DIALOG (g_task_get_task_data (task)));
  on_file_chooser_responded (task, GTK_RESPONSE_CANCEL);
}

static void
file_chooser_show (GTask *task, GtkFileChooserNative *chooser)
{
  GCancellable *cancellable = g_task_get_cancellable (task);

  g_task_set_task_data (task, chooser, g_object_unref);
  g_signal_connect_swapped (chooser, "response", G_CALLBACK (on_file_chooser_responded), task);
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_file_chooser_cancelled), task,
                             G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
open_file (GTask *task, GtkWindow *parent)
{
  GtkFileChooserNative *chooser = file_chooser_create (
      parent, _ ("Transcribe a File"), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Transcribe"));

  add_filter (chooser, make_sound_filter ());
  add_filter (chooser, make_any_filter ());
  file_chooser_show (task, chooser);
}

static void
save_file (GTask *task, GtkWindow *parent, const char *name)
{
  GtkFileChooserNative *chooser =
      file_chooser_create (parent, _ ("Export"), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  file_chooser_show (task, chooser);
}

#endif

/**
 * whis_file_chooser_open_async:
 * @parent: the window that asks
 * @cancellable: (nullable): closes the dialog
 * @callback: called when a file was chosen or the dialog is closed
 * @user_data: passed to @callback
 *
 * Asks for a file to transcribe.
 */
void
whis_file_chooser_open_async (GtkWindow *parent,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (GTK_IS_WINDOW (parent));

  open_file (create_task (parent, cancellable, callback, user_data), parent);
}

/**
 * whis_file_chooser_save_async:
 * @parent: the window that asks
 * @name: a name for the file
 * @cancellable: (nullable): closes the dialog
 * @callback: called when a place was chosen or the dialog is closed
 * @user_data: passed to @callback
 *
 * Asks where to save a file.
 */
void
whis_file_chooser_save_async (GtkWindow *parent,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (name != NULL);

  save_file (create_task (parent, cancellable, callback, user_data), parent, name);
}

/**
 * whis_file_chooser_finish:
 * @parent: the window that asked
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full): the file; %NULL with %G_IO_ERROR_CANCELLED if the user does not want
 * one
 */
GFile *
whis_file_chooser_finish (GtkWindow *parent, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
