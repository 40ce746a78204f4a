/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "compositor.h"
#include "delivery-error.h"
#include "key-call.h"
#include "wayland-keys.h"

#define VIRTUAL (COMPOSITOR_SEAT | COMPOSITOR_VIRTUAL_KEYBOARD)
#define FAKE (COMPOSITOR_SEAT | COMPOSITOR_FAKE_INPUT)

static void
prepare_and_send (WhisKeySender *keys, WhisChord chord, KeyCall *end)
{
  g_auto (KeyCall) prepared = { 0 };

  key_call_prepare (&prepared, keys);
  g_assert_no_error (prepared.error);
  key_call_send (end, keys, chord);
}

static void
test_not_offered (void)
{
  static const struct
  {
    WhisWaylandKeysProtocol protocol;
    guint globals;
    gboolean probe; /* it is known only when it is used */
  } cases[] = {
    { WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD, 0, FALSE },
    { WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD, FAKE, FALSE },
    { WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD, COMPOSITOR_VIRTUAL_KEYBOARD, TRUE },
    { WHIS_WAYLAND_KEYS_FAKE_INPUT, VIRTUAL, FALSE },
    { WHIS_WAYLAND_KEYS_FAKE_INPUT, COMPOSITOR_FAKE_INPUT, TRUE },
    { WHIS_WAYLAND_KEYS_FAKE_INPUT, COMPOSITOR_SEAT | COMPOSITOR_OLD_FAKE_INPUT, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (cases[i].globals);
      g_autoptr (WhisKeySender) keys = whis_wayland_keys_new (compositor->name, cases[i].protocol);
      g_auto (KeyCall) probed = { 0 };
      g_auto (KeyCall) prepared = { 0 };
      g_auto (KeyCall) sent = { 0 };

      key_call_probe (&probed, keys);
      g_assert_true ((probed.error == NULL) == cases[i].probe);
      key_call_prepare (&prepared, keys);
      g_assert_error (prepared.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
      key_call_send (&sent, keys, WHIS_CHORD_CTRL_V);
      g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
      g_assert_null (strchr (compositor->log->str, '+'));
    }
}

static void
test_no_session (void)
{
  g_autoptr (WhisKeySender) keys = whis_wayland_keys_new (NULL, WHIS_WAYLAND_KEYS_FAKE_INPUT);
  g_auto (KeyCall) probed = { 0 };
  g_auto (KeyCall) prepared = { 0 };

  key_call_probe (&probed, keys);
  g_assert_error (probed.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  key_call_prepare (&prepared, keys);
  g_assert_error (prepared.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
}

/* The keys of the kernel are pressed in the order of the chord, and released the other way round,
 * with the modifiers that are down and the layout in which they are found. */
static void
test_chords (void)
{
  static const struct
  {
    const char *layouts;
    WhisChord chord;
    const char *keys;
  } cases[] = {
    { "us", WHIS_CHORD_CTRL_V, "+29 m4/0 +47 -47 -29 m0/0 " },
    { "us", WHIS_CHORD_CTRL_SHIFT_V, "+29 +42 m5/0 +47 -47 -42 m0/0 -29 " },
    { "us", WHIS_CHORD_SHIFT_INSERT, "+42 m1/0 +110 -110 -42 m0/0 " },
    { "us(dvorak)", WHIS_CHORD_CTRL_V, "+29 m4/0 +52 -52 -29 m0/0 " },
    { "fr", WHIS_CHORD_CTRL_V, "+29 m4/0 +47 -47 -29 m0/0 " },
    { "fr(bepo)", WHIS_CHORD_CTRL_V, "+29 m4/0 +22 -22 -29 m0/0 " },
    { "ru,us", WHIS_CHORD_CTRL_V, "+29 m4/1 +47 -47 -29 m0/0 " },
    { "ru,us(dvorak)", WHIS_CHORD_CTRL_SHIFT_V, "+29 +42 m5/1 +52 -52 -42 m0/0 -29 " },
    { "ru", WHIS_CHORD_SHIFT_INSERT, "+42 m1/0 +110 -110 -42 m0/0 " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
      g_autoptr (WhisKeySender) keys =
          whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
      g_autofree char *expected =
          g_strconcat ("create-keyboard get-keyboard keymap:1 ", cases[i].keys, NULL);
      g_auto (KeyCall) end = { 0 };

      compositor->layouts = cases[i].layouts;
      prepare_and_send (keys, cases[i].chord, &end);
      g_assert_no_error (end.error);
      compositor_await (compositor, expected);
      g_assert_cmpstr (compositor->log->str, ==, expected);
    }
}

/* KWin keeps the modifiers itself. */
static void
test_fake_input (void)
{
  g_autoptr (Compositor) compositor = compositor_new (FAKE);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_FAKE_INPUT);
  g_auto (KeyCall) end = { 0 };

  prepare_and_send (keys, WHIS_CHORD_CTRL_SHIFT_V, &end);
  g_assert_no_error (end.error);
  compositor_await (compositor, "-29");
  g_assert_cmpstr (compositor->log->str, ==,
                   "authenticate:Whis get-keyboard +29 +42 +47 -47 -42 -29 ");
}

/* Nothing is pressed in a layout that has no such key. */
static void
test_no_such_key (void)
{
  g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  g_auto (KeyCall) end = { 0 };

  compositor->layouts = "ru";
  prepare_and_send (keys, WHIS_CHORD_CTRL_V, &end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
  compositor_await (compositor, "keymap:1");
  g_assert_cmpstr (compositor->log->str, ==, "create-keyboard get-keyboard keymap:1 ");
}

static void
check_bad_keymap (WhisWaylandKeysProtocol protocol, gboolean broken_keymap)
{
  g_autoptr (Compositor) compositor =
      compositor_new (protocol == WHIS_WAYLAND_KEYS_FAKE_INPUT ? FAKE : VIRTUAL);
  g_autoptr (WhisKeySender) keys = whis_wayland_keys_new (compositor->name, protocol);
  g_auto (KeyCall) broken = { 0 };
  g_auto (KeyCall) whole = { 0 };

  compositor->broken_keymap = broken_keymap;
  compositor->layouts = broken_keymap ? "us" : NULL;
  key_call_prepare (&broken, keys);
  g_assert_error (broken.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);

  /* The next time it may be another keyboard. */
  compositor->broken_keymap = FALSE;
  compositor->layouts = "us";
  key_call_prepare (&whole, keys);
  g_assert_no_error (whole.error);
}

static void
test_bad_keymaps (void)
{
  check_bad_keymap (WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD, TRUE);
  check_bad_keymap (WHIS_WAYLAND_KEYS_FAKE_INPUT, TRUE);
  check_bad_keymap (WHIS_WAYLAND_KEYS_FAKE_INPUT, FALSE);
}

/* The keyboard that was made is the only one, which has no keymap until one is set. */
static void
test_default_keymap (void)
{
  g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  g_auto (KeyCall) end = { 0 };

  compositor->layouts = NULL;
  prepare_and_send (keys, WHIS_CHORD_CTRL_V, &end);
  g_assert_no_error (end.error);
  compositor_await (compositor, "m0/0");
  g_assert_cmpstr (compositor->log->str, ==,
                   "create-keyboard get-keyboard keymap:1 +29 m4/0 +47 -47 -29 m0/0 ");
}

static void
test_prepared_once (void)
{
  g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  g_auto (KeyCall) first = { 0 };
  g_auto (KeyCall) second = { 0 };
  g_auto (KeyCall) third = { 0 };

  whis_key_sender_prepare_async (keys, NULL, key_call_prepared_cb, &first);
  whis_key_sender_prepare_async (keys, NULL, key_call_prepared_cb, &second);
  key_call_await (&first);
  key_call_await (&second);
  g_assert_no_error (first.error);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_PENDING);
  key_call_prepare (&third, keys);
  g_assert_no_error (third.error);
  compositor_await (compositor, "keymap:1");
  g_assert_cmpstr (compositor->log->str, ==, "create-keyboard get-keyboard keymap:1 ");
}

/* The compositor goes away at each step: before a key was pressed nothing was done, after it the
 * keys are not sent once more. */
static void
test_compositor_gone (void)
{
  static const char *const steps[] = { "create-keyboard", "+29", "+47", "-47" };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
      g_autoptr (WhisKeySender) keys =
          whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
      g_auto (KeyCall) prepared = { 0 };
      g_auto (KeyCall) sent = { 0 };
      g_auto (KeyCall) again = { 0 };

      compositor->stop_at = steps[i];
      key_call_prepare (&prepared, keys);
      if (prepared.error == NULL)
        {
          key_call_send (&sent, keys, WHIS_CHORD_CTRL_V);
        }
      if (i > 0)
        g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);

      /* What is left of the connection is not used. */
      key_call_prepare (&again, keys);
      g_assert_error (again.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
    }
}

/* No keymap comes: from a seat without a keyboard, or from a compositor that goes away before. */
static void
test_no_keymap (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
      g_autoptr (WhisKeySender) keys =
          whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
      g_auto (KeyCall) prepared = { 0 };
      g_auto (KeyCall) sent = { 0 };

      compositor->silent_keyboard = TRUE;
      compositor->stop_at = i == 0 ? "get-keyboard" : NULL;
      key_call_prepare (&prepared, keys);
      g_assert_error (prepared.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
      g_assert_cmpstr (prepared.error->message, ==,
                       i == 0 ? "The connection to the desktop has ended."
                              : "The desktop has no keyboard.");
      key_call_send (&sent, keys, WHIS_CHORD_CTRL_V);
      g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
    }
}

/* A key that is down is released even if nobody wants the text any more. */
static void
test_cancelled_while_sending (void)
{
  g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (KeyCall) prepared = { 0 };
  g_auto (KeyCall) sent = { 0 };

  key_call_prepare (&prepared, keys);
  whis_key_sender_send_async (keys, WHIS_CHORD_CTRL_V, cancellable, key_call_sent_cb, &sent);
  compositor_await (compositor, "+29");
  g_cancellable_cancel (cancellable);
  key_call_await (&sent);
  g_assert_no_error (sent.error);
  compositor_await (compositor, "-29 m0/0");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wayland-keys/not-offered", test_not_offered);
  g_test_add_func ("/wayland-keys/no-session", test_no_session);
  g_test_add_func ("/wayland-keys/chords", test_chords);
  g_test_add_func ("/wayland-keys/fake-input", test_fake_input);
  g_test_add_func ("/wayland-keys/no-such-key", test_no_such_key);
  g_test_add_func ("/wayland-keys/bad-keymaps", test_bad_keymaps);
  g_test_add_func ("/wayland-keys/default-keymap", test_default_keymap);
  g_test_add_func ("/wayland-keys/prepared-once", test_prepared_once);
  g_test_add_func ("/wayland-keys/compositor-gone", test_compositor_gone);
  g_test_add_func ("/wayland-keys/no-keymap", test_no_keymap);
  g_test_add_func ("/wayland-keys/cancelled-while-sending", test_cancelled_while_sending);

  return g_test_run ();
}
