/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CLI_FOLLOW (whis_cli_follow_get_type ())
G_DECLARE_FINAL_TYPE (WhisCliFollow, whis_cli_follow, WHIS, CLI_FOLLOW, GObject)

WhisCliFollow *whis_cli_follow_new (WhisBusWhis1 *service);

int whis_cli_follow_run (WhisCliFollow *self, const char *id);
const char *whis_cli_follow_get_text (WhisCliFollow *self);

G_END_DECLS
