/* SPDX-License-Identifier: MIT */
#pragma once

#include "focus.h"

G_BEGIN_DECLS

/**
 * WhisCompositorIpc:
 * @WHIS_COMPOSITOR_IPC_I3: the protocol of i3, which sway speaks, too
 * @WHIS_COMPOSITOR_IPC_HYPRLAND: the request socket of Hyprland
 * @WHIS_COMPOSITOR_IPC_NIRI: the socket of niri
 *
 * How a compositor or a window manager is asked.
 */
typedef enum
{
  WHIS_COMPOSITOR_IPC_I3,
  WHIS_COMPOSITOR_IPC_HYPRLAND,
  WHIS_COMPOSITOR_IPC_NIRI,
} WhisCompositorIpc;

#define WHIS_TYPE_COMPOSITOR_FOCUS (whis_compositor_focus_get_type ())

G_DECLARE_FINAL_TYPE (WhisCompositorFocus, whis_compositor_focus, WHIS, COMPOSITOR_FOCUS, GObject)

WhisFocusSource *whis_compositor_focus_new (WhisCompositorIpc ipc, const char *socket_path);
WhisFocusSource *whis_compositor_focus_new_for_session (void);

G_END_DECLS
