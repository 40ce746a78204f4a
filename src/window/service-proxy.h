/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation-state.h"
#include "service-call.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_AVAILABILITY (whis_availability_get_type ())

/**
 * WhisAvailability:
 * @WHIS_AVAILABILITY_STARTING: the service is being looked for or started
 * @WHIS_AVAILABILITY_RUNNING: the service answers
 * @WHIS_AVAILABILITY_ABSENT: the service does not run
 *
 * Whether there is a service to talk to.
 */
typedef enum
{
  WHIS_AVAILABILITY_STARTING,
  WHIS_AVAILABILITY_RUNNING,
  WHIS_AVAILABILITY_ABSENT,
} WhisAvailability;

GType whis_availability_get_type (void);

#define WHIS_TYPE_SERVICE_PROXY (whis_service_proxy_get_type ())
G_DECLARE_FINAL_TYPE (WhisServiceProxy, whis_service_proxy, WHIS, SERVICE_PROXY, GObject)

WhisServiceProxy *whis_service_proxy_new (void);

void whis_service_proxy_start (WhisServiceProxy *self);

WhisBusWhis1 *whis_service_proxy_get_interface (WhisServiceProxy *self);
WhisAvailability whis_service_proxy_get_availability (WhisServiceProxy *self);
gboolean whis_service_proxy_is_running (WhisServiceProxy *self);
const char *whis_service_proxy_get_problem (WhisServiceProxy *self);
WhisDictationState whis_service_proxy_get_state (WhisServiceProxy *self);
const char *whis_service_proxy_get_code (WhisServiceProxy *self);
const char *whis_service_proxy_get_dictation (WhisServiceProxy *self);
guint64 whis_service_proxy_get_elapsed (WhisServiceProxy *self);
double whis_service_proxy_get_level (WhisServiceProxy *self);
const char *whis_service_proxy_get_destination (WhisServiceProxy *self);
const char *whis_service_proxy_get_provider (WhisServiceProxy *self);
gboolean whis_service_proxy_get_silent (WhisServiceProxy *self);
guint whis_service_proxy_get_unfinished (WhisServiceProxy *self);
gboolean whis_service_proxy_get_can_undo_cancel (WhisServiceProxy *self);
const char *whis_service_proxy_get_playing (WhisServiceProxy *self);
gboolean whis_service_proxy_get_tray (WhisServiceProxy *self);
gboolean whis_service_proxy_get_keyring_available (WhisServiceProxy *self);
const char *whis_service_proxy_get_message (WhisServiceProxy *self);

G_END_DECLS
