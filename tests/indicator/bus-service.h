/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-proxy.h"

G_BEGIN_DECLS

/* A session bus with a service whose properties and signals a test chooses. */
typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *bus;
  WhisBusWhis1 *skeleton;
  guint n_watching; /* calls of WatchText */
} BusService;

void bus_service_start (BusService *self);
void bus_service_stop (BusService *self);

void bus_service_set_recording (BusService *self, const char *dictation);
void bus_service_tell_state (BusService *self, const char *dictation, const char *state);

G_END_DECLS
