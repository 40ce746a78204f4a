/* SPDX-License-Identifier: MIT */
#pragma once

#include "key-chord.h"

G_BEGIN_DECLS

/**
 * WhisWaylandKeysProtocol:
 * @WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD: virtual-keyboard-unstable-v1, of the wlroots family,
 *   Hyprland, niri and COSMIC
 * @WHIS_WAYLAND_KEYS_FAKE_INPUT: KWin's, for programs whose desktop file asks for it
 *
 * By which protocol keys are pressed.
 */
typedef enum
{
  WHIS_WAYLAND_KEYS_VIRTUAL_KEYBOARD,
  WHIS_WAYLAND_KEYS_FAKE_INPUT,
} WhisWaylandKeysProtocol;

#define WHIS_TYPE_WAYLAND_KEYS (whis_wayland_keys_get_type ())

G_DECLARE_FINAL_TYPE (WhisWaylandKeys, whis_wayland_keys, WHIS, WAYLAND_KEYS, GObject)

WhisKeySender *whis_wayland_keys_new (const char *display_name, WhisWaylandKeysProtocol protocol);

G_END_DECLS
