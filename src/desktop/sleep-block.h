/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SLEEP_BLOCK (whis_sleep_block_get_type ())
G_DECLARE_FINAL_TYPE (WhisSleepBlock, whis_sleep_block, WHIS, SLEEP_BLOCK, GObject)

WhisSleepBlock *whis_sleep_block_new (void);

void whis_sleep_block_hold (WhisSleepBlock *self, const char *why);
void whis_sleep_block_release (WhisSleepBlock *self);

G_END_DECLS
