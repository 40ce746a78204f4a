/* SPDX-License-Identifier: MIT */
#include "shortcut-press.h"

/* --- a clock that stands still ------------------------------------------------------------------
 */

static gint64 time_ms;
static guint timeout_id;
static gint64 timeout_at;
static GSourceFunc timeout_func;
static gpointer timeout_data;

static gint64
get_time (void)
{
  return time_ms * 1000;
}

static guint
add_timeout (guint ms, GSourceFunc func, gpointer data)
{
  g_assert_null (timeout_func);

  timeout_at = time_ms + ms;
  timeout_func = func;
  timeout_data = data;

  return ++timeout_id;
}

static void
remove_timeout (guint id)
{
  g_assert_nonnull (timeout_func);
  g_assert_cmpuint (id, ==, timeout_id);

  timeout_func = NULL;
}

static const WhisShortcutClock standing_clock = { get_time, add_timeout, remove_timeout };

static void
advance (gint64 ms)
{
  gint64 end = time_ms + ms;

  while (timeout_func != NULL && timeout_at <= end)
    {
      GSourceFunc func = g_steal_pointer (&timeout_func);

      time_ms = timeout_at;
      func (timeout_data);
    }
  time_ms = end;
}

/* --- who obeys ---------------------------------------------------------------------------------
 */

typedef struct
{
  WhisShortcutPress *press;
  GString *log;
  gboolean recording;
} Dictation;

static void
set_recording (Dictation *dictation, gboolean recording)
{
  dictation->recording = recording;
  whis_shortcut_press_set_recording (dictation->press, recording);
}

static void
on_toggle (WhisShortcutPress *press, WhisShortcutAction action, Dictation *dictation)
{
  g_string_append_printf (dictation->log, "toggle:%s ", whis_shortcut_action_get_nick (action));
  set_recording (dictation, !dictation->recording);
}

static void
on_hold_begin (WhisShortcutPress *press, WhisShortcutAction action, Dictation *dictation)
{
  g_string_append_printf (dictation->log, "hold:%s ", whis_shortcut_action_get_nick (action));
  set_recording (dictation, TRUE);
}

static void
on_hold_end (WhisShortcutPress *press, WhisShortcutAction action, Dictation *dictation)
{
  g_string_append_printf (dictation->log, "end:%s ", whis_shortcut_action_get_nick (action));
  set_recording (dictation, FALSE);
}

static void
on_activate (WhisShortcutPress *press, WhisShortcutAction action, Dictation *dictation)
{
  g_string_append_printf (dictation->log, "%s ", whis_shortcut_action_get_nick (action));
}

static void
setup (Dictation *dictation, gconstpointer data)
{
  timeout_func = NULL;
  time_ms = 1000;
  dictation->press = whis_shortcut_press_new (&standing_clock);
  dictation->log = g_string_new (NULL);
  g_signal_connect (dictation->press, "toggle", G_CALLBACK (on_toggle), dictation);
  g_signal_connect (dictation->press, "hold-begin", G_CALLBACK (on_hold_begin), dictation);
  g_signal_connect (dictation->press, "hold-end", G_CALLBACK (on_hold_end), dictation);
  g_signal_connect (dictation->press, "activate", G_CALLBACK (on_activate), dictation);
}

static void
teardown (Dictation *dictation, gconstpointer data)
{
  g_assert_finalize_object (dictation->press);
  g_assert_null (timeout_func);
  g_string_free (dictation->log, TRUE);
}

static void
press (Dictation *dictation, WhisShortcutAction action)
{
  whis_shortcut_press_press (dictation->press, action);
}

static void
release (Dictation *dictation, WhisShortcutAction action)
{
  whis_shortcut_press_release (dictation->press, action);
}

#define TOGGLE WHIS_SHORTCUT_ACTION_TOGGLE
#define HOLD WHIS_SHORTCUT_ACTION_HOLD
#define CANCEL WHIS_SHORTCUT_ACTION_CANCEL

/* It starts when the key goes down, and goes on after a short press. */
static void
test_tap (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle ");
  advance (WHIS_SHORTCUT_TAP_MS);
  release (dictation, TOGGLE);
  advance (10000);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle ");
  g_assert_true (dictation->recording);

  press (dictation, TOGGLE);
  g_assert_false (dictation->recording);
  press (dictation, WHIS_SHORTCUT_ACTION_ALTERNATIVE);
  g_assert_false (dictation->recording);
  release (dictation, WHIS_SHORTCUT_ACTION_ALTERNATIVE);
  advance (2000);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle toggle:toggle ");
}

static void
test_hold (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (WHIS_SHORTCUT_TAP_MS + 1);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");
  g_assert_false (dictation->recording);
}

/* The timeout comes late, after the release. */
static void
test_hold_on_a_busy_machine (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  time_ms += WHIS_SHORTCUT_TAP_MS + 1;
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");
}

static void
test_repeated (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (500);
  for (guint i = 0; i < 200; i++)
    {
      press (dictation, TOGGLE);
      advance (30);
    }
  release (dictation, TOGGLE);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");
}

static void
test_hold_action (Dictation *dictation, gconstpointer data)
{
  press (dictation, HOLD);
  advance (20);
  release (dictation, HOLD);
  g_assert_cmpstr (dictation->log->str, ==, "hold:hold end:hold ");

  /* It does not end what another key has started. */
  g_string_truncate (dictation->log, 0);
  set_recording (dictation, TRUE);
  press (dictation, HOLD);
  release (dictation, HOLD);
  g_assert_cmpstr (dictation->log->str, ==, "");
}

static void
test_alternative (Dictation *dictation, gconstpointer data)
{
  press (dictation, WHIS_SHORTCUT_ACTION_ALTERNATIVE);
  /* A second key that talks means nothing while one is held. */
  press (dictation, TOGGLE);
  release (dictation, TOGGLE);
  advance (600);
  release (dictation, WHIS_SHORTCUT_ACTION_ALTERNATIVE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:alternative hold:alternative end:alternative ");
}

static void
test_cancel_while_held (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (600);
  press (dictation, CANCEL);
  press (dictation, CANCEL);
  set_recording (dictation, FALSE);
  release (dictation, CANCEL);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle cancel ");

  press (dictation, CANCEL);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle cancel cancel ");
}

/* A dictation that cannot start ends while its key is down. */
static void
test_failed_while_pressed (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  set_recording (dictation, FALSE);
  advance (10000);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle ");
}

static void
test_locked_while_held (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (600);
  whis_shortcut_press_release_all (dictation->press);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");

  /* The key works again. */
  press (dictation, TOGGLE);
  g_assert_true (dictation->recording);
  whis_shortcut_press_release_all (dictation->press);
  g_assert_false (dictation->recording);

  whis_shortcut_press_release_all (dictation->press);
  g_assert_false (dictation->recording);
}

/* What was started with a tap is not held by anybody. */
static void
test_locked_after_tap (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  release (dictation, TOGGLE);
  whis_shortcut_press_release_all (dictation->press);
  g_assert_true (dictation->recording);
}

static void
test_release_never_comes (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (WHIS_SHORTCUT_TAP_MS + 1 + WHIS_SHORTCUT_LONGEST_MS);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");
  g_assert_false (dictation->recording);

  /* The next press is a new one. */
  press (dictation, TOGGLE);
  g_assert_true (dictation->recording);
  release (dictation, TOGGLE);
}

/* The user presses again because the dictation went on: this ends it, and starts no other. */
static void
test_press_after_lost_release (Dictation *dictation, gconstpointer data)
{
  press (dictation, TOGGLE);
  advance (WHIS_SHORTCUT_REPEAT_MS + 1);
  press (dictation, TOGGLE);
  advance (100);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "toggle:toggle hold:toggle end:toggle ");
  g_assert_false (dictation->recording);

  press (dictation, WHIS_SHORTCUT_ACTION_INSERT_LAST);
  press (dictation, WHIS_SHORTCUT_ACTION_INSERT_LAST);
  advance (WHIS_SHORTCUT_REPEAT_MS + 1);
  press (dictation, WHIS_SHORTCUT_ACTION_INSERT_LAST);
  g_assert_cmpstr (dictation->log->str, ==,
                   "toggle:toggle hold:toggle end:toggle insert-last insert-last ");
}

/* Whoever reports only releases does no harm. */
static void
test_release_alone (Dictation *dictation, gconstpointer data)
{
  release (dictation, TOGGLE);
  press (dictation, WHIS_SHORTCUT_ACTION_HANDS_FREE);
  release (dictation, TOGGLE);
  g_assert_cmpstr (dictation->log->str, ==, "hands-free ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/shortcut-press/" path, Dictation, NULL, setup, function, teardown)

  ADD ("tap", test_tap);
  ADD ("hold", test_hold);
  ADD ("hold-on-a-busy-machine", test_hold_on_a_busy_machine);
  ADD ("repeated", test_repeated);
  ADD ("hold-action", test_hold_action);
  ADD ("alternative", test_alternative);
  ADD ("cancel-while-held", test_cancel_while_held);
  ADD ("failed-while-pressed", test_failed_while_pressed);
  ADD ("locked-while-held", test_locked_while_held);
  ADD ("locked-after-tap", test_locked_after_tap);
  ADD ("release-never-comes", test_release_never_comes);
  ADD ("press-after-lost-release", test_press_after_lost_release);
  ADD ("release-alone", test_release_alone);

  return g_test_run ();
}
