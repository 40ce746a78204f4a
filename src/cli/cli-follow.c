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

/* How a dictation ended; it may end before its id is known here. */
typedef struct
{
  int status;
  char *text;
  char *message;
} Ending;

struct _WhisCliFollow
{
  GObject parent_instance;

  WhisBusWhis1 *service;
  GHashTable *endings; /* id → Ending */
  GMainLoop *loop;
  WhisCliWarning *warning;
  char *id;
  char *text;
  int status;
  gboolean interrupted;
};

G_DEFINE_FINAL_TYPE (WhisCliFollow, whis_cli_follow, G_TYPE_OBJECT)

static void
ending_free (Ending *ending)
{
  g_free (ending->text);
  g_free (ending->message);
  g_free (ending);
}

static void
add_ending (WhisCliFollow *self, const char *id, int status, const char *text, char *message)
{
  Ending *ending = g_new0 (Ending, 1);

  ending->status = status;
  ending->text = g_strdup (text);
  ending->message = message;
  g_hash_table_replace (self->endings, g_strdup (id), ending);
  if (g_strcmp0 (id, self->id) == 0)
    g_main_loop_quit (self->loop);
}

static void
finished_cb (WhisCliFollow *self, const char *id, const char *text)
{
  whis_cli_warning_end (self->warning, NULL);
  add_ending (self, id, WHIS_EXIT_OK, text, NULL);
}

static void
failed_cb (WhisCliFollow *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           gboolean resumable)
{
  if (g_strcmp0 (id, self->id) == 0)
    whis_cli_warning_end (self->warning, message);
  add_ending (self, id, whis_cli_status_from_code (code), NULL,
              whis_cli_describe_failure (self->service, id, code, message, kept, resumable));
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
service_lost_cb (WhisCliFollow *self)
{
  if (self->id != NULL)
    add_ending (self, self->id, WHIS_EXIT_NO_SERVICE, NULL,
                g_strdup (_ ("The Whis service ended; the sound that was recorded is kept.")));
}

static void
owner_changed_cb (WhisCliFollow *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->service));

  if (owner == NULL)
    service_lost_cb (self);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  WhisCliFollow *self = user_data;

  if (self->interrupted)
    add_ending (self, self->id, WHIS_EXIT_CANCELLED, NULL,
                g_strdup (_ ("The Whis service does not answer; its dictation goes on.")));
  else
    whis_bus_whis1_call_cancel (self->service, self->id, NULL, NULL, NULL);
  self->interrupted = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
read_ending (WhisCliFollow *self)
{
  Ending *ending = g_hash_table_lookup (self->endings, self->id);

  if (ending == NULL)
    return;

  self->status = ending->status;
  g_clear_pointer (&self->text, g_free);
  self->text = g_strdup (ending->text);
  if (ending->message != NULL)
    g_printerr ("whis: %s\n", ending->message);
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
  guint interrupt, terminate;

  g_return_val_if_fail (WHIS_IS_CLI_FOLLOW (self), WHIS_EXIT_FAILED);
  g_return_val_if_fail (id != NULL, WHIS_EXIT_FAILED);

  g_free (self->id);
  self->id = g_strdup (id);
  interrupt = g_unix_signal_add (SIGINT, interrupted_cb, self);
  terminate = g_unix_signal_add (SIGTERM, interrupted_cb, self);
  if (!g_hash_table_contains (self->endings, id))
    g_main_loop_run (self->loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  read_ending (self);

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
    whis_cli_disconnect (self->service, self);
  g_clear_object (&self->service);
  g_clear_pointer (&self->endings, g_hash_table_unref);
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
  self->endings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ending_free);
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
  g_signal_connect_object (service, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "warning", G_CALLBACK (warning_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::g-name-owner", G_CALLBACK (owner_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), "closed",
                           G_CALLBACK (service_lost_cb), self, G_CONNECT_SWAPPED);

  return self;
}
