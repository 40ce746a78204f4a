/* SPDX-License-Identifier: MIT */
#include "service-group.h"

#include <glib/gi18n-lib.h>

#include "address.h"
#include "provider-item.h"

/* Choices of requests at a time; the settings may hold more. */
#define USUAL_LIMIT 16

/**
 * WhisServiceGroup:
 *
 * The rows that say who transcribes: the service, its model, whether live, how many requests at a
 * time, and the address of an own server.
 */
struct _WhisServiceGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  GMenu *menu;           /* of models */
  GCancellable *listing; /* of a service's models; NULL when none is on its way */
  char *shown_address;   /* what the rows were last filled with, and for which service */
  char *shown_model;
  GSimpleAction *model_action;
  AdwComboRow *provider;
  GtkWidget *key_missing;
  AdwEntryRow *address;
  GtkWidget *plain_http;
  GtkWidget *live_row;
  GtkSwitch *live;
  AdwEntryRow *model;
  GtkMenuButton *suggestions;
  AdwComboRow *limit;
  GtkWidget *validation_row;
  GtkLabel *validation;
};

G_DEFINE_FINAL_TYPE (WhisServiceGroup, whis_service_group, ADW_TYPE_PREFERENCES_GROUP)

static WhisProviderItem *
get_provider (WhisServiceGroup *self)
{
  return adw_combo_row_get_selected_item (self->provider);
}

/* Fills a row, unless it was filled with the same already: the services are listed anew also while
 * somebody types. */
static gboolean
fill_row (AdwEntryRow *row, char **shown, const WhisProvider *provider, const char *text)
{
  g_autofree char *filling = g_strconcat (provider->id, " ", text, NULL);

  if (g_strcmp0 (*shown, filling) == 0)
    return FALSE;

  g_free (*shown);
  *shown = g_steal_pointer (&filling);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  return TRUE;
}

static void
limit_selected_cb (WhisServiceGroup *self)
{
  WhisProviderItem *provider = get_provider (self);

  if (provider != NULL)
    whis_settings_set_limit (self->settings, whis_provider_item_get_id (provider),
                             adw_combo_row_get_selected (self->limit));
}

static void
show_limit (WhisServiceGroup *self, WhisProviderItem *provider)
{
  guint limit = whis_settings_get_own_limit (self->settings, whis_provider_item_get_id (provider));
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);

  gtk_string_list_append (choices, _ ("Automatic"));
  for (guint i = 1; i <= MAX (USUAL_LIMIT, MIN (limit, 1000)); i++)
    gtk_string_list_take (choices, g_strdup_printf ("%u", i));

  g_signal_handlers_block_by_func (self->limit, limit_selected_cb, self);
  adw_combo_row_set_model (self->limit, G_LIST_MODEL (choices));
  adw_combo_row_set_selected (self->limit, limit);
  g_signal_handlers_unblock_by_func (self->limit, limit_selected_cb, self);
}

static void
append_model (GMenu *menu, const char *model, const char *retires)
{
  g_autofree char *label =
      *retires != '\0'
          /* Translators: the name of a model, and the day on which it is switched off */
          ? g_strdup_printf (_ ("%s (until %s)"), model, retires)
          : g_strdup (model);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "service.model", "s", model);
  g_menu_append_item (menu, item);
}

/* A line that cannot be chosen. */
static void
append_remark (GMenu *menu, const char *sentence)
{
  g_menu_append (menu, sentence, "service.none");
}

static void
suggest_models (WhisServiceGroup *self, const char *const *models)
{
  g_menu_remove_all (self->menu);
  for (gsize i = 0; models[i] != NULL; i++)
    append_model (self->menu, models[i], "");
}

/* The list of the service replaces that of the catalogue, in the menu that is open. */
static void
show_listed_models (WhisServiceGroup *self, GVariant *models)
{
  GVariantIter iter;
  GVariant *model;

  if (g_variant_n_children (models) > 0)
    g_menu_remove_all (self->menu);
  g_variant_iter_init (&iter, models);
  while (g_variant_iter_loop (&iter, "@a{sv}", &model))
    {
      const char *id = "", *retires = "";
      gboolean live = FALSE;

      g_variant_lookup (model, "id", "&s", &id);
      g_variant_lookup (model, "retires", "&s", &retires);
      g_variant_lookup (model, "live", "b", &live);
      if (!live)
        append_model (self->menu, id, retires);
    }
}

static void
cancel_listing (WhisServiceGroup *self)
{
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
}

/* The list is requested again when the menu is opened again. */
static void
show_no_models (WhisServiceGroup *self, const GError *error)
{
  g_autofree char *sentence = whis_service_call_error_to_sentence (error);

  cancel_listing (self);
  append_remark (self->menu, sentence);
}

static void
models_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisServiceGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) models = NULL;
  WhisProviderItem *item;

  whis_bus_whis1_call_list_models_finish (WHIS_BUS_WHIS1 (object), &models, result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The setting may name a service by now that is not in the list. */
  item = get_provider (self);
  if (item == NULL)
    return;
  suggest_models (self, whis_provider_item_get_models (item));
  if (error != NULL)
    show_no_models (self, error);
  else
    show_listed_models (self, models);
  if (g_menu_model_get_n_items (G_MENU_MODEL (self->menu)) == 0)
    append_remark (self->menu, _ ("This service has no list of models"));
}

/* The list is a request to the provider, so it is made only when the menu is opened. */
static void
suggestions_opened_cb (GtkMenuButton *button, gpointer user_data)
{
  WhisServiceGroup *self = user_data;
  WhisProviderItem *provider = get_provider (self);

  if (provider == NULL || self->listing != NULL)
    return;
  self->listing = g_cancellable_new ();
  suggest_models (self, whis_provider_item_get_models (provider));
  append_remark (self->menu, _ ("Asking the service…"));
  whis_bus_whis1_call_list_models (whis_service_proxy_get_interface (self->service),
                                   whis_provider_item_get_id (provider), self->listing,
                                   models_listed_cb, g_object_ref (self));
}

static void
show_model (WhisServiceGroup *self, WhisProviderItem *item)
{
  const WhisProvider *provider = whis_provider_item_get_provider (item);
  const char *const *models = whis_provider_item_get_models (item);
  g_autofree char *model = whis_settings_dup_model (self->settings, provider->id);
  gboolean lists = models[0] != NULL || provider->needs_model;

  if (model == NULL)
    model = g_strdup (models[0] != NULL ? models[0] : "");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->model),
                                 provider->needs_model && *model == '\0' ? _ ("_Model (Required)")
                                                                         : _ ("_Model"));
  fill_row (self->model, &self->shown_model, provider, model);
  g_simple_action_set_state (self->model_action, g_variant_new_string (model));
  suggest_models (self, models);
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions), lists);
  gtk_widget_set_visible (GTK_WIDGET (self->model), lists || provider->own_address);
}

static void
show_validation (WhisServiceGroup *self, const char *sentence, const char *style)
{
  const char *other = g_str_equal (style, "error") ? "dim-label" : "error";

  gtk_label_set_text (self->validation, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->validation_row, sentence != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->validation), other);
  gtk_widget_add_css_class (GTK_WIDGET (self->validation), style);
}

static char *
dup_typed_address (WhisServiceGroup *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->address))));
}

/* Why @address cannot be used, in one sentence; %NULL if it can, or is empty. */
static char *
find_problem (const WhisProvider *provider, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  if (*address == '\0')
    return NULL;

  url = whis_address_complete (provider, address, &error);
  if (url != NULL && whis_address_is_of_provider (provider, url, &error))
    return NULL;

  return g_strdup (error->message);
}

/* The host, with its port, if others in the network can read what is sent to it. */
static char *
dup_plain_host (const char *address)
{
  return whis_address_get_safety (address) == WHIS_ADDRESS_PRIVATE ? whis_address_get_host (address)
                                                                   : NULL;
}

/* A remark about an address that can be used; %NULL for none. */
static char *
find_remark (const WhisProvider *provider, const char *address)
{
  if (*address == '\0')
    /* Translators: an address such as http://127.0.0.1:8080 */
    return g_strdup_printf (_ ("Give the address of the server, for instance %s."),
                            provider->address_hint != NULL ? provider->address_hint
                                                           : "http://127.0.0.1:8000/v1");
  if (whis_address_get_safety (address) == WHIS_ADDRESS_PRIVATE)
    return g_strdup (_ ("The way to this server is not encrypted: others in the network could "
                        "hear what you say."));

  return NULL;
}

static void
validate_address (WhisServiceGroup *self, const WhisProvider *provider)
{
  g_autofree char *address = dup_typed_address (self);
  g_autofree char *problem = find_problem (provider, address);
  g_autofree char *host = problem == NULL ? dup_plain_host (address) : NULL;
  g_autofree char *remark = problem == NULL ? find_remark (provider, address) : NULL;

  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
  show_validation (self, problem != NULL ? problem : remark,
                   problem != NULL ? "error" : "dim-label");
  gtk_widget_set_visible (self->plain_http,
                          host != NULL && !whis_settings_get_plain_http (self->settings, host));
}

/* The user has read that others may listen. */
static void
plain_http_accepted_cb (WhisServiceGroup *self)
{
  WhisProviderItem *item = get_provider (self);
  g_autofree char *address = dup_typed_address (self);
  g_autofree char *host = dup_plain_host (address);

  if (host != NULL)
    whis_settings_accept_plain_http (self->settings, host);
  if (item != NULL)
    validate_address (self, whis_provider_item_get_provider (item));
}

static void
address_edited_cb (WhisServiceGroup *self)
{
  WhisProviderItem *item = get_provider (self);

  /* An unfinished address is no error; one that is shown is updated. */
  if (item != NULL && gtk_widget_has_css_class (GTK_WIDGET (self->address), "error"))
    validate_address (self, whis_provider_item_get_provider (item));
}

static void
address_applied_cb (WhisServiceGroup *self)
{
  WhisProviderItem *item = get_provider (self);
  const WhisProvider *provider;
  g_autofree char *address = dup_typed_address (self);
  g_autofree char *problem = NULL;

  if (item == NULL)
    return;

  provider = whis_provider_item_get_provider (item);
  problem = find_problem (provider, address);
  if (problem == NULL)
    {
      whis_settings_set_address (self->settings, provider->id, address);
      fill_row (self->address, &self->shown_address, provider, address);
    }
  validate_address (self, provider);
}

static void
show_address (WhisServiceGroup *self, const WhisProvider *provider)
{
  g_autofree char *address = whis_settings_dup_address (self->settings, provider->id);

  if (!fill_row (self->address, &self->shown_address, provider, address != NULL ? address : ""))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->address), provider->own_address);
  if (provider->own_address)
    validate_address (self, provider);
  else
    show_validation (self, NULL, "dim-label");
  if (!provider->own_address)
    gtk_widget_set_visible (self->plain_http, FALSE);
}

/* Where the sound goes, and what else is to be known. An own address stands below. */
static char *
describe_provider (const WhisProvider *provider, const char *host)
{
  const char *note = whis_provider_get_note (provider);

  if (*host == '\0' || !provider->needs_key || provider->own_address)
    return g_strdup (note);
  if (*note == '\0')
    /* Translators: %s is the name of a host, such as api.openai.com */
    return g_strdup_printf (_ ("Sound goes to %s"), host);

  /* Translators: a host, such as api.deepgram.com, and a sentence about the service */
  return g_strdup_printf (_ ("Sound goes to %s. %s"), host, note);
}

static void
show_provider (WhisServiceGroup *self)
{
  WhisProviderItem *item = get_provider (self);
  const WhisProvider *provider;
  g_autofree char *description = NULL;

  if (item == NULL)
    return;

  provider = whis_provider_item_get_provider (item);
  description = describe_provider (provider, whis_provider_item_get_host (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->provider), description);
  gtk_widget_set_visible (self->key_missing, whis_provider_item_lacks_key (item));
  cancel_listing (self);
  gtk_widget_set_visible (self->live_row, provider->n_live_models > 0);
  show_address (self, provider);
  show_model (self, item);
  show_limit (self, item);
}

static void
provider_selected_cb (WhisServiceGroup *self)
{
  WhisProviderItem *provider = get_provider (self);

  if (provider == NULL)
    return;

  whis_settings_set_provider (self->settings, whis_provider_item_get_id (provider));
  show_provider (self);
}

static void
select_provider (WhisServiceGroup *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  whis_provider_list_find (adw_combo_row_get_model (self->provider),
                           whis_settings_get_provider (self->settings), &position);
  adw_combo_row_set_selected (self->provider, position);
  show_provider (self);
}

static void
choose_model (WhisServiceGroup *self, const char *model)
{
  WhisProviderItem *provider = get_provider (self);
  const char *const *models;

  if (provider == NULL)
    return;

  models = whis_provider_item_get_models (provider);
  whis_settings_set_model (self->settings, whis_provider_item_get_id (provider),
                           g_strcmp0 (model, models[0]) != 0 ? model : NULL);
  g_clear_pointer (&self->shown_model, g_free);
  show_model (self, provider);
}

static void
model_applied_cb (WhisServiceGroup *self)
{
  g_autofree char *model =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->model))));

  choose_model (self, model);
}

static void
model_suggested_cb (WhisServiceGroup *self, GVariant *parameter)
{
  choose_model (self, g_variant_get_string (parameter, NULL));
}

static void
install_model_action (WhisServiceGroup *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  self->model_action =
      g_simple_action_new_stateful ("model", G_VARIANT_TYPE_STRING, g_variant_new_string (""));
  g_signal_connect_object (self->model_action, "activate", G_CALLBACK (model_suggested_cb), self,
                           G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->model_action));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "service", G_ACTION_GROUP (group));
}

static void
whis_service_group_dispose (GObject *object)
{
  WhisServiceGroup *self = WHIS_SERVICE_GROUP (object);

  cancel_listing (self);
  g_clear_pointer (&self->shown_address, g_free);
  g_clear_pointer (&self->shown_model, g_free);
  g_clear_object (&self->model_action);
  g_clear_object (&self->menu);
  g_clear_object (&self->service);
  if (self->settings != NULL)
    whis_settings_unbind (self->live, "active");
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_service_group_parent_class)->dispose (object);
}

static void
whis_service_group_class_init (WhisServiceGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_service_group_dispose;

  g_type_ensure (WHIS_TYPE_PROVIDER_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/service-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, provider);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, key_missing);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, address);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, plain_http);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, live_row);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, live);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, model);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, suggestions);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, limit);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, validation_row);
  gtk_widget_class_bind_template_child (widget_class, WhisServiceGroup, validation);
  gtk_widget_class_bind_template_callback (widget_class, provider_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, plain_http_accepted_cb);
  gtk_widget_class_bind_template_callback (widget_class, model_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, limit_selected_cb);
}

static void
whis_service_group_init (WhisServiceGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  install_model_action (self);
  self->menu = g_menu_new ();
  gtk_menu_button_set_menu_model (self->suggestions, G_MENU_MODEL (self->menu));
  gtk_menu_button_set_create_popup_func (self->suggestions, suggestions_opened_cb, self, NULL);
}

/**
 * whis_service_group_connect:
 * @self: the group
 * @service: the service
 * @settings: the settings to show and change
 *
 * To be called once, before the providers are known.
 */
void
whis_service_group_connect (WhisServiceGroup *self,
                            WhisServiceProxy *service,
                            WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_SERVICE_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  whis_settings_bind (settings, "live", self->live, "active");
  g_signal_connect_object (settings, "changed::provider", G_CALLBACK (select_provider), self,
                           G_CONNECT_SWAPPED);
}

/**
 * whis_service_group_set_providers:
 * @self: the group
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services to choose from, and selects the one of the settings.
 */
void
whis_service_group_set_providers (WhisServiceGroup *self, GListModel *providers)
{
  g_return_if_fail (WHIS_IS_SERVICE_GROUP (self));
  g_return_if_fail (G_IS_LIST_MODEL (providers));

  /* A new list selects its first entry, which is not a choice of the user. */
  g_signal_handlers_block_by_func (self->provider, provider_selected_cb, self);
  adw_combo_row_set_model (self->provider, providers);
  select_provider (self);
  g_signal_handlers_unblock_by_func (self->provider, provider_selected_cb, self);
}
