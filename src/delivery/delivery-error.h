/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisDeliveryError:
 * @WHIS_DELIVERY_ERROR_NO_DISPLAY: there is neither a Wayland nor an X11 session
 * @WHIS_DELIVERY_ERROR_NO_CLIPBOARD: the program that reaches the clipboard is not installed
 * @WHIS_DELIVERY_ERROR_TEXT: the text cannot be put on a clipboard: it is empty or not UTF-8
 * @WHIS_DELIVERY_ERROR_TIMED_OUT: the desktop did not take the text in time
 * @WHIS_DELIVERY_ERROR_FAILED: the desktop refused the text, or something else is on the clipboard
 * @WHIS_DELIVERY_ERROR_NOT_OFFERED: this session does not offer this method; nothing was done
 * @WHIS_DELIVERY_ERROR_REFUSED: the user or the desktop refused the permission; nothing was done
 * @WHIS_DELIVERY_ERROR_NO_FOCUS: nothing that this method reaches has the focus; nothing was done
 * @WHIS_DELIVERY_ERROR_MODIFIERS: modifier keys were held too long; nothing was done
 *
 * Why a text did not arrive. The messages are sentences for the user.
 */
typedef enum
{
  WHIS_DELIVERY_ERROR_NO_DISPLAY,
  WHIS_DELIVERY_ERROR_NO_CLIPBOARD,
  WHIS_DELIVERY_ERROR_TEXT,
  WHIS_DELIVERY_ERROR_TIMED_OUT,
  WHIS_DELIVERY_ERROR_FAILED,
  WHIS_DELIVERY_ERROR_NOT_OFFERED,
  WHIS_DELIVERY_ERROR_REFUSED,
  WHIS_DELIVERY_ERROR_NO_FOCUS,
  WHIS_DELIVERY_ERROR_MODIFIERS,
} WhisDeliveryError;

#define WHIS_DELIVERY_ERROR (whis_delivery_error_quark ())

GQuark whis_delivery_error_quark (void);

G_END_DECLS
