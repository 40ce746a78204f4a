/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Commands that are more than one call; each returns its exit status. */
int whis_cli_record (int argc, char **argv);
int whis_cli_transcribe (int argc, char **argv);
int whis_cli_history (int argc, char **argv);
int whis_cli_key (int argc, char **argv);
int whis_cli_providers (int argc, char **argv);
int whis_cli_models (int argc, char **argv);
int whis_cli_usage_list (int argc, char **argv);
int whis_cli_settings (int argc, char **argv);
int whis_cli_import (int argc, char **argv);

GVariant *whis_cli_parse_start_options (int *argc,
                                        char ***argv,
                                        const GOptionEntry *more,
                                        const char *parameters,
                                        int *status);

G_END_DECLS
