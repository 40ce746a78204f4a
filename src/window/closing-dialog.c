/* SPDX-License-Identifier: MIT */
#include "closing-dialog.h"

#include <glib/gi18n-lib.h>

static const char *
closing_heading (WhisDictationState state)
{
  if (whis_dictation_state_takes_sound (state))
    return _ ("Keep Recording?");
  return _ ("Keep Whis Running?");
}

static const char *
what_happens_now (WhisDictationState state)
{
  if (whis_dictation_state_takes_sound (state))
    return _ ("A recording is under way. In the background it goes on; quitting stops it and "
              "keeps its sound.");
  if (whis_dictation_state_is_busy (state))
    return _ ("A text is still being transcribed. In the background that goes on; quitting ends "
              "it and keeps the sound.");
  return _ ("In the background Whis stays ready to dictate.");
}

static const char *
quit_label (WhisDictationState state)
{
  if (whis_dictation_state_takes_sound (state))
    return _ ("Stop and _Quit");
  return _ ("_Quit Whis");
}

/**
 * whis_closing_dialog_new:
 * @parent: the window that is about to close
 * @state: the state of the current dictation
 *
 * Asks what becomes of Whis when its window closes and no panel shows its icon. The responses are
 * %WHIS_CLOSING_KEEP, %WHIS_CLOSING_QUIT and %WHIS_CLOSING_CANCEL.
 *
 * Returns: (transfer none): a dialog to connect to and to present
 */
GtkWidget *
whis_closing_dialog_new (GtkWindow *parent, WhisDictationState state)
{
  GtkWidget *widget;
  AdwMessageDialog *dialog;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  widget = adw_message_dialog_new (parent, closing_heading (state), NULL);
  dialog = ADW_MESSAGE_DIALOG (widget);
  adw_message_dialog_format_body (
      dialog, "%s\n\n%s", what_happens_now (state),
      _ ("Your panel does not show the Whis icon: start and stop a recording with the command "
         "“whis toggle”, or open Whis again."));
  adw_message_dialog_add_responses (dialog, WHIS_CLOSING_CANCEL, _ ("_Cancel"), WHIS_CLOSING_QUIT,
                                    quit_label (state), WHIS_CLOSING_KEEP, _ ("_Keep Running"),
                                    NULL);
  adw_message_dialog_set_response_appearance (dialog, WHIS_CLOSING_QUIT, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_response_appearance (dialog, WHIS_CLOSING_KEEP, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, WHIS_CLOSING_KEEP);
  adw_message_dialog_set_close_response (dialog, WHIS_CLOSING_CANCEL);

  return widget;
}

/**
 * whis_quitting_dialog_new:
 * @parent: (nullable): the window that the user quits from
 * @state: the state of the current dictation
 *
 * Asks whether to quit while a dictation is under way. The responses are %WHIS_CLOSING_QUIT and
 * %WHIS_CLOSING_CANCEL.
 *
 * Returns: (transfer none): a dialog to connect to and to present
 */
GtkWidget *
whis_quitting_dialog_new (GtkWindow *parent, WhisDictationState state)
{
  GtkWidget *widget;
  AdwMessageDialog *dialog;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  widget = adw_message_dialog_new (
      parent, _ ("Quit Whis?"),
      whis_dictation_state_takes_sound (state)
          ? _ ("A recording is under way. Quitting stops it and keeps its sound.")
          : _ ("A text is still being transcribed. Quitting ends that and keeps the sound."));
  dialog = ADW_MESSAGE_DIALOG (widget);
  adw_message_dialog_add_responses (dialog, WHIS_CLOSING_CANCEL, _ ("_Cancel"), WHIS_CLOSING_QUIT,
                                    quit_label (state), NULL);
  adw_message_dialog_set_response_appearance (dialog, WHIS_CLOSING_QUIT, ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, WHIS_CLOSING_CANCEL);
  adw_message_dialog_set_close_response (dialog, WHIS_CLOSING_CANCEL);

  return widget;
}
