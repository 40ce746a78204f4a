/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisCliSetting:
 * @key: its name
 * @summary: one line
 * @description: (nullable): more
 * @type: what kind of value it has, in a word or two
 * @standard: the default, as people write it
 * @per_provider: whether it has an entry for each service, `KEY/PROVIDER`
 * @is_switch: whether it is `true` or `false`
 * @is_provider: whether it is the id of a service
 *
 * A setting, as the schema describes it.
 */
typedef struct
{
  char *key;
  char *summary;
  char *description;
  const char *type;
  char *standard;
  gboolean per_provider;
  gboolean is_switch;
  gboolean is_provider;
} WhisCliSetting;

GPtrArray *whis_cli_setting_list (void);

G_END_DECLS
