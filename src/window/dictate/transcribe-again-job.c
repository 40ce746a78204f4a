/* SPDX-License-Identifier: MIT */
#include "transcribe-again-job.h"

#include <string.h>

#include "local-models.h"
#include "providers.h"
#include "service-call.h"

#define SUFFIX ".bin"

/**
 * WhisTranscribeAgainJob:
 *
 * Transcribes dictations of the history again with a new model on this computer, one after the
 * other: those that a smaller model has transcribed, and those that the recogniser of this computer
 * has not finished. Dictations for other services are left alone.
 */
struct _WhisTranscribeAgainJob
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

G_DEFINE_FINAL_TYPE (WhisTranscribeAgainJob, whis_transcribe_again_job, G_TYPE_OBJECT)

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
on_transcribe_again_job_changed (WhisTranscribeAgainJob *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- running -----------------------------------------------------------------------------------
 */

static Entry *
get_entry (WhisTranscribeAgainJob *self)
{
  return self->running && self->next < self->entries->len
             ? g_ptr_array_index (self->entries, self->next)
             : NULL;
}

static void begin_next (WhisTranscribeAgainJob *self);

static void
end_entry (WhisTranscribeAgainJob *self, gboolean failed)
{
  self->n_failed += failed;
  self->next++;
  self->fraction = 0;
  begin_next (self);
}

static void
begun_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisTranscribeAgainJob) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (object), result, &error);

  /* The job is disposed of. */
  if (answer != NULL || self->service == NULL)
    return;

  g_debug ("again: not begun: %s", error->message);
  if (get_entry (self) != NULL)
    end_entry (self, TRUE);
}

static void
begin_next (WhisTranscribeAgainJob *self)
{
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (self->service);
  Entry *entry = get_entry (self);
  g_autoptr (GVariant) chosen = NULL;
  GVariantDict options;

  if (entry == NULL)
    {
      self->running = FALSE;
      on_transcribe_again_job_changed (self);
      return;
    }

  on_transcribe_again_job_changed (self);
  chosen =
      g_variant_ref_sink (whis_service_dictation_options (WHIS_PROVIDER_LOCAL, self->model, NULL));
  g_variant_dict_init (&options, chosen);
  /* The texts must not be delivered to where the user is now. */
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
is_current (WhisTranscribeAgainJob *self, const char *id)
{
  const Entry *entry = get_entry (self);

  return entry != NULL && g_str_equal (entry->id, id);
}

static void
progress_cb (WhisTranscribeAgainJob *self, const char *id, guint64 done, guint64 total)
{
  if (!is_current (self, id) || total == 0)
    return;

  self->fraction = MIN ((double) done / (double) total, 1);
  on_transcribe_again_job_changed (self);
}

static void
finished_cb (WhisTranscribeAgainJob *self, const char *id)
{
  if (is_current (self, id))
    end_entry (self, FALSE);
}

static void
failed_cb (WhisTranscribeAgainJob *self, const char *id)
{
  if (is_current (self, id))
    end_entry (self, TRUE);
}

/* Entries that were not done when the service went away are unchanged. */
static void
availability_cb (WhisTranscribeAgainJob *self)
{
  if (whis_service_proxy_is_running (self->service) || get_entry (self) == NULL)
    return;

  self->n_failed += self->entries->len - self->next;
  self->next = self->entries->len;
  begin_next (self);
}

/* --- counting ---------------------------------------------------------------------------------
 */

static void
add_if_meant (WhisTranscribeAgainJob *self, GVariant *facts)
{
  const char *provider = whis_local_model_facts_get (facts, "provider");
  const char *state = whis_local_model_facts_get (facts, "state");
  gboolean is_done = g_str_equal (state, "done");
  gboolean has_sound = FALSE;
  Entry *entry;

  g_variant_lookup (facts, "has-sound", "b", &has_sound);
  if (!has_sound || !g_str_equal (provider, WHIS_PROVIDER_LOCAL)
      || (is_done
          && !g_hash_table_contains (self->smaller, whis_local_model_facts_get (facts, "model"))))
    return;

  entry = g_new (Entry, 1);
  entry->id = g_strdup (whis_local_model_facts_get (facts, "id"));
  entry->is_unfinished = !is_done;
  g_ptr_array_add (self->entries, entry);
}

static void list_entries (WhisTranscribeAgainJob *self);

static void
end_counting (WhisTranscribeAgainJob *self)
{
  self->counting = FALSE;
  if (self->recount)
    whis_transcribe_again_job_count (self);
  else if (self->wanted)
    whis_transcribe_again_job_run (self);
  else
    on_transcribe_again_job_changed (self);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisTranscribeAgainJob) self = user_data;
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
    list_entries (self);
  else
    end_counting (self);
}

static void
list_entries (WhisTranscribeAgainJob *self)
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
 * whis_transcribe_again_job_count:
 * @self: the job
 *
 * Counts the entries to do; #WhisTranscribeAgainJob::changed follows. Does nothing while the job
 * runs.
 */
void
whis_transcribe_again_job_count (WhisTranscribeAgainJob *self)
{
  g_return_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self));

  self->recount = self->counting;
  if (self->running || self->counting || !whis_service_proxy_is_running (self->service))
    return;

  self->counting = TRUE;
  self->offset = 0;
  self->next = 0;
  self->n_failed = 0;
  g_ptr_array_set_size (self->entries, 0);
  list_entries (self);
}

/**
 * whis_transcribe_again_job_run:
 * @self: the job
 *
 * Starts as soon as all entries are counted.
 */
void
whis_transcribe_again_job_run (WhisTranscribeAgainJob *self)
{
  g_return_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self));

  self->wanted = self->counting;
  if (self->running || self->counting)
    return;

  self->running = TRUE;
  begin_next (self);
}

/**
 * whis_transcribe_again_job_stop:
 * @self: the job
 *
 * Ends the job after the dictation that is being transcribed.
 */
void
whis_transcribe_again_job_stop (WhisTranscribeAgainJob *self)
{
  g_return_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self));

  self->wanted = FALSE;
  if (get_entry (self) == NULL)
    return;

  g_ptr_array_set_size (self->entries, (int) self->next + 1);
  on_transcribe_again_job_changed (self);
}

/**
 * whis_transcribe_again_job_is_running:
 * @self: the job
 *
 * Returns: whether dictations are recognised
 */
gboolean
whis_transcribe_again_job_is_running (WhisTranscribeAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self), FALSE);

  return self->running;
}

/**
 * whis_transcribe_again_job_get_total:
 * @self: the job
 *
 * Returns: how many dictations there are to do, and were
 */
guint
whis_transcribe_again_job_get_total (WhisTranscribeAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self), 0);

  return self->counting ? 0 : self->entries->len;
}

/**
 * whis_transcribe_again_job_get_done:
 * @self: the job
 *
 * Returns: how many dictations were recognised or not
 */
guint
whis_transcribe_again_job_get_done (WhisTranscribeAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self), 0);

  return self->next;
}

/**
 * whis_transcribe_again_job_get_failed:
 * @self: the job
 *
 * Returns: how many dictations were not recognised; they are as they were
 */
guint
whis_transcribe_again_job_get_failed (WhisTranscribeAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self), 0);

  return self->n_failed;
}

/**
 * whis_transcribe_again_job_get_fraction:
 * @self: the job
 *
 * Returns: how much of it is done, from 0 to 1
 */
double
whis_transcribe_again_job_get_fraction (WhisTranscribeAgainJob *self)
{
  g_return_val_if_fail (WHIS_IS_TRANSCRIBE_AGAIN_JOB (self), 0);

  return self->entries->len > 0
             ? MIN (((double) self->next + self->fraction) / (double) self->entries->len, 1)
             : 0;
}

/* --- the object --------------------------------------------------------------------------------
 */

static void
whis_transcribe_again_job_dispose (GObject *object)
{
  WhisTranscribeAgainJob *self = WHIS_TRANSCRIBE_AGAIN_JOB (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_transcribe_again_job_parent_class)->dispose (object);
}

static void
whis_transcribe_again_job_finalize (GObject *object)
{
  WhisTranscribeAgainJob *self = WHIS_TRANSCRIBE_AGAIN_JOB (object);

  g_clear_object (&self->cancellable);
  g_free (self->model);
  g_hash_table_unref (self->smaller);
  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (whis_transcribe_again_job_parent_class)->finalize (object);
}

static void
whis_transcribe_again_job_class_init (WhisTranscribeAgainJobClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_transcribe_again_job_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_transcribe_again_job_finalize;

  /**
   * WhisTranscribeAgainJob::changed:
   * @self: the job
   *
   * The number of entries to do, or of those that are done, has changed.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_transcribe_again_job_init (WhisTranscribeAgainJob *self)
{
  self->cancellable = g_cancellable_new ();
  self->smaller = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

/* The models of the catalogue after that one, which is sorted from the best on, and PocketSphinx,
 * whose name is empty unless it was chosen. */
static void
find_smaller (WhisTranscribeAgainJob *self, GVariant *models)
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
 * whis_transcribe_again_job_new:
 * @service: the service
 * @models: the rows of the D-Bus method `List` of models
 * @model: id of the model that is to be used
 *
 * Returns: (transfer full): a job that has not looked yet what there is to do
 */
WhisTranscribeAgainJob *
whis_transcribe_again_job_new (WhisServiceProxy *service, GVariant *models, const char *model)
{
  WhisTranscribeAgainJob *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (models != NULL, NULL);
  g_return_val_if_fail (model != NULL, NULL);

  self = g_object_new (WHIS_TYPE_TRANSCRIBE_AGAIN_JOB, NULL);
  self->service = g_object_ref (service);
  self->model = g_strdup (model);
  find_smaller (self, models);
  whis_service_proxy_connect (service, "progress", G_CALLBACK (progress_cb), self);
  whis_service_proxy_connect (service, "finished", G_CALLBACK (finished_cb), self);
  whis_service_proxy_connect (service, "failed", G_CALLBACK (failed_cb), self);
  whis_service_proxy_connect (service, "history-changed",
                              G_CALLBACK (whis_transcribe_again_job_count), self);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
