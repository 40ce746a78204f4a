/* SPDX-License-Identifier: MIT */
#pragma once

#include "cli-service.h"

G_BEGIN_DECLS

gboolean whis_cli_outputs_is_directory (const char *path);
WhisExit
whis_cli_outputs_plan (GPtrArray *jobs, const char *path, gboolean directory, const char *ending);

G_END_DECLS
