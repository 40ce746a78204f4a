/* SPDX-License-Identifier: MIT */
/*
 * Inserts a text as the service does, with the methods of this session, and prints a line: the
 * outcome, the method, and whether the text is on the clipboard. What it owns stays until its input
 * ends; a late receipt is a line, too.
 */
#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <unistd.h>

#include "accessible-focus.h"
#include "delivery.h"
#include "focus-query.h"
#include "ibus-panel-method.h"
#include "method-description.h"
#include "paste-method.h"
#include "session-delivery.h"
#include "x11-focus.h"
#include "x11-selection.h"
#include "xtest-keys.h"

static char *mode = NULL;
static char *chord = NULL;
static char *expected = NULL;
static gboolean restore = FALSE;
static gboolean sensitive = FALSE;
static gboolean describe = FALSE;
static char *expected_kind = NULL;
static gboolean tell_focus = FALSE;
static char *file = NULL;
static gboolean by_ibus = FALSE;
static gboolean ibus_off = FALSE;
static int deadline = 0;
static char *own_name = NULL;
static gboolean take_back = FALSE;
static char *token_file = NULL;

static const GOptionEntry options[] = {
  { "mode", 0, 0, G_OPTION_ARG_STRING, &mode, NULL, "insert, paste, commit, copy or both" },
  { "chord", 0, 0, G_OPTION_ARG_STRING, &chord, NULL, "automatic, ctrl+v, …" },
  { "expected", 0, 0, G_OPTION_ARG_STRING, &expected, NULL, "the identity of the focus at stop" },
  { "expected-kind", 0, 0, G_OPTION_ARG_STRING, &expected_kind, NULL,
    "wait until the focus is of this kind: unknown, none, text, terminal or password" },
  { "restore", 0, 0, G_OPTION_ARG_NONE, &restore, NULL, "put the clipboard of before back" },
  { "sensitive", 0, 0, G_OPTION_ARG_NONE, &sensitive, NULL, "keep it out of histories" },
  { "describe", 0, 0, G_OPTION_ARG_NONE, &describe, NULL, "list the methods" },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, NULL, "a file with the text" },
  { "focus", 0, 0, G_OPTION_ARG_NONE, &tell_focus, NULL, "tell what has the focus" },
  { "deadline", 0, 0, G_OPTION_ARG_INT, &deadline, NULL, "milliseconds until it is not seen" },
  { "own-name", 0, 0, G_OPTION_ARG_STRING, &own_name, NULL, "own this name on the session bus" },
  { "take-back", 0, 0, G_OPTION_ARG_NONE, &take_back, NULL,
    "take the text back again, and say whether that was done" },
  { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &token_file, NULL,
    "where the portal's permission is kept" },
  { "ibus", 0, 0, G_OPTION_ARG_NONE, &by_ibus, NULL,
    "let IBus commit it; on X11 nothing else does" },
  { "ibus-off", 0, 0, G_OPTION_ARG_NONE, &ibus_off, NULL, "have that method, and not allow it" },
  { NULL },
};

typedef struct
{
  GDBusConnection *bus;
  WhisX11Connection *connection;
  WhisSelection *selection;
  WhisDelivery *delivery;
  GMainLoop *loop;
} Session;

static void
session_clear (Session *self)
{
  g_clear_object (&self->delivery);
  g_clear_object (&self->selection);
  g_clear_object (&self->connection);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static void
on_late_receipt (WhisDelivery *delivery, WhisInsertion *insertion, gpointer user_data)
{
  puts ("late-receipt");
  fflush (stdout);
}

static void
on_lost (WhisSelection *selection, gpointer user_data)
{
  puts ("lost");
  fflush (stdout);
}

static void
session_add_ibus (Session *self)
{
  g_autoptr (WhisIBusPanelMethod) ibus = whis_ibus_panel_method_new (NULL, g_getenv ("DISPLAY"));

  whis_ibus_panel_method_set_allowed (ibus, !ibus_off);
  whis_delivery_add_method (self->delivery, WHIS_INSERTION_METHOD (ibus));
}

static void
session_add_methods (Session *self)
{
  g_autoptr (WhisKeySender) keys = whis_xtest_keys_new (self->connection);
  g_autoptr (WhisPasteMethod) paste = whis_paste_method_new ("x11-paste", self->selection, keys);
  g_autoptr (WhisFocusSource) focus = whis_x11_focus_new (self->connection);
  g_autoptr (WhisFocusSource) field = whis_accessible_focus_new ();

  if (by_ibus || ibus_off)
    session_add_ibus (self);
  else
    whis_delivery_add_method (self->delivery, WHIS_INSERTION_METHOD (paste));
  whis_delivery_add_selection (self->delivery, self->selection);
  whis_delivery_add_focus_source (self->delivery, focus);
  whis_delivery_add_focus_source (self->delivery, field);
}

/* The extension of GNOME Shell answers the service alone. */
static void
session_own_name (Session *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) owned = NULL;

  owned = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", own_name, 0), G_VARIANT_TYPE ("(u)"),
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
on_token_changed (WhisPortalKeys *keys, GParamSpec *pspec, gpointer user_data)
{
  const char *token = whis_portal_keys_get_restore_token (keys);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (token_file, token != NULL ? token : "", -1, &error);
  g_assert_no_error (error);
}

static WhisPortalKeys *
create_portal_keys (GDBusConnection *bus)
{
  WhisPortalKeys *keys = whis_portal_keys_new (bus);
  g_autofree char *token = NULL;

  whis_portal_keys_set_allowed (keys, TRUE);
  if (token_file == NULL)
    return keys;

  if (g_file_get_contents (token_file, &token, NULL, NULL))
    whis_portal_keys_set_restore_token (keys, token);
  g_signal_connect (keys, "notify::restore-token", G_CALLBACK (on_token_changed), NULL);

  return keys;
}

static void
session_init (Session *self)
{
  g_autoptr (WhisClipboard) clipboard = whis_clipboard_new ();

  if (g_getenv ("WAYLAND_DISPLAY") != NULL)
    {
      g_autoptr (WhisPortalKeys) keys = NULL;

      g_autoptr (WhisIBusPanelMethod) ibus =
          whis_ibus_panel_method_new (g_getenv ("WAYLAND_DISPLAY"), g_getenv ("DISPLAY"));

      whis_ibus_panel_method_set_allowed (ibus, by_ibus && !ibus_off);
      self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
      if (own_name != NULL)
        session_own_name (self);
      keys = create_portal_keys (self->bus);
      self->delivery = whis_delivery_new (clipboard);
      whis_session_delivery_fill (self->delivery, self->bus, g_getenv ("WAYLAND_DISPLAY"),
                                  g_getenv ("DISPLAY"), ibus, keys);
      self->loop = g_main_loop_new (NULL, FALSE);
      g_signal_connect (self->delivery, "late-receipt", G_CALLBACK (on_late_receipt), NULL);
      return;
    }

  self->connection = whis_x11_connection_new (NULL);
  self->selection = whis_x11_selection_new (self->connection, TRUE);
  self->delivery = whis_delivery_new (clipboard);
  self->loop = g_main_loop_new (NULL, FALSE);
  session_add_methods (self);
  g_signal_connect (self->delivery, "late-receipt", G_CALLBACK (on_late_receipt), NULL);
  g_signal_connect (self->selection, "lost", G_CALLBACK (on_lost), NULL);
}

static WhisChord
parse_chord (const char *nick)
{
  g_autoptr (GEnumClass) chords = g_type_class_ref (WHIS_TYPE_CHORD);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (chords, nick) : NULL;

  return value != NULL ? (WhisChord) value->value : WHIS_CHORD_AUTOMATIC;
}

static void
on_input_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_main_loop_quit (user_data);
}

static void
await_end_of_input (GMainLoop *loop)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  g_input_stream_read_bytes_async (input, 1, G_PRIORITY_DEFAULT, NULL, on_input_ended, loop);
  g_main_loop_run (loop);
}

static void
on_delivered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDeliveryResult) what =
      whis_delivery_deliver_finish (WHIS_DELIVERY (source), result, &error);

  if (what == NULL)
    printf ("error %s\n", error->message);
  else
    printf ("%s %s %s%s%s\n", whis_delivery_outcome_get_nick (what->outcome),
            what->method != NULL ? what->method : "-", what->copied ? "copied" : "-",
            what->reason != NULL ? " " : "", what->reason != NULL ? what->reason : "");
  fflush (stdout);
  g_main_loop_quit (user_data);
}

static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean done = whis_delivery_take_back_finish (WHIS_DELIVERY (source), result, &error);

  puts (done ? "taken back" : error != NULL ? error->message : "not taken back");
  fflush (stdout);
  g_main_loop_quit (user_data);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) methods = whis_method_description_finish (result, NULL);
  g_autofree char *text = g_variant_print (methods, FALSE);

  puts (text);
  g_main_loop_quit (user_data);
}

static const char *const kinds[] = { "unknown", "none", "text", "terminal", "password" };

static void
on_expected_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisInsertion *insertion = user_data;

  insertion->expected = whis_focus_query_finish (result, NULL);
}

/* As the service asks when the user stops speaking; on a busy machine not every source answers in
 * time. */
static void
await_expected (WhisDelivery *delivery, WhisInsertion *insertion)
{
  while (insertion->expected == NULL
         || g_strcmp0 (kinds[insertion->expected->kind], expected_kind) != 0)
    {
      g_clear_pointer (&insertion->expected, whis_focus_unref);
      whis_focus_query_async (whis_delivery_get_focus_sources (delivery), NULL, on_expected_known,
                              insertion);
      while (insertion->expected == NULL)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
on_focus_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisFocus) focus = whis_focus_query_finish (result, NULL);

  if (focus == NULL)
    puts ("nobody tells");
  else
    printf ("%s\n%s\n%s\n%s\n", kinds[focus->kind],
            focus->application != NULL ? focus->application : "-",
            focus->identity != NULL ? focus->identity : "-",
            focus->text_before != NULL ? focus->text_before : "-");
  g_main_loop_quit (user_data);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("TEXT");
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisInsertion) insertion = NULL;
  g_autofree char *text = NULL;
  g_auto (Session) session = { NULL };

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (file == NULL && !describe && !tell_focus && argc != 2)
      || (file != NULL && !g_file_get_contents (file, &text, NULL, &error)))
    {
      fprintf (stderr, "%s\n", error != NULL ? error->message : "One text is needed.");
      return 2;
    }

  session_init (&session);
  if (describe)
    {
      whis_method_description_async (whis_delivery_get_methods (session.delivery), NULL,
                                     on_described, session.loop);
      g_main_loop_run (session.loop);
      return 0;
    }

  if (tell_focus)
    {
      whis_focus_query_async (whis_delivery_get_focus_sources (session.delivery), NULL,
                              on_focus_known, session.loop);
      g_main_loop_run (session.loop);
      return 0;
    }

  insertion = whis_insertion_new (text != NULL ? text : argv[1]);
  insertion->restore = restore;
  insertion->sensitive = sensitive;
  insertion->chord = parse_chord (chord);
  insertion->deadline_ms = (guint) MAX (deadline, 0);
  if (expected != NULL)
    insertion->expected = whis_focus_new (WHIS_FOCUS_UNKNOWN, NULL, expected);
  if (expected_kind != NULL)
    await_expected (session.delivery, insertion);
  whis_delivery_deliver_async (session.delivery, insertion, whis_delivery_mode_from_nick (mode),
                               NULL, on_delivered, session.loop);
  g_main_loop_run (session.loop);
  if (take_back)
    {
      whis_delivery_take_back_async (session.delivery, NULL, on_taken_back, session.loop);
      g_main_loop_run (session.loop);
    }
  await_end_of_input (session.loop);

  return 0;
}
