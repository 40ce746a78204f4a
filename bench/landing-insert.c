/* SPDX-License-Identifier: MIT */
/*
 * Inserts each line of its input as the service does, one after the other, and prints what is known
 * of it: the outcome and the method. `--own-name=NAME` owns a name on the session bus, as the
 * service does for those who answer it alone.
 */
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <unistd.h>

#include "session-delivery.h"

typedef struct
{
  GDataInputStream *lines;
  WhisDelivery *delivery;
  GMainLoop *loop;
} Bench;

static void bench_read_line (Bench *self);

static void
on_delivered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDeliveryResult) what =
      whis_delivery_deliver_finish (self->delivery, result, &error);

  if (what == NULL)
    printf ("error %s\n", error->message);
  else
    printf ("%s %s\n", whis_delivery_outcome_get_nick (what->outcome),
            what->method != NULL ? what->method : "-");
  fflush (stdout);
  bench_read_line (self);
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Bench *self = user_data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (self->lines, result, NULL, NULL);
  g_autoptr (WhisInsertion) insertion = NULL;

  if (line == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }

  insertion = whis_insertion_new (line);
  whis_delivery_deliver_async (self->delivery, insertion, WHIS_DELIVERY_MODE_INSERT, NULL,
                               on_delivered, self);
}

static void
bench_read_line (Bench *self)
{
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, NULL, on_line, self);
}

/* Returns: (transfer full) (nullable): the session bus, if a name is to be owned there */
static GDBusConnection *
own_name (int argc, char **argv)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "own-name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GDBusConnection *bus;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || name == NULL)
    return NULL;

  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  if (bus != NULL)
    g_bus_own_name_on_connection (bus, name, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);

  return bus;
}

int
main (int argc, char **argv)
{
  g_autoptr (GDBusConnection) bus = own_name (argc, argv);
  g_autoptr (WhisClipboard) clipboard = whis_clipboard_new ();
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autoptr (WhisDelivery) delivery = whis_delivery_new (clipboard);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Bench bench = { lines, delivery, loop };

  whis_session_delivery_fill (delivery, bus, g_getenv ("WAYLAND_DISPLAY"), g_getenv ("DISPLAY"),
                              NULL, NULL);
  bench_read_line (&bench);
  g_main_loop_run (loop);

  return 0;
}
