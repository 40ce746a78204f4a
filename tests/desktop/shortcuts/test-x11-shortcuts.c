/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "display.h"
#include "shortcut-press.h"
#include "x11-shortcuts.h"

/* A real X server, and keys that another program presses. */
typedef struct
{
  Display *display; /* of all tests; each leaves the lock keys as they were */
  WhisX11Connection *connection;
  WhisShortcutBackend *backend;
  GString *log;
  guint raw_presses;
  guint raw_releases;
} Session;

/* The server begins anew when its last client leaves it, so that one connection stays. */
static Display *shared_display;
static WhisX11Connection *shared_connection;

static void
on_pressed (WhisShortcutBackend *backend, WhisShortcutAction action, Session *session)
{
  g_string_append_printf (session->log, "+%s ", whis_shortcut_action_get_nick (action));
}

static void
on_released (WhisShortcutBackend *backend, WhisShortcutAction action, Session *session)
{
  g_string_append_printf (session->log, "-%s ", whis_shortcut_action_get_nick (action));
}

static void
on_event (WhisX11Connection *connection, xcb_generic_event_t *event, Session *session)
{
  session->raw_presses += (event->response_type & 0x7f) == XCB_KEY_PRESS;
  session->raw_releases += (event->response_type & 0x7f) == XCB_KEY_RELEASE;
}

static void
setup (Session *session, gconstpointer data)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }
  if (shared_display == NULL)
    shared_display = display_new_x11 ();
  session->display = shared_display;
  if (session->display == NULL)
    return;

  session->log = g_string_new (NULL);
  if (shared_connection == NULL)
    shared_connection = whis_x11_connection_new (session->display->name);
  session->connection = shared_connection;
  g_signal_connect (session->connection, "event", G_CALLBACK (on_event), session);
  session->backend = WHIS_SHORTCUT_BACKEND (whis_x11_shortcuts_new (session->connection));
  g_signal_connect (session->backend, "pressed", G_CALLBACK (on_pressed), session);
  g_signal_connect (session->backend, "released", G_CALLBACK (on_released), session);
}

static void
teardown (Session *session, gconstpointer data)
{
  if (session->display == NULL)
    return;

  g_clear_object (&session->backend);
  g_signal_handlers_disconnect_by_data (session->connection, session);
  g_string_free (session->log, TRUE);
}

static void
run (Session *session, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "DISPLAY", session->display->name, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
xdotool (Session *session, const char *command, const char *key)
{
  const char *const argv[] = { "xdotool", command, key, NULL };

  run (session, argv);
}

static void
await_log (Session *session, const char *log)
{
  while (session->log->len < strlen (log))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (session->log->str, ==, log);
  g_string_truncate (session->log, 0);
}

static void
on_bound (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = user_data;

  g_assert_true (
      whis_shortcut_backend_bind_finish (WHIS_SHORTCUT_BACKEND (source), result, &error));
  g_assert_no_error (error);
  *done = TRUE;
}

static void
bind (WhisShortcutBackend *backend, WhisShortcutAction action, const char *trigger)
{
  WhisShortcutBinding binding = { .action = action };
  gboolean done = FALSE;

  g_assert_true (whis_shortcut_trigger_parse (trigger, &binding.trigger, NULL));
  whis_shortcut_backend_bind_async (backend, &binding, 1, NULL, on_bound, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_synced (gpointer reply, xcb_generic_error_t *error, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* The server has done what was asked for, and has told what happened until now. */
static void
sync_with_server (WhisX11Connection *connection)
{
  gboolean done = FALSE;

  whis_x11_connection_expect_reply (
      connection, xcb_get_input_focus (whis_x11_connection_get_xcb (connection)).sequence,
      on_synced, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

#define TOGGLE WHIS_SHORTCUT_ACTION_TOGGLE

static void
test_lock_keys (Session *session, gconstpointer data)
{
  static const char *const locks[] = { "Num_Lock",    "Caps_Lock", "Num_Lock",
                                       "Scroll_Lock", "Caps_Lock", "Scroll_Lock" };
  g_autofree char *label = NULL;

  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "<Super>h");
  label = whis_shortcut_backend_dup_trigger (session->backend, TOGGLE);
  g_assert_cmpstr (label, ==, "Super+H");
  g_assert_null (whis_shortcut_backend_get_problem (session->backend));

  xdotool (session, "key", "super+h");
  await_log (session, "+toggle -toggle ");
  for (gsize i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      xdotool (session, "key", locks[i]);
      xdotool (session, "key", "super+h");
      await_log (session, "+toggle -toggle ");
    }

  /* Other modifiers make another shortcut. */
  xdotool (session, "key", "super+ctrl+h");
  xdotool (session, "key", "h");
  sync_with_server (session->connection);
  g_assert_cmpstr (session->log->str, ==, "");
}

/* The server repeats the key, and that is neither a press nor a release. */
static void
test_repeat (Session *session, gconstpointer data)
{
  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "F9");
  xdotool (session, "keydown", "F9");
  while (session->raw_presses < 5)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (session->raw_releases, ==, 0);
  xdotool (session, "keyup", "F9");
  await_log (session, "+toggle -toggle ");
}

/* The modifier may be released before the key. */
static void
test_modifier_first (Session *session, gconstpointer data)
{
  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "<Control><Alt>space");
  xdotool (session, "keydown", "ctrl+alt+space");
  await_log (session, "+toggle ");
  xdotool (session, "keyup", "ctrl");
  xdotool (session, "keyup", "alt");
  xdotool (session, "keyup", "space");
  await_log (session, "-toggle ");
}

static void
test_button (Session *session, gconstpointer data)
{
  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "Button8");
  xdotool (session, "mousedown", "8");
  await_log (session, "+toggle ");
  xdotool (session, "mouseup", "8");
  await_log (session, "-toggle ");
  xdotool (session, "click", "9");
  sync_with_server (session->connection);
  g_assert_cmpstr (session->log->str, ==, "");
}

static void
test_conflict (Session *session, gconstpointer data)
{
  g_autoptr (WhisX11Connection) connection = NULL;
  g_autoptr (WhisShortcutBackend) other = NULL;

  if (session->display == NULL)
    return;

  connection = whis_x11_connection_new (session->display->name);
  other = WHIS_SHORTCUT_BACKEND (whis_x11_shortcuts_new (connection));
  bind (session->backend, TOGGLE, "<Super>h");
  bind (other, TOGGLE, "<Super>h");
  g_assert_cmpstr (whis_shortcut_backend_get_problem (other), ==,
                   "Another program uses Super+H; choose another key for “Dictate”.");
  g_assert_null (whis_shortcut_backend_dup_trigger (other, TOGGLE));
  xdotool (session, "key", "super+h");
  await_log (session, "+toggle -toggle ");

  /* It is free when the first lets it go. */
  whis_shortcut_backend_unbind (session->backend);
  sync_with_server (session->connection);
  bind (other, TOGGLE, "<Super>h");
  g_assert_null (whis_shortcut_backend_get_problem (other));
}

static void
test_no_such_key (Session *session, gconstpointer data)
{
  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "<Super>U6F22");
  g_assert_cmpstr (whis_shortcut_backend_get_problem (session->backend), ==,
                   "The keyboard has no key for Super+漢; choose another one for “Dictate”.");
}

/* Escape is taken while it cancels only, also on another keyboard or for other shortcuts. After
 * that other programs have it again. */
static void
test_cancel (Session *session, gconstpointer data)
{
  guint presses;

  if (session->display == NULL)
    return;

  bind (session->backend, TOGGLE, "<Super>h");
  xdotool (session, "key", "Escape");
  sync_with_server (session->connection);
  g_assert_cmpstr (session->log->str, ==, "");

  whis_shortcut_backend_set_cancel (session->backend, TRUE);
  sync_with_server (session->connection);
  xdotool (session, "key", "Caps_Lock");
  xdotool (session, "key", "Escape");
  await_log (session, "+cancel -cancel ");
  xdotool (session, "key", "Caps_Lock");

  bind (session->backend, TOGGLE, "F9");
  xdotool (session, "key", "Escape");
  await_log (session, "+cancel -cancel ");

  whis_shortcut_backend_set_cancel (session->backend, FALSE);
  sync_with_server (session->connection);
  presses = session->raw_presses;
  xdotool (session, "key", "Escape");
  xdotool (session, "key", "F9");
  await_log (session, "+toggle -toggle ");
  g_assert_cmpuint (session->raw_presses, ==, presses + 1);
}

/* One key with different modifiers. */
static void
test_two (Session *session, gconstpointer data)
{
  const WhisShortcutBinding bindings[] = {
    { TOGGLE, { WHIS_SHORTCUT_SUPER, 'h', 0 } },
    { WHIS_SHORTCUT_ACTION_ALTERNATIVE, { WHIS_SHORTCUT_SUPER | WHIS_SHORTCUT_SHIFT, 'h', 0 } },
  };
  gboolean done = FALSE;

  if (session->display == NULL)
    return;

  whis_shortcut_backend_bind_async (session->backend, bindings, 2, NULL, on_bound, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  xdotool (session, "key", "super+shift+h");
  await_log (session, "+alternative -alternative ");
  xdotool (session, "key", "super+h");
  await_log (session, "+toggle -toggle ");
}

/* The letter is elsewhere in another layout. */
static void
test_layout (Session *session, gconstpointer data)
{
  static const char *const dvorak[] = { "setxkbmap", "dvorak", NULL };
  g_autofree char *setxkbmap = g_find_program_in_path ("setxkbmap");
  guint presses;

  if (session->display == NULL)
    return;
  if (setxkbmap == NULL)
    {
      g_test_skip ("setxkbmap is not installed");
      return;
    }

  bind (session->backend, TOGGLE, "<Super>h");
  run (session, dvorak);
  /* From the news of the layout follow two rounds of requests. */
  for (guint i = 0; i < 4; i++)
    sync_with_server (session->connection);
  presses = session->raw_presses;
  xdotool (session, "key", "super+h");
  await_log (session, "+toggle -toggle ");
  g_assert_cmpuint (session->raw_presses, ==, presses + 1);
}

static void
on_press_toggle (WhisShortcutPress *press, WhisShortcutAction action, Session *session)
{
  whis_shortcut_press_set_recording (press, TRUE);
  g_string_append (session->log, "toggle ");
}

static void
on_hold_end (WhisShortcutPress *press, WhisShortcutAction action, Session *session)
{
  g_string_append (session->log, "end ");
}

/* Together with what presses mean. */
static void
test_hold (Session *session, gconstpointer data)
{
  g_autoptr (WhisShortcutPress) press = NULL;
  gint64 began;

  if (session->display == NULL)
    return;

  press = whis_shortcut_press_new (NULL);
  g_signal_handlers_disconnect_by_data (session->backend, session);
  g_signal_connect (press, "toggle", G_CALLBACK (on_press_toggle), session);
  g_signal_connect (press, "hold-end", G_CALLBACK (on_hold_end), session);
  g_signal_connect_object (session->backend, "pressed", G_CALLBACK (whis_shortcut_press_press),
                           press, G_CONNECT_SWAPPED);
  g_signal_connect_object (session->backend, "released", G_CALLBACK (whis_shortcut_press_release),
                           press, G_CONNECT_SWAPPED);
  bind (session->backend, TOGGLE, "<Super>h");

  began = g_get_monotonic_time ();
  xdotool (session, "keydown", "super+h");
  while (session->raw_presses < 3 || g_get_monotonic_time () - began <= WHIS_SHORTCUT_TAP_MS * 1000)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (session->log->str, ==, "toggle ");
  xdotool (session, "keyup", "super+h");
  await_log (session, "toggle end ");
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/x11-shortcuts/" path, Session, NULL, setup, function, teardown)

  ADD ("lock-keys", test_lock_keys);
  ADD ("repeat", test_repeat);
  ADD ("modifier-first", test_modifier_first);
  ADD ("button", test_button);
  ADD ("conflict", test_conflict);
  ADD ("no-such-key", test_no_such_key);
  ADD ("cancel", test_cancel);
  ADD ("two", test_two);
  ADD ("hold", test_hold);
  ADD ("layout", test_layout);

  status = g_test_run ();
  g_clear_object (&shared_connection);
  g_clear_pointer (&shared_display, display_free);

  return status;
}
