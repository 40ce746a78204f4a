/* SPDX-License-Identifier: MIT */
#pragma once

#include "key-chord.h"

G_BEGIN_DECLS

/* A call of a sender of keys that is under way; its address is the user data of the callbacks. */
typedef struct
{
  gboolean done;
  GError *error;
} KeyCall;

void key_call_clear (KeyCall *call);
void key_call_await (KeyCall *call);
void key_call_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void key_call_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data);
void key_call_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* The same, until they end. */
void key_call_probe (KeyCall *call, WhisKeySender *sender);
void key_call_prepare (KeyCall *call, WhisKeySender *sender);
void key_call_send (KeyCall *call, WhisKeySender *sender, WhisChord chord);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KeyCall, key_call_clear)

G_END_DECLS
