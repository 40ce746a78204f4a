/* SPDX-License-Identifier: MIT */
#include "download.h"

#include <glib/gi18n-lib.h>

#include "transfer.h"

/* Tries at one address that bring nothing. */
#define MAX_ATTEMPTS 5
/* With so much more in the part a try has not been in vain. */
#define PROGRESS_BYTES (1024 * 1024)

#define MAX_WRONG_FILES 2

static const WhisDownloadTimeouts default_timeouts = {
  .connect_ms = 15000,
  .stall_ms = 60000,
  .wait_ms = 1000,
};

/**
 * WhisDownload:
 *
 * Fetches one file over HTTPS, whose checksum is known. It goes on where an earlier download
 * stopped, tries again with growing waits when a connection breaks off, and takes the next address
 * when one does not have the file. The file gets its name when it is complete and its checksum is
 * right, and not before.
 */
struct _WhisDownload
{
  GObject parent_instance;

  char *path;
  GStrv addresses;
  char *sha256;
  guint64 bytes;
  guint64 max_bytes;
  gboolean allow_metered;
  GNetworkMonitor *monitor;
  WhisDownloadTimeouts timeouts;

  WhisPartFile *part;
  guint64 done;
  guint64 total;
  guint address;         /* index of the present one */
  guint n_attempts;      /* at the present address, in vain */
  guint n_wrong;         /* how often a file had the wrong checksum */
  guint64 size_at_start; /* of the present attempt */
};

enum
{
  PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDownload, whis_download, G_TYPE_OBJECT)

static void start_attempt (GTask *task);

static void
whis_download_finalize (GObject *object)
{
  WhisDownload *self = WHIS_DOWNLOAD (object);

  g_free (self->path);
  g_strfreev (self->addresses);
  g_free (self->sha256);
  g_clear_object (&self->monitor);
  g_clear_object (&self->part);

  G_OBJECT_CLASS (whis_download_parent_class)->finalize (object);
}

static void
whis_download_class_init (WhisDownloadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_download_finalize;

  /**
   * WhisDownload::progress:
   * @self: the download
   *
   * More of the file is there: whis_download_get_done() and whis_download_get_total() say how much.
   */
  signals[PROGRESS] = g_signal_new ("progress", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_download_init (WhisDownload *self)
{
  self->timeouts = default_timeouts;
  self->max_bytes = G_MAXINT64;
}

/* Closes the part, so that another download may have it, and takes the error. */
static void
return_failure (GTask *task, GError *error)
{
  WhisDownload *self = g_task_get_source_object (task);

  whis_part_file_close (self->part);
  g_clear_object (&self->part);
  g_task_return_error (task, error);
}

/* --- what to do after a failure ----------------------------------------------------------------
 */

static gboolean
is_worth_repeating (const GError *error)
{
  return g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_NETWORK)
         || g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_TIMEOUT);
}

/* Whether the fault is this computer's, so that no other address would help. */
static gboolean
is_final (const GError *error)
{
  return error->domain != WHIS_HTTP_ERROR
         || g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_SPACE)
         || g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_STORAGE)
         || g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_BUSY)
         || g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_METERED);
}

static gboolean
take_next_address (WhisDownload *self)
{
  if (self->addresses[self->address + 1] == NULL)
    return FALSE;

  self->address++;
  self->n_attempts = 0;

  return TRUE;
}

/* A wait between two attempts; the data of its source. */
typedef struct
{
  GTask *task;
  GSource *timer;
  GSource *cancelled;
} Wait;

static void
wait_free (Wait *wait)
{
  g_source_destroy (wait->timer);
  g_source_unref (wait->timer);
  if (wait->cancelled != NULL)
    {
      g_source_destroy (wait->cancelled);
      g_source_unref (wait->cancelled);
    }
  g_object_unref (wait->task);
  g_free (wait);
}

static gboolean
on_wait_over (gpointer data)
{
  Wait *wait = data;
  g_autoptr (GTask) task = g_object_ref (wait->task);

  wait_free (wait);
  start_attempt (task);

  return G_SOURCE_REMOVE;
}

static gboolean
on_wait_cancelled (GCancellable *cancellable, gpointer data)
{
  return on_wait_over (data);
}

static void
start_waiting (GTask *task, guint ms)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Wait *wait = g_new0 (Wait, 1);

  wait->task = g_object_ref (task);
  wait->timer = g_timeout_source_new (ms);
  g_source_set_callback (wait->timer, on_wait_over, wait, NULL);
  g_source_attach (wait->timer, g_task_get_context (task));
  if (cancellable == NULL)
    return;

  wait->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (wait->cancelled, G_SOURCE_FUNC (on_wait_cancelled), wait, NULL);
  g_source_attach (wait->cancelled, g_task_get_context (task));
}

/* Takes the error. */
static void
download_recover (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  WhisDownload *self = g_task_get_source_object (task);

  if (is_final (error))
    {
      return_failure (task, g_steal_pointer (&owned));
      return;
    }

  if (whis_part_file_get_size (self->part) >= self->size_at_start + PROGRESS_BYTES)
    self->n_attempts = 0;
  if (is_worth_repeating (error) && ++self->n_attempts < MAX_ATTEMPTS)
    start_waiting (task, self->timeouts.wait_ms << (self->n_attempts - 1));
  else if (take_next_address (self))
    start_attempt (task);
  else
    return_failure (task, g_steal_pointer (&owned));
}

/* --- one attempt -------------------------------------------------------------------------------
 */

static void
on_wrong_emptied (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (whis_part_file_finish (WHIS_PART_FILE (source), result, &error))
    start_attempt (task);
  else
    return_failure (task, error);
}

static void
on_emptied_for_good (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisDownload *self = g_task_get_source_object (task);

  /* Whether or not it could be emptied: the file is the wrong one. */
  whis_part_file_finish (WHIS_PART_FILE (source), result, NULL);
  self->done = whis_part_file_get_size (self->part);
  return_failure (task,
                  g_error_new_literal (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_CHECKSUM,
                                       _ ("Twice the file that was fetched was not the one that is "
                                          "wanted: its checksum is another one, so it was thrown "
                                          "away.")));
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisDownload *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (whis_part_file_finish (self->part, result, &error))
    {
      g_clear_object (&self->part);
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!g_error_matches (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_CHECKSUM))
    {
      return_failure (task, error);
      return;
    }

  g_clear_error (&error);
  self->n_wrong++;
  take_next_address (self);
  whis_part_file_begin_anew_async (
      self->part, NULL, self->n_wrong < MAX_WRONG_FILES ? on_wrong_emptied : on_emptied_for_good,
      g_steal_pointer (&task));
}

static void
download_complete (GTask *task)
{
  WhisDownload *self = g_task_get_source_object (task);

  whis_part_file_complete_async (self->part, self->sha256, NULL, on_completed, g_object_ref (task));
}

static void
on_transferred (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (whis_transfer_finish (WHIS_PART_FILE (source), result, &error))
    download_complete (task);
  else
    download_recover (task, error);
}

static void
on_progress (guint64 total, gpointer data)
{
  WhisDownload *self = data;

  self->done = whis_part_file_get_size (self->part);
  self->total = total;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
on_space_known (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisDownload *self = g_task_get_source_object (task);
  const WhisTransferLimits limits = {
    .connect_ms = self->timeouts.connect_ms,
    .stall_ms = self->timeouts.stall_ms,
    .bytes = self->bytes,
    .max_bytes = self->max_bytes,
  };
  GError *error = NULL;

  if (!whis_part_file_finish (self->part, result, &error))
    {
      return_failure (task, error);
      return;
    }

  whis_transfer_async (self->part, self->addresses[self->address], &limits, on_progress, self,
                       g_task_get_cancellable (task), on_transferred, g_object_ref (task));
}

static gboolean
may_use_network (WhisDownload *self, GError **error)
{
  GNetworkMonitor *monitor =
      self->monitor != NULL ? self->monitor : g_network_monitor_get_default ();

  if (self->allow_metered || !g_network_monitor_get_network_metered (monitor))
    return TRUE;

  g_set_error_literal (error, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_METERED,
                       _ ("The network is metered, so what is fetched may cost money; say that it "
                          "may be used, or wait for another network."));

  return FALSE;
}

static void
start_attempt (GTask *task)
{
  WhisDownload *self = g_task_get_source_object (task);
  guint64 size = whis_part_file_get_size (self->part);
  guint64 expected = self->bytes > 0 ? self->bytes : MIN (self->total, self->max_bytes);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error)
      || !may_use_network (self, &error))
    {
      return_failure (task, error);
      return;
    }

  self->size_at_start = size;
  self->done = size;
  /* All is there; or more than all, and then the checksum is wrong and it is fetched again. */
  if (self->bytes > 0 && size >= self->bytes)
    download_complete (task);
  else
    whis_part_file_require_space_async (self->part, expected > size ? expected - size : 0, NULL,
                                        on_space_known, g_object_ref (task));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (whis_part_file_finish (WHIS_PART_FILE (source), result, &error))
    start_attempt (task);
  else
    return_failure (task, error);
}

/* --- for others --------------------------------------------------------------------------------
 */

/**
 * whis_download_new:
 * @path: what the file is to be called
 * @addresses: (array zero-terminated=1): where it is, the first to be tried first
 * @sha256: its checksum, in lower-case hexadecimal
 *
 * Returns: (transfer full): a download that has not begun
 */
WhisDownload *
whis_download_new (const char *path, const char *const *addresses, const char *sha256)
{
  WhisDownload *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (addresses != NULL && addresses[0] != NULL, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  self = g_object_new (WHIS_TYPE_DOWNLOAD, NULL);
  self->path = g_strdup (path);
  self->addresses = g_strdupv ((GStrv) addresses);
  self->sha256 = g_strdup (sha256);

  return self;
}

/**
 * whis_download_set_length:
 * @self: a download that has not begun
 * @bytes: how long the file is; 0 where that is not known to the byte
 * @max_bytes: how long it may be; this much space is required where @bytes is 0
 */
void
whis_download_set_length (WhisDownload *self, guint64 bytes, guint64 max_bytes)
{
  g_return_if_fail (WHIS_IS_DOWNLOAD (self));
  g_return_if_fail (max_bytes >= bytes && max_bytes > 0);

  self->bytes = bytes;
  self->max_bytes = max_bytes;
  self->total = bytes > 0 ? bytes : max_bytes;
}

/**
 * whis_download_set_allow_metered:
 * @self: a download that has not begun
 * @allow_metered: whether it may use a network that costs money; it fails with
 *   %WHIS_HTTP_ERROR_METERED there by default
 */
void
whis_download_set_allow_metered (WhisDownload *self, gboolean allow_metered)
{
  g_return_if_fail (WHIS_IS_DOWNLOAD (self));

  self->allow_metered = allow_metered;
}

/**
 * whis_download_set_network_monitor:
 * @self: a download that has not begun
 * @monitor: what knows whether the network is metered, in place of the default one
 */
void
whis_download_set_network_monitor (WhisDownload *self, GNetworkMonitor *monitor)
{
  g_return_if_fail (WHIS_IS_DOWNLOAD (self));
  g_return_if_fail (G_IS_NETWORK_MONITOR (monitor));

  g_set_object (&self->monitor, monitor);
}

/**
 * whis_download_set_timeouts:
 * @self: a download that has not begun
 * @timeouts: how long it waits, in place of 15 s for an answer, 60 s for 64 KiB, and waits of
 *   1, 2, 4 and 8 s
 */
void
whis_download_set_timeouts (WhisDownload *self, const WhisDownloadTimeouts *timeouts)
{
  g_return_if_fail (WHIS_IS_DOWNLOAD (self));
  g_return_if_fail (timeouts != NULL);

  self->timeouts = *timeouts;
}

/**
 * whis_download_get_done:
 * @self: a download
 *
 * Returns: how many bytes are there
 */
guint64
whis_download_get_done (WhisDownload *self)
{
  g_return_val_if_fail (WHIS_IS_DOWNLOAD (self), 0);

  return self->done;
}

/**
 * whis_download_get_total:
 * @self: a download
 *
 * Returns: how long the file is, in bytes, as far as it is known
 */
guint64
whis_download_get_total (WhisDownload *self)
{
  g_return_val_if_fail (WHIS_IS_DOWNLOAD (self), 0);

  return self->total;
}

/**
 * whis_download_run_async:
 * @self: a download that has not begun
 * @cancellable: (nullable): ends the download; what has come is kept
 * @callback: called when the file is there, or will not come
 * @data: for @callback
 *
 * Fetches the file.
 */
void
whis_download_run_async (WhisDownload *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_DOWNLOAD (self) && self->part == NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_download_run_async);
  /* A file that got its name is there, whoever was cancelled meanwhile. */
  g_task_set_check_cancellable (task, FALSE);
  for (guint i = 0; self->addresses[i] != NULL; i++)
    if (!whis_transfer_is_allowed (self->addresses[i]))
      {
        g_task_return_new_error (task, WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_ADDRESS,
                                 _ ("“%s” is no address to fetch files from; it has to begin with "
                                    "https://."),
                                 self->addresses[i]);
        return;
      }

  self->part = whis_part_file_new (self->path);
  whis_part_file_open_async (self->part, cancellable, on_opened, g_steal_pointer (&task));
}

/**
 * whis_download_run_finish:
 * @self: a download
 * @result: what the callback got
 * @error: return location for an error of %WHIS_HTTP_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the file is there
 */
gboolean
whis_download_run_finish (WhisDownload *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_download_run_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
