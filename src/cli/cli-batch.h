/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-job.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CLI_BATCH (whis_cli_batch_get_type ())
G_DECLARE_FINAL_TYPE (WhisCliBatch, whis_cli_batch, WHIS, CLI_BATCH, GObject)

WhisCliBatch *whis_cli_batch_new (WhisBusWhis1 *service,
                                  GVariant *options,
                                  GPtrArray *jobs,
                                  guint limit,
                                  const char *format);

void whis_cli_batch_run (WhisCliBatch *self);
void whis_cli_batch_cancel (WhisCliBatch *self);
gboolean whis_cli_batch_is_cancelled (WhisCliBatch *self);
const char *whis_cli_batch_get_parting (WhisCliBatch *self);

G_END_DECLS
