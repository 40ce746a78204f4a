/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "compositor.h"
#include "delivery-error.h"
#include "wayland-keys.h"

#define VIRTUAL (COMPOSITOR_SEAT | COMPOSITOR_VIRTUAL_KEYBOARD)
#define FAKE (COMPOSITOR_SEAT | COMPOSITOR_FAKE_INPUT)

typedef struct
{
  gboolean done;
  GError *error;
} End;

static void
end_clear (End *end)
{
  g_clear_error (&end->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (End, end_clear)

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  whis_key_sender_probe_finish (WHIS_KEY_SENDER (source), result, &end->error);
  end->done = TRUE;
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  whis_key_sender_prepare_finish (WHIS_KEY_SENDER (source), result, &end->error);
  end->done = TRUE;
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  whis_key_sender_send_finish (WHIS_KEY_SENDER (source), result, &end->error);
  end->done = TRUE;
}

static void
await_end (End *end)
{
  while (!end->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
prepare (WhisKeySender *keys, End *end)
{
  whis_key_sender_prepare_async (keys, NULL, on_prepared, end);
  await_end (end);
}

static void
prepare_and_send (WhisKeySender *keys, WhisChord chord, End *end)
{
  g_auto (End) prepared = { 0 };

  prepare (keys, &prepared);
  g_assert_no_error (prepared.error);
  whis_key_sender_send_async (keys, chord, NULL, on_sent, end);
  await_end (end);
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
      g_auto (End) probed = { 0 };
      g_auto (End) prepared = { 0 };
      g_auto (End) sent = { 0 };

      whis_key_sender_probe_async (keys, NULL, on_probed, &probed);
      await_end (&probed);
      g_assert_true ((probed.error == NULL) == cases[i].probe);
      prepare (keys, &prepared);
      g_assert_error (prepared.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
      whis_key_sender_send_async (keys, WHIS_CHORD_CTRL_V, NULL, on_sent, &sent);
      await_end (&sent);
      g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
      g_assert_null (strchr (compositor->log->str, '+'));
    }
}

static void
test_no_session (void)
{
  g_autoptr (WhisKeySender) keys = whis_wayland_keys_new (NULL, WHIS_WAYLAND_KEYS_FAKE_INPUT);
  g_auto (End) probed = { 0 };
  g_auto (End) prepared = { 0 };

  whis_key_sender_probe_async (keys, NULL, on_probed, &probed);
  await_end (&probed);
  g_assert_error (probed.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
  prepare (keys, &prepared);
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
      g_auto (End) end = { 0 };

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
  g_auto (End) end = { 0 };

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
  g_auto (End) end = { 0 };

  compositor->layouts = "ru";
  prepare_and_send (keys, WHIS_CHORD_CTRL_V, &end);
  g_assert_error (end.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);
  compositor_await (compositor, "keymap:1");
  g_assert_cmpstr (compositor->log->str, ==, "create-keyboard get-keyboard keymap:1 ");
}

static void
test_bad_keymaps (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
      g_autoptr (WhisKeySender) keys =
          whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
      g_auto (End) broken = { 0 };
      g_auto (End) whole = { 0 };

      compositor->broken_keymap = i == 0;
      compositor->layouts = i == 0 ? "us" : NULL;
      prepare (keys, &broken);
      g_assert_error (broken.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);

      /* The next time it may be another keyboard. */
      compositor->broken_keymap = FALSE;
      compositor->layouts = "us";
      prepare (keys, &whole);
      g_assert_no_error (whole.error);
    }
}

static void
test_prepared_once (void)
{
  g_autoptr (Compositor) compositor = compositor_new (VIRTUAL);
  g_autoptr (WhisKeySender) keys =
      whis_wayland_keys_new (compositor->name, WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD);
  g_auto (End) first = { 0 };
  g_auto (End) second = { 0 };
  g_auto (End) third = { 0 };

  whis_key_sender_prepare_async (keys, NULL, on_prepared, &first);
  whis_key_sender_prepare_async (keys, NULL, on_prepared, &second);
  await_end (&first);
  await_end (&second);
  g_assert_no_error (first.error);
  g_assert_error (second.error, G_IO_ERROR, G_IO_ERROR_PENDING);
  prepare (keys, &third);
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
      g_auto (End) prepared = { 0 };
      g_auto (End) sent = { 0 };
      g_auto (End) again = { 0 };

      compositor->stop_at = steps[i];
      prepare (keys, &prepared);
      if (prepared.error == NULL)
        {
          whis_key_sender_send_async (keys, WHIS_CHORD_CTRL_V, NULL, on_sent, &sent);
          await_end (&sent);
        }
      if (i > 0)
        g_assert_error (sent.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED);

      /* What is left of the connection is not used. */
      prepare (keys, &again);
      g_assert_error (again.error, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED);
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
  g_auto (End) prepared = { 0 };
  g_auto (End) sent = { 0 };

  prepare (keys, &prepared);
  whis_key_sender_send_async (keys, WHIS_CHORD_CTRL_V, cancellable, on_sent, &sent);
  compositor_await (compositor, "+29");
  g_cancellable_cancel (cancellable);
  await_end (&sent);
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
  g_test_add_func ("/wayland-keys/prepared-once", test_prepared_once);
  g_test_add_func ("/wayland-keys/compositor-gone", test_compositor_gone);
  g_test_add_func ("/wayland-keys/cancelled-while-sending", test_cancelled_while_sending);

  return g_test_run ();
}
