/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * WhisErrorBody:
 * @message: (nullable): the server's own words, bounded, in one line; not yet free of keys
 * @code: (nullable): its code for the error, or its type when it has no code
 * @words: (element-type utf8): all codes, types and reasons that the body names, the most precise
 *   first
 * @param: (nullable): the field of the request that is blamed
 * @wait_ms: the wait that the body names, in milliseconds; 0 for none
 * @is_daily: whether an allowance for a day is used up
 * @has_error: whether it has an object `error`, as OpenAI and those who follow it write one
 * @is_plain: whether the body was text without structure
 * @is_page: whether the body was a web page
 *
 * What the body of a refusing answer says.
 */
typedef struct
{
  char *message;
  char *code;
  GPtrArray *words;
  char *param;
  guint64 wait_ms;
  gboolean is_daily;
  gboolean has_error;
  gboolean is_plain;
  gboolean is_page;
} WhisErrorBody;

WhisErrorBody *whis_error_body_parse (const char *body, gsize size);
void whis_error_body_free (WhisErrorBody *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisErrorBody, whis_error_body_free)

GError *whis_error_body_to_error (const char *service,
                                  guint status,
                                  SoupMessageHeaders *headers,
                                  GBytes *body,
                                  const char *key);

G_END_DECLS
