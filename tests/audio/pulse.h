/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PULSE_SOURCE "whis_test_mic"
#define PULSE_MONITOR "whis_test.monitor"

/* A PulseAudio server of our own with a null sink, and a microphone “Desk” that hears it: what is
 * played is what is heard. */
typedef struct
{
  GSubprocess *server;
  GSubprocess *recorder;
} Pulse;

void pulse_prepare (void);
void pulse_clean_up (void);

Pulse *pulse_new (gboolean with_microphone);
void pulse_free (Pulse *pulse);
void pulse_kill (Pulse *pulse);

void pulse_control (const char *command, ...) G_GNUC_NULL_TERMINATED;
GSubprocess *pulse_play (const char *path);
GSubprocess *pulse_play_to (const char *sink, const char *path);
char *pulse_load_sink (const char *name);
char *pulse_load_microphone (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pulse, pulse_free)

G_END_DECLS
