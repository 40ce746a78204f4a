/* SPDX-License-Identifier: MIT */
#include "data-control-selection.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "data-control.h"
#include "delivery-error.h"

#define TEXT_FORMAT "text/plain;charset=utf-8"

/* What is read at a time. */
#define READ_BYTES (64 * 1024)

/* Names that programs ask a text for beside its MIME types. */
static const char *const text_names[] = { "UTF8_STRING", "STRING", "TEXT" };

struct _WhisDataControlSelection
{
  GObject parent_instance;

  char *display_name;
  WhisWaylandConnection *connection;
  WhisDataControl *control;
  WhisDataOffer *offer; /* what is on the clipboard, of @control */
  guint n_offers;       /* so far */
  GHashTable *formats;  /* what this process has put there, if it is still there */
  gboolean primary;
  GPtrArray *opening; /* of GTask, what waits for the connection */
};

static void whis_data_control_selection_selection_init (WhisSelectionInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisDataControlSelection,
                               whis_data_control_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_SELECTION,
                                                      whis_data_control_selection_selection_init))

/* The reading of what is on the clipboard; the data of its task. */
typedef struct
{
  GHashTable *saved;
  guint n_offers; /* when it began */
  GStrv names;
  guint next;
  GInputStream *stream; /* of the format that is read */
  GByteArray *bytes;
  gsize total;
  GCancellable *cancellable;
  gulong cancelled;
  guint timer;
} Save;

static void
save_free (Save *save)
{
  g_clear_handle_id (&save->timer, g_source_remove);
  g_clear_object (&save->cancellable);
  g_clear_object (&save->stream);
  g_clear_pointer (&save->bytes, g_byte_array_unref);
  g_clear_pointer (&save->saved, g_hash_table_unref);
  g_strfreev (save->names);
  g_free (save);
}

/* A format that is being written to a reader. */
typedef struct
{
  WhisDataControlSelection *self;
  GBytes *bytes;
  gboolean is_content;
} Send;

static void
send_free (Send *send)
{
  g_object_unref (send->self);
  g_bytes_unref (send->bytes);
  g_free (send);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Send, send_free)

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Send) send = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    g_debug ("A reader of the clipboard has gone: %s", error->message);
  else
    whis_selection_emit_read (WHIS_SELECTION (send->self), WHIS_SELECTION_READER_UNKNOWN,
                              send->is_content);
}

static GBytes *
find_format (GHashTable *formats, const char *name)
{
  GBytes *bytes = formats != NULL ? g_hash_table_lookup (formats, name) : NULL;

  if (bytes == NULL && formats != NULL && g_strv_contains (text_names, name))
    bytes = g_hash_table_lookup (formats, TEXT_FORMAT);

  return bytes;
}

static void
on_send (const char *name, int fd, gpointer user_data)
{
  WhisDataControlSelection *self = user_data;
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, TRUE);
  GBytes *bytes = find_format (self->formats, name);
  Send *send;

  if (bytes == NULL || !g_unix_set_fd_nonblocking (fd, TRUE, NULL))
    return;

  send = g_new0 (Send, 1);
  send->self = g_object_ref (self);
  send->bytes = g_bytes_ref (bytes);
  send->is_content = strcmp (name, WHIS_SELECTION_PASSWORD_HINT) != 0;
  g_output_stream_write_all_async (stream, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, NULL, on_sent, send);
}

static void
on_selection (WhisDataOffer *offer, gpointer user_data)
{
  WhisDataControlSelection *self = user_data;

  self->offer = offer;
  self->n_offers++;
}

static void
data_control_selection_lose (WhisDataControlSelection *self)
{
  if (self->formats == NULL)
    return;

  g_clear_pointer (&self->formats, g_hash_table_unref);
  whis_selection_emit_lost (WHIS_SELECTION (self));
}

static void
on_cancelled (gpointer user_data)
{
  data_control_selection_lose (user_data);
}

static void
return_not_offered (GTask *task, const char *message)
{
  g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                           message);
}

/* Ends the opening, with an error if there is a message. */
static void
data_control_selection_return_opened (WhisDataControlSelection *self, const char *message)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->opening);

  for (guint i = 0; waiting != NULL && i < waiting->len; i++)
    if (message != NULL)
      return_not_offered (waiting->pdata[i], message);
    else
      g_task_return_boolean (waiting->pdata[i], TRUE);
}

/* Before that it is not known what there is to be put back. */
static void
on_ready (gpointer user_data)
{
  data_control_selection_return_opened (user_data, NULL);
}

static const WhisDataControlFuncs control_funcs = { on_ready, on_selection, on_send, on_cancelled };

static void
on_connection_closed (WhisWaylandConnection *connection, gpointer user_data)
{
  g_autoptr (WhisDataControlSelection) self = g_object_ref (user_data);

  data_control_selection_return_opened (self, _ ("The connection to the desktop has ended."));
  self->offer = NULL;
  self->n_offers++;
  g_clear_pointer (&self->control, whis_data_control_free);
  g_clear_object (&self->connection);
  data_control_selection_lose (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDataControlSelection) self = user_data;
  g_autoptr (WhisWaylandConnection) connection = whis_wayland_connection_open_finish (result, NULL);

  if (connection == NULL)
    data_control_selection_return_opened (self, _ ("There is no Wayland session."));
  else if (!whis_data_control_is_offered (connection))
    data_control_selection_return_opened (self,
                                          _ ("The desktop lets no program without a window copy."));
  else
    {
      self->connection = g_steal_pointer (&connection);
      self->control = whis_data_control_new (self->connection, &control_funcs, self);
      g_signal_connect_object (self->connection, "closed", G_CALLBACK (on_connection_closed), self,
                               0);
    }
}

/* Calls back when there is a clipboard. */
static void
data_control_selection_open_async (WhisDataControlSelection *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, data_control_selection_open_async);
  if (self->opening != NULL)
    {
      g_ptr_array_add (self->opening, g_steal_pointer (&task));
      return;
    }
  if (self->control != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->opening = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->opening, g_steal_pointer (&task));
  whis_wayland_connection_open_async (self->display_name, NULL, on_opened, g_object_ref (self));
}

static gboolean
data_control_selection_open_finish (WhisDataControlSelection *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static const char *
whis_data_control_selection_get_name (WhisSelection *selection)
{
  return "data-control";
}

static void
on_probe_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (data_control_selection_open_finish (WHIS_DATA_CONTROL_SELECTION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
whis_data_control_selection_probe_async (WhisSelection *selection,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (selection, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_data_control_selection_probe_async);
  data_control_selection_open_async (WHIS_DATA_CONTROL_SELECTION (selection), cancellable,
                                     on_probe_opened, g_steal_pointer (&task));
}

static gboolean
whis_data_control_selection_probe_finish (WhisSelection *selection,
                                          GAsyncResult *result,
                                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_data_control_selection_probe_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void save_next (GTask *task);

static void
save_return (GTask *task, GError *error)
{
  Save *save = g_task_get_task_data (task);

  g_clear_handle_id (&save->timer, g_source_remove);
  g_cancellable_disconnect (g_task_get_cancellable (task), save->cancelled);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&save->saved),
                           (GDestroyNotify) g_hash_table_unref);
}

static void
save_fail (GTask *task, const char *message)
{
  save_return (task,
               g_error_new_literal (WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED, message));
}

static void save_read (GTask *task);

static void
on_save_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Save *save = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (bytes == NULL)
    {
      save_fail (task, "the owner of the clipboard does not answer");
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      g_hash_table_insert (save->saved, g_strdup (save->names[save->next]),
                           g_byte_array_free_to_bytes (g_steal_pointer (&save->bytes)));
      save->next++;
      save_next (task);
      return;
    }

  save->total += g_bytes_get_size (bytes);
  g_byte_array_append (save->bytes, g_bytes_get_data (bytes, NULL),
                       (guint) g_bytes_get_size (bytes));
  if (save->bytes->len > WHIS_SELECTION_FORMAT_MAX || save->total > WHIS_SELECTION_TOTAL_MAX)
    save_fail (task, "what is on the clipboard is too large");
  else
    save_read (task);
}

static void
save_read (GTask *task)
{
  Save *save = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (save->stream, READ_BYTES, G_PRIORITY_DEFAULT, save->cancellable,
                                   on_save_read, g_object_ref (task));
}

/* Reads the next format, one after the other: an owner that writes two at once may block. What
 * ended because somebody else has copied meanwhile, or the compositor has gone, may be a part. */
static void
save_next (GTask *task)
{
  WhisDataControlSelection *self = g_task_get_source_object (task);
  Save *save = g_task_get_task_data (task);
  int fds[2];

  g_clear_object (&save->stream);
  if (self->n_offers != save->n_offers)
    {
      save_fail (task, "the clipboard has changed");
      return;
    }
  if (save->names[save->next] == NULL)
    {
      save_return (task, NULL);
      return;
    }
  if (!g_unix_open_pipe (fds, FD_CLOEXEC, NULL))
    {
      save_fail (task, "there are no more file descriptors");
      return;
    }

  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  save->stream = g_unix_input_stream_new (fds[0], TRUE);
  save->bytes = g_byte_array_new ();
  whis_data_offer_receive (self->offer, save->names[save->next], fds[1]);
  whis_wayland_connection_flush (self->connection);
  save_read (task);
}

static gboolean
on_save_timeout (gpointer user_data)
{
  Save *save = g_task_get_task_data (user_data);

  save->timer = 0;
  g_cancellable_cancel (save->cancellable);

  return G_SOURCE_REMOVE;
}

static void
cancel_save (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
on_save_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDataControlSelection *self = WHIS_DATA_CONTROL_SELECTION (source);
  GError *error = NULL;
  Save *save;

  if (!data_control_selection_open_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->formats != NULL)
    {
      g_task_return_pointer (task, g_hash_table_ref (self->formats),
                             (GDestroyNotify) g_hash_table_unref);
      return;
    }

  save = g_new0 (Save, 1);
  save->saved =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  save->n_offers = self->n_offers;
  save->names =
      self->offer != NULL ? whis_data_offer_get_formats (self->offer) : g_new0 (char *, 1);
  save->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  save->timer = g_timeout_add (WHIS_SELECTION_SAVE_MS, on_save_timeout, task);
  if (g_task_get_cancellable (task) != NULL)
    save->cancelled =
        g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (cancel_save),
                               g_object_ref (save->cancellable), g_object_unref);
  save_next (task);
}

static void
whis_data_control_selection_save_async (WhisSelection *selection,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (selection, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_data_control_selection_save_async);
  data_control_selection_open_async (WHIS_DATA_CONTROL_SELECTION (selection), cancellable,
                                     on_save_opened, g_steal_pointer (&task));
}

static GHashTable *
whis_data_control_selection_save_finish (WhisSelection *selection,
                                         GAsyncResult *result,
                                         GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_data_control_selection_save_async),
                        NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GStrv
list_names (GHashTable *formats)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree const char **keys = (const char **) g_hash_table_get_keys_as_array (formats, NULL);

  for (gsize i = 0; keys[i] != NULL; i++)
    g_strv_builder_add (names, keys[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (text_names); i++)
    if (g_hash_table_contains (formats, TEXT_FORMAT)
        && !g_hash_table_contains (formats, text_names[i]))
      g_strv_builder_add (names, text_names[i]);

  return g_strv_builder_end (names);
}

static void
on_own_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDataControlSelection *self = WHIS_DATA_CONTROL_SELECTION (source);
  GHashTable *formats = g_task_get_task_data (task);
  g_auto (GStrv) names = NULL;
  GError *error = NULL;

  if (!data_control_selection_open_finish (self, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;

  names = list_names (formats);
  g_clear_pointer (&self->formats, g_hash_table_unref);
  if (names[0] != NULL)
    self->formats = g_hash_table_ref (formats);
  whis_data_control_set (self->control, (const char *const *) names, TRUE, self->primary);
  g_task_return_boolean (task, TRUE);
}

static void
whis_data_control_selection_own_async (WhisSelection *selection,
                                       GHashTable *formats,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (selection, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_data_control_selection_own_async);
  g_task_set_task_data (task, g_hash_table_ref (formats), (GDestroyNotify) g_hash_table_unref);
  data_control_selection_open_async (WHIS_DATA_CONTROL_SELECTION (selection), cancellable,
                                     on_own_opened, g_steal_pointer (&task));
}

static gboolean
whis_data_control_selection_own_finish (WhisSelection *selection,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, selection), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_data_control_selection_own_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
whis_data_control_selection_is_owner (WhisSelection *selection)
{
  return WHIS_DATA_CONTROL_SELECTION (selection)->formats != NULL;
}

static gboolean
whis_data_control_selection_has_primary (WhisSelection *selection)
{
  WhisDataControlSelection *self = WHIS_DATA_CONTROL_SELECTION (selection);

  return self->control != NULL && whis_data_control_has_primary (self->control);
}

static void
whis_data_control_selection_set_primary (WhisSelection *selection, gboolean primary)
{
  WHIS_DATA_CONTROL_SELECTION (selection)->primary = primary;
}

static gboolean
whis_data_control_selection_tells_reader (WhisSelection *selection)
{
  return FALSE;
}

static void
whis_data_control_selection_dispose (GObject *object)
{
  WhisDataControlSelection *self = WHIS_DATA_CONTROL_SELECTION (object);

  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      g_clear_pointer (&self->control, whis_data_control_free);
      whis_wayland_connection_close (self->connection);
      g_clear_object (&self->connection);
    }
  g_clear_pointer (&self->formats, g_hash_table_unref);

  G_OBJECT_CLASS (whis_data_control_selection_parent_class)->dispose (object);
}

static void
whis_data_control_selection_finalize (GObject *object)
{
  g_free (WHIS_DATA_CONTROL_SELECTION (object)->display_name);

  G_OBJECT_CLASS (whis_data_control_selection_parent_class)->finalize (object);
}

static void
whis_data_control_selection_class_init (WhisDataControlSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_data_control_selection_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_data_control_selection_finalize;
}

static void
whis_data_control_selection_selection_init (WhisSelectionInterface *iface)
{
  iface->get_name = whis_data_control_selection_get_name;
  iface->probe_async = whis_data_control_selection_probe_async;
  iface->probe_finish = whis_data_control_selection_probe_finish;
  iface->save_async = whis_data_control_selection_save_async;
  iface->save_finish = whis_data_control_selection_save_finish;
  iface->own_async = whis_data_control_selection_own_async;
  iface->own_finish = whis_data_control_selection_own_finish;
  iface->is_owner = whis_data_control_selection_is_owner;
  iface->has_primary = whis_data_control_selection_has_primary;
  iface->set_primary = whis_data_control_selection_set_primary;
  iface->tells_reader = whis_data_control_selection_tells_reader;
}

static void
whis_data_control_selection_init (WhisDataControlSelection *self)
{
}

/**
 * whis_data_control_selection_new:
 * @display_name: (nullable): the value of `WAYLAND_DISPLAY`
 *
 * The clipboard of a compositor that lets a program without a window reach it: KWin, sway, labwc,
 * Hyprland, niri, COSMIC, and not Mutter. Who reads it cannot be seen.
 *
 * Returns: (transfer full): a new selection
 */
WhisSelection *
whis_data_control_selection_new (const char *display_name)
{
  WhisDataControlSelection *self = g_object_new (WHIS_TYPE_DATA_CONTROL_SELECTION, NULL);

  self->display_name = g_strdup (display_name);

  return WHIS_SELECTION (self);
}
