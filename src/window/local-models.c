/* SPDX-License-Identifier: MIT */
#include "local-models.h"

#include "fetch-text.h"
#include "whis-bus-models.h"

/**
 * WhisLocalModels:
 *
 * The models for the recogniser on this computer, as the service tells of them: one object for all
 * that shows them. A download goes on when the window is closed.
 */
struct _WhisLocalModels
{
  GObject parent;

  WhisServiceProxy *service; /* weak: it holds this */
  GCancellable *cancellable;
  WhisBusWhis1Models *interface; /* NULL until the service was found */
  gboolean is_connecting;
  char *language;     /* or NULL */
  GVariant *list;     /* or NULL */
  GHashTable *askers; /* id of a model → who wants it, of which nothing is used but the address */
};

enum
{
  CHANGED,
  PROGRESS,
  FETCHED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLocalModels, whis_local_models, G_TYPE_OBJECT)

/* --- the list ----------------------------------------------------------------------------------
 */

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModels) self = user_data;
  g_autoptr (GVariant) models = NULL;
  g_autoptr (GError) error = NULL;

  /* An older service does not have the interface for models. */
  if (!whis_bus_whis1_models_call_list_finish (WHIS_BUS_WHIS1_MODELS (object), &models, result,
                                               &error))
    {
      g_debug ("local models: no list: %s", error->message);
      return;
    }

  g_clear_pointer (&self->list, g_variant_unref);
  self->list = g_steal_pointer (&models);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A call to a name without an owner fails, and GLib then leaks its arguments. */
static void
list_models (WhisLocalModels *self)
{
  g_autofree char *owner = NULL;
  GVariantDict options;

  if (self->interface == NULL || self->service == NULL
      || !whis_service_proxy_is_running (self->service))
    return;
  owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->interface));
  if (owner == NULL)
    return;

  g_variant_dict_init (&options, NULL);
  if (self->language != NULL)
    g_variant_dict_insert (&options, "language", "s", self->language);
  whis_bus_whis1_models_call_list (self->interface, g_variant_dict_end (&options),
                                   self->cancellable, listed_cb, g_object_ref (self));
}

static void
current_changed_cb (WhisLocalModels *self)
{
  if (self->list != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
progress_cb (WhisLocalModels *self, const char *id, guint64 done, guint64 total)
{
  g_signal_emit (self, signals[PROGRESS], 0, id, done, total);
}

static void
fetched_cb (WhisLocalModels *self, const char *id)
{
  g_hash_table_remove (self->askers, id);
  g_signal_emit (self, signals[FETCHED], 0, id);
}

static void
failed_cb (WhisLocalModels *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           guint64 done)
{
  g_autofree char *text = whis_fetch_text_new_failed (message, kept, done);
  gpointer asker = g_hash_table_lookup (self->askers, id);

  g_hash_table_remove (self->askers, id);
  g_signal_emit (self, signals[FAILED], 0, id, code, text, asker);
}

static void
follow_interface (WhisLocalModels *self)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "changed", G_CALLBACK (list_models) },
    { "notify::g-name-owner", G_CALLBACK (list_models) },
    { "notify::current", G_CALLBACK (current_changed_cb) },
    { "progress", G_CALLBACK (progress_cb) },
    { "fetched", G_CALLBACK (fetched_cb) },
    { "fetch-failed", G_CALLBACK (failed_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->interface, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
}

static void
interface_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModels) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisBusWhis1Models) interface =
      whis_bus_whis1_models_proxy_new_finish (result, &error);

  self->is_connecting = FALSE;
  if (interface == NULL || self->service == NULL)
    {
      g_debug ("local models: no interface");
      return;
    }

  self->interface = g_steal_pointer (&interface);
  follow_interface (self);
  list_models (self);
}

/* The proxy of the service has a bus once it runs. */
static void
availability_cb (WhisLocalModels *self)
{
  GDBusProxy *interface;

  if (!whis_service_proxy_is_running (self->service))
    return;
  if (self->interface != NULL || self->is_connecting)
    {
      list_models (self);
      return;
    }

  self->is_connecting = TRUE;
  interface = G_DBUS_PROXY (whis_service_proxy_get_interface (self->service));
  whis_bus_whis1_models_proxy_new (g_dbus_proxy_get_connection (interface),
                                   G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, WHIS_APP_ID, WHIS_APP_PATH,
                                   self->cancellable, interface_ready_cb, g_object_ref (self));
}

/* --- calls -------------------------------------------------------------------------------------
 */

/* A pending call. */
typedef struct
{
  WhisLocalModels *models;
  char *id;
  gpointer asker;
} Call;

static Call *
call_new (WhisLocalModels *self, const char *id, gpointer asker)
{
  Call *call = g_new (Call, 1);

  call->models = g_object_ref (self);
  call->id = g_strdup (id);
  call->asker = asker;

  return call;
}

static void
called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (WhisLocalModels) self = call->models;
  g_autofree char *id = call->id;
  gpointer asker = call->asker;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (object), result, &error);
  g_autofree char *sentence = NULL;

  g_free (call);
  if (answer != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = whis_service_call_error_to_sentence (error);
  g_signal_emit (self, signals[FAILED], 0, id, "failed", sentence, asker);
}

/**
 * whis_local_models_fetch:
 * @self: the models
 * @id: a model
 * @metered: whether a network that costs money may be used
 * @asker: who wants it; #WhisLocalModels::failed has the same
 *
 * Downloads a model.
 */
void
whis_local_models_fetch (WhisLocalModels *self, const char *id, gboolean metered, gpointer asker)
{
  GVariantBuilder options;

  g_return_if_fail (WHIS_IS_LOCAL_MODELS (self));
  g_return_if_fail (id != NULL);

  if (self->interface == NULL)
    return;

  g_hash_table_insert (self->askers, g_strdup (id), asker);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "metered", g_variant_new_boolean (metered));
  whis_bus_whis1_models_call_fetch (self->interface, id, g_variant_builder_end (&options),
                                    self->cancellable, called_cb, call_new (self, id, asker));
}

/**
 * whis_local_models_cancel_fetch:
 * @self: the models
 * @id: a model that is being downloaded
 *
 * Ends a download; what has come is kept.
 */
void
whis_local_models_cancel_fetch (WhisLocalModels *self, const char *id)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS (self));
  g_return_if_fail (id != NULL);

  if (self->interface != NULL)
    whis_bus_whis1_models_call_cancel_fetch (self->interface, id, NULL, NULL, NULL);
}

/**
 * whis_local_models_remove:
 * @self: the models
 * @id: a model
 * @asker: who wants that; #WhisLocalModels::failed has the same
 *
 * Removes a model from this computer.
 */
void
whis_local_models_remove (WhisLocalModels *self, const char *id, gpointer asker)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS (self));
  g_return_if_fail (id != NULL);

  if (self->interface != NULL)
    whis_bus_whis1_models_call_remove (self->interface, id, self->cancellable, called_cb,
                                       call_new (self, id, asker));
}

/**
 * whis_local_models_set_language:
 * @self: the models
 * @language: the spoken language, that a model is recommended for
 *
 * Reads the list anew if that is another one than before.
 */
void
whis_local_models_set_language (WhisLocalModels *self, const char *language)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS (self));

  if (g_strcmp0 (language, self->language) == 0)
    return;

  g_free (self->language);
  self->language = g_strdup (language);
  list_models (self);
}

/**
 * whis_local_models_get_list:
 * @self: the models
 *
 * Returns: (transfer none) (nullable): the rows of the D-Bus method `List`; %NULL until they are
 *   known
 */
GVariant *
whis_local_models_get_list (WhisLocalModels *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODELS (self), NULL);

  return self->list;
}

/**
 * whis_local_models_find:
 * @self: the models
 * @id: (nullable): a model
 *
 * Returns: (transfer full) (nullable): its row
 */
GVariant *
whis_local_models_find (WhisLocalModels *self, const char *id)
{
  GVariantIter iter;
  GVariant *facts;

  g_return_val_if_fail (WHIS_IS_LOCAL_MODELS (self), NULL);

  if (self->list == NULL || id == NULL)
    return NULL;

  g_variant_iter_init (&iter, self->list);
  while ((facts = g_variant_iter_next_value (&iter)) != NULL)
    {
      if (g_str_equal (whis_local_model_facts_get (facts, "id"), id))
        return facts;
      g_variant_unref (facts);
    }

  return NULL;
}

/**
 * whis_local_models_find_first:
 * @self: the models
 * @test: what the row is to be like
 *
 * Returns: (transfer full) (nullable): the first row that @test holds for
 */
GVariant *
whis_local_models_find_first (WhisLocalModels *self, gboolean (*test) (GVariant *facts))
{
  GVariantIter iter;
  GVariant *facts;

  g_return_val_if_fail (WHIS_IS_LOCAL_MODELS (self), NULL);
  g_return_val_if_fail (test != NULL, NULL);

  if (self->list == NULL)
    return NULL;

  g_variant_iter_init (&iter, self->list);
  while ((facts = g_variant_iter_next_value (&iter)) != NULL)
    {
      if (test (facts))
        return facts;
      g_variant_unref (facts);
    }

  return NULL;
}

/**
 * whis_local_models_get_current:
 * @self: the models
 *
 * Returns: (transfer none) (nullable): id of the model that is used, `english` for PocketSphinx,
 * and empty for none; %NULL until that is known
 */
const char *
whis_local_models_get_current (WhisLocalModels *self)
{
  g_return_val_if_fail (WHIS_IS_LOCAL_MODELS (self), NULL);

  return self->list != NULL ? whis_bus_whis1_models_get_current (self->interface) : NULL;
}

/* --- a row of the list -------------------------------------------------------------------------
 */

/**
 * whis_local_model_facts_get:
 * @facts: a row of the list
 * @key: a key whose value is a string
 *
 * Returns: (transfer none): the value, empty if there is none
 */
const char *
whis_local_model_facts_get (GVariant *facts, const char *key)
{
  const char *text = "";

  g_return_val_if_fail (facts != NULL, "");

  g_variant_lookup (facts, key, "&s", &text);

  return text;
}

/**
 * whis_local_model_facts_have_state:
 * @facts: a row of the list
 * @state: a state
 *
 * Returns: whether the model is in that state
 */
gboolean
whis_local_model_facts_have_state (GVariant *facts, const char *state)
{
  return g_str_equal (whis_local_model_facts_get (facts, "state"), state);
}

/**
 * whis_local_model_facts_are_usable:
 * @facts: a row of the list
 *
 * Returns: whether the model is on this computer
 */
gboolean
whis_local_model_facts_are_usable (GVariant *facts)
{
  return whis_local_model_facts_have_state (facts, "verified")
         || whis_local_model_facts_have_state (facts, "unchecked")
         || whis_local_model_facts_have_state (facts, "own");
}

/**
 * whis_local_model_facts_dup_size:
 * @facts: a row of the list
 *
 * Returns: (transfer full): the length of its file, for people
 */
char *
whis_local_model_facts_dup_size (GVariant *facts)
{
  guint64 bytes = 0;

  g_return_val_if_fail (facts != NULL, NULL);

  g_variant_lookup (facts, "bytes", "t", &bytes);

  return g_format_size (bytes);
}

/* --- the object --------------------------------------------------------------------------------
 */

static void
whis_local_models_dispose (GObject *object)
{
  WhisLocalModels *self = WHIS_LOCAL_MODELS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_weak_pointer (&self->service);
  g_clear_object (&self->interface);

  G_OBJECT_CLASS (whis_local_models_parent_class)->dispose (object);
}

static void
whis_local_models_finalize (GObject *object)
{
  WhisLocalModels *self = WHIS_LOCAL_MODELS (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->list, g_variant_unref);
  g_hash_table_unref (self->askers);
  g_free (self->language);

  G_OBJECT_CLASS (whis_local_models_parent_class)->finalize (object);
}

static void
whis_local_models_class_init (WhisLocalModelsClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_local_models_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_local_models_finalize;

  /**
   * WhisLocalModels::changed:
   * @self: the models
   *
   * The list was read, or another model is used.
   */
  signals[CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisLocalModels::progress:
   * @self: the models
   * @id: a model that is being downloaded
   * @done: bytes that are there
   * @total: bytes in all
   */
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_UINT64);

  /**
   * WhisLocalModels::fetched:
   * @self: the models
   * @id: a model that has come
   */
  signals[FETCHED] = g_signal_new ("fetched", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisLocalModels::failed:
   * @self: the models
   * @id: a model
   * @code: a word of the D-Bus signal `FetchFailed`
   * @sentence: what happened, and what was kept
   * @asker: (nullable): who wanted it, if that was somebody in this program
   *
   * A model was not downloaded, or not removed.
   */
  signals[FAILED] =
      g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                    G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_POINTER);
}

static void
whis_local_models_init (WhisLocalModels *self)
{
  self->cancellable = g_cancellable_new ();
  self->askers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * whis_local_models_get:
 * @service: the service
 *
 * Returns: (transfer full): the models of @service, the same object for all who ask
 */
WhisLocalModels *
whis_local_models_get (WhisServiceProxy *service)
{
  WhisLocalModels *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);

  self = g_object_get_data (G_OBJECT (service), "whis-local-models");
  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (WHIS_TYPE_LOCAL_MODELS, NULL);
  g_set_weak_pointer (&self->service, service);
  g_object_set_data_full (G_OBJECT (service), "whis-local-models", g_object_ref (self),
                          g_object_unref);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);
  availability_cb (self);

  return self;
}
