/* SPDX-License-Identifier: MIT */
#pragma once

#include "delivery.h"
#include "dictations.h"

G_BEGIN_DECLS

void whis_shutdown_async (GDBusConnection *bus,
                          WhisDictations *dictations,
                          WhisHistory *history,
                          WhisDelivery *delivery,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
void whis_shutdown_finish (GAsyncResult *result);

G_END_DECLS
