/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "delivery-error.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CLIPBOARD (whis_clipboard_get_type ())

G_DECLARE_FINAL_TYPE (WhisClipboard, whis_clipboard, WHIS, CLIPBOARD, GObject)

/**
 * WhisClipboard:
 *
 * The desktop's clipboard, reached without a window: through `wl-copy` on Wayland, through `xclip`
 * on X11, and through `xclip` on a Wayland session's X server if the first way fails. On GNOME,
 * where `wl-copy` takes the focus, it is the other way round.
 *
 * The text goes to them on standard input, never as an argument. They stay behind to serve it, so
 * that it outlives this process.
 */

/**
 * whis_clipboard_new:
 *
 * Returns: (transfer full): a clipboard of the display that the environment names
 */
WhisClipboard *whis_clipboard_new (void);

/**
 * WhisClipboardEnvironment:
 * @user_data: what was given with the function
 *
 * Returns: (transfer full): the environment of a program that is on the display
 */
typedef GStrv (*WhisClipboardEnvironment) (gpointer user_data);

/**
 * whis_clipboard_set_environment_func:
 * @self: a clipboard
 * @get_environment: (nullable): asked ahead of each text; %NULL for this process's environment
 * @user_data: for @get_environment; must stay as long as @self
 *
 * Lets somebody else say which display there is.
 */
void whis_clipboard_set_environment_func (WhisClipboard *self,
                                          WhisClipboardEnvironment get_environment,
                                          gpointer user_data);

/**
 * whis_clipboard_set_environment:
 * @self: a clipboard
 * @variable: `WAYLAND_DISPLAY`, `DISPLAY`, `XAUTHORITY`, `XDG_RUNTIME_DIR` or any other
 * @value: (nullable): its value, or %NULL to unset it
 *
 * Overrides a variable of the environment.
 */
void whis_clipboard_set_environment (WhisClipboard *self, const char *variable, const char *value);

/**
 * whis_clipboard_set_text_async:
 * @self: a clipboard
 * @text: the text; it is put there to the byte, without a newline added
 * @sensitive: whether clipboard managers are to be asked not to keep it, where that can be done
 * @cancellable: (nullable): to give up; the clipboard may then have either text
 * @callback: called when the text has been seen on the clipboard, or has not
 * @user_data: for @callback
 *
 * Puts a text on the clipboard, where it stays until something else is copied.
 *
 * Several at a time are done one after the other. Each way is given
 * [property@Clipboard:timeout-ms].
 */
void whis_clipboard_set_text_async (WhisClipboard *self,
                                    const char *text,
                                    gboolean sensitive,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

/**
 * whis_clipboard_set_text_finish:
 * @self: a clipboard
 * @result: the result given to the callback
 * @error: return location for an error of [error@DeliveryError] or %G_IO_ERROR_CANCELLED
 *
 * It succeeds only after the text has been read back and is the same. Where the compositor lets no
 * program without a window read the clipboard, it is enough that `wl-copy` says it owns it.
 *
 * Returns: whether the text is on the clipboard
 */
gboolean whis_clipboard_set_text_finish (WhisClipboard *self, GAsyncResult *result, GError **error);

G_END_DECLS
