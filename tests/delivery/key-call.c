/* SPDX-License-Identifier: MIT */
#include "key-call.h"

void
key_call_clear (KeyCall *call)
{
  g_clear_error (&call->error);
}

void
key_call_await (KeyCall *call)
{
  while (!call->done)
    g_main_context_iteration (NULL, TRUE);
}

void
key_call_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KeyCall *call = user_data;

  whis_key_sender_probe_finish (WHIS_KEY_SENDER (source), result, &call->error);
  call->done = TRUE;
}

void
key_call_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KeyCall *call = user_data;

  whis_key_sender_prepare_finish (WHIS_KEY_SENDER (source), result, &call->error);
  call->done = TRUE;
}

void
key_call_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KeyCall *call = user_data;

  whis_key_sender_send_finish (WHIS_KEY_SENDER (source), result, &call->error);
  call->done = TRUE;
}

void
key_call_probe (KeyCall *call, WhisKeySender *sender)
{
  whis_key_sender_probe_async (sender, NULL, key_call_probed_cb, call);
  key_call_await (call);
}

void
key_call_prepare (KeyCall *call, WhisKeySender *sender)
{
  whis_key_sender_prepare_async (sender, NULL, key_call_prepared_cb, call);
  key_call_await (call);
}

void
key_call_send (KeyCall *call, WhisKeySender *sender, WhisChord chord)
{
  whis_key_sender_send_async (sender, chord, NULL, key_call_sent_cb, call);
  key_call_await (call);
}
