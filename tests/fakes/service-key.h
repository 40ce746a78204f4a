/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-call.h"

G_BEGIN_DECLS

/* The key of a request: in the one right header, once, behind the right scheme word. */

/* The key that was sent, whatever the header, or NULL. Complains when it is in the address. */
char *service_key_find (ServiceCall *call);
/* Sets the call's key_state. FALSE and an answer when the key is wrong. */
gboolean service_key_check (ServiceCall *call);
/* As services show it: the ends, and stars between. */
char *service_key_mask (const char *key);

G_END_DECLS
