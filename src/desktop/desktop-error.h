/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_DESKTOP_ERROR (whis_desktop_error_quark ())

/**
 * WhisDesktopError:
 * @WHIS_DESKTOP_ERROR_REFUSED: the user, or a rule of the user's, said no
 * @WHIS_DESKTOP_ERROR_NO_PORTAL: the desktop has no such portal
 * @WHIS_DESKTOP_ERROR_FAILED: anything else
 *
 * Errors of the desktop room. A cancelled operation is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  WHIS_DESKTOP_ERROR_REFUSED,
  WHIS_DESKTOP_ERROR_NO_PORTAL,
  WHIS_DESKTOP_ERROR_FAILED,
} WhisDesktopError;

GQuark whis_desktop_error_quark (void);

G_END_DECLS
