/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint.h"
#include "keyring.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT_SWITCH (whis_endpoint_switch_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpointSwitch, whis_endpoint_switch, WHIS, ENDPOINT_SWITCH, GObject)

WhisEndpointSwitch *whis_endpoint_switch_new (WhisEndpointRecogniser *recogniser,
                                              WhisSettings *settings,
                                              WhisKeyring *keyring);

void whis_endpoint_switch_set_async (WhisEndpointSwitch *self,
                                     gboolean enabled,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
gboolean
whis_endpoint_switch_set_finish (WhisEndpointSwitch *self, GAsyncResult *result, GError **error);

void whis_endpoint_switch_get_key_async (WhisEndpointSwitch *self,
                                         gboolean renew,
                                         GAsyncReadyCallback callback,
                                         gpointer data);
char *whis_endpoint_switch_get_key_finish (WhisEndpointSwitch *self,
                                           GAsyncResult *result,
                                           GError **error);

char *whis_endpoint_switch_dup_address (WhisEndpointSwitch *self);
const char *whis_endpoint_switch_get_problem (WhisEndpointSwitch *self);

G_END_DECLS
