/* SPDX-License-Identifier: MIT */
#include "keys-page.h"

#include "key-group.h"
#include "provider-item.h"

/**
 * WhisKeysPage:
 *
 * The page of the API keys: a #WhisKeyGroup per service that takes a key. #WhisKeysPage::changed
 * tells that a key was stored or removed.
 */
struct _WhisKeysPage
{
  AdwPreferencesPage parent;

  WhisServiceProxy *service;
  GHashTable *groups;
  char *wanted;   /* the service to turn to; NULL when that was done */
  guint focusing; /* the callback that does it, or 0 */
  AdwPreferencesGroup *keyring;
};

G_DEFINE_FINAL_TYPE (WhisKeysPage, whis_keys_page, ADW_TYPE_PREFERENCES_PAGE)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
keyring_changed_cb (WhisKeysPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->keyring),
                          !whis_service_proxy_get_keyring_available (self->service));
}

static void
group_changed_cb (WhisKeysPage *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkWidget *
find_wanted (WhisKeysPage *self)
{
  return self->wanted != NULL ? g_hash_table_lookup (self->groups, self->wanted) : NULL;
}

/* Only where the rows have their places can the page scroll to one. */
static gboolean
focus_wanted_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  WhisKeysPage *self = WHIS_KEYS_PAGE (widget);
  GtkWidget *group = find_wanted (self);

  if (group != NULL && gtk_widget_get_height (group) == 0)
    return G_SOURCE_CONTINUE;

  if (group != NULL)
    gtk_widget_grab_focus (group);
  g_clear_pointer (&self->wanted, g_free);
  self->focusing = 0;

  return G_SOURCE_REMOVE;
}

static void
show_wanted (WhisKeysPage *self)
{
  if (find_wanted (self) != NULL && self->focusing == 0)
    self->focusing = gtk_widget_add_tick_callback (GTK_WIDGET (self), focus_wanted_cb, NULL, NULL);
}

static WhisKeyGroup *
ensure_group (WhisKeysPage *self, const char *id)
{
  WhisKeyGroup *group = g_hash_table_lookup (self->groups, id);

  if (group != NULL)
    return group;

  group = whis_key_group_new (self->service);
  g_hash_table_insert (self->groups, g_strdup (id), g_object_ref_sink (group));
  g_signal_connect_object (group, "changed", G_CALLBACK (group_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (self), ADW_PREFERENCES_GROUP (group));

  return group;
}

/* libadwaita 1.2 never finalises a group, which would keep the service alive. */
static void
dispose_groups (WhisKeysPage *self)
{
  GHashTableIter iter;
  gpointer group;

  g_hash_table_iter_init (&iter, self->groups);
  while (g_hash_table_iter_next (&iter, NULL, &group))
    {
      adw_preferences_page_remove (ADW_PREFERENCES_PAGE (self), group);
      g_object_run_dispose (group);
    }
}

static void
whis_keys_page_dispose (GObject *object)
{
  WhisKeysPage *self = WHIS_KEYS_PAGE (object);

  if (self->groups != NULL)
    dispose_groups (self);
  g_clear_pointer (&self->groups, g_hash_table_unref);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_keys_page_parent_class)->dispose (object);
}

static void
whis_keys_page_class_init (WhisKeysPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_keys_page_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/preferences/keys-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisKeysPage, keyring);
}

static void
whis_keys_page_init (WhisKeysPage *self)
{
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_keys_page_connect:
 * @self: the page
 * @service: the service that keeps the keys
 *
 * To be called once, before the providers are known.
 */
void
whis_keys_page_connect (WhisKeysPage *self, WhisServiceProxy *service)
{
  g_return_if_fail (WHIS_IS_KEYS_PAGE (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  whis_service_proxy_connect (service, "notify::keyring-available", G_CALLBACK (keyring_changed_cb),
                              self);
  keyring_changed_cb (self);
}

/**
 * whis_keys_page_set_providers:
 * @self: the page
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services that take a key.
 */
void
whis_keys_page_set_providers (WhisKeysPage *self, GListModel *providers)
{
  g_return_if_fail (WHIS_IS_KEYS_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (providers));

  for (guint i = 0; i < g_list_model_get_n_items (providers); i++)
    {
      g_autoptr (WhisProviderItem) provider = g_list_model_get_item (providers, i);

      if (whis_provider_item_get_provider (provider)->takes_key)
        whis_key_group_set_provider (ensure_group (self, whis_provider_item_get_id (provider)),
                                     provider);
    }
  show_wanted (self);
}

/**
 * whis_keys_page_show_service:
 * @self: the page
 * @id: id of a service
 *
 * Gives the focus to the row of a service's key, as soon as the services are known.
 */
void
whis_keys_page_show_service (WhisKeysPage *self, const char *id)
{
  g_return_if_fail (WHIS_IS_KEYS_PAGE (self));
  g_return_if_fail (id != NULL);

  g_free (self->wanted);
  self->wanted = g_strdup (id);
  show_wanted (self);
}
