/* SPDX-License-Identifier: MIT */
#include "../desktop/bus.h"
#include "shell-method.h"

static const char introspection[] =
    "<node><interface name='io.github.whis_gtk.Whis1.Shell'>"
    "<method name='Commit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='out'/></method>"
    "<method name='TakeBack'><arg type='s' direction='in'/><arg type='b' direction='out'/></method>"
    "<method name='GetFocus'><arg type='a{sv}' direction='out'/></method>"
    "</interface></node>";

/* An extension of GNOME Shell that answers as a test says. */
typedef struct
{
  Bus bus;
  WhisShellMethod *method;
  GDBusNodeInfo *node;
  guint object;
  GString *log;
  const char *answer; /* a printed GVariant, or the name of an error; NULL to hold it back */
  GDBusMethodInvocation *held;
} Fixture;

typedef struct
{
  gboolean done;
  gboolean taken_back;
  WhisDeliveryOutcome outcome;
  WhisFocus *focus;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_pointer (&end->focus, whis_focus_unref);
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
on_called (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *printed = g_variant_print (parameters, FALSE);

  g_string_append_printf (fixture->log, "%s%s ", method, printed);
  if (fixture->answer == NULL)
    fixture->held = invocation;
  else if (g_str_has_prefix (fixture->answer, "("))
    g_dbus_method_invocation_return_value (invocation, g_variant_new_parsed (fixture->answer));
  else
    g_dbus_method_invocation_return_dbus_error (invocation, fixture->answer, "No.");
}

static const GDBusInterfaceVTable vtable = { .method_call = on_called };

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  bus_set_up (&fixture->bus, NULL);
  fixture->log = g_string_new (NULL);
  fixture->method = whis_shell_method_new (fixture->bus.ours);
  fixture->node = g_dbus_node_info_new_for_xml (introspection, NULL);
  fixture->object = g_dbus_connection_register_object (fixture->bus.theirs, WHIS_APP_PATH "/Shell",
                                                       fixture->node->interfaces[0], &vtable,
                                                       fixture, NULL, NULL);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->method);
  g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->object);
  g_dbus_node_info_unref (fixture->node);
  g_string_free (fixture->log, TRUE);
  bus_tear_down (&fixture->bus, NULL);
}

static void
await_end (End *end)
{
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->outcome =
      whis_insertion_method_insert_finish (WHIS_INSERTION_METHOD (source), result, &end->error);
  end->done = TRUE;
}

static void
insert (Fixture *fixture, const char *text, WhisFocusKind kind, End *end)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new (text);

  g_string_truncate (fixture->log, 0);
  insertion->focus = whis_focus_new (kind, NULL, NULL);
  whis_insertion_method_insert_async (WHIS_INSERTION_METHOD (fixture->method), insertion, NULL,
                                      on_inserted, end);
  await_end (end);
}

/* The object is there, and nobody has the name: no text goes over the bus. The extension is named
 * only where there is a GNOME Shell. */
static void
test_no_owner (Fixture *fixture, gconstpointer data)
{
  g_auto (End) other = { 0 };
  g_auto (End) gnome = { 0 };

  fixture->answer = "('landed',)";
  insert (fixture, "words", WHIS_FOCUS_TEXT, &other);
  g_assert_error (other.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  g_assert_cmpstr (fixture->log->str, ==, "");
  g_assert_null (strstr (other.error->message, "GNOME"));

  bus_own_name (&fixture->bus, "org.gnome.Shell");
  insert (fixture, "words", WHIS_FOCUS_TEXT, &gnome);
  g_assert_error (gnome.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  g_assert_nonnull (strstr (gnome.error->message, "GNOME"));
}

/* An error of before the call lets the next method try; after it nothing is repeated. */
static void
test_outcomes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    WhisDeliveryOutcome outcome;
    int error;
  } cases[] = {
    { "('landed',)", WHIS_DELIVERY_OUTCOME_LANDED, -1 },
    { "('handed-over',)", WHIS_DELIVERY_OUTCOME_HANDED_OVER, -1 },
    { "('not-seen',)", WHIS_DELIVERY_OUTCOME_NOT_SEEN, -1 },
    { "('password-field',)", WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD, -1 },
    { "('no-text-field',)", WHIS_DELIVERY_OUTCOME_NONE, WHIS_DELIVERY_ERROR_NO_FOCUS },
    { "('focus-changed',)", WHIS_DELIVERY_OUTCOME_NONE, WHIS_DELIVERY_ERROR_NO_FOCUS },
    { "org.freedesktop.DBus.Error.AccessDenied", WHIS_DELIVERY_OUTCOME_NONE,
      WHIS_DELIVERY_ERROR_NOT_OFFERED },
    { "org.freedesktop.DBus.Error.UnknownMethod", WHIS_DELIVERY_OUTCOME_NONE,
      WHIS_DELIVERY_ERROR_NOT_OFFERED },
    { "org.freedesktop.DBus.Error.NoReply", WHIS_DELIVERY_OUTCOME_NOT_SEEN, -1 },
    { "org.gnome.gjs.JSError.TypeError", WHIS_DELIVERY_OUTCOME_NOT_SEEN, -1 },
  };

  bus_own_name (&fixture->bus, WHIS_APP_ID ".Shell");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (End) end = { 0 };

      fixture->answer = cases[i].answer;
      insert (fixture, "words", WHIS_FOCUS_TEXT, &end);
      if (cases[i].error >= 0)
        g_assert_error (end.error, WHIS_DELIVERY_ERROR, cases[i].error);
      else
        g_assert_no_error (end.error);
      g_assert_cmpint (end.outcome, ==, cases[i].outcome);
      g_assert_cmpstr (fixture->log->str, ==, "Commit('words', '') ");
    }
}

/* The extension has the text when the user gives up: it is said what became of it. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisInsertion) insertion = whis_insertion_new ("words");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (End) end = { 0 };

  bus_own_name (&fixture->bus, WHIS_APP_ID ".Shell");
  whis_insertion_method_insert_async (WHIS_INSERTION_METHOD (fixture->method), insertion,
                                      cancellable, on_inserted, &end);
  bus_await (fixture->held != NULL);
  g_cancellable_cancel (cancellable);
  bus_settle (&fixture->bus);
  g_assert_false (end.done);
  g_dbus_method_invocation_return_value (fixture->held, g_variant_new ("(s)", "landed"));
  await_end (&end);
  g_assert_no_error (end.error);
  g_assert_cmpint (end.outcome, ==, WHIS_DELIVERY_OUTCOME_LANDED);
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    WhisFocusKind kind;
    const char *log;
  } cases[] = {
    { WHIS_FOCUS_TEXT, "Commit('two\\nlines\\n', '') " },
    { WHIS_FOCUS_UNKNOWN, "Commit('two\\nlines\\n', '') " },
    { WHIS_FOCUS_TERMINAL, "Commit('two lines', '') " },
  };

  bus_own_name (&fixture->bus, WHIS_APP_ID ".Shell");
  fixture->answer = "('landed',)";
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (End) end = { 0 };

      insert (fixture, "two\nlines\n", cases[i].kind, &end);
      g_assert_no_error (end.error);
      g_assert_cmpstr (fixture->log->str, ==, cases[i].log);
    }
}

static void
on_queried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->focus = whis_focus_source_query_finish (WHIS_FOCUS_SOURCE (source), result, &end->error);
  end->done = TRUE;
}

static void
test_focus (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *answer;
    WhisFocusKind kind;
    const char *application;
    const char *identity;
    const char *text_before;
  } cases[] = {
    { "(@a{sv} {},)", WHIS_FOCUS_UNKNOWN, NULL, NULL, NULL },
    { "({'kind': <'text'>, 'application': <'editor'>, 'identity': <'7'>, 'text-before': <'a'>},)",
      WHIS_FOCUS_TEXT, "editor", "shell:7", "a" },
    { "({'kind': <'password'>, 'application': <''>},)", WHIS_FOCUS_PASSWORD, NULL, NULL, NULL },
    { "({'kind': <'none'>, 'identity': <''>},)", WHIS_FOCUS_NONE, NULL, NULL, NULL },
    { "({'kind': <'terminal'>},)", WHIS_FOCUS_TERMINAL, NULL, NULL, NULL },
    { "({'kind': <'of another version'>, 'application': <'xterm'>},)", WHIS_FOCUS_TERMINAL, "xterm",
      NULL, NULL },
    { "({'kind': <5>},)", WHIS_FOCUS_UNKNOWN, NULL, NULL, NULL },
  };

  bus_own_name (&fixture->bus, WHIS_APP_ID ".Shell");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (End) end = { 0 };

      fixture->answer = cases[i].answer;
      whis_focus_source_query_async (WHIS_FOCUS_SOURCE (fixture->method), NULL, on_queried, &end);
      await_end (&end);
      g_assert_no_error (end.error);
      g_assert_cmpint (end.focus->kind, ==, cases[i].kind);
      g_assert_cmpstr (end.focus->application, ==, cases[i].application);
      g_assert_cmpstr (end.focus->identity, ==, cases[i].identity);
      g_assert_cmpstr (end.focus->text_before, ==, cases[i].text_before);
    }
}

static void
on_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  end->taken_back =
      whis_insertion_method_take_back_finish (WHIS_INSERTION_METHOD (source), result, &end->error);
  end->done = TRUE;
}

static void
test_take_back (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      g_auto (End) end = { 0 };

      /* First without an owner. */
      if (i == 1)
        bus_own_name (&fixture->bus, WHIS_APP_ID ".Shell");
      fixture->answer = i == 1 ? "(true,)" : "(false,)";
      whis_insertion_method_take_back_async (WHIS_INSERTION_METHOD (fixture->method), "words", NULL,
                                             on_taken_back, &end);
      await_end (&end);
      g_assert_true (end.taken_back == (i == 1));
      g_assert_true ((end.error != NULL) == (i == 0));
    }
  g_assert_cmpstr (fixture->log->str, ==, "TakeBack('words',) TakeBack('words',) ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/shell-method/" path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("no-owner", test_no_owner);
  ADD ("outcomes", test_outcomes);
  ADD ("cancelled", test_cancelled);
  ADD ("texts", test_texts);
  ADD ("focus", test_focus);
  ADD ("take-back", test_take_back);

  return g_test_run ();
}
