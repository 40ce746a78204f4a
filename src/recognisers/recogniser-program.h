/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

const char *whis_recogniser_program_get_path (void);
GSubprocessLauncher *whis_recogniser_program_new_launcher (void);
GStrv whis_recogniser_program_dup_arguments (const char *socket_path,
                                             const char *model,
                                             gboolean plain,
                                             const char *gpu,
                                             const char *const *gpu_models);
char *whis_recogniser_program_dup_sentence (const char *complaint);
char *whis_recogniser_program_parse_smaller (const char *line);
gboolean whis_recogniser_program_lacks_model (int status);

G_END_DECLS
