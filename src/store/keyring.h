/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisKeySource:
 * @WHIS_KEY_SOURCE_NONE: there is no key
 * @WHIS_KEY_SOURCE_KEYRING: the key is in the desktop's keyring
 * @WHIS_KEY_SOURCE_SESSION: the key lives as long as the service
 * @WHIS_KEY_SOURCE_ENVIRONMENT: the key is in an environment variable
 *
 * Where the key of a provider comes from.
 */
typedef enum
{
  WHIS_KEY_SOURCE_NONE,
  WHIS_KEY_SOURCE_KEYRING,
  WHIS_KEY_SOURCE_SESSION,
  WHIS_KEY_SOURCE_ENVIRONMENT,
} WhisKeySource;

#define WHIS_TYPE_KEYRING (whis_keyring_get_type ())
G_DECLARE_FINAL_TYPE (WhisKeyring, whis_keyring, WHIS, KEYRING, GObject)

WhisKeyring *whis_keyring_new (void);
void whis_keyring_take_variable (WhisKeyring *self, const char *variable);
gboolean whis_keyring_get_available (WhisKeyring *self);

void whis_keyring_lookup_async (WhisKeyring *self,
                                const char *provider,
                                const char *variable,
                                gboolean may_prompt,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
char *whis_keyring_lookup_finish (WhisKeyring *self, GAsyncResult *result, GError **error);

void whis_keyring_find_async (WhisKeyring *self,
                              const char *provider,
                              const char *variable,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
WhisKeySource whis_keyring_find_finish (WhisKeyring *self, GAsyncResult *result, GError **error);

void whis_keyring_store_async (WhisKeyring *self,
                               const char *provider,
                               const char *label,
                               const char *key,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
WhisKeySource whis_keyring_store_finish (WhisKeyring *self, GAsyncResult *result, GError **error);

void whis_keyring_remove_async (WhisKeyring *self,
                                const char *provider,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean whis_keyring_remove_finish (WhisKeyring *self, GAsyncResult *result, GError **error);

G_END_DECLS
