/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-parse.h"

G_BEGIN_DECLS

/* The commands; each gets the words from its name on, and returns the exit status. */
int whis_cli_open (int argc, char **argv);
int whis_cli_start (int argc, char **argv);
int whis_cli_stop (int argc, char **argv);
int whis_cli_toggle (int argc, char **argv);
int whis_cli_cancel (int argc, char **argv);
int whis_cli_undo (int argc, char **argv);
int whis_cli_status (int argc, char **argv);
int whis_cli_last (int argc, char **argv);
int whis_cli_paste (int argc, char **argv);
int whis_cli_unpaste (int argc, char **argv);
int whis_cli_doctor (int argc, char **argv);
int whis_cli_quit (int argc, char **argv);
int whis_cli_record (int argc, char **argv);
int whis_cli_transcribe (int argc, char **argv);
int whis_cli_history (int argc, char **argv);
int whis_cli_key (int argc, char **argv);
int whis_cli_key_set (int argc, char **argv);
int whis_cli_key_check (int argc, char **argv);
int whis_cli_key_remove (int argc, char **argv);
int whis_cli_endpoint (int argc, char **argv);
int whis_cli_endpoint_on (int argc, char **argv);
int whis_cli_endpoint_off (int argc, char **argv);
int whis_cli_endpoint_status (int argc, char **argv);
int whis_cli_endpoint_key (int argc, char **argv);
int whis_cli_shortcut (int argc, char **argv);
int whis_cli_shortcut_set (int argc, char **argv);
int whis_cli_shortcut_check (int argc, char **argv);
int whis_cli_shortcut_line (int argc, char **argv);
int whis_cli_shortcut_press (int argc, char **argv);
int whis_cli_shortcut_release (int argc, char **argv);
int whis_cli_shortcut_tap (int argc, char **argv);
int whis_cli_providers (int argc, char **argv);
int whis_cli_models (int argc, char **argv);
int whis_cli_model (int argc, char **argv);
int whis_cli_model_fetch (int argc, char **argv);
int whis_cli_model_remove (int argc, char **argv);
int whis_cli_model_import (int argc, char **argv);
int whis_cli_model_check (int argc, char **argv);
int whis_cli_model_measure (int argc, char **argv);
int whis_cli_statistics (int argc, char **argv);
int whis_cli_usage_list (int argc, char **argv);
int whis_cli_settings (int argc, char **argv);
int whis_cli_complete (int argc, char **argv);
int whis_cli_import (int argc, char **argv);

GVariant *whis_cli_parse_choice (const char *path,
                                 const WhisCliBinding *more,
                                 int *argc,
                                 char ***argv,
                                 int *status);
GVariant *whis_cli_parse_start_options (const char *path,
                                        const WhisCliBinding *more,
                                        int *argc,
                                        char ***argv,
                                        int *status);

G_END_DECLS
