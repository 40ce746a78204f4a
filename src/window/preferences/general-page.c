/* SPDX-License-Identifier: MIT */
#include "general-page.h"

#include "alternative-group.h"
#include "choice-item.h"
#include "endpoint-group.h"
#include "fallback-group.h"
#include "output-group.h"
#include "history-group.h"
#include "import-group.h"
#include "languages.h"
#include "local-models-group.h"
#include "login-group.h"
#include "microphone-group.h"
#include "recording-group.h"
#include "service-group.h"
#include "shortcut-group.h"
#include "spin-setting.h"

/**
 * WhisGeneralPage:
 *
 * The page of the settings.
 */
struct _WhisGeneralPage
{
  AdwPreferencesPage parent;

  WhisSettings *settings;
  WhisServiceGroup *service_group;
  WhisLocalModelsGroup *local_models_group;
  WhisEndpointGroup *endpoint_group;
  WhisShortcutGroup *shortcut_group;
  WhisAlternativeGroup *alternative_group;
  WhisFallbackGroup *fallback_group;
  WhisOutputGroup *output_group;
  WhisMicrophoneGroup *microphone_group;
  WhisRecordingGroup *recording_group;
  WhisHistoryGroup *history_group;
  WhisLoginGroup *login_group;
  WhisImportGroup *import_group;
  GtkDropDown *language;
  AdwEntryRow *prompt;
  AdwEntryRow *vocabulary;
  GtkSpinButton *longest_chunk;
  GtkSwitch *indicator;
  GtkSwitch *save_data;
  GtkSwitch *notify_finished;
  GtkSwitch *notify_shows_text;
};

enum
{
  IMPORTED,
  MODELS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisGeneralPage, whis_general_page, ADW_TYPE_PREFERENCES_PAGE)

static void
language_selected_cb (WhisGeneralPage *self)
{
  WhisChoiceItem *choice = gtk_drop_down_get_selected_item (self->language);

  if (self->settings != NULL && choice != NULL)
    whis_settings_set_language (self->settings, whis_choice_item_get_id (choice));
}

static void
language_changed_cb (WhisGeneralPage *self)
{
  const char *language = whis_settings_get_language (self->settings);
  GListModel *list = gtk_drop_down_get_model (self->language);
  guint position = list != NULL ? whis_choice_list_find (list, language) : G_MAXUINT;

  if (position == G_MAXUINT)
    {
      g_autoptr (GListStore) languages = whis_languages_new (language);

      g_signal_handlers_block_by_func (self->language, language_selected_cb, self);
      gtk_drop_down_set_model (self->language, G_LIST_MODEL (languages));
      g_signal_handlers_unblock_by_func (self->language, language_selected_cb, self);
      position = whis_choice_list_find (G_LIST_MODEL (languages), language);
    }

  gtk_drop_down_set_selected (self->language, position);
}

static void
prompt_applied_cb (WhisGeneralPage *self)
{
  g_autofree char *prompt =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->prompt))));

  whis_settings_set_prompt (self->settings, prompt);
}

static void
prompt_changed_cb (WhisGeneralPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->prompt), whis_settings_get_prompt (self->settings));
}

/* One line with commas; each name or term is an entry of its own. */
static void
vocabulary_applied_cb (WhisGeneralPage *self)
{
  g_auto (GStrv) parts =
      g_strsplit (gtk_editable_get_text (GTK_EDITABLE (self->vocabulary)), ",", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (builder, parts[i]);
  words = g_strv_builder_end (builder);
  whis_settings_set_vocabulary (self->settings, (const char *const *) words);
}

static void
vocabulary_changed_cb (WhisGeneralPage *self)
{
  g_autofree char *line =
      g_strjoinv (", ", (char **) whis_settings_get_vocabulary (self->settings));

  gtk_editable_set_text (GTK_EDITABLE (self->vocabulary), line);
}

static void
imported_cb (WhisGeneralPage *self)
{
  g_signal_emit (self, signals[IMPORTED], 0);
}

static void
models_changed_cb (WhisGeneralPage *self)
{
  g_signal_emit (self, signals[MODELS_CHANGED], 0);
}

/* libadwaita 1.2 never finalises a group, which would keep the service and the settings alive. */
static void
dispose_group (WhisGeneralPage *self, AdwPreferencesGroup *group)
{
  adw_preferences_page_remove (ADW_PREFERENCES_PAGE (self), group);
  g_object_run_dispose (G_OBJECT (group));
}

static void
whis_general_page_dispose (GObject *object)
{
  WhisGeneralPage *self = WHIS_GENERAL_PAGE (object);

  if (self->settings != NULL)
    {
      dispose_group (self, ADW_PREFERENCES_GROUP (self->service_group));
      whis_local_models_group_disconnect (self->local_models_group);
      whis_interface_group_disconnect (WHIS_INTERFACE_GROUP (self->endpoint_group));
      whis_interface_group_disconnect (WHIS_INTERFACE_GROUP (self->shortcut_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->alternative_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->fallback_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->output_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->microphone_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->recording_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->history_group));
      dispose_group (self, ADW_PREFERENCES_GROUP (self->login_group));
      whis_import_group_disconnect (self->import_group);
    }
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_general_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/general-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, service_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, local_models_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, endpoint_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, shortcut_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, alternative_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, fallback_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, output_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, microphone_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, recording_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, history_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, login_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, import_group);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, language);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, vocabulary);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, longest_chunk);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, indicator);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, save_data);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, notify_finished);
  gtk_widget_class_bind_template_child (widget_class, WhisGeneralPage, notify_shows_text);
  gtk_widget_class_bind_template_callback (widget_class, imported_cb);
  gtk_widget_class_bind_template_callback (widget_class, models_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, language_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, prompt_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, vocabulary_applied_cb);
}

static void
whis_general_page_class_init (WhisGeneralPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_general_page_dispose;

  /**
   * WhisGeneralPage::imported:
   * @self: the page
   *
   * Settings were imported, and keys perhaps.
   */
  signals[IMPORTED] = g_signal_new ("imported", WHIS_TYPE_GENERAL_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisGeneralPage::models-changed:
   * @self: the page
   *
   * A model for this computer was downloaded or removed.
   */
  signals[MODELS_CHANGED] = g_signal_new ("models-changed", WHIS_TYPE_GENERAL_PAGE,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  g_type_ensure (WHIS_TYPE_SERVICE_GROUP);
  g_type_ensure (WHIS_TYPE_LOCAL_MODELS_GROUP);
  g_type_ensure (WHIS_TYPE_ENDPOINT_GROUP);
  g_type_ensure (WHIS_TYPE_SHORTCUT_GROUP);
  g_type_ensure (WHIS_TYPE_ALTERNATIVE_GROUP);
  g_type_ensure (WHIS_TYPE_FALLBACK_GROUP);
  g_type_ensure (WHIS_TYPE_OUTPUT_GROUP);
  g_type_ensure (WHIS_TYPE_MICROPHONE_GROUP);
  g_type_ensure (WHIS_TYPE_RECORDING_GROUP);
  g_type_ensure (WHIS_TYPE_HISTORY_GROUP);
  g_type_ensure (WHIS_TYPE_LOGIN_GROUP);
  g_type_ensure (WHIS_TYPE_IMPORT_GROUP);
  bind_template (widget_class);
}

static void
whis_general_page_init (WhisGeneralPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_general_page_connect:
 * @self: the page
 * @service: the service
 * @settings: the settings to show and change
 *
 * Fills the page; to be called once.
 */
void
whis_general_page_connect (WhisGeneralPage *self, WhisServiceProxy *service, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_GENERAL_PAGE (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  whis_service_group_connect (self->service_group, service, settings);
  whis_local_models_group_connect (self->local_models_group, service, settings);
  whis_interface_group_connect (WHIS_INTERFACE_GROUP (self->endpoint_group), service);
  whis_interface_group_connect (WHIS_INTERFACE_GROUP (self->shortcut_group), service);
  whis_alternative_group_connect (self->alternative_group, settings);
  whis_fallback_group_connect (self->fallback_group, settings);
  whis_output_group_connect (self->output_group, settings);
  whis_microphone_group_connect (self->microphone_group, service, settings);
  whis_recording_group_connect (self->recording_group, settings);
  whis_history_group_connect (self->history_group, settings);
  whis_login_group_connect (self->login_group, service, settings);
  whis_import_group_connect (self->import_group, service);
  whis_spin_button_bind_setting (self->longest_chunk, settings, "longest-chunk");
  whis_settings_bind (settings, "indicator", self->indicator, "active");
  whis_settings_bind (settings, "save-data", self->save_data, "active");
  whis_settings_bind (settings, "notify-finished", self->notify_finished, "active");
  whis_settings_bind (settings, "notify-shows-text", self->notify_shows_text, "active");
  g_signal_connect_object (settings, "changed::language", G_CALLBACK (language_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::prompt", G_CALLBACK (prompt_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::vocabulary", G_CALLBACK (vocabulary_changed_cb),
                           self, G_CONNECT_SWAPPED);
  language_changed_cb (self);
  prompt_changed_cb (self);
  vocabulary_changed_cb (self);
}

/**
 * whis_general_page_set_providers:
 * @self: the page
 * @providers: a list of #WhisProviderItem
 *
 * Shows the services to choose from.
 */
void
whis_general_page_set_providers (WhisGeneralPage *self, GListModel *providers)
{
  g_return_if_fail (WHIS_IS_GENERAL_PAGE (self));

  whis_service_group_set_providers (self->service_group, providers);
  whis_alternative_group_set_providers (self->alternative_group, providers);
  whis_fallback_group_set_providers (self->fallback_group, providers);
}
