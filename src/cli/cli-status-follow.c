/* SPDX-License-Identifier: MIT */
#include "cli-status-follow.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-output.h"
#include "cli-service.h"
#include "variant-json.h"

/* How long a service that has gone may take to come back, as after an upgrade. */
#define ABSENCE_S 5

/**
 * WhisCliStatusFollow:
 *
 * Prints a line of JSON whenever the current dictation or the service is in another state, for
 * panels and scripts. The length of the sound and the level are no changes of their own.
 */

struct _WhisCliStatusFollow
{
  GObject parent_instance;

  WhisBusWhis1 *service;
  GMainLoop *loop;
  WhisCliStatusFormat format;
  GVariant *last;   /* (nullable): what the last line said, without what changes all the time */
  char *outcome_of; /* (nullable): the dictation that `outcome` belongs to */
  char *outcome;
  guint absence; /* the source that ends the wait for a service that has gone */
  int status;
};

G_DEFINE_FINAL_TYPE (WhisCliStatusFollow, whis_cli_status_follow, G_TYPE_OBJECT)

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static gboolean
is_running (WhisBusWhis1 *service)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (service));

  return owner != NULL;
}

static GVariant *
describe_change (WhisBusWhis1 *service, const char *outcome, guint64 elapsed_ms)
{
  if (service == NULL)
    return g_variant_ref_sink (g_variant_new_parsed (
        "{'running': <false>, 'state': <'idle'>, 'dictation': <''>, 'provider': <''>, "
        "'destination': <''>, 'message': <''>, 'code': <''>, 'outcome': <''>, "
        "'elapsed_ms': <@t 0>, 'tray': <false>, 'continuous': <false>, "
        "'microphone_open': <false>}"));

  return g_variant_ref_sink (g_variant_new_parsed (
      "{'running': <true>, 'state': <%s>, 'dictation': <%s>, 'provider': <%s>, "
      "'destination': <%s>, 'message': <%s>, 'code': <%s>, 'outcome': <%s>, 'elapsed_ms': <%t>, "
      "'tray': <%b>, 'continuous': <%b>, 'microphone_open': <%b>}",
      or_empty (whis_bus_whis1_get_state (service)),
      or_empty (whis_bus_whis1_get_dictation (service)),
      or_empty (whis_bus_whis1_get_provider (service)),
      or_empty (whis_bus_whis1_get_destination (service)),
      or_empty (whis_bus_whis1_get_message (service)), or_empty (whis_bus_whis1_get_code (service)),
      outcome, elapsed_ms, whis_bus_whis1_get_tray (service),
      whis_bus_whis1_get_continuous (service), whis_bus_whis1_get_microphone_open (service)));
}

/* A word for each state, for style sheets; the text of the module is left to its format. */
static GVariant *
describe_for_waybar (WhisBusWhis1 *service)
{
  const char *state = service != NULL ? or_empty (whis_bus_whis1_get_state (service)) : "off";
  const char *message = service != NULL ? or_empty (whis_bus_whis1_get_message (service)) : "";
  g_autofree char *tooltip = NULL;

  if (*message != '\0')
    tooltip = g_markup_escape_text (message, -1);
  else
    tooltip = g_strdup_printf ("Whis: %s", service != NULL ? state : _ ("not running"));

  return g_variant_ref_sink (g_variant_new_parsed (
      "{'text': <''>, 'alt': <%s>, 'class': <%s>, 'tooltip': <%s>}", state, state, tooltip));
}

static void
cli_status_follow_leave (WhisCliStatusFollow *self, int status)
{
  self->status = status;
  g_main_loop_quit (self->loop);
}

static void
cli_status_follow_print (WhisCliStatusFollow *self, GVariant *status)
{
  g_autofree char *json = whis_variant_to_json (status);
  g_autofree char *line = g_strconcat (json, "\n", NULL);

  if (!whis_cli_print_text (line))
    cli_status_follow_leave (self, WHIS_EXIT_FAILED);
}

static const char *
cli_status_follow_get_outcome (WhisCliStatusFollow *self)
{
  if (self->outcome == NULL
      || g_strcmp0 (self->outcome_of, whis_bus_whis1_get_dictation (self->service)) != 0)
    return "";

  return self->outcome;
}

static void
cli_status_follow_update (WhisCliStatusFollow *self)
{
  WhisBusWhis1 *service = is_running (self->service) ? self->service : NULL;
  g_autoptr (GVariant) status = NULL;
  g_autoptr (GVariant) line = NULL;

  if (self->format == WHIS_CLI_STATUS_WAYBAR)
    status = describe_for_waybar (service);
  else
    status = describe_change (service, cli_status_follow_get_outcome (self), 0);
  if (self->last != NULL && g_variant_equal (self->last, status))
    return;

  g_clear_pointer (&self->last, g_variant_unref);
  self->last = g_variant_ref (status);
  if (self->format == WHIS_CLI_STATUS_WAYBAR || service == NULL)
    line = g_variant_ref (status);
  else
    line = describe_change (service, cli_status_follow_get_outcome (self),
                            whis_bus_whis1_get_elapsed (service));
  cli_status_follow_print (self, line);
}

static void
entry_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisCliStatusFollow) self = user_data;
  g_autoptr (GVariant) entry = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GVariantDict) dictionary = G_VARIANT_DICT_INIT (NULL);
  const char *outcome = NULL;
  const char *id = NULL;
  gboolean delivered = FALSE;

  if (!whis_bus_whis1_call_get_history_entry_finish (WHIS_BUS_WHIS1 (object), &entry, result,
                                                     &error))
    return; /* of a private dictation nothing is kept */

  g_variant_dict_init (&dictionary, entry);
  if (!g_variant_dict_lookup (&dictionary, "id", "&s", &id))
    return;

  if (!g_variant_dict_lookup (&dictionary, "outcome", "&s", &outcome)
      && g_variant_dict_lookup (&dictionary, "delivered", "b", &delivered) && delivered)
    outcome = "copied";
  g_free (self->outcome_of);
  self->outcome_of = g_strdup (id);
  g_free (self->outcome);
  self->outcome = g_strdup (or_empty (outcome));
  cli_status_follow_update (self);
}

static void
cli_status_follow_ask_outcome (WhisCliStatusFollow *self, const char *id)
{
  whis_bus_whis1_call_get_history_entry (self->service, id, NULL, entry_cb, g_object_ref (self));
}

/* A receipt may come late. */
static void
history_changed_cb (WhisCliStatusFollow *self, const char *id)
{
  if (g_strcmp0 (self->outcome_of, id) == 0)
    cli_status_follow_ask_outcome (self, id);
}

static void
finished_cb (WhisCliStatusFollow *self, const char *id, const char *text)
{
  g_autoptr (GVariant) line = NULL;

  if (self->format == WHIS_CLI_STATUS_JSON_TEXT)
    {
      line = g_variant_ref_sink (g_variant_new_parsed (
          "{'running': <true>, 'state': <'done'>, 'dictation': <%s>, 'text': <%s>}", id, text));
      cli_status_follow_print (self, line);
    }
  g_free (self->outcome_of);
  self->outcome_of = g_strdup (id);
  g_clear_pointer (&self->outcome, g_free);
  cli_status_follow_ask_outcome (self, id);
}

static gboolean
absent_too_long_cb (gpointer user_data)
{
  WhisCliStatusFollow *self = user_data;

  self->absence = 0;
  cli_status_follow_leave (self, WHIS_EXIT_NO_SERVICE);

  return G_SOURCE_REMOVE;
}

static void
owner_changed_cb (WhisCliStatusFollow *self)
{
  g_clear_handle_id (&self->absence, g_source_remove);
  if (!is_running (self->service))
    self->absence = g_timeout_add_seconds (ABSENCE_S, absent_too_long_cb, self);
  cli_status_follow_update (self);
}

static void
closed_cb (WhisCliStatusFollow *self)
{
  cli_status_follow_leave (self, WHIS_EXIT_NO_SERVICE);
}

static gboolean
interrupted_cb (gpointer user_data)
{
  cli_status_follow_leave (user_data, WHIS_EXIT_OK);

  return G_SOURCE_CONTINUE;
}

/* Nobody reads any more, and there may be no change for hours that would tell. */
static gboolean
reader_gone_cb (int fd, GIOCondition condition, gpointer user_data)
{
  cli_status_follow_leave (user_data, WHIS_EXIT_OK);

  return G_SOURCE_CONTINUE;
}

/**
 * whis_cli_status_describe:
 * @service: (nullable): the service; %NULL if it does not run
 *
 * Returns: (transfer full): what it does, as a dictionary
 */
GVariant *
whis_cli_status_describe (WhisBusWhis1 *service)
{
  return describe_change (service, "", service != NULL ? whis_bus_whis1_get_elapsed (service) : 0);
}

/**
 * whis_cli_status_follow_run:
 * @self: a follower
 *
 * Prints what is now, and then every change, until the service has gone and does not come back,
 * nobody reads any more, or a signal comes.
 *
 * Returns: the exit status
 */
int
whis_cli_status_follow_run (WhisCliStatusFollow *self)
{
  guint sources[3];

  g_return_val_if_fail (WHIS_IS_CLI_STATUS_FOLLOW (self), WHIS_EXIT_FAILED);

  sources[0] = g_unix_signal_add (SIGINT, interrupted_cb, self);
  sources[1] = g_unix_signal_add (SIGTERM, interrupted_cb, self);
  sources[2] = g_unix_fd_add (STDOUT_FILENO, G_IO_ERR, reader_gone_cb, self);
  owner_changed_cb (self);
  g_main_loop_run (self->loop);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);

  return self->status;
}

static void
whis_cli_status_follow_dispose (GObject *object)
{
  WhisCliStatusFollow *self = WHIS_CLI_STATUS_FOLLOW (object);

  g_clear_handle_id (&self->absence, g_source_remove);
  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_signal_handlers_disconnect_by_data (
          g_dbus_proxy_get_connection (G_DBUS_PROXY (self->service)), self);
    }
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_cli_status_follow_parent_class)->dispose (object);
}

static void
whis_cli_status_follow_finalize (GObject *object)
{
  WhisCliStatusFollow *self = WHIS_CLI_STATUS_FOLLOW (object);

  g_clear_pointer (&self->last, g_variant_unref);
  g_clear_pointer (&self->outcome_of, g_free);
  g_clear_pointer (&self->outcome, g_free);
  g_main_loop_unref (self->loop);

  G_OBJECT_CLASS (whis_cli_status_follow_parent_class)->finalize (object);
}

static void
whis_cli_status_follow_class_init (WhisCliStatusFollowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_cli_status_follow_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_cli_status_follow_finalize;
}

static void
whis_cli_status_follow_init (WhisCliStatusFollow *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
}

/**
 * whis_cli_status_follow_new:
 * @service: the service, which need not run
 * @format: what the lines have in them
 *
 * Returns: (transfer full): a follower
 */
WhisCliStatusFollow *
whis_cli_status_follow_new (WhisBusWhis1 *service, WhisCliStatusFormat format)
{
  WhisCliStatusFollow *self = g_object_new (WHIS_TYPE_CLI_STATUS_FOLLOW, NULL);

  g_return_val_if_fail (WHIS_BUS_IS_WHIS1 (service), NULL);

  self->service = g_object_ref (service);
  self->format = format;
  g_signal_connect_object (service, "g-properties-changed", G_CALLBACK (cli_status_follow_update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::g-name-owner", G_CALLBACK (owner_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "history-changed", G_CALLBACK (history_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), "closed",
                           G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);

  return self;
}
