/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

/**
 * WhisCliStatusFormat:
 * @WHIS_CLI_STATUS_JSON: a dictionary of everything
 * @WHIS_CLI_STATUS_JSON_TEXT: and the text of every dictation that has ended
 * @WHIS_CLI_STATUS_WAYBAR: what Waybar reads of a module of its own
 *
 * What the lines have in them.
 */
typedef enum
{
  WHIS_CLI_STATUS_JSON,
  WHIS_CLI_STATUS_JSON_TEXT,
  WHIS_CLI_STATUS_WAYBAR,
} WhisCliStatusFormat;

GVariant *whis_cli_status_describe (WhisBusWhis1 *service);

#define WHIS_TYPE_CLI_STATUS_FOLLOW (whis_cli_status_follow_get_type ())
G_DECLARE_FINAL_TYPE (WhisCliStatusFollow, whis_cli_status_follow, WHIS, CLI_STATUS_FOLLOW, GObject)

WhisCliStatusFollow *whis_cli_status_follow_new (WhisBusWhis1 *service, WhisCliStatusFormat format);

int whis_cli_status_follow_run (WhisCliStatusFollow *self);

G_END_DECLS
