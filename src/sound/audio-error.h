/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisAudioError:
 * @WHIS_AUDIO_ERROR_NO_MICROPHONE: the sound server has no microphone to record from
 * @WHIS_AUDIO_ERROR_NO_SERVER: no PulseAudio or PipeWire sound server answers
 * @WHIS_AUDIO_ERROR_DEVICE: the microphone went away in the middle of a recording
 * @WHIS_AUDIO_ERROR_STORAGE: the recording could not be written
 * @WHIS_AUDIO_ERROR_FILE: the file to transcribe holds no readable sound
 * @WHIS_AUDIO_ERROR_FAILED: anything else, such as a missing GStreamer plugin
 *
 * What can go wrong between a microphone or a file and the MP3 on disk. Every message is one
 * translated sentence for the user.
 */
typedef enum
{
  WHIS_AUDIO_ERROR_NO_MICROPHONE,
  WHIS_AUDIO_ERROR_NO_SERVER,
  WHIS_AUDIO_ERROR_DEVICE,
  WHIS_AUDIO_ERROR_STORAGE,
  WHIS_AUDIO_ERROR_FILE,
  WHIS_AUDIO_ERROR_FAILED,
} WhisAudioError;

#define WHIS_AUDIO_ERROR (whis_audio_error_quark ())
GQuark whis_audio_error_quark (void);

G_END_DECLS
