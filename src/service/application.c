/* SPDX-License-Identifier: MIT */
#include "application-private.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <sys/resource.h>

#include "catalogue-file.h"
#include "gstreamer.h"
#include "instance-name.h"
#include "local-recogniser.h"
#include "session-bus.h"
#include "session-shortcuts.h"

/**
 * WhisApplication:
 *
 * The service: one instance on the session bus that owns the long-lived parts and wires them.
 */

/* A panel that starts together with the session may need a moment before it takes icons. */
#define PANEL_TIMEOUT_SECONDS 5

/* How often old entries are looked for in the history. */
#define RULES_INTERVAL_S (24 * 60 * 60)

/* By then nothing that an earlier run cancelled in private can be taken back. */
#define FIRST_RULES_S 61

G_DEFINE_FINAL_TYPE (WhisApplication, whis_application, G_TYPE_APPLICATION)

static gboolean
quit_signal_cb (gpointer user_data)
{
  g_action_group_activate_action (user_data, "quit", NULL);

  return G_SOURCE_CONTINUE;
}

static void
update_rules (WhisApplication *self)
{
  whis_history_set_rules (self->history, whis_settings_get_keep_sound (self->settings),
                          whis_settings_get_keep_text (self->settings));
}

static void
settings_changed_cb (WhisApplication *self, const char *key)
{
  if (!g_str_has_prefix (key, "keep-"))
    return;

  update_rules (self);
  whis_history_apply_rules (self->history);
}

static gboolean
apply_rules_cb (gpointer user_data)
{
  WhisApplication *self = user_data;

  whis_history_apply_rules (self->history);
  self->rules_source = g_timeout_add_seconds (RULES_INTERVAL_S, apply_rules_cb, self);

  return G_SOURCE_REMOVE;
}

static void
added_cb (WhisApplication *self, WhisDictation *dictation)
{
  self->was_used = TRUE;
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (whis_application_update_actions),
                           self, G_CONNECT_SWAPPED);
}

static WhisHistory *
create_history (void)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), WHIS_USER_FOLDER, NULL);

  return whis_history_new (directory);
}

static void
on_insert_last (WhisApplication *self)
{
  g_action_group_activate_action (G_ACTION_GROUP (self), "insert-last", NULL);
}

static void
on_undo_insertion (WhisApplication *self)
{
  g_action_group_activate_action (G_ACTION_GROUP (self), "undo-insertion", NULL);
}

static void
create_shortcuts (WhisApplication *self, GDBusConnection *connection)
{
  g_auto (GStrv) environment = whis_session_display_dup_environment (self->display);

  self->shortcuts =
      whis_session_shortcuts_new (self->settings, connection, (const char *const *) environment);
  self->shortcut_dictation =
      whis_shortcut_dictation_new (self->shortcuts, self->dictations, self->settings);
  g_signal_connect_object (self->shortcut_dictation, "insert-last", G_CALLBACK (on_insert_last),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shortcut_dictation, "undo-insertion",
                           G_CALLBACK (on_undo_insertion), self, G_CONNECT_SWAPPED);
  self->bus_shortcuts = whis_bus_shortcuts_new (self->shortcuts);
}

static gboolean
create_parts (WhisApplication *self, GDBusConnection *connection, GError **error)
{
  g_autoptr (WhisUsage) usage = NULL;
  g_autoptr (WhisMeter) meter = NULL;
  g_autoptr (WhisLocalRecogniser) recogniser = NULL;
  g_auto (GStrv) environment = g_get_environ ();

  self->settings = whis_settings_new (error);
  if (self->settings == NULL)
    return FALSE;

  self->display = whis_session_display_new ((const char *const *) environment);
  self->insertion = whis_session_insertion_new (connection, self->display, self->settings);
  self->delivery = g_object_ref (whis_session_insertion_get_delivery (self->insertion));
  self->history = create_history ();
  update_rules (self);
  usage = whis_usage_new (self->history);
  whis_usage_load_async (usage, NULL, NULL, NULL);
  meter = whis_meter_new (self->settings, usage);
  self->models = whis_model_store_new_default ();
  self->local_model = whis_local_model_choice_new (self->models, self->settings);
  self->dictations = whis_dictations_new (self->settings, self->keyring, self->delivery,
                                          self->history, meter, self->local_model);
  recogniser = whis_local_recogniser_new (self->dictations, self->models, self->settings);
  self->endpoint_switch = whis_endpoint_switch_new (WHIS_ENDPOINT_RECOGNISER (recogniser),
                                                    self->settings, self->keyring);
  self->unfinished = whis_unfinished_new (self->history, self->dictations, self->local_model);
  self->sleep_guard = whis_sleep_guard_new (self->dictations);
  self->media_pause = whis_media_pause_new (connection, self->settings, self->dictations);
  self->silence_stop = whis_silence_stop_new (self->settings, self->dictations);
  self->cues = whis_sound_cues_new (self->settings, self->dictations);
  self->indicator = whis_indicator_process_new (self->settings, self->dictations, self->display);
  self->login_start = whis_login_start_new (connection, self->settings);
  create_shortcuts (self, connection);
  g_signal_connect_object (self->settings, "changed", G_CALLBACK (settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dictations, "added", G_CALLBACK (added_cb), self,
                           G_CONNECT_SWAPPED);
  self->bus_object =
      whis_bus_object_new (self->dictations, self->settings, self->keyring, self->display,
                           self->delivery, whis_session_insertion_get_portal_keys (self->insertion),
                           self->history, self->unfinished, meter, self->models, self->local_model,
                           self->endpoint_switch, self->login_start, G_ACTION_GROUP (self));

  return TRUE;
}

static gboolean
whis_application_dbus_register (GApplication *application,
                                GDBusConnection *connection,
                                const char *object_path,
                                GError **error)
{
  WhisApplication *self = WHIS_APPLICATION (application);

  if (!whis_instance_name_claim (connection, error)
      || !G_APPLICATION_CLASS (whis_application_parent_class)
              ->dbus_register (application, connection, object_path, error))
    return FALSE;

  return create_parts (self, connection, error)
         && whis_bus_object_export (self->bus_object, connection, object_path, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->bus_shortcuts),
                                              connection, object_path, error);
}

static void
whis_application_dbus_unregister (GApplication *application,
                                  GDBusConnection *connection,
                                  const char *object_path)
{
  WhisApplication *self = WHIS_APPLICATION (application);

  if (self->bus_object != NULL)
    whis_bus_object_unexport (self->bus_object);
  if (self->bus_shortcuts != NULL)
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->bus_shortcuts));
  G_APPLICATION_CLASS (whis_application_parent_class)
      ->dbus_unregister (application, connection, object_path);
}

static void
update_tray (WhisApplication *self)
{
  whis_bus_object_set_tray (self->bus_object, whis_panel_is_shown (self->panel));
}

/* Nobody can reach a service without an icon that nobody has asked for anything. At a login the
 * panel may come later than Whis, and a window would be in the way. */
static gboolean
panel_timeout_cb (gpointer user_data)
{
  WhisApplication *self = user_data;
  g_auto (GStrv) environment = whis_session_display_dup_environment (self->display);

  self->panel_timeout = 0;
  if (whis_panel_is_shown (self->panel) || self->was_used)
    return G_SOURCE_REMOVE;

  if (self->at_login)
    g_debug ("There is no panel yet, and nobody waits for a window");
  else if (g_environ_getenv (environment, "DISPLAY") != NULL
           || g_environ_getenv (environment, "WAYLAND_DISPLAY") != NULL)
    whis_application_open_page (self, "home");

  return G_SOURCE_REMOVE;
}

/* A collection of the Secret Service says so when it is unlocked. */
static void
collection_changed_cb (GDBusConnection *connection,
                       const char *sender,
                       const char *path,
                       const char *interface,
                       const char *signal,
                       GVariant *parameters,
                       gpointer user_data)
{
  WhisApplication *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  gboolean locked;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  changed = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (changed, "Locked", "b", &locked) && !locked)
    whis_unfinished_try_keyring (self->unfinished);
}

static void
watch_keyring (WhisApplication *self, GDBusConnection *connection)
{
  self->keyring_subscription = g_dbus_connection_signal_subscribe (
      connection, "org.freedesktop.secrets", "org.freedesktop.DBus.Properties", "PropertiesChanged",
      NULL, "org.freedesktop.Secret.Collection", G_DBUS_SIGNAL_FLAGS_NONE, collection_changed_cb,
      self, NULL);
}

static void
update_recording_notification (WhisApplication *self)
{
  if (self->announcer != NULL)
    whis_announcer_tell_of_recording (self->announcer,
                                      whis_indicator_process_is_missing (self->indicator));
}

static void
show_panel (WhisApplication *self)
{
  self->panel = whis_panel_new (g_application_get_dbus_connection (G_APPLICATION (self)),
                                G_ACTION_GROUP (self), self->dictations);
  g_signal_connect_object (self->panel, "notify::shown", G_CALLBACK (update_tray), self,
                           G_CONNECT_SWAPPED);
  update_tray (self);
  self->panel_timeout = g_timeout_add_seconds (PANEL_TIMEOUT_SECONDS, panel_timeout_cb, self);
}

/* Who sees the icon may click it, and speak. */
static void
warmed_up_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!whis_gstreamer_warm_up_finish (result, &error))
    g_debug ("Recording is not prepared: %s", error->message);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_panel (user_data);
}

static void
whis_application_startup (GApplication *application)
{
  WhisApplication *self = WHIS_APPLICATION (application);
  GDBusConnection *connection = g_application_get_dbus_connection (application);

  G_APPLICATION_CLASS (whis_application_parent_class)->startup (application);

  g_application_hold (application);
  whis_application_add_actions (self);
  self->warming_up = g_cancellable_new ();
  whis_gstreamer_warm_up_async (self->warming_up, warmed_up_cb, self);
  self->announcer = whis_announcer_new (connection, self->settings, self->dictations,
                                        self->unfinished, self->history, G_ACTION_GROUP (self));
  g_signal_connect_object (self->shortcut_dictation, "problem",
                           G_CALLBACK (whis_announcer_show_problem), self->announcer,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->indicator, "notify::missing",
                           G_CALLBACK (update_recording_notification), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (whis_bus_object_get_delivery (self->bus_object), "inserted-again",
                           G_CALLBACK (whis_announcer_show_insertion), self->announcer,
                           G_CONNECT_SWAPPED);
  whis_shortcuts_start (self->shortcuts);
  g_signal_connect_object (self->login_start, "problem", G_CALLBACK (whis_announcer_show_problem),
                           self->announcer, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->unfinished, "notify::count",
                           G_CALLBACK (whis_application_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dictations, "notify::last-text",
                           G_CALLBACK (whis_application_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->dictations, "notify::can-undo-cancel",
                           G_CALLBACK (whis_application_update_actions), self, G_CONNECT_SWAPPED);
  whis_application_update_actions (self);
  watch_keyring (self, connection);
  whis_unfinished_recover (self->unfinished);
  whis_dictations_recall_last_text (self->dictations);
  self->rules_source = g_timeout_add_seconds (FIRST_RULES_S, apply_rules_cb, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, quit_signal_cb, self);
  self->interrupt_source = g_unix_signal_add (SIGINT, quit_signal_cb, self);
  self->hangup_source = g_unix_signal_add (SIGHUP, quit_signal_cb, self);
}

/* What the Desktop Entry Specification calls platform data: the key is the older one on X11. */
static void
whis_application_before_emit (GApplication *application, GVariant *platform_data)
{
  WhisApplication *self = WHIS_APPLICATION (application);
  const char *token = NULL;

  G_APPLICATION_CLASS (whis_application_parent_class)->before_emit (application, platform_data);

  if (!g_variant_lookup (platform_data, "activation-token", "&s", &token))
    g_variant_lookup (platform_data, "desktop-startup-id", "&s", &token);
  g_free (self->activation_token);
  self->activation_token = token != NULL && *token != '\0' ? g_strdup (token) : NULL;
}

static void
whis_application_after_emit (GApplication *application, GVariant *platform_data)
{
  g_clear_pointer (&WHIS_APPLICATION (application)->activation_token, g_free);

  G_APPLICATION_CLASS (whis_application_parent_class)->after_emit (application, platform_data);
}

/* From the desktop file, through D-Bus. */
static void
whis_application_activate (GApplication *application)
{
  whis_application_open_page (WHIS_APPLICATION (application), "home");
}

static void
whis_application_shutdown (GApplication *application)
{
  WhisApplication *self = WHIS_APPLICATION (application);

  g_clear_handle_id (&self->panel_timeout, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->hangup_source, g_source_remove);
  g_clear_handle_id (&self->rules_source, g_source_remove);
  g_cancellable_cancel (self->warming_up);
  g_clear_object (&self->warming_up);
  if (self->keyring_subscription != 0)
    g_dbus_connection_signal_unsubscribe (g_application_get_dbus_connection (application),
                                          self->keyring_subscription);
  self->keyring_subscription = 0;
  /* These hold the application, as the group of its actions. */
  g_clear_object (&self->announcer);
  g_clear_object (&self->panel);
  whis_bus_object_unexport (self->bus_object);
  g_clear_object (&self->bus_object);

  G_APPLICATION_CLASS (whis_application_parent_class)->shutdown (application);
}

static void
whis_application_dispose (GObject *object)
{
  WhisApplication *self = WHIS_APPLICATION (object);

  g_clear_object (&self->bus_object);
  g_clear_object (&self->bus_shortcuts);
  g_clear_object (&self->shortcut_dictation);
  g_clear_object (&self->shortcuts);
  g_clear_object (&self->indicator);
  g_clear_object (&self->cues);
  g_clear_object (&self->silence_stop);
  g_clear_object (&self->media_pause);
  g_clear_object (&self->sleep_guard);
  g_clear_object (&self->login_start);
  g_clear_object (&self->unfinished);
  g_clear_object (&self->endpoint_switch);
  g_clear_object (&self->local_model);
  g_clear_object (&self->models);
  g_clear_object (&self->dictations);
  g_clear_object (&self->history);
  g_clear_object (&self->delivery);
  g_clear_object (&self->insertion);
  g_clear_object (&self->display);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_application_parent_class)->dispose (object);
}

static void
whis_application_class_init (WhisApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_application_dispose;
  application_class->dbus_register = whis_application_dbus_register;
  application_class->dbus_unregister = whis_application_dbus_unregister;
  application_class->startup = whis_application_startup;
  application_class->activate = whis_application_activate;
  application_class->before_emit = whis_application_before_emit;
  application_class->after_emit = whis_application_after_emit;
  application_class->shutdown = whis_application_shutdown;
}

static void
whis_application_init (WhisApplication *self)
{
}

static WhisApplication *
application_new (void)
{
  return g_object_new (WHIS_TYPE_APPLICATION, "application-id", WHIS_APP_ID, "flags",
                       G_APPLICATION_IS_SERVICE, NULL);
}

/* API keys are in this process's memory: no core file may carry them away. */
static void
forbid_core_files (void)
{
  const struct rlimit none = { 0, 0 };

  if (setrlimit (RLIMIT_CORE, &none) != 0)
    g_warning ("Core files cannot be forbidden");
}

/* Of a school or a company, besides those that Whis knows. */
static void
add_catalogue (void)
{
  const char *path = g_getenv ("WHIS_MODEL_CATALOGUE");
  g_autoptr (GError) error = NULL;

  if (path != NULL && *path != '\0' && !whis_catalogue_add_file (path, &error))
    g_printerr ("whis-service: %s\n", error->message);
}

/* Programs for the clipboard live on for as long as it is theirs: they do not inherit keys. */
static void
take_keys_from_environment (WhisApplication *self)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  self->keyring = whis_keyring_new ();
  for (gsize i = 0; i < n; i++)
    if (providers[i].key_variable != NULL)
      whis_keyring_take_variable (self->keyring, providers[i].key_variable);
}

/**
 * whis_application_run_service:
 * @at_login: whether the session starts it, and not somebody who wants something at once
 *
 * Runs the service until it quits.
 *
 * Returns: exit status
 */
int
whis_application_run_service (gboolean at_login)
{
  g_autoptr (WhisApplication) self = application_new ();
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;

  /* GApplication would run without one, reachable by nobody. */
  bus = whis_session_bus_get (&error);
  if (bus == NULL)
    {
      g_printerr ("whis-service: %s\n", error->message);
      return 1;
    }

  self->at_login = at_login;
  forbid_core_files ();
  take_keys_from_environment (self);
  add_catalogue ();
  g_set_prgname (WHIS_APP_ID);
  if (!g_application_register (G_APPLICATION (self), NULL, &error))
    {
      /* Somebody was faster: what the session wants is there. */
      if (at_login && g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_FAILED))
        return 0;
      /* GApplication's own words for a name that is taken are no help. */
      g_printerr ("whis-service: %s\n", g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_FAILED)
                                            ? _ ("Whis is running already; “whis quit” ends it.")
                                            : error->message);
      return 1;
    }

  return g_application_run (G_APPLICATION (self), 0, NULL);
}
