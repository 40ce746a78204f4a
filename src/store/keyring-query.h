/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a lookup is about; the task data of every operation here. */
typedef struct
{
  char *provider;
  char *variable;
  char *key;
  char *label; /* of a key to store */
  gboolean may_prompt;
  gboolean tried_again;

  /* The call that is under way: cancelled by the caller or by the clock. */
  GCancellable *call;
  gulong cancelled_id;
  guint timeout;
  gboolean timed_out;
} WhisKeyringQuery;

GTask *whis_keyring_query_task_new (gpointer keyring,
                                    const char *provider,
                                    const char *variable,
                                    gpointer source_tag,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);

GCancellable *whis_keyring_query_begin_call (GTask *task, guint timeout_ms);
gboolean whis_keyring_query_end_call (GTask *task);

gboolean whis_keyring_query_says_no_keyring (const GError *error);
gboolean whis_keyring_query_try_again (GTask *task, const GError *error);

void whis_keyring_query_return_locked (GTask *task);
void whis_keyring_query_return_error (GTask *task, const GError *error);

G_END_DECLS
