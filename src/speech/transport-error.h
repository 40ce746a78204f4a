/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"

G_BEGIN_DECLS

GError *
whis_transport_error_new (const WhisProvider *provider, const char *host, const GError *cause);

G_END_DECLS
