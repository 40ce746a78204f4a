/* SPDX-License-Identifier: MIT */
#include "cli-warning.h"

/* What ends a dictation is told at once as a warning and as its end. */
#define PAUSE_MS 500

/**
 * WhisCliWarning:
 *
 * Warnings of the service for the command line, each a little later than it comes: one that the end
 * of the dictation repeats is not shown.
 */
struct _WhisCliWarning
{
  WhisCliWarningFunc show;
  gpointer data;
  char *message; /* that is to be shown */
  guint timer;
};

/**
 * whis_cli_warning_new:
 * @show: shows a warning
 * @data: data for @show
 *
 * Returns: (transfer full): without a warning
 */
WhisCliWarning *
whis_cli_warning_new (WhisCliWarningFunc show, gpointer data)
{
  WhisCliWarning *self = g_new0 (WhisCliWarning, 1);

  self->show = show;
  self->data = data;

  return self;
}

static void
cli_warning_drop (WhisCliWarning *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->message, g_free);
}

void
whis_cli_warning_free (WhisCliWarning *self)
{
  if (self == NULL)
    return;

  cli_warning_drop (self);
  g_free (self);
}

static void
cli_warning_show (WhisCliWarning *self)
{
  g_autofree char *message = g_steal_pointer (&self->message);

  cli_warning_drop (self);
  if (message != NULL)
    self->show (self->data, message);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  WhisCliWarning *self = user_data;

  self->timer = 0;
  cli_warning_show (self);

  return G_SOURCE_REMOVE;
}

/**
 * whis_cli_warning_take:
 * @self: the warnings
 * @message: a warning
 */
void
whis_cli_warning_take (WhisCliWarning *self, const char *message)
{
  g_return_if_fail (self != NULL && message != NULL);

  cli_warning_show (self);
  self->message = g_strdup (message);
  self->timer = g_timeout_add (PAUSE_MS, pause_over_cb, self);
}

/**
 * whis_cli_warning_end:
 * @self: the warnings
 * @message: (nullable): how a dictation ended
 */
void
whis_cli_warning_end (WhisCliWarning *self, const char *message)
{
  g_return_if_fail (self != NULL);

  if (self->message != NULL && message != NULL && g_str_has_prefix (message, self->message))
    cli_warning_drop (self);
  else
    cli_warning_show (self);
}
