/* SPDX-License-Identifier: MIT */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

/**
 * Exchange:
 * @message: what was asked
 * @body: (nullable): the answer, %NULL until it is there
 *
 * A request to a server in this process.
 */
typedef struct
{
  SoupMessage *message;
  GBytes *body;

  /*< private >*/
  GCancellable *cancellable;
  gboolean is_over;
} Exchange;

Exchange *exchange_start (SoupSession *session, SoupMessage *message);
void exchange_await (Exchange *self);
void exchange_hang_up (Exchange *self);
void exchange_free (Exchange *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

guint exchange_get_status (Exchange *self);
const char *exchange_get_text (Exchange *self);
JsonObject *exchange_dup_object (Exchange *self);

SoupMessage *exchange_make_form (const char *path, const char *fields, GBytes *file);
