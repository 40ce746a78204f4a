/* SPDX-License-Identifier: MIT */
#include "clipboard-owner.h"

struct _WhisClipboardOwner
{
  GObject parent_instance;

  WhisClipboard *clipboard;
  GPtrArray *selections; /* of WhisSelection, the best first */
};

G_DEFINE_FINAL_TYPE (WhisClipboardOwner, whis_clipboard_owner, G_TYPE_OBJECT)

/* One copy; the data of its task. */
typedef struct
{
  char *text;
  gboolean sensitive;
  guint next_selection;
} Copy;

static void
copy_free (Copy *copy)
{
  g_free (copy->text);
  g_free (copy);
}

static void
whis_clipboard_owner_dispose (GObject *object)
{
  WhisClipboardOwner *self = WHIS_CLIPBOARD_OWNER (object);

  g_clear_object (&self->clipboard);
  g_ptr_array_set_size (self->selections, 0);

  G_OBJECT_CLASS (whis_clipboard_owner_parent_class)->dispose (object);
}

static void
whis_clipboard_owner_finalize (GObject *object)
{
  g_ptr_array_unref (WHIS_CLIPBOARD_OWNER (object)->selections);

  G_OBJECT_CLASS (whis_clipboard_owner_parent_class)->finalize (object);
}

static void
whis_clipboard_owner_class_init (WhisClipboardOwnerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_clipboard_owner_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_clipboard_owner_finalize;
}

static void
whis_clipboard_owner_init (WhisClipboardOwner *self)
{
  self->selections = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * whis_clipboard_owner_new:
 * @clipboard: the clipboard by other programs, for when no selection can be owned
 *
 * Returns: (transfer full): an owner without any selection
 */
WhisClipboardOwner *
whis_clipboard_owner_new (WhisClipboard *clipboard)
{
  WhisClipboardOwner *self;

  g_return_val_if_fail (WHIS_IS_CLIPBOARD (clipboard), NULL);

  self = g_object_new (WHIS_TYPE_CLIPBOARD_OWNER, NULL);
  self->clipboard = g_object_ref (clipboard);

  return self;
}

/**
 * whis_clipboard_owner_clear:
 * @self: an owner of the clipboard
 *
 * Forgets all selections.
 */
void
whis_clipboard_owner_clear (WhisClipboardOwner *self)
{
  g_return_if_fail (WHIS_IS_CLIPBOARD_OWNER (self));

  g_ptr_array_set_size (self->selections, 0);
}

/**
 * whis_clipboard_owner_add_selection:
 * @self: an owner of the clipboard
 * @selection: a clipboard, tried when those that were added before it cannot be used
 */
void
whis_clipboard_owner_add_selection (WhisClipboardOwner *self, WhisSelection *selection)
{
  g_return_if_fail (WHIS_IS_CLIPBOARD_OWNER (self));
  g_return_if_fail (WHIS_IS_SELECTION (selection));

  g_ptr_array_add (self->selections, g_object_ref (selection));
}

static void
on_tool_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_clipboard_set_text_finish (WHIS_CLIPBOARD (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void copy_try_selections (GTask *task);

static void
on_selection_owned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_selection_own_finish (WHIS_SELECTION (source), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_debug ("%s: %s", whis_selection_get_name (WHIS_SELECTION (source)), error->message);
  copy_try_selections (task);
}

static void
copy_try_selections (GTask *task)
{
  WhisClipboardOwner *self = g_task_get_source_object (task);
  Copy *copy = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (copy->next_selection < self->selections->len)
    {
      WhisSelection *selection = self->selections->pdata[copy->next_selection++];
      g_autoptr (GHashTable) formats = whis_selection_formats_new (copy->text, copy->sensitive);

      whis_selection_own_async (selection, formats, cancellable, on_selection_owned,
                                g_object_ref (task));
      return;
    }

  whis_clipboard_set_text_async (self->clipboard, copy->text, copy->sensitive, cancellable,
                                 on_tool_copied, g_object_ref (task));
}

/**
 * whis_clipboard_owner_copy_async:
 * @self: an owner of the clipboard
 * @text: a text
 * @sensitive: whether clipboard managers are to be asked not to keep it
 * @cancellable: (nullable): to give up
 * @callback: called when it is on the clipboard
 * @user_data: for @callback
 *
 * Puts a text on the clipboard, by a selection of this process where one can be owned.
 */
void
whis_clipboard_owner_copy_async (WhisClipboardOwner *self,
                                 const char *text,
                                 gboolean sensitive,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Copy *copy;

  g_return_if_fail (WHIS_IS_CLIPBOARD_OWNER (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_clipboard_owner_copy_async);
  copy = g_new0 (Copy, 1);
  copy->text = g_strdup (text);
  copy->sensitive = sensitive;
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  copy_try_selections (task);
}

/**
 * whis_clipboard_owner_copy_finish:
 * @self: an owner of the clipboard
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the text is on the clipboard
 */
gboolean
whis_clipboard_owner_copy_finish (WhisClipboardOwner *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_clipboard_owner_copy_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_released_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisClipboardOwner *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GHashTable) formats =
      whis_selection_save_finish (WHIS_SELECTION (source), result, &error);
  GBytes *text = formats != NULL ? g_hash_table_lookup (formats, "text/plain;charset=utf-8") : NULL;
  g_autofree char *string = NULL;

  if (text == NULL)
    {
      g_clear_error (&error);
      g_task_return_boolean (task, TRUE);
      return;
    }

  string = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  whis_clipboard_set_text_async (
      self->clipboard, string, g_hash_table_contains (formats, WHIS_SELECTION_PASSWORD_HINT),
      g_task_get_cancellable (task), on_tool_copied, g_object_ref (task));
}

/**
 * whis_clipboard_owner_release_async:
 * @self: an owner of the clipboard
 * @cancellable: (nullable): to give up
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Hands a text that this process has on the clipboard over to a program that stays, since this one
 * ends.
 */
void
whis_clipboard_owner_release_async (WhisClipboardOwner *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_CLIPBOARD_OWNER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_clipboard_owner_release_async);
  for (guint i = 0; i < self->selections->len; i++)
    if (whis_selection_is_owner (self->selections->pdata[i]))
      {
        whis_selection_save_async (self->selections->pdata[i], cancellable, on_released_read,
                                   g_steal_pointer (&task));
        return;
      }

  g_task_return_boolean (task, TRUE);
}

/**
 * whis_clipboard_owner_release_finish:
 * @self: an owner of the clipboard
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the clipboard outlives this process
 */
gboolean
whis_clipboard_owner_release_finish (WhisClipboardOwner *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_clipboard_owner_release_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
