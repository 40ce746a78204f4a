/* SPDX-License-Identifier: MIT */
#include "cli-follow.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-service.h"
#include "cli-terminal.h"
#include "cli-warning.h"

/**
 * WhisCliFollow:
 *
 * Follows one dictation on the bus to its end, for the command line. Ctrl+C cancels the dictation;
 * a second one does not wait for that.
 */

struct _WhisCliFollow
{
  GObject parent_instance;

  WhisBusWhis1 *service;
  WhisDictationWatch *watch;
  GMainLoop *loop;
  WhisCliWarning *warning;
  char *id;
  char *text;
  int status;
  char *parting; /* (nullable): why the end is not waited for */
  gboolean interrupted;
};

G_DEFINE_FINAL_TYPE (WhisCliFollow, whis_cli_follow, G_TYPE_OBJECT)

/* Ends the waiting without an end of the dictation. */
static void
cli_follow_leave (WhisCliFollow *self, int status, const char *message)
{
  self->status = status;
  g_free (self->parting);
  self->parting = g_strdup (message);
  g_main_loop_quit (self->loop);
}

static void
ended_cb (WhisCliFollow *self, const char *id)
{
  if (g_strcmp0 (id, self->id) == 0)
    g_main_loop_quit (self->loop);
}

static void
show_warning (gpointer data, const char *message)
{
  if (isatty (STDERR_FILENO))
    whis_cli_terminal_clear_line ();
  g_printerr ("whis: %s\n", message);
}

static void
warning_cb (WhisCliFollow *self, const char *id, const char *message)
{
  if (g_strcmp0 (id, self->id) == 0)
    whis_cli_warning_take (self->warning, message);
}

static void
lost_cb (WhisCliFollow *self)
{
  if (self->id != NULL)
    cli_follow_leave (self, WHIS_EXIT_NO_SERVICE,
                      _ ("The Whis service ended; the sound that was recorded is kept."));
}

static gboolean
interrupted_cb (gpointer user_data)
{
  WhisCliFollow *self = user_data;

  if (self->interrupted)
    cli_follow_leave (self, WHIS_EXIT_CANCELLED,
                      _ ("The Whis service does not answer; its dictation goes on."));
  else
    whis_bus_whis1_call_cancel (self->service, self->id, NULL, NULL, NULL);
  self->interrupted = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
read_end (WhisCliFollow *self, WhisDictationEnd *end)
{
  g_autofree char *sentences = NULL;

  whis_cli_warning_end (self->warning, end->text != NULL ? NULL : end->message);
  g_clear_pointer (&self->text, g_free);
  self->text = g_steal_pointer (&end->text);
  self->status = self->text != NULL ? WHIS_EXIT_OK : whis_cli_status_from_code (end->code);
  if (self->text != NULL)
    return;

  sentences = whis_cli_describe_failure (self->service, end);
  g_printerr ("whis: %s\n", sentences);
}

/**
 * whis_cli_follow_run:
 * @self: a follower
 * @id: the dictation to follow
 *
 * Waits until the dictation has ended. What went wrong is said on standard error.
 *
 * Returns: the exit status
 */
int
whis_cli_follow_run (WhisCliFollow *self, const char *id)
{
  g_autoptr (WhisDictationEnd) end = NULL;
  guint interrupt, terminate;

  g_return_val_if_fail (WHIS_IS_CLI_FOLLOW (self), WHIS_EXIT_FAILED);
  g_return_val_if_fail (id != NULL, WHIS_EXIT_FAILED);

  g_free (self->id);
  self->id = g_strdup (id);
  interrupt = g_unix_signal_add (SIGINT, interrupted_cb, self);
  terminate = g_unix_signal_add (SIGTERM, interrupted_cb, self);
  if (!whis_dictation_watch_has_ended (self->watch, id))
    g_main_loop_run (self->loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  end = whis_dictation_watch_take_end (self->watch, id);
  if (end != NULL)
    read_end (self, end);
  else
    g_printerr ("whis: %s\n", self->parting);

  return self->status;
}

const char *
whis_cli_follow_get_text (WhisCliFollow *self)
{
  g_return_val_if_fail (WHIS_IS_CLI_FOLLOW (self), NULL);

  return self->text;
}

static void
whis_cli_follow_dispose (GObject *object)
{
  WhisCliFollow *self = WHIS_CLI_FOLLOW (object);

  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->watch);
  g_clear_object (&self->service);
  g_clear_pointer (&self->parting, g_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->warning, whis_cli_warning_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (whis_cli_follow_parent_class)->dispose (object);
}

static void
whis_cli_follow_class_init (WhisCliFollowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_cli_follow_dispose;
}

static void
whis_cli_follow_init (WhisCliFollow *self)
{
  self->status = WHIS_EXIT_FAILED;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->warning = whis_cli_warning_new (show_warning, self);
}

/**
 * whis_cli_follow_new:
 * @service: the service
 *
 * Begins to listen, so that nothing is missed of a dictation that is started next.
 *
 * Returns: (transfer full): a follower
 */
WhisCliFollow *
whis_cli_follow_new (WhisBusWhis1 *service)
{
  WhisCliFollow *self = g_object_new (WHIS_TYPE_CLI_FOLLOW, NULL);

  self->service = g_object_ref (service);
  self->watch = whis_dictation_watch_new (service);
  g_signal_connect_object (self->watch, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "lost", G_CALLBACK (lost_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "warning", G_CALLBACK (warning_cb), self, G_CONNECT_SWAPPED);

  return self;
}
