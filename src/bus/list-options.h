/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

/**
 * WhisListOptions:
 * @query: what is wanted; its string is one of the others
 * @search: (nullable): words
 * @states: (nullable): names of states
 *
 * The options of the D-Bus method `ListHistory`.
 */
typedef struct
{
  WhisHistoryQuery query;
  char *search;
  GStrv states;
} WhisListOptions;

gboolean whis_list_options_read (WhisListOptions *self, GVariant *dictionary, GError **error);
void whis_list_options_clear (WhisListOptions *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WhisListOptions, whis_list_options_clear)

G_END_DECLS
