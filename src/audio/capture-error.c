/* SPDX-License-Identifier: MIT */
#include "capture-error.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "recording.h"

static gboolean
is_decoder_missing (const GError *error)
{
  return g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
         || g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND);
}

static GError *
explain_file_error (const GError *error, gboolean heard)
{
  if (heard)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                        _ ("The file is damaged: only the sound before the damage was read."));
  if (is_decoder_missing (error))
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                        _ ("GStreamer finds no sound in this file that it can decode: the file "
                           "may hold none, or need more GStreamer plugins."));

  return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                      _ ("The file holds no sound that can be read."));
}

/**
 * whis_capture_error_new:
 * @error: what GStreamer said, or an error of this room already
 * @is_file: whether the sound came from a file
 * @heard: whether there was some sound
 *
 * Returns: (transfer full): a [error@AudioError] that a user understands
 */
GError *
whis_capture_error_new (const GError *error, gboolean is_file, gboolean heard)
{
  if (error->domain == WHIS_AUDIO_ERROR)
    return g_error_copy (error);
  if (is_file)
    return explain_file_error (error, heard);
  if (error->domain != GST_RESOURCE_ERROR)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED, _ ("Recording failed (%s)."),
                        error->message);
  if (heard)
    return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_DEVICE,
                        _ ("The microphone went away: what was said until then is kept."));

  return g_error_new (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE,
                      _ ("No microphone was found: connect one and try again."));
}

/**
 * whis_capture_unsaved_warning:
 * @full: whether for lack of room
 * @path: the recording
 * @kbps: its rate in kbit/s
 *
 * Returns: (transfer full): what to say when the disk does not take a recording
 */
char *
whis_capture_unsaved_warning (gboolean full, const char *path, guint kbps)
{
  const guint minutes = WHIS_RECORDING_MOST_UNSAVED / (kbps * 1000 / 8 * 60);

  if (full)
    return g_strdup_printf (_ ("The disk is full: recording goes on in memory for up to %u "
                               "minutes; make room on the disk, and it is saved."),
                            minutes);

  return g_strdup_printf (_ ("The recording “%s” cannot be written: it goes on in memory for up to "
                             "%u minutes; check the disk."),
                          path, minutes);
}

/**
 * whis_capture_silence_warning:
 * @microphone: (nullable): what it is called
 *
 * Returns: (transfer full): what to say when nothing comes from a microphone
 */
char *
whis_capture_silence_warning (const char *microphone)
{
  if (microphone == NULL)
    return g_strdup (_ ("Nothing is heard from the microphone: check that it is not muted, and "
                        "that it is the right one."));

  return g_strdup_printf (_ ("Nothing is heard from “%s”: check that it is not muted, and that it "
                             "is the right microphone."),
                          microphone);
}

/**
 * whis_capture_switch_warning:
 * @microphone: (nullable): what the next one is called
 *
 * Returns: (transfer full): what to say when another microphone took over from one that failed
 */
char *
whis_capture_switch_warning (const char *microphone)
{
  if (microphone == NULL)
    return g_strdup (_ ("The microphone gave no more sound; recording goes on with another one."));

  return g_strdup_printf (_ ("The microphone gave no more sound; recording goes on with “%s”."),
                          microphone);
}

/**
 * whis_capture_moved_warning:
 * @microphone: (nullable): what the next one is called
 *
 * The sound server does not say why: the other one may be unplugged, or the user chose another
 * default.
 *
 * Returns: (transfer full): what to say when the sound server went on with another microphone
 */
char *
whis_capture_moved_warning (const char *microphone)
{
  if (microphone == NULL)
    return g_strdup (_ ("Recording goes on with another microphone."));

  return g_strdup_printf (_ ("Recording goes on with another microphone, “%s”."), microphone);
}
