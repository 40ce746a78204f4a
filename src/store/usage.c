/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include "history-private.h"
#include "usage-table.h"

/**
 * WhisUsage:
 *
 * How many requests and how much sound each service was sent, by month. What is sent now is counted
 * at once; what was sent earlier this month is added by whis_usage_load_async().
 *
 * It is in the database of the history, which can be lost or not be readable. Counting then begins
 * again with nothing, for usage is no reason not to transcribe.
 */

/* What is known of a service in the current month. */
typedef struct
{
  WhisUsageRow *earlier; /* on the disk, and not counted here */
  WhisUsageRow *own;     /* counted here */
} Count;

struct _WhisUsage
{
  GObject parent_instance;

  WhisHistory *history;
  WhisUsageClock clock;
  gpointer clock_data;
  char *month;
  GHashTable *counts; /* "month service" → Count */
  GHashTable *loaded; /* the months whose earlier use is known */
  char *loading;      /* the month that is being read for whis_usage_is_loaded(), or NULL */
  guint64 n_writes;
};

enum
{
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisUsage, whis_usage, G_TYPE_OBJECT)

static void
count_free (gpointer data)
{
  Count *count = data;

  whis_usage_row_free (count->earlier);
  whis_usage_row_free (count->own);
  g_free (count);
}

static GDateTime *
local_clock (gpointer unused)
{
  return g_date_time_new_now_local ();
}

/* What was counted stays: a clock may be set back, and a time zone has another month. */
static void
turn_page (WhisUsage *self)
{
  g_autoptr (GDateTime) now = self->clock (self->clock_data);
  g_autofree char *month = g_date_time_format (now, "%Y-%m");

  if (g_strcmp0 (month, self->month) == 0)
    return;

  g_free (self->month);
  self->month = g_steal_pointer (&month);
}

static char *
create_key (const char *month, const char *provider)
{
  return g_strconcat (month, " ", provider, NULL);
}

static Count *
ensure_count (WhisUsage *self, const char *month, const char *provider)
{
  g_autofree char *key = create_key (month, provider);
  Count *count = g_hash_table_lookup (self->counts, key);

  if (count != NULL)
    return count;

  count = g_new0 (Count, 1);
  count->earlier = whis_usage_row_new (month, provider);
  count->own = whis_usage_row_new (month, provider);
  g_hash_table_insert (self->counts, g_steal_pointer (&key), count);

  return count;
}

/* A slot that no other write has: it takes nothing's place, and is in nobody's way. */
static void
write_request (WhisUsage *self, WhisHistoryWriteFunc func, const char *provider, guint64 ms)
{
  WhisUsageRow *request = whis_usage_row_new (self->month, provider);

  request->requests = 1;
  request->ms = ms;
  whis_history_worker_write (
      whis_history_get_worker (self->history),
      g_strdup_printf ("usage/%p/%" G_GUINT64_FORMAT, self, self->n_writes++), func, request,
      (GDestroyNotify) whis_usage_row_free);
}

/**
 * whis_usage_add:
 * @self: the usage
 * @provider: id of the service
 * @ms: length of the sound, in milliseconds
 *
 * Counts a request.
 */
void
whis_usage_add (WhisUsage *self, const char *provider, guint64 ms)
{
  Count *count;

  g_return_if_fail (WHIS_IS_USAGE (self));
  g_return_if_fail (provider != NULL);

  turn_page (self);
  count = ensure_count (self, self->month, provider);
  count->own->requests++;
  count->own->ms += ms;
  write_request (self, whis_usage_table_write, provider, ms);
}

static guint64
usage_subtract (guint64 all, guint64 part)
{
  return all > part ? all - part : 0;
}

/**
 * whis_usage_subtract:
 * @self: the usage
 * @provider: id of the service
 * @ms: length of the sound, in milliseconds
 *
 * Takes a request back that was counted, but not sent.
 */
void
whis_usage_subtract (WhisUsage *self, const char *provider, guint64 ms)
{
  Count *count;

  g_return_if_fail (WHIS_IS_USAGE (self));
  g_return_if_fail (provider != NULL);

  turn_page (self);
  count = ensure_count (self, self->month, provider);
  count->own->requests = usage_subtract (count->own->requests, 1);
  count->own->ms = usage_subtract (count->own->ms, ms);
  write_request (self, whis_usage_table_take_back, provider, ms);
}

static const Count *
find_count (WhisUsage *self, const char *provider)
{
  g_autofree char *key = NULL;

  turn_page (self);
  key = create_key (self->month, provider);

  return g_hash_table_lookup (self->counts, key);
}

/**
 * whis_usage_get_ms:
 * @self: the usage
 * @provider: id of a service
 *
 * Returns: how much sound it was sent this month, in milliseconds
 */
guint64
whis_usage_get_ms (WhisUsage *self, const char *provider)
{
  const Count *count;

  g_return_val_if_fail (WHIS_IS_USAGE (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  count = find_count (self, provider);

  return count != NULL ? count->earlier->ms + count->own->ms : 0;
}

/**
 * whis_usage_get_requests:
 * @self: the usage
 * @provider: id of a service
 *
 * Returns: how many requests it was sent this month
 */
guint64
whis_usage_get_requests (WhisUsage *self, const char *provider)
{
  const Count *count;

  g_return_val_if_fail (WHIS_IS_USAGE (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  count = find_count (self, provider);

  return count != NULL ? count->earlier->requests + count->own->requests : 0;
}

static gpointer
read_rows (WhisHistoryDatabase *database, gconstpointer month, GError **error)
{
  return whis_usage_table_read (database, month, error);
}

/**
 * whis_usage_list_async:
 * @self: the usage
 * @month: (nullable): a month, as `YYYY-MM`; %NULL for all
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Lists what is on the disk, with every request that was counted before.
 */
void
whis_usage_list_async (WhisUsage *self,
                       const char *month,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_USAGE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_usage_list_async);
  g_task_set_task_data (task, g_strdup (month), g_free);
  whis_history_worker_read (whis_history_get_worker (self->history), read_rows,
                            (GDestroyNotify) g_ptr_array_unref, task);
}

/**
 * whis_usage_list_finish:
 * @self: the usage
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisUsageRow): the rows, the newest month first
 *   and in it the service that was sent most
 */
GPtrArray *
whis_usage_list_finish (WhisUsage *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_usage_list_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What this object counted until the table is read: the table has it too. */
static GHashTable *
copy_own (WhisUsage *self)
{
  GHashTable *own =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) whis_usage_row_free);
  GHashTableIter iter;
  gpointer key, count;

  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, &key, &count))
    g_hash_table_insert (own, g_strdup (key), whis_usage_row_copy (((Count *) count)->own));

  return own;
}

static void
take_row (WhisUsage *self, const WhisUsageRow *row, GHashTable *own)
{
  g_autofree char *key = create_key (row->month, row->provider);
  const WhisUsageRow *counted = g_hash_table_lookup (own, key);
  Count *count = ensure_count (self, row->month, row->provider);

  count->earlier->requests =
      usage_subtract (row->requests, counted != NULL ? counted->requests : 0);
  count->earlier->ms = usage_subtract (row->ms, counted != NULL ? counted->ms : 0);
}

typedef struct
{
  char *month;
  GHashTable *own; /* what was counted here until the table is read */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->month);
  g_hash_table_unref (load->own);
  g_free (load);
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  WhisUsage *self = WHIS_USAGE (object);
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = whis_usage_list_finish (self, result, &error);
  Load *load = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (rows == NULL)
    g_debug ("What was used this month is not known: %s", error->message);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    take_row (self, g_ptr_array_index (rows, i), load->own);
  g_hash_table_add (self->loaded, g_strdup (load->month));
  g_signal_emit (self, signals[LOADED], 0);
  g_task_return_boolean (task, TRUE);
}

/**
 * whis_usage_load_async:
 * @self: the usage
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Adds what was used earlier this month, by whatever process.
 */
void
whis_usage_load_async (WhisUsage *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;
  Load *load;

  g_return_if_fail (WHIS_IS_USAGE (self));

  turn_page (self);
  load = g_new0 (Load, 1);
  load->month = g_strdup (self->month);
  load->own = copy_own (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_usage_load_async);
  g_task_set_task_data (task, load, load_free);
  whis_usage_list_async (self, self->month, cancellable, loaded_cb, task);
}

/**
 * whis_usage_load_finish:
 * @self: the usage
 * @result: the result
 * @error: return location for an error; none but that it was cancelled
 *
 * Returns: whether the counts are as whole as they can be
 */
gboolean
whis_usage_load_finish (WhisUsage *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_usage_load_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
load_over_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_clear_pointer (&WHIS_USAGE (object)->loading, g_free);
}

/**
 * whis_usage_is_loaded:
 * @self: the usage
 *
 * Asks whether the counts are whole. If not, the table is read, and #WhisUsage::loaded tells when
 * that is done; that it cannot be read is no reason to wait any longer.
 *
 * Returns: whether it is known what was used earlier this month
 */
gboolean
whis_usage_is_loaded (WhisUsage *self)
{
  g_return_val_if_fail (WHIS_IS_USAGE (self), FALSE);

  turn_page (self);
  if (g_hash_table_contains (self->loaded, self->month))
    return TRUE;

  if (g_strcmp0 (self->loading, self->month) != 0)
    {
      g_free (self->loading);
      self->loading = g_strdup (self->month);
      whis_usage_load_async (self, NULL, load_over_cb, NULL);
    }

  return FALSE;
}

static void
whis_usage_finalize (GObject *object)
{
  WhisUsage *self = WHIS_USAGE (object);

  g_clear_object (&self->history);
  g_hash_table_unref (self->counts);
  g_hash_table_unref (self->loaded);
  g_free (self->loading);
  g_free (self->month);

  G_OBJECT_CLASS (whis_usage_parent_class)->finalize (object);
}

static void
whis_usage_class_init (WhisUsageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_usage_finalize;

  /**
   * WhisUsage::loaded:
   * @self: the usage
   *
   * The table was read.
   */
  signals[LOADED] = g_signal_new ("loaded", WHIS_TYPE_USAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
whis_usage_init (WhisUsage *self)
{
  self->clock = local_clock;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, count_free);
  self->loaded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * whis_usage_set_clock:
 * @self: the usage
 * @clock: says what time it is, in the user's time zone
 * @user_data: for @clock
 *
 * Tells the months by another clock than the system's, for tests.
 */
void
whis_usage_set_clock (WhisUsage *self, WhisUsageClock clock, gpointer user_data)
{
  g_return_if_fail (WHIS_IS_USAGE (self));
  g_return_if_fail (clock != NULL);

  self->clock = clock;
  self->clock_data = user_data;
}

/**
 * whis_usage_new:
 * @history: the history in whose database the usage is
 *
 * Returns: (transfer full): the usage; nothing is read yet
 */
WhisUsage *
whis_usage_new (WhisHistory *history)
{
  WhisUsage *self;

  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);

  self = g_object_new (WHIS_TYPE_USAGE, NULL);
  self->history = g_object_ref (history);

  return self;
}
