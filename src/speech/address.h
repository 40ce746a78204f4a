/* SPDX-License-Identifier: MIT */
#pragma once

#include "providers.h"

G_BEGIN_DECLS

char *whis_address_complete (const WhisProvider *provider, const char *address, GError **error);
gboolean whis_address_may_carry_key (const char *url, GError **error);
char *whis_address_get_host (const char *url);
char *whis_address_get_models_url (const char *url);

G_END_DECLS
