/* SPDX-License-Identifier: MIT */
#pragma once

#include "import-report.h"
#include "legacy-files.h"
#include "providers.h"
#include "settings.h"

G_BEGIN_DECLS

void whis_import_settings (WhisSettings *settings,
                           WhisLegacyFiles *files,
                           gboolean has_key,
                           gboolean dry_run,
                           gboolean overwrite,
                           WhisImportReport *report);

G_END_DECLS
