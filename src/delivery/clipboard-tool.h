/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The programs that reach the clipboard, as children. Each is the leader of a session of its own,
 * so that what it leaves behind is not hit by a key pressed in our terminal, and so that a child
 * that hangs can be ended with all it has started.
 */

/**
 * whis_clipboard_tool_write_async:
 * @argv: the program and its arguments
 * @environment: its environment
 * @text: what it gets on standard input
 * @cancellable: (nullable): ends the program
 * @callback: called when the program that was started has exited
 * @user_data: for @callback
 *
 * Feeds a program that puts its standard input on the clipboard and leaves a server behind. Nobody
 * waits for that server: it has `/dev/null` as its output.
 */
void whis_clipboard_tool_write_async (const char *const *argv,
                                      const char *const *environment,
                                      GBytes *text,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);

/**
 * whis_clipboard_tool_write_finish:
 * @result: the result given to the callback
 * @error: return location for an error: %G_SPAWN_ERROR if the program could not be started, else
 *   %G_IO_ERROR
 *
 * Returns: whether the program exited without an error
 */
gboolean whis_clipboard_tool_write_finish (GAsyncResult *result, GError **error);

/**
 * WhisClipboardSight:
 * @WHIS_CLIPBOARD_SIGHT_NOTHING: the program ended without a word
 * @WHIS_CLIPBOARD_SIGHT_OTHER: it ended after it had shown something else
 * @WHIS_CLIPBOARD_SIGHT_SAME: it showed the text
 *
 * What a program that reads the clipboard has shown.
 */
typedef enum
{
  WHIS_CLIPBOARD_SIGHT_NOTHING,
  WHIS_CLIPBOARD_SIGHT_OTHER,
  WHIS_CLIPBOARD_SIGHT_SAME,
} WhisClipboardSight;

/**
 * whis_clipboard_tool_look_async:
 * @argv: the program and its arguments
 * @environment: its environment
 * @text: what to look for
 * @until_nul: whether the program goes on and ends each text with a NUL; else one text ends with
 * the output
 * @cancellable: (nullable): ends the program
 * @callback: called when the text has been seen, or the program has ended
 * @user_data: for @callback
 *
 * Reads the clipboard through a program until it shows @text. The program is ended then.
 */
void whis_clipboard_tool_look_async (const char *const *argv,
                                     const char *const *environment,
                                     GBytes *text,
                                     gboolean until_nul,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);

/**
 * whis_clipboard_tool_look_finish:
 * @result: the result given to the callback
 * @sight: (out): what was seen
 * @error: return location for an error: %G_SPAWN_ERROR if the program could not be started, else
 *   %G_IO_ERROR
 *
 * Returns: whether the program could be asked
 */
gboolean
whis_clipboard_tool_look_finish (GAsyncResult *result, WhisClipboardSight *sight, GError **error);

G_END_DECLS
