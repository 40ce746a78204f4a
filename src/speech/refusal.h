/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * WhisRefusal:
 * @message: (nullable): the server's own words, bounded, in one line; not yet free of keys
 * @code: (nullable): its code for the error, or its type when it has no code
 *
 * What the body of a refusing answer says.
 */
typedef struct
{
  char *message;
  char *code;
} WhisRefusal;

WhisRefusal *whis_refusal_parse (const char *body, gsize size);
void whis_refusal_free (WhisRefusal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRefusal, whis_refusal_free)

GError *whis_refusal_to_error (const char *service,
                               guint status,
                               SoupMessageHeaders *headers,
                               GBytes *body,
                               const char *key);

G_END_DECLS
