/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_PORTAL_ERROR (whis_portal_error_quark ())

/**
 * WhisPortalError:
 * @WHIS_PORTAL_ERROR_REFUSED: the user, or a rule of the user's, said no
 * @WHIS_PORTAL_ERROR_NO_PORTAL: the desktop has no such portal
 * @WHIS_PORTAL_ERROR_FAILED: anything else
 *
 * Errors of requests to portals. A cancelled operation is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  WHIS_PORTAL_ERROR_REFUSED,
  WHIS_PORTAL_ERROR_NO_PORTAL,
  WHIS_PORTAL_ERROR_FAILED,
} WhisPortalError;

GQuark whis_portal_error_quark (void);

G_END_DECLS
