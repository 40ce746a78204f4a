/* SPDX-License-Identifier: MIT */

/* whisper-server of whisper.cpp, as it starts without options. */

#include "service-openai-rules.h"
#include "service-sound.h"
#include "service-template.h"

static const ServiceAnswer answers[] = {
  { "bad-request", 400, "text/plain", NULL, "Invalid request" },
  { "broken-file", 400, "text/plain", NULL, "Invalid request" },
  { "plain-text", 400, "text/plain", NULL, "Invalid request" },
  { "not-a-number", 500, "text/plain", NULL, "500 Internal Server Error\nstof" },
  { "down", 500, "text/plain", NULL, "500 Internal Server Error\nstd::bad_alloc" },
  { "cannot-process", 500, "application/json", NULL, "{\"error\":\"failed to process audio\"}" },
  /* a model that is still loading, too, ends in the page for unknown paths */
  { "overloaded", 404, "text/plain", NULL, "File Not Found (/inference)" },
  { "not-found", 404, "text/plain", NULL, "File Not Found (%message%)", .example = "/inference" },
  { NULL },
};

#define SWITCH(name)                                                                               \
  {                                                                                                \
    name, SERVICE_FIELD_BOOLEAN                                                                    \
  }

static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "language" },
  { "prompt" },
  /* not read, but harmless */
  { "model" },
  { "temperature" },
  { "temperature_inc" },
  { "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json" },
  SWITCH ("translate"),
  SWITCH ("detect_language"),
  SWITCH ("no_timestamps"),
  SWITCH ("token_timestamps"),
  SWITCH ("carry_initial_prompt"),
  SWITCH ("suppress_nst"),
  SWITCH ("vad"),
  SWITCH ("no_language_probabilities"),
  { "beam_size" },
  { "best_of" },
  { "entropy_thold" },
  { "logprob_thold" },
  { "no_speech_thold" },
  { "max_len" },
  { NULL },
};

static gboolean
check_fields (ServiceCall *call)
{
  ServiceFault fault = service_form_check (call->form, fields);

  if (fault.kind == SERVICE_FAULT_UNKNOWN)
    service_call_complain (call, "unknown field %s", fault.name);
  else if (fault.kind != SERVICE_FAULT_NONE)
    {
      service_call_refuse (call, "bad-request", "field %s cannot be '%s'", fault.name, fault.value);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_numbers (ServiceCall *call)
{
  static const char *const names[] = { "temperature", "temperature_inc" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = service_form_get (call->form, names[i]);
      char *end;

      if (value == NULL)
        continue;
      g_ascii_strtod (value, &end);
      if (end == value)
        {
          service_call_refuse (call, "not-a-number", "%s cannot be '%s'", names[i], value);
          return FALSE;
        }
    }

  return TRUE;
}

/* It decodes WAV, MP3, FLAC and Ogg Vorbis; the rest would need ffmpeg. */
static gboolean
check_sound (ServiceCall *call)
{
  ServiceSoundForm form = service_sound_get_form (call->request->file);

  if (form != SERVICE_SOUND_OPUS && form != SERVICE_SOUND_WEBM && form != SERVICE_SOUND_M4A)
    return TRUE;
  service_call_refuse (call, "broken-file", "a sound that cannot be decoded");

  return FALSE;
}

static gboolean
check (ServiceCall *call)
{
  const ServicePart *part = service_form_find (call->form, "file");

  if (call->form == NULL)
    service_call_refuse (call, "bad-request", "%s", call->form_fault);
  else if (part == NULL || part->file_name == NULL)
    service_call_refuse (call, "bad-request", "no part file with a filename");
  else
    return check_fields (call) && check_numbers (call) && check_sound (call);

  return FALSE;
}

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard, gboolean detects)
{
  static const char segment[] =
      "{\"id\":%index%,\"text\":%text%,\"start\":%start%,\"end\":%end%,\"tokens\":[50364],"
      "\"words\":%words%,\"temperature\":0.0,\"avg_logprob\":-0.25,\"no_speech_prob\":0.01}";
  static const char word[] = "{\"word\":%text%,\"start\":%start%,\"end\":%end%,\"t_dtw\":-1,"
                             "\"probability\":0.97}";
  const char *language = service_form_get (call->form, "language");
  gboolean is_english = language == NULL || g_str_equal (language, "en");
  g_autofree char *lines = service_transcript_lines (heard);
  g_autofree char *text = service_template_quote (lines);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *segments = service_transcript_segments (heard, segment, word);
  g_autofree char *spoken = service_dup_spoken (call->service);

  return service_template_expand (
      "{\"task\":\"transcribe\",\"language\":\"%language%\",\"duration\":%duration%,"
      "\"text\":%text%,\"segments\":%segments%,\"detected_language\":\"%detected%\","
      "\"detected_language_probability\":0.98,\"language_probabilities\":{\"%spoken%\":0.98}}",
      "language", is_english ? "english" : "german", "duration", duration, "segments", segments,
      "detected", detects || !is_english ? "german" : "english", "spoken", spoken, "text", text,
      NULL);
}

static char *
make_json (ServiceTranscript *heard)
{
  g_autofree char *lines = service_transcript_lines (heard);
  g_autofree char *text = service_template_quote (lines);

  return g_strconcat ("{\"text\":", text, "}", NULL);
}

static void
transcribe (ServiceCall *call)
{
  const char *language = service_form_get (call->form, "language");
  gboolean detects = g_strcmp0 (language, "auto") == 0;
  g_autoptr (ServiceTranscript) heard = NULL;
  ServiceWav wav;

  if (!check (call) || service_call_fails (call))
    return;
  if (service_sound_read_wav (call->request->file, &wav) && wav.duration_ms < 100)
    call->trick = TEST_TRICK_EMPTY;
  heard = service_call_hear (call, language == NULL);
  if (openai_field_is (call, "response_format", "verbose_json"))
    service_call_answer (call, make_verbose (call, heard, detects));
  else if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/html; charset=utf-8", service_transcript_lines (heard));
  else
    service_call_answer (call, make_json (heard));
}

static void
tell_health (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"status\":\"ok\"}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/inference", transcribe },
  { "GET", "/health", tell_health },
  { NULL },
};

const ServiceKind service_whisper_cpp = {
  .name = "whisper-cpp",
  .key_optional = TRUE,
  .serial = TRUE,
  .idle_ms = 5000,
  .headers = "Server: whisper.cpp\nKeep-Alive: timeout=5, max=100",
  .routes = routes,
  .answers = answers,
};
