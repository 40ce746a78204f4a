/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisChord:
 * @WHIS_CHORD_AUTOMATIC: those that the focused program takes, as far as that is known
 * @WHIS_CHORD_CTRL_V: Ctrl+V
 * @WHIS_CHORD_CTRL_SHIFT_V: Ctrl+Shift+V, which pastes in most terminals
 * @WHIS_CHORD_SHIFT_INSERT: Shift+Insert, which pastes the primary selection in xterm and others
 *
 * The keys that paste.
 */
typedef enum
{
  WHIS_CHORD_AUTOMATIC,
  WHIS_CHORD_CTRL_V,
  WHIS_CHORD_CTRL_SHIFT_V,
  WHIS_CHORD_SHIFT_INSERT,
} WhisChord;

#define WHIS_TYPE_CHORD (whis_chord_get_type ())

GType whis_chord_get_type (void);

/* Pauses of a chord, in milliseconds: after the modifier, the key held, before the modifier is
 * released. Without them the modifier is lost and a literal "v" is written. */
#define WHIS_CHORD_MODIFIER_MS 20
#define WHIS_CHORD_KEY_MS 30

#define WHIS_TYPE_KEY_SENDER (whis_key_sender_get_type ())

G_DECLARE_INTERFACE (WhisKeySender, whis_key_sender, WHIS, KEY_SENDER, GObject)

/**
 * WhisKeySenderInterface:
 * @get_name: a fixed word, such as `xtest`
 * @probe_async: begins [method@KeySender.probe_async]
 * @probe_finish: ends it
 * @prepare_async: begins [method@KeySender.prepare_async]
 * @prepare_finish: ends it
 * @send_async: begins [method@KeySender.send_async]
 * @send_finish: ends it
 *
 * Presses keys in the focused window.
 */
struct _WhisKeySenderInterface
{
  GTypeInterface parent;

  const char *(*get_name) (WhisKeySender *self);
  void (*probe_async) (WhisKeySender *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*probe_finish) (WhisKeySender *self, GAsyncResult *result, GError **error);
  void (*prepare_async) (WhisKeySender *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  gboolean (*prepare_finish) (WhisKeySender *self, GAsyncResult *result, GError **error);
  void (*send_async) (WhisKeySender *self,
                      WhisChord chord,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*send_finish) (WhisKeySender *self, GAsyncResult *result, GError **error);
};

const char *whis_key_sender_get_name (WhisKeySender *self);
void whis_key_sender_probe_async (WhisKeySender *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean whis_key_sender_probe_finish (WhisKeySender *self, GAsyncResult *result, GError **error);
void whis_key_sender_prepare_async (WhisKeySender *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean whis_key_sender_prepare_finish (WhisKeySender *self, GAsyncResult *result, GError **error);
void whis_key_sender_send_async (WhisKeySender *self,
                                 WhisChord chord,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean whis_key_sender_send_finish (WhisKeySender *self, GAsyncResult *result, GError **error);

G_END_DECLS
