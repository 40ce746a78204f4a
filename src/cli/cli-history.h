/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

/* The commands of `whis history`; each returns its exit status. */
int whis_cli_history_list (int argc, char **argv);
int whis_cli_history_show (int argc, char **argv);
int whis_cli_history_diff (int argc, char **argv);
int whis_cli_history_copy (int argc, char **argv);
int whis_cli_history_play (int argc, char **argv);
int whis_cli_history_mark (int argc, char **argv);
int whis_cli_history_unmark (int argc, char **argv);
int whis_cli_history_delete (int argc, char **argv);
int whis_cli_history_export (int argc, char **argv);
int whis_cli_history_retry (int argc, char **argv);
int whis_cli_history_again (int argc, char **argv);

/* What they share. */

/* Returns: whether the next entry is wanted */
typedef gboolean (*WhisCliHistoryFunc) (GVariant *entry, gpointer data);

char *whis_cli_history_find (WhisBusWhis1 *service, const char *name, int *status);
GVariant *whis_cli_history_get (WhisBusWhis1 *service, const char *name, int *status);
gboolean whis_cli_history_foreach (WhisBusWhis1 *service,
                                   GVariant *query,
                                   guint limit,
                                   WhisCliHistoryFunc func,
                                   gpointer data,
                                   guint *total,
                                   int *status);
char *whis_cli_history_to_json (GVariant *value);
char *whis_cli_history_dup_string (GVariant *entry, const char *key);
char *whis_cli_history_dup_version (GVariant *entry, guint number);

G_END_DECLS
