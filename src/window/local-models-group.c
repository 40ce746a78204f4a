/* SPDX-License-Identifier: MIT */
#include "local-models-group.h"

#include <glib/gi18n-lib.h>

#include "local-model-row.h"
#include "toast.h"
#include "whis-bus-models.h"

/**
 * WhisLocalModelsGroup:
 *
 * The models for the recogniser on this computer, to be fetched and removed. It is there while that
 * recogniser is the service that is used.
 */
struct _WhisLocalModelsGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisWindowSettings *settings;
  GCancellable *cancellable;
  WhisBusWhis1Models *models; /* NULL until the service was found */
  char *wanted;               /* id of a model that is used once it is here; nullable */
  GHashTable *rows;           /* id → WhisLocalModelRow, which are children */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLocalModelsGroup, whis_local_models_group, ADW_TYPE_PREFERENCES_GROUP)

#define RESPONSE_GO_ON "go-on"
#define PROVIDER "offline"

static void
update_visible (WhisLocalModelsGroup *self)
{
  const char *provider = whis_window_settings_get_provider (self->settings);

  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_hash_table_size (self->rows) > 0 && g_str_equal (provider, PROVIDER));
}

/* --- questions ---------------------------------------------------------------------------------
 */

/* What is done when the user agrees; the data of a dialog's signal. */
typedef struct
{
  WhisLocalModelsGroup *group;
  char *id;
  void (*go_on) (WhisLocalModelsGroup *self, const char *id);
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  g_object_unref (question->group);
  g_free (question->id);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, RESPONSE_GO_ON) && question->group->models != NULL)
    question->go_on (question->group, question->id);
}

static void
ask (WhisLocalModelsGroup *self,
     const char *heading,
     const char *body,
     const char *label,
     const char *id,
     void (*go_on) (WhisLocalModelsGroup *self, const char *id))
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body));
  Question *question = g_new (Question, 1);

  question->group = g_object_ref (self);
  question->id = g_strdup (id);
  question->go_on = go_on;
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), RESPONSE_GO_ON, label, NULL);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- wishes ------------------------------------------------------------------------------------
 */

static void
show_problem (WhisLocalModelsGroup *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = whis_service_error_to_sentence (error);
  whis_toast_show (GTK_WIDGET (self), sentence);
}

static void
fetch_called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModelsGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_models_call_fetch_finish (WHIS_BUS_WHIS1_MODELS (object), result, &error))
    show_problem (self, error);
}

/* It goes on when the window is closed. */
static void
fetch (WhisLocalModelsGroup *self, const char *id, gboolean metered)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "metered", g_variant_new_boolean (metered));
  whis_bus_whis1_models_call_fetch (self->models, id, g_variant_builder_end (&options),
                                    self->cancellable, fetch_called_cb, g_object_ref (self));
}

static void
fetch_metered (WhisLocalModelsGroup *self, const char *id)
{
  fetch (self, id, TRUE);
}

/* What is not here yet would leave the user without a model. */
static void
use (WhisLocalModelsGroup *self, const char *id)
{
  WhisLocalModelRow *row = g_hash_table_lookup (self->rows, id);

  g_free (self->wanted);
  self->wanted = NULL;
  if (row == NULL)
    return;
  if (whis_local_model_row_is_here (row))
    {
      whis_window_settings_set_model (self->settings, PROVIDER, id);
      return;
    }
  self->wanted = g_strdup (id);
  fetch (self, id, FALSE);
}

static void
removed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModelsGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  guint64 freed;

  if (!whis_bus_whis1_models_call_remove_finish (WHIS_BUS_WHIS1_MODELS (object), &freed, result,
                                                 &error))
    show_problem (self, error);
}

static void
remove_model (WhisLocalModelsGroup *self, const char *id)
{
  whis_bus_whis1_models_call_remove (self->models, id, self->cancellable, removed_cb,
                                     g_object_ref (self));
}

static void
wanted_cb (WhisLocalModelsGroup *self, const char *what, WhisLocalModelRow *row)
{
  const char *id = whis_local_model_row_get_id (row);
  g_autofree char *body = NULL;

  if (self->models == NULL)
    return;

  if (g_str_equal (what, "fetch"))
    fetch (self, id, FALSE);
  else if (g_str_equal (what, "smaller"))
    use (self, whis_local_model_row_get_smaller (row));
  else if (g_str_equal (what, "cancel"))
    whis_bus_whis1_models_call_cancel_fetch (self->models, id, NULL, NULL, NULL);
  else
    {
      body = g_strdup_printf (_ ("That frees %s. It can be downloaded again."),
                              whis_local_model_row_get_size (row));
      ask (self, _ ("Remove This Model?"), body, _ ("_Remove"), id, remove_model);
    }
}

/* --- the list ----------------------------------------------------------------------------------
 */

static WhisLocalModelRow *
ensure_row (WhisLocalModelsGroup *self, const char *id)
{
  WhisLocalModelRow *row = g_hash_table_lookup (self->rows, id);

  if (row != NULL)
    return row;

  row = WHIS_LOCAL_MODEL_ROW (whis_local_model_row_new (id));
  g_signal_connect_object (row, "wanted", G_CALLBACK (wanted_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
  g_hash_table_insert (self->rows, g_strdup (id), row);

  return row;
}

static void
drop_others (WhisLocalModelsGroup *self, GHashTable *listed)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (!g_hash_table_contains (listed, id))
      {
        adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
show_count (WhisLocalModelsGroup *self)
{
  GHashTableIter iter;
  gpointer row;
  guint n = 0;
  g_autofree char *text = NULL;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    n += whis_local_model_row_is_here (row);
  if (n == 0)
    text = g_strdup (_ ("None is here yet."));
  else
    text = g_strdup_printf (ngettext ("%u model is here.", "%u models are here.", n), n);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModelsGroup) self = user_data;
  g_autoptr (GVariant) models = NULL;
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  GVariantIter iter;
  GVariant *facts;

  /* A service of before knows no models. */
  if (!whis_bus_whis1_models_call_list_finish (WHIS_BUS_WHIS1_MODELS (object), &models, result,
                                               &error))
    {
      g_debug ("models group: no list: %s", error->message);
      return;
    }
  if (self->models == NULL)
    return;

  g_variant_iter_init (&iter, models);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    {
      const char *id = "";

      g_variant_lookup (facts, "id", "&s", &id);
      whis_local_model_row_show (ensure_row (self, id), facts);
      g_hash_table_add (
          listed, (gpointer) whis_local_model_row_get_id (g_hash_table_lookup (self->rows, id)));
    }
  drop_others (self, listed);
  show_count (self);
  update_visible (self);
}

static void
list_models (WhisLocalModelsGroup *self)
{
  if (self->models != NULL && whis_service_proxy_is_running (self->service))
    whis_bus_whis1_models_call_list (self->models, g_variant_new_parsed ("@a{sv} {}"),
                                     self->cancellable, listed_cb, g_object_ref (self));
}

static void
changed_cb (WhisLocalModelsGroup *self)
{
  list_models (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
progress_cb (WhisLocalModelsGroup *self, const char *id, guint64 done, guint64 total)
{
  WhisLocalModelRow *row = g_hash_table_lookup (self->rows, id);

  if (row != NULL)
    whis_local_model_row_show_progress (row, done, total);
}

static void
fetched_cb (WhisLocalModelsGroup *self, const char *id)
{
  if (g_strcmp0 (self->wanted, id) != 0)
    return;

  g_clear_pointer (&self->wanted, g_free);
  whis_window_settings_set_model (self->settings, PROVIDER, id);
}

static void
failed_cb (WhisLocalModelsGroup *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept)
{
  g_autofree char *text = g_strjoin (*kept != '\0' ? " " : "", message, kept, NULL);

  if (g_str_equal (code, "metered"))
    ask (self, _ ("Download Over a Metered Network?"), _ ("It may cost money."), _ ("_Download"),
         id, fetch_metered);
  else if (!g_str_equal (code, "cancelled"))
    whis_toast_show (GTK_WIDGET (self), text);
}

static void
proxy_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLocalModelsGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  WhisBusWhis1Models *models = whis_bus_whis1_models_proxy_new_finish (result, &error);

  if (models == NULL || self->service == NULL)
    {
      g_debug ("models group: no proxy");
      g_clear_object (&models);
      return;
    }

  self->models = models;
  g_signal_connect_object (models, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (models, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (models, "fetched", G_CALLBACK (fetched_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (models, "fetch-failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  list_models (self);
}

/* The proxy of the service has a bus once it runs. */
static void
availability_cb (WhisLocalModelsGroup *self)
{
  GDBusProxy *interface;

  if (!whis_service_proxy_is_running (self->service))
    return;
  if (self->models != NULL)
    {
      list_models (self);
      return;
    }

  interface = G_DBUS_PROXY (whis_service_proxy_get_interface (self->service));
  whis_bus_whis1_models_proxy_new (g_dbus_proxy_get_connection (interface),
                                   G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, WHIS_APP_ID, WHIS_APP_PATH,
                                   self->cancellable, proxy_ready_cb, g_object_ref (self));
}

/**
 * whis_local_models_group_disconnect:
 * @self: the group
 *
 * Lets go of the service. Calls that are on their way hold the group until they come back.
 */
void
whis_local_models_group_disconnect (WhisLocalModelsGroup *self)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS_GROUP (self));

  g_cancellable_cancel (self->cancellable);
  if (self->models != NULL)
    g_signal_handlers_disconnect_by_data (self->models, self);
  g_clear_object (&self->models);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
}

static void
whis_local_models_group_dispose (GObject *object)
{
  WhisLocalModelsGroup *self = WHIS_LOCAL_MODELS_GROUP (object);

  whis_local_models_group_disconnect (self);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (whis_local_models_group_parent_class)->dispose (object);
}

static void
whis_local_models_group_class_init (WhisLocalModelsGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_local_models_group_dispose;

  /**
   * WhisLocalModelsGroup::changed:
   * @self: the group
   *
   * A model came or went.
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_LOCAL_MODELS_GROUP, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/local-models-group.ui");
}

static void
whis_local_models_group_init (WhisLocalModelsGroup *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_local_models_group_connect:
 * @self: the group
 * @service: the service; set once
 * @settings: which service is used
 *
 * Shows the models, and follows what becomes of them.
 */
void
whis_local_models_group_connect (WhisLocalModelsGroup *self,
                                 WhisServiceProxy *service,
                                 WhisWindowSettings *settings)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::provider", G_CALLBACK (update_visible), self,
                           G_CONNECT_SWAPPED);
  availability_cb (self);
}
