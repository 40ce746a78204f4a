/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

/**
 * WhisStatistic:
 * @WHIS_STATISTIC_PIECES: pieces that were recognised
 * @WHIS_STATISTIC_HOLES_FOUND: stretches of speech that were in no text
 * @WHIS_STATISTIC_HOLES_FILLED: those whose text was found when they were recognised alone
 * @WHIS_STATISTIC_HOLES_LEFT: those that are in no text in the end
 * @WHIS_STATISTIC_INVENTED: texts that were removed because nobody spoke where they were heard
 * @WHIS_STATISTIC_LOOPS: repetitions that were removed because nobody can speak so fast
 * @WHIS_STATISTIC_SOUNDS: descriptions of sounds that were removed
 *
 * What is counted of each model.
 */
typedef enum
{
  WHIS_STATISTIC_PIECES,
  WHIS_STATISTIC_HOLES_FOUND,
  WHIS_STATISTIC_HOLES_FILLED,
  WHIS_STATISTIC_HOLES_LEFT,
  WHIS_STATISTIC_INVENTED,
  WHIS_STATISTIC_LOOPS,
  WHIS_STATISTIC_SOUNDS,
  WHIS_N_STATISTICS,
} WhisStatistic;

/**
 * WhisStatistics:
 * @provider: id of a service
 * @model: its model; empty where the server decided
 * @numbers: how often what happened
 *
 * What happened with one model. There is no text in it.
 */
typedef struct
{
  char *provider;
  char *model;
  guint64 numbers[WHIS_N_STATISTICS];
} WhisStatistics;

WhisStatistics *whis_statistics_new (const char *provider, const char *model);
void whis_statistics_free (WhisStatistics *self);
const char *whis_statistic_get_name (WhisStatistic statistic);

void whis_statistics_add (WhisHistory *history, const WhisStatistics *more);
void whis_statistics_list_async (WhisHistory *history,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *whis_statistics_list_finish (WhisHistory *history, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisStatistics, whis_statistics_free)

G_END_DECLS
