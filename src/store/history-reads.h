/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-database.h"
#include "history.h"

G_BEGIN_DECLS

WhisRecord *
whis_history_read_record (WhisHistoryDatabase *database, const char *id, GError **error);
GPtrArray *whis_history_read_unfinished (WhisHistoryDatabase *database, GError **error);
gboolean whis_history_read_origin (WhisHistoryDatabase *database,
                                   const char *origin,
                                   WhisRecord **record,
                                   GError **error);
gboolean whis_history_read_exists (WhisHistoryDatabase *database,
                                   const char *id,
                                   gboolean *exists,
                                   GError **error);

/* The entries of a page, and how many match in all. */
typedef struct
{
  GPtrArray *records;
  guint total;
} WhisHistoryPage;

WhisHistoryPage *whis_history_read_page (WhisHistoryDatabase *database,
                                         const WhisHistoryQuery *query,
                                         GError **error);
void whis_history_page_free (WhisHistoryPage *page);

G_END_DECLS
