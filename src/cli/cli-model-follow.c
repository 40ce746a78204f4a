/* SPDX-License-Identifier: MIT */
#include "cli-model-follow.h"

#include <glib-unix.h>

static void
on_owner_changed (WhisCliModelFollow *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->models));

  if (owner == NULL)
    whis_cli_model_follow_end (self, WHIS_EXIT_NO_SERVICE, g_strdup (self->lost));
}

static gboolean
on_interrupt (gpointer data)
{
  WhisCliModelFollow *self = data;

  if (self->interrupted)
    whis_cli_model_follow_end (self, WHIS_EXIT_CANCELLED, g_strdup (self->unanswered));
  else
    g_dbus_proxy_call (G_DBUS_PROXY (self->models), self->cancel, g_variant_new ("(s)", self->id),
                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  self->interrupted = TRUE;

  return G_SOURCE_CONTINUE;
}

/**
 * whis_cli_model_follow_run:
 * @self: what the service was asked for just now
 *
 * Waits until whis_cli_model_follow_end() is called.
 */
void
whis_cli_model_follow_run (WhisCliModelFollow *self)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, self);
  guint terminate = g_unix_signal_add (SIGTERM, on_interrupt, self);
  gulong owner = g_signal_connect_swapped (self->models, "notify::g-name-owner",
                                           G_CALLBACK (on_owner_changed), self);

  g_clear_pointer (&self->message, g_free);
  self->loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (self->loop);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_signal_handler_disconnect (self->models, owner);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

/**
 * whis_cli_model_follow_end:
 * @self: what is waited for
 * @status: how it ended
 * @message: (transfer full) (nullable): what is to be said about it
 *
 * Ends the waiting. The first end holds.
 */
void
whis_cli_model_follow_end (WhisCliModelFollow *self, WhisExit status, char *message)
{
  g_autofree char *sentence = message;

  if (self->loop == NULL || !g_main_loop_is_running (self->loop))
    return;

  self->status = status;
  self->message = g_steal_pointer (&sentence);
  g_main_loop_quit (self->loop);
}

/**
 * whis_cli_model_follow_tell:
 * @self: what was waited for
 *
 * Says on standard error what is to be said.
 *
 * Returns: the exit status
 */
int
whis_cli_model_follow_tell (WhisCliModelFollow *self)
{
  if (self->message != NULL)
    g_printerr ("whis: %s\n", self->message);
  g_clear_pointer (&self->message, g_free);

  return (int) self->status;
}
