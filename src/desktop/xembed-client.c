/* SPDX-License-Identifier: MIT */
#include "xembed-client.h"

#include <signal.h>

struct _WhisXembedClient
{
  GObject parent_instance;

  GSubprocess *process;
  gboolean shown;
};

G_DEFINE_FINAL_TYPE (WhisXembedClient, whis_xembed_client, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_SHOWN,
  N_PROPS
};

enum
{
  SIGNAL_ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_shown (WhisXembedClient *self, gboolean shown)
{
  if (self->shown == shown)
    return;

  self->shown = shown;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOWN]);
}

/* It writes a line whenever a panel takes its icon or loses it. */
static void
on_xembed_client_said (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisXembedClient) self = user_data;
  GDataInputStream *lines = G_DATA_INPUT_STREAM (source);
  g_autofree char *line = g_data_input_stream_read_line_finish (lines, result, NULL, NULL);

  set_shown (self, g_strcmp0 (line, "shown") == 0);
  if (line != NULL)
    g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_xembed_client_said,
                                         g_steal_pointer (&self));
}

static void
process_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisXembedClient) self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  set_shown (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static void
xembed_client_listen (WhisXembedClient *self)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));

  g_subprocess_wait_async (self->process, NULL, process_ended, g_object_ref (self));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_xembed_client_said,
                                       g_object_ref (self));
}

static void
whis_xembed_client_finalize (GObject *object)
{
  WhisXembedClient *self = WHIS_XEMBED_CLIENT (object);

  g_clear_object (&self->process);

  G_OBJECT_CLASS (whis_xembed_client_parent_class)->finalize (object);
}

static void
whis_xembed_client_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisXembedClient *self = WHIS_XEMBED_CLIENT (object);

  if (prop_id == PROP_SHOWN)
    g_value_set_boolean (value, self->shown);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_xembed_client_class_init (WhisXembedClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_xembed_client_finalize;
  object_class->get_property = whis_xembed_client_get_property;

  /**
   * WhisXembedClient:shown:
   */
  properties[PROP_SHOWN] =
      g_param_spec_boolean ("shown", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisXembedClient::ended:
   * @self: the client
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_xembed_client_init (WhisXembedClient *self)
{
}

const char *
whis_xembed_client_get_program (void)
{
  const char *program = g_getenv ("WHIS_XEMBED_TRAY_PROGRAM");

  return program != NULL ? program : WHIS_LIBEXECDIR "/whis-xembed-tray";
}

WhisXembedClient *
whis_xembed_client_new (const char *bus_name, GError **error)
{
  g_autoptr (WhisXembedClient) self = NULL;

  g_return_val_if_fail (bus_name != NULL, NULL);

  self = g_object_new (WHIS_TYPE_XEMBED_CLIENT, NULL);
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    error, whis_xembed_client_get_program (), bus_name, NULL);
  if (self->process == NULL)
    return NULL;

  xembed_client_listen (self);

  return g_steal_pointer (&self);
}

gboolean
whis_xembed_client_get_shown (WhisXembedClient *self)
{
  g_return_val_if_fail (WHIS_IS_XEMBED_CLIENT (self), FALSE);

  return self->shown;
}

void
whis_xembed_client_stop (WhisXembedClient *self)
{
  g_return_if_fail (WHIS_IS_XEMBED_CLIENT (self));

  g_subprocess_send_signal (self->process, SIGTERM);
}
