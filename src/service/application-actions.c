/* SPDX-License-Identifier: MIT */
#include "application-private.h"

#include <glib/gi18n-lib.h>

#include "shutdown.h"
#include "window-start.h"

/* What the user can have the service do: the actions of the application. */

/**
 * whis_application_open_page:
 * @self: the service
 * @page: a page of the window
 *
 * Shows the window.
 */
void
whis_application_open_page (WhisApplication *self, const char *page)
{
  g_autofree char *token =
      self->panel != NULL ? whis_panel_take_activation_token (self->panel) : NULL;
  g_auto (GStrv) environment = whis_session_display_dup_environment (self->display);
  g_autoptr (GError) error = NULL;

  if (token == NULL)
    token = g_steal_pointer (&self->activation_token);
  if (token == NULL)
    token = whis_announcer_take_activation_token (self->announcer);
  self->was_used = TRUE;
  if (!whis_window_start (page, (const char *const *) environment, token, &error))
    whis_announcer_show_problem (self->announcer, error);
}

static void
toggle_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;
  WhisDictation *recording = whis_dictations_get_recording (self->dictations);
  g_autoptr (GError) error = NULL;

  if (recording != NULL)
    whis_dictation_stop (recording);
  else if (whis_dictations_start (self->dictations, NULL, &error) == NULL)
    whis_announcer_show_problem (self->announcer, error);
}

static void
cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;
  WhisDictation *dictation = whis_dictations_lookup (self->dictations, "");

  if (dictation != NULL)
    whis_dictation_cancel (dictation);
}

static void
copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (object), result, &error)
      && self->announcer != NULL)
    whis_announcer_show_problem (self->announcer, error);
}

static void
copy_last_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;
  const char *text = whis_dictations_get_last_text (self->dictations);

  if (*text != '\0')
    whis_clipboard_owner_copy_async (whis_delivery_get_clipboard (self->delivery), text,
                                     whis_settings_get_private (self->settings), NULL, copied_cb,
                                     g_object_ref (self));
}

/* What became of the text is told by the service itself. */
static void
delivery_called_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (answer != NULL || self->announcer == NULL)
    return;
  g_dbus_error_strip_remote_error (error);
  whis_announcer_show_problem (self->announcer, error);
}

static void
application_call_delivery (WhisApplication *self, const char *method, GVariant *parameters)
{
  GDBusConnection *connection = g_application_get_dbus_connection (G_APPLICATION (self));

  g_dbus_connection_call (
      connection, WHIS_APP_ID, WHIS_APP_PATH, "io.github.whis_gtk.Whis1.Delivery", method,
      parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, delivery_called_cb, g_object_ref (self));
}

static void
insert_last_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  application_call_delivery (user_data, "InsertLastText", NULL);
}

static void
insert_entry_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  application_call_delivery (user_data, "InsertEntry", g_variant_new_tuple (&parameter, 1));
}

static void
undo_insertion_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  application_call_delivery (user_data, "UndoInsertion", NULL);
}

static void
open_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  whis_application_open_page (user_data, "home");
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  whis_application_open_page (user_data, "preferences");
}

static void
continued_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDictation) dictation =
      whis_dictations_continue_finish (WHIS_DICTATIONS (object), result, &error);

  if (dictation == NULL && self->announcer != NULL)
    whis_announcer_show_problem (self->announcer, error);
}

static void
application_resume (WhisApplication *self, GVariant *id, GVariant *options)
{
  whis_dictations_continue_async (self->dictations, g_variant_get_string (id, NULL),
                                  WHIS_DICTATION_MODE_RESUME, options, FALSE, NULL, continued_cb,
                                  g_object_ref (self));
}

static void
resume_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  application_resume (user_data, parameter, NULL);
}

/* With the embedded recogniser: nothing more leaves this computer. */
static void
resume_here_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  application_resume (user_data, parameter, g_variant_new_parsed ("{'provider': <'offline'>}"));
}

static void
finish_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_action_group_activate_action (user_data, "resume", g_variant_new_string (""));
}

static void
undo_cancel_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;
  g_autofree char *id = whis_dictations_take_cancelled (self->dictations);

  if (id != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (self), "resume", g_variant_new_string (id));
}

static void
entry_copied_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisApplication *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (object), result, &error))
    whis_history_set_delivered (self->history, g_task_get_task_data (task));
  else if (self->announcer != NULL)
    whis_announcer_show_problem (self->announcer, error);
}

static void
entry_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisApplication *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, &error);

  if (record != NULL && record->text != NULL)
    {
      whis_clipboard_owner_copy_async (whis_delivery_get_clipboard (self->delivery), record->text,
                                       record->private, NULL, entry_copied_cb,
                                       g_steal_pointer (&task));
      return;
    }

  if (error == NULL)
    error = g_error_new_literal (WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND,
                                 _ ("The text of this dictation is not kept any more."));
  if (self->announcer != NULL)
    whis_announcer_show_problem (self->announcer, error);
}

static void
copy_entry_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;
  const char *id = g_variant_get_string (parameter, NULL);
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, copy_entry_cb);
  g_task_set_task_data (task, g_strdup (id), g_free);
  whis_history_get_async (self->history, id, NULL, entry_found_cb, task);
}

static void
set_enabled (WhisApplication *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
shut_down_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisApplication) self = user_data;

  whis_shutdown_finish (result);
  if (self->bus_object != NULL)
    whis_bus_object_complete_quit (self->bus_object);
  g_application_quit (G_APPLICATION (self));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisApplication *self = user_data;

  if (self->is_ending)
    return;

  self->is_ending = TRUE;
  set_enabled (self, "toggle", FALSE);
  whis_shutdown_async (g_application_get_dbus_connection (G_APPLICATION (self)), self->dictations,
                       self->history, self->delivery, shut_down_cb, g_object_ref (self));
}

static const GActionEntry actions[] = {
  { .name = "toggle", .activate = toggle_cb },
  { .name = "cancel", .activate = cancel_cb },
  { .name = "copy-last", .activate = copy_last_cb },
  { .name = "insert-entry", .activate = insert_entry_cb, .parameter_type = "s" },
  { .name = "insert-last", .activate = insert_last_cb },
  { .name = "undo-insertion", .activate = undo_insertion_cb },
  { .name = "copy-entry", .activate = copy_entry_cb, .parameter_type = "s" },
  { .name = "undo-cancel", .activate = undo_cancel_cb },
  { .name = "finish", .activate = finish_cb },
  { .name = "resume", .activate = resume_cb, .parameter_type = "s" },
  { .name = "resume-here", .activate = resume_here_cb, .parameter_type = "s" },
  { .name = "open", .activate = open_cb },
  { .name = "preferences", .activate = preferences_cb },
  { .name = "quit", .activate = quit_cb },
};

/**
 * whis_application_update_actions:
 * @self: the service
 *
 * Enables what can be done now.
 */
void
whis_application_update_actions (WhisApplication *self)
{
  WhisDictation *current = whis_dictations_get_current (self->dictations);
  gboolean busy =
      current != NULL && !whis_dictation_state_is_final (whis_dictation_get_state (current));

  set_enabled (self, "cancel", busy);
  set_enabled (self, "insert-last", *whis_dictations_get_last_text (self->dictations) != '\0');
  set_enabled (self, "copy-last", *whis_dictations_get_last_text (self->dictations) != '\0');
  set_enabled (self, "undo-cancel", whis_dictations_can_undo_cancel (self->dictations));
  set_enabled (self, "finish", whis_unfinished_get_count (self->unfinished) > 0);
}

/**
 * whis_application_add_actions:
 * @self: the service
 *
 * Adds what the menu of the icon, notifications, the desktop file and calls of the bus activate.
 */
void
whis_application_add_actions (WhisApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
