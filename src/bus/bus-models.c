/* SPDX-License-Identifier: MIT */
#include "bus-models.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "bus-error.h"
#include "call-error.h"
#include "call-options.h"
#include "call-file.h"
#include "desktop-language.h"
#include "http-error.h"
#include "kept.h"
#include "measured-models.h"
#include "model-calibrations.h"
#include "model-downloads.h"
#include "model-row.h"
#include "recommendation.h"

/**
 * WhisBusModels:
 *
 * The D-Bus interface `io.github.whis_gtk.Whis1.Models`, see its XML for what each method means.
 */
struct _WhisBusModels
{
  WhisBusWhis1ModelsSkeleton parent_instance;

  WhisModelStore *store;
  WhisModelDownloads *downloads;
  WhisModelCalibrations *calibrations;
  WhisMeasuredModels *measured;
  WhisLocalModelChoice *choice;
  WhisDictations *dictations;
  GHashTable *wishes; /* id of a model → Wish, of those that are being fetched */
};

static void whis_bus_models_iface_init (WhisBusWhis1ModelsIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisBusModels,
                               whis_bus_models,
                               WHIS_BUS_TYPE_WHIS1_MODELS_SKELETON,
                               G_IMPLEMENT_INTERFACE (WHIS_BUS_TYPE_WHIS1_MODELS,
                                                      whis_bus_models_iface_init))

/* --- who wants a download ----------------------------------------------------------------------
 */

/* A download goes on without those who asked for it, unless all of them said that it is theirs. */
typedef struct
{
  WhisBusModels *calls;
  char *id;
  gboolean is_for_all;
  GHashTable *callers; /* bus name → id of the watch */
} Wish;

static void
bus_models_unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

static Wish *
wish_new (WhisBusModels *calls, const char *id)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->calls = calls;
  wish->id = g_strdup (id);
  wish->callers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bus_models_unwatch);

  return wish;
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_hash_table_unref (wish->callers);
  g_free (wish->id);
  g_free (wish);
}

static void
on_caller_vanished (GDBusConnection *connection, const char *name, gpointer data)
{
  Wish *wish = data;

  if (g_hash_table_remove (wish->callers, name) && !wish->is_for_all
      && g_hash_table_size (wish->callers) == 0)
    whis_model_downloads_cancel (wish->calls->downloads, wish->id);
}

static void
note_wish (WhisBusModels *self,
           const char *id,
           GDBusMethodInvocation *invocation,
           gboolean is_attached)
{
  const char *caller = g_dbus_method_invocation_get_sender (invocation);
  Wish *wish = g_hash_table_lookup (self->wishes, id);
  guint watch;

  if (wish == NULL)
    {
      wish = wish_new (self, id);
      g_hash_table_insert (self->wishes, wish->id, wish);
    }
  wish->is_for_all = wish->is_for_all || !is_attached;
  if (!is_attached || g_hash_table_contains (wish->callers, caller))
    return;

  watch = g_bus_watch_name_on_connection (g_dbus_method_invocation_get_connection (invocation),
                                          caller, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                          on_caller_vanished, wish, NULL);
  g_hash_table_insert (wish->callers, g_strdup (caller), GUINT_TO_POINTER (watch));
}

/* --- signals -----------------------------------------------------------------------------------
 */

static void
models_changed (WhisBusModels *self)
{
  whis_bus_whis1_models_emit_changed (WHIS_BUS_WHIS1_MODELS (self));
  whis_local_model_choice_refresh (self->choice);
  whis_measured_models_refresh (self->measured);
}

static void
on_progress (WhisBusModels *self, const char *id, guint64 done, guint64 total)
{
  whis_bus_whis1_models_emit_progress (WHIS_BUS_WHIS1_MODELS (self), id, done, total);
}

static void
on_finished (WhisBusModels *self, const char *id)
{
  g_hash_table_remove (self->wishes, id);
  whis_bus_whis1_models_emit_fetched (WHIS_BUS_WHIS1_MODELS (self), id);
  models_changed (self);
  whis_model_calibrations_start (self->calibrations, id, FALSE);
}

static void
on_failed (WhisBusModels *self, const char *id, guint64 done, const GError *error)
{
  g_autofree char *kept = whis_kept_to_words (done > 0 ? WHIS_KEPT_DOWNLOAD : WHIS_KEPT_NOTHING);
  const char *message = error->message;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    message = _ ("The download was cancelled.");
  g_hash_table_remove (self->wishes, id);
  whis_bus_whis1_models_emit_fetch_failed (WHIS_BUS_WHIS1_MODELS (self), id,
                                           whis_http_error_get_word (error), message, kept, done);
  models_changed (self);
}

static void
on_measuring_changed (WhisBusModels *self)
{
  whis_bus_whis1_models_emit_changed (WHIS_BUS_WHIS1_MODELS (self));
}

static void
on_measured (WhisBusModels *self, const char *id)
{
  whis_measured_models_refresh (self->measured);
  whis_bus_whis1_models_emit_measured (WHIS_BUS_WHIS1_MODELS (self), id);
}

static void
on_unmeasured (WhisBusModels *self, const char *id)
{
  whis_model_calibrations_start (self->calibrations, id, FALSE);
}

static void
on_measure_failed (WhisBusModels *self, const char *id, const GError *error)
{
  gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  whis_bus_whis1_models_emit_measure_failed (
      WHIS_BUS_WHIS1_MODELS (self), id, is_cancelled ? "cancelled" : "failed",
      is_cancelled ? _ ("The measurement was cancelled.") : error->message);
}

/* --- calls -------------------------------------------------------------------------------------
 */

/* A call that waits for the store. */
typedef struct
{
  WhisBusModels *calls;
  GDBusMethodInvocation *invocation;
  char *mirror;
  char *endpoint;
  char *language;
  const WhisLocalModel *model; /* to be fetched */
  gboolean metered;
  gboolean attached;
} Call;

static Call *
call_new (WhisBusModels *self, GDBusMethodInvocation *invocation)
{
  Call *call = g_new0 (Call, 1);

  call->calls = g_object_ref (self);
  call->invocation = invocation;

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->calls);
  g_free (call->mirror);
  g_free (call->endpoint);
  g_free (call->language);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static const WhisCallOption list_options[] = {
  { "language", "s", G_STRUCT_OFFSET (Call, language) },
  { "mirror", "s", G_STRUCT_OFFSET (Call, mirror) },
  { "endpoint", "s", G_STRUCT_OFFSET (Call, endpoint) },
};

static const WhisCallOption fetch_options[] = {
  { "metered", "b", G_STRUCT_OFFSET (Call, metered) },
  { "attached", "b", G_STRUCT_OFFSET (Call, attached) },
  { "mirror", "s", G_STRUCT_OFFSET (Call, mirror) },
  { "endpoint", "s", G_STRUCT_OFFSET (Call, endpoint) },
};

/* What a caller says goes before what the service was started with. */
static gboolean
call_read_options (Call *call, const WhisCallOption *known, gsize n_known, GVariant *options)
{
  g_autoptr (GError) error = NULL;

  if (!whis_call_options_read (options, known, n_known, call, &error))
    {
      whis_call_return_error (call->invocation, error);
      return FALSE;
    }
  if (call->mirror == NULL)
    call->mirror = g_strdup (g_getenv ("WHIS_MODEL_MIRROR"));
  if (call->endpoint == NULL)
    call->endpoint = g_strdup (g_getenv ("HF_ENDPOINT"));

  return TRUE;
}

static guint64
get_memory_mb (void)
{
  long pages = sysconf (_SC_PHYS_PAGES), size = sysconf (_SC_PAGESIZE);

  return pages > 0 && size > 0 ? (guint64) pages * (guint64) size / (1000 * 1000) : 0;
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (source), result, &error);
  const WhisModelRowContext context = {
    .entries = entries,
    .downloads = self->downloads,
    .calibrations = self->calibrations,
    .mirror = call->mirror,
    .endpoint = call->endpoint,
    .language = call->language,
    .recommended =
        whis_local_model_recommend (call->language, g_get_num_processors (), get_memory_mb ()),
  };
  GVariantBuilder rows;

  if (entries == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    g_variant_builder_add_value (&rows,
                                 whis_model_row_new (g_ptr_array_index (entries, i), &context));
  whis_bus_whis1_models_complete_list (WHIS_BUS_WHIS1_MODELS (self), call->invocation,
                                       g_variant_builder_end (&rows));
}

static gboolean
whis_bus_models_list (WhisBusWhis1Models *interface,
                      GDBusMethodInvocation *invocation,
                      GVariant *options)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);
  g_autoptr (Call) call = call_new (self, invocation);

  if (!call_read_options (call, list_options, G_N_ELEMENTS (list_options), options))
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  if (call->language == NULL)
    call->language = whis_local_model_choice_dup_language (self->choice);
  if (*call->language == '\0')
    {
      g_free (call->language);
      call->language = whis_dup_desktop_language ();
    }
  whis_model_store_list_async (self->store, NULL, on_listed, g_steal_pointer (&call));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
start_fetching (WhisBusModels *self, Call *call)
{
  g_auto (GStrv) addresses =
      whis_local_model_dup_addresses (call->model, call->mirror, call->endpoint);

  note_wish (self, call->model->id, call->invocation, call->attached);
  whis_bus_whis1_models_complete_fetch (WHIS_BUS_WHIS1_MODELS (self), call->invocation);
  whis_model_downloads_start (self->downloads, call->model, (const char *const *) addresses,
                              call->metered);
  models_changed (self);
}

/* A model that is there and good is not fetched again. */
static void
on_looked_for (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_choose_finish (WHIS_MODEL_STORE (source), result, NULL);

  if (entry == NULL)
    {
      start_fetching (self, call);
      return;
    }

  whis_bus_whis1_models_complete_fetch (WHIS_BUS_WHIS1_MODELS (self), call->invocation);
  whis_bus_whis1_models_emit_fetched (WHIS_BUS_WHIS1_MODELS (self), entry->id);
}

static gboolean
whis_bus_models_fetch (WhisBusWhis1Models *interface,
                       GDBusMethodInvocation *invocation,
                       const char *id,
                       GVariant *options)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);
  g_autoptr (Call) call = call_new (self, invocation);

  if (!call_read_options (call, fetch_options, G_N_ELEMENTS (fetch_options), options))
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  call->model = whis_local_model_lookup (id);
  if (call->model == NULL)
    {
      g_dbus_method_invocation_return_error (
          invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
          _ ("There is no model “%s” that could be fetched; “whis models local” lists them."), id);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_model_store_choose_async (self->store, id, NULL, NULL, on_looked_for,
                                 g_steal_pointer (&call));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
is_fetching (WhisBusModels *self, const char *id)
{
  guint64 done, total;

  return whis_model_downloads_get (self->downloads, id, &done, &total);
}

static gboolean
whis_bus_models_cancel_fetch (WhisBusWhis1Models *interface,
                              GDBusMethodInvocation *invocation,
                              const char *id)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);

  if (!is_fetching (self, id))
    {
      g_dbus_method_invocation_return_error (invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                                             _ ("The model “%s” is not being fetched."), id);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_bus_whis1_models_complete_cancel_fetch (WHIS_BUS_WHIS1_MODELS (self), invocation);
  whis_model_downloads_cancel (self->downloads, id);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_import_finish (WHIS_MODEL_STORE (source), result, &error);

  if (entry == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  whis_bus_whis1_models_complete_import (WHIS_BUS_WHIS1_MODELS (self), call->invocation, NULL,
                                         entry->id, whis_model_state_get_nick (entry->state));
  models_changed (self);
  whis_model_calibrations_start (self->calibrations, entry->id, FALSE);
}

static gboolean
whis_bus_models_import (WhisBusWhis1Models *interface,
                        GDBusMethodInvocation *invocation,
                        GUnixFDList *fds,
                        GVariant *handle,
                        const char *name)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);
  int file = whis_call_dup_file (fds, handle);

  if (file < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_ARGUMENTS,
                                                     _ ("The file did not come with the call."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_model_store_import_async (self->store, file, name, NULL, on_imported,
                                 call_new (self, invocation));
  close (file);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_check_finish (WHIS_MODEL_STORE (source), result, &error);

  if (entry == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  whis_bus_whis1_models_complete_check (WHIS_BUS_WHIS1_MODELS (self), call->invocation,
                                        whis_model_state_get_nick (entry->state));
  models_changed (self);
}

static gboolean
whis_bus_models_check (WhisBusWhis1Models *interface,
                       GDBusMethodInvocation *invocation,
                       const char *id)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);

  whis_model_store_check_async (self->store, id, NULL, on_checked, call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* The file is looked at before the caller is told that it is being measured. */
static void
on_found_to_measure (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisModelEntry) entry =
      whis_model_store_choose_finish (WHIS_MODEL_STORE (source), result, &error);

  if (entry == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  whis_model_calibrations_start (self->calibrations, entry->id, TRUE);
  whis_bus_whis1_models_complete_measure (
      WHIS_BUS_WHIS1_MODELS (self), call->invocation,
      whis_model_calibrations_get_state (self->calibrations, entry->id));
}

static gboolean
whis_bus_models_measure (WhisBusWhis1Models *interface,
                         GDBusMethodInvocation *invocation,
                         const char *id)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);

  whis_model_store_choose_async (self->store, id, NULL, NULL, on_found_to_measure,
                                 call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
whis_bus_models_cancel_measure (WhisBusWhis1Models *interface,
                                GDBusMethodInvocation *invocation,
                                const char *id)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);

  if (whis_model_calibrations_cancel (self->calibrations, id))
    whis_bus_whis1_models_complete_cancel_measure (WHIS_BUS_WHIS1_MODELS (self), invocation);
  else
    g_dbus_method_invocation_return_error (invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
                                           _ ("The model “%s” is not being measured."), id);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Call) call = data;
  WhisBusModels *self = call->calls;
  g_autoptr (GError) error = NULL;
  guint64 freed;

  if (!whis_model_store_remove_finish (WHIS_MODEL_STORE (source), result, &freed, &error))
    {
      whis_call_return_error (call->invocation, error);
      return;
    }

  whis_bus_whis1_models_complete_remove (WHIS_BUS_WHIS1_MODELS (self), call->invocation, freed);
  models_changed (self);
}

static gboolean
whis_bus_models_remove (WhisBusWhis1Models *interface,
                        GDBusMethodInvocation *invocation,
                        const char *id)
{
  WhisBusModels *self = WHIS_BUS_MODELS (interface);

  if (is_fetching (self, id))
    {
      g_dbus_method_invocation_return_error (
          invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
          _ ("The model “%s” is being fetched; cancel that first."), id);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  /* The file would be gone from the folder, and not from memory and disk. */
  whis_dictations_stop_recogniser (self->dictations);
  whis_model_calibrations_cancel (self->calibrations, id);
  whis_model_store_remove_async (self->store, id, NULL, on_removed, call_new (self, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* --- the object --------------------------------------------------------------------------------
 */

static void
whis_bus_models_iface_init (WhisBusWhis1ModelsIface *iface)
{
  iface->handle_cancel_fetch = whis_bus_models_cancel_fetch;
  iface->handle_cancel_measure = whis_bus_models_cancel_measure;
  iface->handle_check = whis_bus_models_check;
  iface->handle_fetch = whis_bus_models_fetch;
  iface->handle_import = whis_bus_models_import;
  iface->handle_list = whis_bus_models_list;
  iface->handle_measure = whis_bus_models_measure;
  iface->handle_remove = whis_bus_models_remove;
}

static void
whis_bus_models_dispose (GObject *object)
{
  WhisBusModels *self = WHIS_BUS_MODELS (object);

  g_clear_pointer (&self->wishes, g_hash_table_unref);
  g_clear_object (&self->downloads);
  if (self->calibrations != NULL)
    g_object_run_dispose (G_OBJECT (self->calibrations));
  g_clear_object (&self->calibrations);
  g_clear_object (&self->measured);
  g_clear_object (&self->choice);
  g_clear_object (&self->store);
  g_clear_object (&self->dictations);

  G_OBJECT_CLASS (whis_bus_models_parent_class)->dispose (object);
}

static void
whis_bus_models_class_init (WhisBusModelsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_models_dispose;
}

static void
whis_bus_models_init (WhisBusModels *self)
{
  self->wishes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, wish_free);
}

/**
 * whis_bus_models_new:
 * @store: the models
 * @choice: which of the models is used
 * @dictations: for the recogniser, which is stopped before a model is removed
 *
 * Returns: (transfer full): the interface, not on the bus yet
 */
WhisBusModels *
whis_bus_models_new (WhisModelStore *store,
                     WhisLocalModelChoice *choice,
                     WhisDictations *dictations)
{
  WhisBusModels *self = g_object_new (WHIS_TYPE_BUS_MODELS, NULL);

  self->store = g_object_ref (store);
  self->dictations = g_object_ref (dictations);
  self->calibrations = whis_model_calibrations_new (store, dictations);
  self->measured = whis_measured_models_new (store, dictations);
  g_signal_connect_object (self->measured, "unmeasured", G_CALLBACK (on_unmeasured), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->measured, "changed", G_CALLBACK (on_measuring_changed), self,
                           G_CONNECT_SWAPPED);
  self->downloads = whis_model_downloads_new (store);
  self->choice = g_object_ref (choice);
  g_object_bind_property (choice, "current", WHIS_BUS_WHIS1_MODELS (self), "current",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->downloads, "progress", G_CALLBACK (on_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->downloads, "finished", G_CALLBACK (on_finished), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->downloads, "failed", G_CALLBACK (on_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calibrations, "changed", G_CALLBACK (on_measuring_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calibrations, "measured", G_CALLBACK (on_measured), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calibrations, "failed", G_CALLBACK (on_measure_failed), self,
                           G_CONNECT_SWAPPED);

  return self;
}
