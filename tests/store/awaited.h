/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What an asynchronous call answers, waited for: store_result() as the callback, the address of a
 * result that is %NULL as its data, and then wait_for() the same. */
void store_result (GObject *object, GAsyncResult *result, gpointer user_data);
GAsyncResult *wait_for (GAsyncResult **result);

G_END_DECLS
