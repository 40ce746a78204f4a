/* SPDX-License-Identifier: MIT */
#include "usage-page.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"
#include "provider-item.h"
#include "providers.h"

/**
 * WhisUsagePage:
 *
 * What was sent to each service, what that cost, and the most that it may cost.
 */
struct _WhisUsagePage
{
  AdwPreferencesPage parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  GCancellable *cancellable;
  GPtrArray *rows; /* not owned */
  AdwPreferencesGroup *months;
  GtkWidget *nothing;
  AdwComboRow *provider;
  GtkSpinButton *price;
  GtkSpinButton *cap;
  gboolean showing; /* what is shown is not the user's doing */
};

G_DEFINE_FINAL_TYPE (WhisUsagePage, whis_usage_page, ADW_TYPE_PREFERENCES_PAGE)

static const char *
get_chosen (WhisUsagePage *self)
{
  WhisChoiceItem *choice = adw_combo_row_get_selected_item (self->provider);

  return choice != NULL ? whis_choice_item_get_id (choice) : NULL;
}

/* A month of the calendar, such as “November 2026”, from its `YYYY-MM`. */
static char *
format_month (const char *month)
{
  g_autofree char *first = g_strdup_printf ("%s-01T00:00:00Z", month);
  g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (first, NULL);

  /* Translators: a month and its year, for g_date_time_format() */
  return date != NULL ? g_date_time_format (date, _ ("%OB %Y")) : g_strdup (month);
}

static void
append_cost (GString *text, double cost)
{
  if (cost > 0 && cost < 0.01)
    /* Translators: an amount of money */
    g_string_append (text, _ (", less than $0.01"));
  else
    /* Translators: an amount of money */
    g_string_append_printf (text, _ (", about $%.2f"), cost);
}

static char *
describe_sent (GVariant *usage)
{
  guint64 requests = 0, sent_ms = 0;
  double cost, cap;
  GString *text = g_string_new (NULL);

  g_variant_lookup (usage, "requests", "t", &requests);
  g_variant_lookup (usage, "sent", "t", &sent_ms);
  g_string_append_printf (text,
                          g_dngettext (GETTEXT_PACKAGE, "%u request, %.1f minutes",
                                       "%u requests, %.1f minutes", (gulong) requests),
                          (guint) MIN (requests, G_MAXUINT), (double) sent_ms / 60000);
  if (g_variant_lookup (usage, "cost", "d", &cost))
    append_cost (text, cost);
  if (g_variant_lookup (usage, "cap", "d", &cap))
    /* Translators: an amount of money, after what was spent */
    g_string_append_printf (text, _ (" of $%.2f"), cap);

  return g_string_free (text, FALSE);
}

static void
add_row (WhisUsagePage *self, GVariant *usage)
{
  GtkWidget *row = adw_action_row_new ();
  const char *month = "", *provider = "";
  g_autofree char *sent = describe_sent (usage);
  g_autofree char *date = NULL;
  g_autofree char *title = NULL;

  g_variant_lookup (usage, "month", "&s", &month);
  g_variant_lookup (usage, "provider", "&s", &provider);
  date = format_month (month);
  title = g_strdup_printf ("%s · %s", whis_providers_get_name (provider), date);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), sent);
  adw_preferences_group_add (self->months, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (WhisUsagePage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->months, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisUsagePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) usage = NULL;

  if (!whis_bus_whis1_call_list_usage_finish (WHIS_BUS_WHIS1 (object), &usage, result, &error))
    {
      g_debug ("preferences: no usage: %s", error->message);
      return;
    }
  clear_rows (self);
  for (gsize i = 0; i < g_variant_n_children (usage); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (usage, i);

      add_row (self, row);
    }
  gtk_widget_set_visible (self->nothing, self->rows->len == 0);
}

static void
usage_page_refresh (WhisUsagePage *self)
{
  if (whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_list_usage (whis_service_proxy_get_interface (self->service),
                                    self->cancellable, listed_cb, g_object_ref (self));
}

static void
show_amounts (WhisUsagePage *self)
{
  const char *provider = get_chosen (self);
  double price = 0, cap = 0;

  if (provider == NULL || self->settings == NULL)
    return;
  self->showing = TRUE;
  whis_settings_get_price (self->settings, provider, &price);
  whis_settings_get_monthly_cap (self->settings, provider, &cap);
  gtk_spin_button_set_value (self->price, price);
  gtk_spin_button_set_value (self->cap, cap);
  self->showing = FALSE;
}

static void
price_changed_cb (WhisUsagePage *self)
{
  if (self->showing || get_chosen (self) == NULL)
    return;
  whis_settings_set_price (self->settings, get_chosen (self),
                           gtk_spin_button_get_value (self->price));
  usage_page_refresh (self);
}

static void
cap_changed_cb (WhisUsagePage *self)
{
  if (self->showing || get_chosen (self) == NULL)
    return;
  whis_settings_set_monthly_cap (self->settings, get_chosen (self),
                                 gtk_spin_button_get_value (self->cap));
  usage_page_refresh (self);
}

/* What was sent since the page was last looked at. */
static void
whis_usage_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (whis_usage_page_parent_class)->map (widget);

  usage_page_refresh (WHIS_USAGE_PAGE (widget));
}

/* The services that may ask for money; an own server may be another company's. */
static GListModel *
list_choices (GListModel *providers)
{
  GListStore *choices = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (providers); i++)
    {
      g_autoptr (WhisProviderItem) provider = g_list_model_get_item (providers, i);

      if (whis_provider_item_get_provider (provider)->takes_key)
        whis_choice_list_append (choices, whis_provider_item_get_id (provider),
                                 whis_provider_item_get_name (provider));
    }

  return G_LIST_MODEL (choices);
}

static void
select_provider (WhisUsagePage *self, const char *id)
{
  guint position = whis_choice_list_find (adw_combo_row_get_model (self->provider), id);

  if (position != G_MAXUINT)
    adw_combo_row_set_selected (self->provider, position);
}

static void
whis_usage_page_dispose (GObject *object)
{
  WhisUsagePage *self = WHIS_USAGE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (whis_usage_page_parent_class)->dispose (object);
}

static void
whis_usage_page_class_init (WhisUsagePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_usage_page_dispose;
  widget_class->map = whis_usage_page_map;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/preferences/usage-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisUsagePage, months);
  gtk_widget_class_bind_template_child (widget_class, WhisUsagePage, nothing);
  gtk_widget_class_bind_template_child (widget_class, WhisUsagePage, provider);
  gtk_widget_class_bind_template_child (widget_class, WhisUsagePage, price);
  gtk_widget_class_bind_template_child (widget_class, WhisUsagePage, cap);
  gtk_widget_class_bind_template_callback (widget_class, show_amounts);
  gtk_widget_class_bind_template_callback (widget_class, price_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, cap_changed_cb);
}

static void
whis_usage_page_init (WhisUsagePage *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_usage_page_connect:
 * @self: the page
 * @service: the service, which counts
 * @settings: the settings to show and change
 *
 * To be called once, before the providers are known.
 */
void
whis_usage_page_connect (WhisUsagePage *self, WhisServiceProxy *service, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_USAGE_PAGE (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
}

/**
 * whis_usage_page_set_providers:
 * @self: the page
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services that may cost something, and what was sent.
 */
void
whis_usage_page_set_providers (WhisUsagePage *self, GListModel *providers)
{
  g_autoptr (GListModel) choices = NULL;
  g_autofree char *chosen = NULL;

  g_return_if_fail (WHIS_IS_USAGE_PAGE (self));
  g_return_if_fail (G_IS_LIST_MODEL (providers));

  choices = list_choices (providers);
  /* What was chosen here, or else the service that is used. */
  chosen = g_strdup (get_chosen (self) != NULL ? get_chosen (self)
                                               : whis_settings_get_provider (self->settings));
  adw_combo_row_set_model (self->provider, choices);
  select_provider (self, chosen);
  show_amounts (self);
  usage_page_refresh (self);
}
