/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DEVICE (whis_device_get_type ())

/**
 * WhisDevice:
 * @id: name of the PulseAudio source, as [struct@CaptureOptions] takes it
 * @name: what the user calls it
 * @is_default: whether it is what the default microphone stands for now
 * @is_monitor: whether it is no microphone but what a loudspeaker plays
 *
 * A source of sound.
 */
typedef struct
{
  char *id;
  char *name;
  gboolean is_default;
  gboolean is_monitor;
} WhisDevice;

GType whis_device_get_type (void);
WhisDevice *whis_device_copy (const WhisDevice *device);
void whis_device_free (WhisDevice *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisDevice, whis_device_free)

#define WHIS_TYPE_DEVICES (whis_devices_get_type ())
G_DECLARE_FINAL_TYPE (WhisDevices, whis_devices, WHIS, DEVICES, GObject)

WhisDevices *whis_devices_new (void);
void whis_devices_start (WhisDevices *self);
void whis_devices_stop (WhisDevices *self);
GPtrArray *whis_devices_list (WhisDevices *self);

char *whis_devices_find (const char *name);
char *whis_devices_dup_name (const char *id);

G_END_DECLS
