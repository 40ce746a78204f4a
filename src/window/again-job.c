/* SPDX-License-Identifier: MIT */
#include "again-job.h"

#include <string.h>

#include "local-models.h"

#define PROVIDER "offline"
#define SUFFIX ".bin"

/**
 * WhisAgainJob:
 *
 * Recognises with a new model on this computer what is kept: dictations that a smaller one has
 * recognised, and those that this recogniser has not finished. One follows the other. What was said
 * for another service is not touched.
 */
struct _WhisAgainJob
{
  GObject parent;

  WhisServiceProxy *service;
  GCancellable *cancellable;
  char *model;
  GHashTable *smaller; /* what the history calls the models that are not as good */
  GPtrArray *entries;  /* of Entry */
  guint next;
  guint n_failed;
  guint offset; /* of the page that is asked for */
  gboolean counting;
  gboolean recount;
  gboolean running;
  gboolean wanted; /* to run once it is counted */
  double fraction; /* of the entry that is worked on */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisAgainJob, whis_again_job, G_TYPE_OBJECT)

typedef struct
{
  char *id;
  gboolean is_unfinished;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->id);
  g_free (entry);
}

static void
changed (WhisAgainJob *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- the work ----------------------------------------------------------------------------------
 */

static Entry *
get_entry (WhisAgainJob *self)
{
  return self->running && self->next < self->entries->len
             ? g_ptr_array_index (self->entries, self->next)
             : NULL;
}

static void begin_next (WhisAgainJob *self);

static void
end_entry (WhisAgainJob *self, gboolean failed)
{
  self->n_failed += failed;
  self->next++;
  self->fraction = 0;
  begin_next (self);
}

static void
begun_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisAgainJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (object), result, &error);

  /* Nobody has the job any more. */
  if (answer != NULL || self->service == NULL)
    return;

  g_debug ("again: not begun: %s", error->message);
  if (get_entry (self) != NULL)
    end_entry (self, TRUE);
}

static void
begin_next (WhisAgainJob *self)
{
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (self->service);
  Entry *entry = get_entry (self);
  g_autoptr (GVariant) chosen = NULL;
  GVariantDict options;

  if (entry == NULL)
    {
      self->running = FALSE;
      changed (self);
      return;
    }

  changed (self);
  chosen = g_variant_ref_sink (whis_service_dictation_options (PROVIDER, self->model, NULL));
  g_variant_dict_init (&options, chosen);
  /* The user is not where these were spoken. */
  if (entry->is_unfinished)
    g_variant_dict_insert (&options, "deliver", "b", FALSE);
  if (entry->is_unfinished)
    whis_bus_whis1_call_resume (interface, entry->id, g_variant_dict_end (&options),
                                self->cancellable, begun_cb, g_object_ref (self));
  else
    whis_bus_whis1_call_transcribe_again (interface, entry->id, g_variant_dict_end (&options),
                                          self->cancellable, begun_cb, g_object_ref (self));
}

static gboolean
is_current (WhisAgainJob *self, const char *id)
{
  const Entry *entry = get_entry (self);

  return entry != NULL && g_str_equal (entry->id, id);
}

static void
progress_cb (WhisAgainJob *self, const char *id, guint64 done, guint64 total)
{
  if (!is_current (self, id) || total == 0)
    return;

  self->fraction = MIN ((double) done / (double) total, 1);
  changed (self);
}

static void
finished_cb (WhisAgainJob *self, const char *id)
{
  if (is_current (self, id))
    end_entry (self, FALSE);
}

static void
failed_cb (WhisAgainJob *self, const char *id)
{
  if (is_current (self, id))
    end_entry (self, TRUE);
}

/* What was not done when the service went away is as it was. */
static void
availability_cb (WhisAgainJob *self)
{
  if (whis_service_proxy_is_running (self->service) || get_entry (self) == NULL)
    return;

  self->n_failed += self->entries->len - self->next;
  self->next = self->entries->len;
  begin_next (self);
}

/* --- what there is to do -----------------------------------------------------------------------
 */

static void
add_if_meant (WhisAgainJob *self, GVariant *facts)
{
  const char *provider = whis_local_model_facts_get (facts, "provider");
  const char *state = whis_local_model_facts_get (facts, "state");
  gboolean is_done = g_str_equal (state, "done");
  gboolean has_sound = FALSE;
  Entry *entry;

  g_variant_lookup (facts, "has-sound", "b", &has_sound);
  if (!has_sound || !g_str_equal (provider, PROVIDER)
      || (is_done
          && !g_hash_table_contains (self->smaller, whis_local_model_facts_get (facts, "model"))))
    return;

  entry = g_new (Entry, 1);
  entry->id = g_strdup (whis_local_model_facts_get (facts, "id"));
  entry->is_unfinished = !is_done;
  g_ptr_array_add (self->entries, entry);
}

static void ask (WhisAgainJob *self);

static void
end_counting (WhisAgainJob *self)
{
  self->counting = FALSE;
  if (self->recount)
    whis_again_job_count (self);
  else if (self->wanted)
    whis_again_job_run (self);
  else
    changed (self);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisAgainJob) self = user_data;
  g_autoptr (GVariant) entries = NULL;
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *facts;
  guint total = 0;

  whis_bus_whis1_call_list_history_finish (WHIS_BUS_WHIS1 (object), &entries, &total, result,
                                           &error);
  if (self->service == NULL)
    return;
  if (entries == NULL)
    {
      g_debug ("again: no list: %s", error->message);
      end_counting (self);
      return;
    }

  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    add_if_meant (self, facts);
  self->offset += (guint) g_variant_n_children (entries);
  if (g_variant_n_children (entries) > 0 && self->offset < total)
    ask (self);
  else
    end_counting (self);
}

static void
ask (WhisAgainJob *self)
{
  const char *const states[] = { "done", "waiting", "interrupted", NULL };
  GVariantDict dict;
  g_autoptr (GVariant) query = NULL;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert_value (&dict, "states", g_variant_new_strv (states, -1));
  query = g_variant_ref_sink (g_variant_dict_end (&dict));
  whis_bus_whis1_call_list_history (
      whis_service_proxy_get_interface (self->service),
      whis_service_history_query (query, self->offset, WHIS_SERVICE_HISTORY_PAGE),
      self->cancellable, listed_cb, g_object_ref (self));
}

/**
 * whis_again_job_count:
 * @self: the job
 *
 * Looks what there is to do; #WhisAgainJob::changed follows. While it runs nothing is counted.
 */
void
whis_again_job_count (WhisAgainJob *self)
{
  g_return_if_fail (WHIS_IS_AGAIN_JOB (self));

  self->recount = self->counting;
  if (self->running || self->counting || !whis_service_proxy_is_running (self->service))
    return;

  self->counting = TRUE;
  self->offset = 0;
  self->next = 0;
  self->n_failed = 0;
  g_ptr_array_set_size (self->entries, 0);
  ask (self);
}

/**
 * whis_again_job_run:
 * @self: the job
 *
 * Begins with what was found, once all of it is.
 */
void
whis_again_job_run (WhisAgainJob *self)
{
  g_return_if_fail (WHIS_IS_AGAIN_JOB (self));

  self->wanted = self->counting;
  if (self->running || self->counting)
    return;

  self->running = TRUE;
  begin_next (self);
}

/**
 * whis_again_job_stop:
 * @self: the job
 *
 * Ends the job after the dictation that is worked on.
 */
void
whis_again_job_stop (WhisAgainJob *self)
{
  g_return_if_fail (WHIS_IS_AGAIN_JOB (self));

  self->wanted = FALSE;
  if (get_entry (self) == NULL)
    return;

  g_ptr_array_set_size (self->entries, (int) self->next + 1);
  changed (self);
}

/**
 * whis_again_job_is_running:
 * @self: the job
 *
 * Returns: whether dictations are recognised
 */
gboolean
whis_again_job_is_running (WhisAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_AGAIN_JOB (self), FALSE);

  return self->running;
}

/**
 * whis_again_job_get_total:
 * @self: the job
 *
 * Returns: how many dictations there are to do, and were
 */
guint
whis_again_job_get_total (WhisAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_AGAIN_JOB (self), 0);

  return self->counting ? 0 : self->entries->len;
}

/**
 * whis_again_job_get_done:
 * @self: the job
 *
 * Returns: how many dictations were recognised or not
 */
guint
whis_again_job_get_done (WhisAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_AGAIN_JOB (self), 0);

  return self->next;
}

/**
 * whis_again_job_get_failed:
 * @self: the job
 *
 * Returns: how many dictations were not recognised; they are as they were
 */
guint
whis_again_job_get_failed (WhisAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_AGAIN_JOB (self), 0);

  return self->n_failed;
}

/**
 * whis_again_job_get_fraction:
 * @self: the job
 *
 * Returns: how much of it is done, from 0 to 1
 */
double
whis_again_job_get_fraction (WhisAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_AGAIN_JOB (self), 0);

  return self->entries->len > 0
             ? MIN (((double) self->next + self->fraction) / (double) self->entries->len, 1)
             : 0;
}

/* --- the object --------------------------------------------------------------------------------
 */

static void
whis_again_job_dispose (GObject *object)
{
  WhisAgainJob *self = WHIS_AGAIN_JOB (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_again_job_parent_class)->dispose (object);
}

static void
whis_again_job_finalize (GObject *object)
{
  WhisAgainJob *self = WHIS_AGAIN_JOB (object);

  g_clear_object (&self->cancellable);
  g_free (self->model);
  g_hash_table_unref (self->smaller);
  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (whis_again_job_parent_class)->finalize (object);
}

static void
whis_again_job_class_init (WhisAgainJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_again_job_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_again_job_finalize;

  /**
   * WhisAgainJob::changed:
   * @self: the job
   *
   * There is more or less to do, or more of it is done.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_again_job_init (WhisAgainJob *self)
{
  self->cancellable = g_cancellable_new ();
  self->smaller = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

/* The rows of the catalogue behind that of the model, which are in the order of how good they are,
 * and PocketSphinx, which has no name where nobody chose it. */
static void
find_smaller (WhisAgainJob *self, GVariant *models)
{
  gboolean is_behind = FALSE;
  GVariantIter iter;
  GVariant *facts;

  g_hash_table_add (self->smaller, g_strdup (""));
  g_hash_table_add (self->smaller, g_strdup ("english"));
  g_variant_iter_init (&iter, models);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    {
      const char *file = whis_local_model_facts_get (facts, "file");

      if (is_behind && g_str_has_suffix (file, SUFFIX)
          && *whis_local_model_facts_get (facts, "license") != '\0')
        g_hash_table_add (self->smaller, g_strndup (file, strlen (file) - strlen (SUFFIX)));
      is_behind = is_behind || g_str_equal (whis_local_model_facts_get (facts, "id"), self->model);
    }
}

/**
 * whis_again_job_new:
 * @service: the service
 * @models: the rows of the D-Bus method `List` of models
 * @model: id of the model that is to be used
 *
 * Returns: (transfer full): a job that has not looked yet what there is to do
 */
WhisAgainJob *
whis_again_job_new (WhisServiceProxy *service, GVariant *models, const char *model)
{
  WhisAgainJob *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (models != NULL, NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (WHIS_TYPE_AGAIN_JOB, NULL);
  self->service = g_object_ref (service);
  self->model = g_strdup (model);
  find_smaller (self, models);
  g_signal_connect_object (service, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "history-changed", G_CALLBACK (whis_again_job_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
