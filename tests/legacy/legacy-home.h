/* SPDX-License-Identifier: MIT */
#pragma once

#include "legacy-files.h"

G_BEGIN_DECLS

/* Files of the earlier Whis in the home of the test, which needs G_TEST_OPTION_ISOLATE_DIRS. */
char *legacy_home_put (const char *folder, const char *name, const char *text);
WhisLegacyFiles *legacy_home_read (GError **error);

G_END_DECLS
