/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint whis_endpoint_timeout_get_ms (void);
gint64 whis_endpoint_timeout_get_upload_us (void);

G_END_DECLS
