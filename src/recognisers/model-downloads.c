/* SPDX-License-Identifier: MIT */
#include "model-downloads.h"

#include "download.h"

/* How often those who look at the progress are told, at most. */
#define PROGRESS_INTERVAL_US (G_USEC_PER_SEC / 5)

/**
 * WhisModelDownloads:
 *
 * The models that are being fetched, each once however many ask for it. They go on without the one
 * who asked.
 */
struct _WhisModelDownloads
{
  GObject parent_instance;

  WhisModelStore *store;
  GHashTable *running; /* id → Running */
};

enum
{
  PROGRESS,
  FINISHED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisModelDownloads, whis_model_downloads, G_TYPE_OBJECT)

/* A model that is being fetched. */
typedef struct
{
  WhisModelDownloads *downloads; /* NULL once nobody wants to hear of it */
  WhisModelStore *store;
  const WhisLocalModel *model;
  WhisDownload *download;
  GCancellable *cancellable;
  gint64 told_at; /* monotonic time */
} Running;

static void
running_free (Running *running)
{
  g_signal_handlers_disconnect_by_data (running->download, running);
  g_clear_object (&running->store);
  g_clear_object (&running->download);
  g_clear_object (&running->cancellable);
  g_free (running);
}

/* The callback of the download frees it. */
static void
running_abandon (gpointer data)
{
  Running *running = data;

  running->downloads = NULL;
  g_cancellable_cancel (running->cancellable);
}

static void
whis_model_downloads_dispose (GObject *object)
{
  WhisModelDownloads *self = WHIS_MODEL_DOWNLOADS (object);

  g_clear_pointer (&self->running, g_hash_table_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (whis_model_downloads_parent_class)->dispose (object);
}

static void
whis_model_downloads_class_init (WhisModelDownloadsClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_model_downloads_dispose;

  /**
   * WhisModelDownloads::progress:
   * @self: the downloads
   * @id: a model
   * @done: how many bytes of it are there
   * @total: how many there are in all
   *
   * More of a model is there; at most five times a second.
   */
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_UINT64);

  /**
   * WhisModelDownloads::finished:
   * @self: the downloads
   * @id: a model
   *
   * A model was fetched and verified.
   */
  signals[FINISHED] = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisModelDownloads::failed:
   * @self: the downloads
   * @id: a model
   * @kept: how many bytes of it are kept, for the next time
   * @error: why it is not there, an error of %WHIS_HTTP_ERROR or %G_IO_ERROR_CANCELLED
   *
   * A model was not fetched.
   */
  signals[FAILED] =
      g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                    G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
whis_model_downloads_init (WhisModelDownloads *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, running_abandon);
}

static void
on_progress (WhisDownload *download, Running *running)
{
  gint64 now = g_get_monotonic_time ();

  if (running->downloads == NULL || now - running->told_at < PROGRESS_INTERVAL_US)
    return;

  running->told_at = now;
  g_signal_emit (running->downloads, signals[PROGRESS], 0, running->model->id,
                 whis_download_get_done (download), whis_download_get_total (download));
}

static void
on_noted (GObject *source, GAsyncResult *result, gpointer data)
{
  Running *running = data;
  WhisModelDownloads *self = running->downloads;

  whis_model_store_note_fetched_finish (WHIS_MODEL_STORE (source), result);
  if (self != NULL)
    {
      g_object_ref (self);
      g_hash_table_steal (self->running, running->model->id);
      g_signal_emit (self, signals[FINISHED], 0, running->model->id);
      g_object_unref (self);
    }
  running_free (running);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Running *running = data;
  WhisModelDownloads *self = running->downloads;
  g_autoptr (GError) error = NULL;

  if (whis_download_run_finish (WHIS_DOWNLOAD (source), result, &error))
    {
      whis_model_store_note_fetched_async (running->store, running->model, on_noted, running);
      return;
    }

  if (self != NULL)
    {
      g_object_ref (self);
      g_hash_table_steal (self->running, running->model->id);
      g_signal_emit (self, signals[FAILED], 0, running->model->id,
                     whis_download_get_done (running->download), error);
      g_object_unref (self);
    }
  running_free (running);
}

/**
 * whis_model_downloads_start:
 * @self: the downloads
 * @model: a model of the catalogue
 * @addresses: (array zero-terminated=1): where its file is
 * @allow_metered: whether a network that costs money may be used
 *
 * Fetches a model, unless that is being done already. A signal says how it ended.
 */
void
whis_model_downloads_start (WhisModelDownloads *self,
                            const WhisLocalModel *model,
                            const char *const *addresses,
                            gboolean allow_metered)
{
  g_autofree char *path = NULL;
  Running *running;

  g_return_if_fail (WHIS_IS_MODEL_DOWNLOADS (self));
  g_return_if_fail (model != NULL && addresses != NULL);

  if (g_hash_table_contains (self->running, model->id))
    return;

  path = whis_model_store_dup_path (self->store, model);
  running = g_new0 (Running, 1);
  running->downloads = self;
  running->store = g_object_ref (self->store);
  running->model = model;
  running->cancellable = g_cancellable_new ();
  running->download = whis_download_new (path, addresses, model->sha256);
  whis_download_set_length (running->download, model->exact ? model->bytes : 0,
                            whis_local_model_get_max_bytes (model));
  whis_download_set_allow_metered (running->download, allow_metered);
  g_signal_connect (running->download, "progress", G_CALLBACK (on_progress), running);
  g_hash_table_insert (self->running, (gpointer) model->id, running);
  whis_download_run_async (running->download, running->cancellable, on_done, running);
}

/**
 * whis_model_downloads_cancel:
 * @self: the downloads
 * @id: a model
 *
 * Ends a download, for all who asked for it. What has come is kept. The signal `failed` follows.
 */
void
whis_model_downloads_cancel (WhisModelDownloads *self, const char *id)
{
  Running *running;

  g_return_if_fail (WHIS_IS_MODEL_DOWNLOADS (self));
  g_return_if_fail (id != NULL);

  running = g_hash_table_lookup (self->running, id);
  if (running != NULL)
    g_cancellable_cancel (running->cancellable);
}

/**
 * whis_model_downloads_get:
 * @self: the downloads
 * @id: a model
 * @done: (out): how many bytes of it are there
 * @total: (out): how many there are in all
 *
 * Returns: whether the model is being fetched
 */
gboolean
whis_model_downloads_get (WhisModelDownloads *self, const char *id, guint64 *done, guint64 *total)
{
  const Running *running;

  g_return_val_if_fail (WHIS_IS_MODEL_DOWNLOADS (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  running = g_hash_table_lookup (self->running, id);
  if (running == NULL)
    return FALSE;

  *done = whis_download_get_done (running->download);
  *total = whis_download_get_total (running->download);

  return TRUE;
}

/**
 * whis_model_downloads_new:
 * @store: where the files go
 *
 * Returns: (transfer full): the downloads, of which none runs
 */
WhisModelDownloads *
whis_model_downloads_new (WhisModelStore *store)
{
  WhisModelDownloads *self;

  g_return_val_if_fail (WHIS_IS_MODEL_STORE (store), NULL);

  self = g_object_new (WHIS_TYPE_MODEL_DOWNLOADS, NULL);
  self->store = g_object_ref (store);

  return self;
}
