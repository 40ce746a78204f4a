/* SPDX-License-Identifier: MIT */
/* The questions before Whis ends. */
#include "closing-dialog.h"
#include "mock.h"

/* What is under way is said, and what becomes of it. */
static void
test_closing (void)
{
  static const struct
  {
    WhisDictationState state;
    const char *heading;
    const char *body;
    const char *quit;
  } cases[] = {
    { WHIS_DICTATION_STATE_IDLE, "Keep Whis Running?",
      "In the background Whis stays ready to dictate.", "_Quit Whis" },
    { WHIS_DICTATION_STATE_RECORDING, "Keep Recording?", "A recording is under way.",
      "Stop and _Quit" },
    { WHIS_DICTATION_STATE_TRANSCRIBING, "Keep Whis Running?", "A text is still being transcribed.",
      "_Quit Whis" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWindow *parent = GTK_WINDOW (gtk_window_new ());
      AdwMessageDialog *dialog =
          ADW_MESSAGE_DIALOG (whis_closing_dialog_new (parent, cases[i].state));

      g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, cases[i].heading);
      g_assert_true (g_str_has_prefix (adw_message_dialog_get_body (dialog), cases[i].body));
      g_assert_cmpstr (adw_message_dialog_get_response_label (dialog, WHIS_CLOSING_QUIT), ==,
                       cases[i].quit);
      /* Enter and Escape lose nothing. */
      g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, WHIS_CLOSING_KEEP);
      g_assert_cmpstr (adw_message_dialog_get_close_response (dialog), ==, WHIS_CLOSING_CANCEL);
      gtk_window_destroy (GTK_WINDOW (dialog));
      gtk_window_destroy (parent);
    }
}

static void
test_quitting (void)
{
  static const struct
  {
    WhisDictationState state;
    const char *body;
  } cases[] = {
    { WHIS_DICTATION_STATE_RECORDING,
      "A recording is under way. Quitting stops it and keeps its sound." },
    { WHIS_DICTATION_STATE_TRANSCRIBING,
      "A text is still being transcribed. Quitting ends that and keeps the sound." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AdwMessageDialog *dialog =
          ADW_MESSAGE_DIALOG (whis_quitting_dialog_new (NULL, cases[i].state));

      g_assert_cmpstr (adw_message_dialog_get_body (dialog), ==, cases[i].body);
      g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, WHIS_CLOSING_CANCEL);
      gtk_window_destroy (GTK_WINDOW (dialog));
    }
}

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  g_test_add_func ("/window/closing-dialog/states", test_closing);
  g_test_add_func ("/window/closing-dialog/quitting", test_quitting);

  return g_test_run ();
}
