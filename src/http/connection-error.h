/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GError *whis_connection_error_new (const char *name,
                                   const char *host,
                                   gboolean is_own,
                                   const GError *cause);

G_END_DECLS
