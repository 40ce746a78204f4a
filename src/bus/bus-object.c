/* SPDX-License-Identifier: MIT */
#include "bus-object.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "caller-watch.h"
#include "call-file.h"
#include "failure.h"
#include "pending-call.h"

/**
 * WhisBusObject:
 *
 * The D-Bus interface `io.github.whis_gtk.Whis1` over the dictations, see its XML for what each
 * method means, and the interfaces beside it.
 */

#define SILENCE_DB (-100.0)

static void whis_bus_object_iface_init (WhisBusWhis1Iface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisBusObject,
                               whis_bus_object,
                               WHIS_BUS_TYPE_WHIS1_SKELETON,
                               G_IMPLEMENT_INTERFACE (WHIS_BUS_TYPE_WHIS1,
                                                      whis_bus_object_iface_init))

static void
update_provider (WhisBusObject *self, WhisDictation *current)
{
  const WhisProvider *provider = NULL;
  const char *destination = "";

  if (current != NULL && !whis_dictation_state_is_final (whis_dictation_get_state (current)))
    {
      provider = whis_dictation_get_provider (current);
      destination = whis_dictation_get_destination (current);
    }
  else
    {
      WhisPool *pool = NULL;

      provider = whis_provider_lookup (whis_settings_get_provider (self->settings));
      if (provider != NULL)
        pool = whis_dictations_get_pool (self->dictations, provider, NULL);
      if (pool != NULL)
        destination = whis_backend_get_host (whis_pool_get_backend (pool));
    }

  whis_bus_whis1_set_provider (WHIS_BUS_WHIS1 (self), provider != NULL ? provider->id : "");
  whis_bus_whis1_set_destination (WHIS_BUS_WHIS1 (self), destination);
}

static void
update_state (WhisBusObject *self)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);
  WhisDictationState state =
      current != NULL ? whis_dictation_get_state (current) : WHIS_DICTATION_STATE_IDLE;
  const GError *error = current != NULL ? whis_dictation_get_error (current) : NULL;

  whis_bus_whis1_set_dictation (WHIS_BUS_WHIS1 (self),
                                current != NULL ? whis_dictation_get_id (current) : "");
  whis_bus_whis1_set_state (WHIS_BUS_WHIS1 (self), whis_dictation_state_get_nick (state));
  whis_bus_whis1_set_code (WHIS_BUS_WHIS1 (self),
                           error != NULL ? whis_failure_get_code (error) : "");
  whis_bus_whis1_set_elapsed (WHIS_BUS_WHIS1 (self),
                              current != NULL ? whis_dictation_get_elapsed_ms (current) : 0);
  if (!whis_dictation_state_takes_sound (state))
    whis_bus_whis1_set_level (WHIS_BUS_WHIS1 (self), SILENCE_DB);
  update_provider (self, current);
}

static void
emit_failed (WhisBusObject *self, WhisDictation *dictation)
{
  const GError *error = whis_dictation_get_error (dictation);
  g_autofree char *kept = whis_kept_to_words (whis_dictation_get_kept (dictation));

  whis_bus_whis1_set_message (WHIS_BUS_WHIS1 (self), error->message);
  whis_bus_whis1_emit_failed (WHIS_BUS_WHIS1 (self), whis_dictation_get_id (dictation),
                              whis_failure_get_code (error), error->message, kept,
                              whis_call_is_resumable (dictation));
}

static void
state_changed_cb (WhisBusObject *self, GParamSpec *pspec, WhisDictation *dictation)
{
  WhisDictationState state = whis_dictation_get_state (dictation);
  const char *id = whis_dictation_get_id (dictation);

  update_state (self);
  whis_bus_whis1_emit_state_changed (WHIS_BUS_WHIS1 (self), id,
                                     whis_dictation_state_get_nick (state));
  if (state == WHIS_DICTATION_STATE_DONE)
    whis_bus_whis1_emit_finished (WHIS_BUS_WHIS1 (self), id, whis_dictation_get_text (dictation));
  else if (whis_dictation_state_is_final (state))
    emit_failed (self, dictation);
}

static void
level_cb (WhisBusObject *self, double level, WhisDictation *dictation)
{
  whis_bus_whis1_set_level (WHIS_BUS_WHIS1 (self), level);
  whis_bus_whis1_set_elapsed (WHIS_BUS_WHIS1 (self), whis_dictation_get_elapsed_ms (dictation));
}

static void
progress_cb (WhisBusObject *self, guint64 done, guint64 total, WhisDictation *dictation)
{
  if (dictation == whis_dictations_get_current (self->dictations))
    whis_bus_whis1_set_elapsed (WHIS_BUS_WHIS1 (self), whis_dictation_get_elapsed_ms (dictation));
  whis_bus_whis1_emit_progress (WHIS_BUS_WHIS1 (self), whis_dictation_get_id (dictation), done,
                                total);
}

static void
partial_text_cb (WhisBusObject *self, const char *text, WhisDictation *dictation)
{
  whis_bus_whis1_emit_partial_text (WHIS_BUS_WHIS1 (self), whis_dictation_get_id (dictation), text);
}

static void
warning_cb (WhisBusObject *self, const char *sentence, WhisDictation *dictation)
{
  whis_bus_whis1_set_message (WHIS_BUS_WHIS1 (self), sentence);
  whis_bus_whis1_emit_warning (WHIS_BUS_WHIS1 (self), whis_dictation_get_id (dictation), sentence);
}

static void
warning_passed_cb (WhisBusObject *self, const char *sentence, WhisDictation *dictation)
{
  if (g_strcmp0 (whis_bus_whis1_get_message (WHIS_BUS_WHIS1 (self)), sentence) == 0)
    whis_bus_whis1_set_message (WHIS_BUS_WHIS1 (self), "");
}

static void
silent_cb (WhisBusObject *self, GParamSpec *pspec, WhisDictation *dictation)
{
  whis_bus_whis1_set_silent (WHIS_BUS_WHIS1 (self), whis_dictation_get_silent (dictation));
}

static void
added_cb (WhisBusObject *self, WhisDictation *dictation)
{
  whis_bus_whis1_set_message (WHIS_BUS_WHIS1 (self), "");
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "level", G_CALLBACK (level_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "partial-text", G_CALLBACK (partial_text_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "warning", G_CALLBACK (warning_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "warning-passed", G_CALLBACK (warning_passed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (dictation, "notify::silent", G_CALLBACK (silent_cb), self,
                           G_CONNECT_SWAPPED);
}

/* Answers the call if the dictation could not start at all. */
static gboolean
bus_object_has_started (WhisBusObject *self,
                        WhisDictation *dictation,
                        const GError *error,
                        GDBusMethodInvocation *invocation)
{
  WhisDictation *recording = whis_dictations_get_recording (self->dictations);

  if (dictation == NULL)
    whis_call_return_error_about (
        invocation, error,
        g_error_matches (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ALREADY_RECORDING)
            ? whis_dictation_get_id (recording)
            : NULL);
  else if (whis_dictation_get_state (dictation) == WHIS_DICTATION_STATE_FAILED)
    whis_call_return_failure (invocation, dictation);
  else
    return TRUE;

  return FALSE;
}

static gboolean
bus_object_handle_start (WhisBusWhis1 *interface,
                         GDBusMethodInvocation *invocation,
                         GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  g_autoptr (GError) error = NULL;
  WhisDictation *dictation = whis_dictations_start (self->dictations, options, &error);

  if (bus_object_has_started (self, dictation, error, invocation))
    {
      whis_caller_watch_attach (dictation, invocation);
      whis_bus_documents_remember (self->bus_documents, dictation, invocation);
      whis_bus_whis1_complete_start (interface, invocation, whis_dictation_get_id (dictation));
    }

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_stop (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  WhisDictation *dictation = whis_dictations_get_recording (self->dictations);

  if (dictation == NULL)
    {
      g_dbus_method_invocation_return_error_literal (
          invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_RECORDING,
          _ ("Nothing is being recorded; “whis start” begins a dictation."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_dictation_stop (dictation);
  whis_bus_whis1_complete_stop (interface, invocation, whis_dictation_get_id (dictation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_toggle (WhisBusWhis1 *interface,
                          GDBusMethodInvocation *invocation,
                          GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  if (whis_dictations_get_recording (self->dictations) != NULL)
    return bus_object_handle_stop (interface, invocation);

  return bus_object_handle_start (interface, invocation, options);
}

static gboolean
bus_object_handle_cancel (WhisBusWhis1 *interface,
                          GDBusMethodInvocation *invocation,
                          const char *id)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  WhisDictation *dictation = whis_dictations_lookup (self->dictations, id);

  if (dictation == NULL)
    {
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_NOT_FOUND,
                                                     _ ("There is no dictation to cancel."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_dictation_cancel (dictation);
  whis_bus_whis1_complete_cancel (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
transcribing_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation =
      whis_dictations_transcribe_finish (WHIS_DICTATIONS (object), result, &error);

  if (!bus_object_has_started (call->object, dictation, error, call->invocation))
    return;

  whis_caller_watch_attach (dictation, call->invocation);
  whis_bus_documents_remember (call->object->bus_documents, dictation, call->invocation);
  whis_bus_whis1_complete_transcribe_file (WHIS_BUS_WHIS1 (call->object), call->invocation, NULL,
                                           whis_dictation_get_id (dictation));
}

static gboolean
bus_object_handle_transcribe_file (WhisBusWhis1 *interface,
                                   GDBusMethodInvocation *invocation,
                                   GUnixFDList *fds,
                                   GVariant *handle,
                                   const char *name,
                                   GVariant *options)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  int fd = whis_call_dup_file (fds, handle);

  if (fd < 0)
    {
      g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                     WHIS_BUS_ERROR_ARGUMENTS,
                                                     _ ("The file did not come with the call."));
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }

  whis_dictations_transcribe_async (self->dictations, fd, name, options, NULL, transcribing_cb,
                                    whis_pending_call_new (interface, invocation));
  close (fd);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_get_last_text (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  whis_bus_whis1_complete_get_last_text (interface, invocation,
                                         whis_dictations_get_last_text (self->dictations));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (object), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    whis_call_return_error (invocation, error);
}

static gboolean
bus_object_handle_copy_last_text (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  const char *text = whis_dictations_get_last_text (self->dictations);

  if (*text == '\0')
    g_dbus_method_invocation_return_error_literal (
        invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND, _ ("There is no text yet."));
  else
    whis_clipboard_owner_copy_async (whis_delivery_get_clipboard (self->delivery), text,
                                     whis_settings_get_private (self->settings), NULL, copied_cb,
                                     invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
watched_level_cb (WhisBusObject *self, double level)
{
  if (whis_dictations_get_recording (self->dictations) == NULL)
    whis_bus_whis1_set_level (WHIS_BUS_WHIS1 (self), level);
}

static void
autostart_set_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_login_start_set_finish (WHIS_LOGIN_START (object), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    whis_call_return_error (invocation, error);
}

static gboolean
bus_object_handle_set_autostart (WhisBusWhis1 *interface,
                                 GDBusMethodInvocation *invocation,
                                 gboolean enabled)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  whis_login_start_set_async (self->login_start, enabled, NULL, autostart_set_cb, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_hand_over_display (WhisBusWhis1 *interface,
                                     GDBusMethodInvocation *invocation,
                                     GVariant *environment)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  g_autoptr (GError) error = NULL;

  if (whis_session_display_take (self->display, environment, &error))
    whis_bus_whis1_complete_hand_over_display (interface, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_open_window (WhisBusWhis1 *interface,
                               GDBusMethodInvocation *invocation,
                               const char *page)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  if (g_str_equal (page, "home"))
    g_action_group_activate_action (self->actions, "open", NULL);
  else if (g_str_equal (page, "preferences"))
    g_action_group_activate_action (self->actions, "preferences", NULL);
  else
    {
      g_dbus_method_invocation_return_error (invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                                             _ ("The window has no page “%s”."), page);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  whis_bus_whis1_complete_open_window (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_object_handle_quit (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  g_ptr_array_add (self->quits, invocation);
  g_action_group_activate_action (self->actions, "quit", NULL);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_object_export:
 * @self: the object
 * @connection: the session bus
 * @path: where to put it
 * @error: return location for an error
 *
 * Returns: whether the interfaces are on the bus
 */
gboolean
whis_bus_object_export (WhisBusObject *self,
                        GDBusConnection *connection,
                        const char *path,
                        GError **error)
{
  g_return_val_if_fail (WHIS_IS_BUS_OBJECT (self), FALSE);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self), connection, path,
                                           error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->bus_models),
                                              connection, path, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->bus_endpoint),
                                              connection, path, error)
         && g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->bus_delivery),
                                              connection, path, error);
}

void
whis_bus_object_unexport (WhisBusObject *self)
{
  g_return_if_fail (WHIS_IS_BUS_OBJECT (self));

  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self));
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->bus_models));
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->bus_delivery));
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->bus_endpoint));
}

/**
 * whis_bus_object_complete_quit:
 * @self: the object
 *
 * Answers those who wanted the service to end. Whoever has the answer and calls again starts the
 * next instance, so the service has given up its name before.
 */
void
whis_bus_object_complete_quit (WhisBusObject *self)
{
  g_return_if_fail (WHIS_IS_BUS_OBJECT (self));

  for (guint i = 0; i < self->quits->len; i++)
    whis_bus_whis1_complete_quit (WHIS_BUS_WHIS1 (self),
                                  g_object_ref (g_ptr_array_index (self->quits, i)));
  g_ptr_array_set_size (self->quits, 0);
}

/**
 * whis_bus_object_get_delivery:
 * @self: the object
 *
 * Returns: (transfer none): its interface about texts at the cursor
 */
WhisBusDelivery *
whis_bus_object_get_delivery (WhisBusObject *self)
{
  g_return_val_if_fail (WHIS_IS_BUS_OBJECT (self), NULL);

  return self->bus_delivery;
}

/**
 * whis_bus_object_set_tray:
 * @self: the object
 * @shown: whether a panel shows the icon
 */
void
whis_bus_object_set_tray (WhisBusObject *self, gboolean shown)
{
  g_return_if_fail (WHIS_IS_BUS_OBJECT (self));

  whis_bus_whis1_set_tray (WHIS_BUS_WHIS1 (self), shown);
}

static void
whis_bus_object_iface_init (WhisBusWhis1Iface *iface)
{
  iface->handle_cancel = bus_object_handle_cancel;
  iface->handle_copy_last_text = bus_object_handle_copy_last_text;
  iface->handle_get_last_text = bus_object_handle_get_last_text;
  iface->handle_hand_over_display = bus_object_handle_hand_over_display;
  iface->handle_open_window = bus_object_handle_open_window;
  iface->handle_quit = bus_object_handle_quit;
  iface->handle_set_autostart = bus_object_handle_set_autostart;
  iface->handle_start = bus_object_handle_start;
  iface->handle_stop = bus_object_handle_stop;
  iface->handle_toggle = bus_object_handle_toggle;
  iface->handle_transcribe_file = bus_object_handle_transcribe_file;
  whis_bus_continue_implement (iface);
  whis_bus_documents_implement (iface);
  whis_bus_history_implement (iface);
  whis_bus_import_implement (iface);
  whis_bus_keys_implement (iface);
  whis_bus_microphones_implement (iface);
  whis_bus_providers_implement (iface);
  whis_bus_settings_implement (iface);
  whis_text_watchers_implement (iface);
}

static void
whis_bus_object_dispose (GObject *object)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (object);

  g_clear_pointer (&self->quits, g_ptr_array_unref);
  g_clear_object (&self->text_watchers);
  g_clear_object (&self->bus_microphones);
  g_clear_object (&self->bus_documents);
  g_clear_object (&self->bus_history);
  g_clear_object (&self->bus_models);
  g_clear_object (&self->bus_delivery);
  g_clear_object (&self->bus_endpoint);
  g_clear_object (&self->dictations);
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->meter);
  g_clear_object (&self->models);
  g_clear_object (&self->display);
  g_clear_object (&self->delivery);
  g_clear_object (&self->login_start);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (whis_bus_object_parent_class)->dispose (object);
}

static void
whis_bus_object_class_init (WhisBusObjectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_object_dispose;
}

static void
whis_bus_object_init (WhisBusObject *self)
{
  self->quits = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * whis_bus_object_new:
 * @dictations: the dictations
 * @settings: the user's settings
 * @keyring: where keys are
 * @display: the display of the session
 * @delivery: where texts go
 * @portal_keys: (nullable): what presses keys by the portal
 * @history: where dictations are recorded
 * @unfinished: the dictations that are to be finished
 * @meter: what was sent to the services
 * @models: the models of the embedded recogniser
 * @local_model: which of them it uses
 * @endpoint_switch: whether other programs are answered
 * @login_start: whether the session starts Whis
 * @actions: the actions `open`, `preferences` and `quit`
 *
 * Returns: (transfer full): the interface, not on the bus yet
 */
WhisBusObject *
whis_bus_object_new (WhisDictations *dictations,
                     WhisSettings *settings,
                     WhisKeyring *keyring,
                     WhisSessionDisplay *display,
                     WhisDelivery *delivery,
                     WhisPortalKeys *portal_keys,
                     WhisHistory *history,
                     WhisUnfinished *unfinished,
                     WhisMeter *meter,
                     WhisModelStore *models,
                     WhisLocalModelChoice *local_model,
                     WhisEndpointSwitch *endpoint_switch,
                     WhisLoginStart *login_start,
                     GActionGroup *actions)
{
  WhisBusObject *self = g_object_new (WHIS_TYPE_BUS_OBJECT, NULL);

  self->dictations = g_object_ref (dictations);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->meter = g_object_ref (meter);
  self->models = g_object_ref (models);
  self->display = g_object_ref (display);
  self->delivery = g_object_ref (delivery);
  self->login_start = g_object_ref (login_start);
  self->actions = g_object_ref (actions);
  self->bus_models = whis_bus_models_new (models, local_model, dictations);
  self->bus_endpoint = whis_bus_endpoint_new (endpoint_switch);
  self->bus_delivery = whis_bus_delivery_new (dictations, settings, history, delivery, portal_keys);
  self->bus_history = whis_bus_history_new (WHIS_BUS_WHIS1 (self), history, delivery);
  self->bus_documents = whis_bus_documents_new (WHIS_BUS_WHIS1 (self), history);
  self->bus_microphones = whis_bus_microphones_new (WHIS_BUS_WHIS1 (self), settings);
  self->text_watchers = whis_text_watchers_new (dictations);
  g_signal_connect_object (dictations, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bus_microphones, "level", G_CALLBACK (watched_level_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (keyring, "available", self, "keyring-available", G_BINDING_SYNC_CREATE);
  g_object_bind_property (unfinished, "count", self, "unfinished", G_BINDING_SYNC_CREATE);
  g_object_bind_property (dictations, "can-undo-cancel", self, "can-undo-cancel",
                          G_BINDING_SYNC_CREATE);
  update_state (self);

  return self;
}
