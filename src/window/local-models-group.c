/* SPDX-License-Identifier: MIT */
#include "local-models-group.h"

#include <glib/gi18n-lib.h>

#include "local-model-row.h"
#include "local-models.h"
#include "question.h"
#include "toast.h"

/**
 * WhisLocalModelsGroup:
 *
 * The models for the recogniser on this computer, to be fetched and removed. It is there while that
 * recogniser is the service that is used.
 */
struct _WhisLocalModelsGroup
{
  AdwPreferencesGroup parent;

  WhisWindowSettings *settings;
  WhisLocalModels *models;
  char *wanted;     /* id of a model that is used once it is here; nullable */
  GHashTable *rows; /* id → WhisLocalModelRow, which are children */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLocalModelsGroup, whis_local_models_group, ADW_TYPE_PREFERENCES_GROUP)

#define PROVIDER "offline"

static void
update_visible (WhisLocalModelsGroup *self)
{
  const char *provider = whis_window_settings_get_provider (self->settings);

  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_hash_table_size (self->rows) > 0 && g_str_equal (provider, PROVIDER));
}

/* --- wishes ------------------------------------------------------------------------------------
 */

/* The widgets of a window that was closed may live a little longer. */
static void
fetch_metered (GtkWidget *owner, const char *id)
{
  WhisLocalModelsGroup *self = WHIS_LOCAL_MODELS_GROUP (owner);

  if (self->models != NULL)
    whis_local_models_fetch (self->models, id, TRUE, self);
}

static void
remove_model (GtkWidget *owner, const char *id)
{
  WhisLocalModelsGroup *self = WHIS_LOCAL_MODELS_GROUP (owner);

  if (self->models != NULL)
    whis_local_models_remove (self->models, id, self);
}

/* What is not here yet would leave the user without a model. */
static void
use (WhisLocalModelsGroup *self, const char *id)
{
  WhisLocalModelRow *row = g_hash_table_lookup (self->rows, id);

  g_clear_pointer (&self->wanted, g_free);
  if (row == NULL)
    return;
  if (whis_local_model_row_is_here (row))
    {
      whis_window_settings_set_model (self->settings, PROVIDER, id);
      return;
    }
  self->wanted = g_strdup (id);
  whis_local_models_fetch (self->models, id, FALSE, self);
}

static void
wanted_cb (WhisLocalModelsGroup *self, const char *what, WhisLocalModelRow *row)
{
  const char *id = whis_local_model_row_get_id (row);
  g_autofree char *body = NULL;

  if (self->models == NULL)
    return;

  if (g_str_equal (what, "fetch"))
    whis_local_models_fetch (self->models, id, FALSE, self);
  else if (g_str_equal (what, "smaller"))
    use (self, whis_local_model_row_get_smaller (row));
  else if (g_str_equal (what, "cancel"))
    whis_local_models_cancel_fetch (self->models, id);
  else
    {
      body = g_strdup_printf (_ ("That frees %s. It can be downloaded again."),
                              whis_local_model_row_get_size (row));
      whis_http_request_ask (GTK_WIDGET (self), _ ("Remove This Model?"), body, _ ("_Remove"), id,
                             remove_model);
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

/* Once it has come, it is used. */
static void
fetched_cb (WhisLocalModelsGroup *self, const char *id)
{
  if (g_strcmp0 (self->wanted, id) != 0)
    return;

  whis_window_settings_set_model (self->settings, PROVIDER, id);
  g_clear_pointer (&self->wanted, g_free);
}

static void
changed_cb (WhisLocalModelsGroup *self)
{
  g_autoptr (GHashTable) listed = g_hash_table_new (g_str_hash, g_str_equal);
  GVariantIter iter;
  GVariant *facts;

  if (whis_local_models_get_list (self->models) == NULL)
    return;

  g_variant_iter_init (&iter, whis_local_models_get_list (self->models));
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    {
      WhisLocalModelRow *row = ensure_row (self, whis_local_model_facts_get (facts, "id"));

      whis_local_model_row_show (row, facts);
      g_hash_table_add (listed, (gpointer) whis_local_model_row_get_id (row));
    }
  drop_others (self, listed);
  show_count (self);
  update_visible (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
progress_cb (WhisLocalModelsGroup *self, const char *id, guint64 done, guint64 total)
{
  WhisLocalModelRow *row = g_hash_table_lookup (self->rows, id);

  if (row != NULL)
    whis_local_model_row_show_progress (row, done, total);
}

/* What somebody else in this program asked for, the others need not ask about. */
static void
failed_cb (WhisLocalModelsGroup *self,
           const char *id,
           const char *code,
           const char *sentence,
           gpointer asker)
{
  if (g_strcmp0 (self->wanted, id) == 0 && !g_str_equal (code, "metered"))
    g_clear_pointer (&self->wanted, g_free);
  if (g_str_equal (code, "cancelled") || (asker != NULL && asker != self))
    return;

  if (g_str_equal (code, "metered"))
    whis_http_request_ask_metered (GTK_WIDGET (self), id, fetch_metered);
  else
    whis_toast_show (GTK_WIDGET (self), sentence);
}

/**
 * whis_local_models_group_disconnect:
 * @self: the group
 *
 * Lets go of the service.
 */
void
whis_local_models_group_disconnect (WhisLocalModelsGroup *self)
{
  g_return_if_fail (WHIS_IS_LOCAL_MODELS_GROUP (self));

  if (self->models != NULL)
    g_signal_handlers_disconnect_by_data (self->models, self);
  g_clear_object (&self->models);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
}

static void
whis_local_models_group_dispose (GObject *object)
{
  WhisLocalModelsGroup *self = WHIS_LOCAL_MODELS_GROUP (object);

  whis_local_models_group_disconnect (self);
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
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  self->models = whis_local_models_get (service);
  g_signal_connect_object (self->models, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "fetched", G_CALLBACK (fetched_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->models, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "notify::provider", G_CALLBACK (update_visible), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}
