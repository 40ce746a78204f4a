/* SPDX-License-Identifier: MIT */

/* Upload, start a job, ask until it is done: queued, processing, completed or error. */

#include "service-assemblyai.h"

#include <string.h>

#include "service-json.h"
#include "service-template.h"

#define UPLOADS "https://cdn.assemblyai.com/upload/"

typedef struct
{
  GBytes *sound;
  guint n_polls;
  TestTrick trick;
  /* a reason, when it fails */
  const char *error;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_bytes_unref (job->sound);
  g_free (job);
}

void
assemblyai_upload (ServiceCall *call)
{
  GBytes *body = call->request->body;
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  g_autofree char *url = g_strconcat (UPLOADS, sum, NULL);

  if (!service_call_has_type (call, "application/octet-stream"))
    service_call_refuse (call, "bad-request", "an upload as %s",
                         service_call_get_header (call, "Content-Type"));
  else if (g_bytes_get_size (body) == 0)
    service_call_refuse (call, "bad-request", "an empty upload");
  else if (!service_call_fails_at (call, "upload-"))
    {
      service_call_set_sound (call, body, "application/octet-stream");
      g_datalist_set_data_full (service_get_store (call->service), url, g_bytes_ref (body),
                                (GDestroyNotify) g_bytes_unref);
      service_call_answer (call, g_strdup_printf ("{\"upload_url\":\"%s\"}", url));
    }
}

static gboolean
check_members (ServiceCall *call, JsonObject *job)
{
  const char *unknown = service_json_find_unknown (
      job, "audio_url speech_models language_detection language_code punctuate format_text "
           "keyterms_prompt speaker_labels prompt");

  if (unknown != NULL)
    service_call_refuse (call, "bad-request", "Invalid endpoint schema: unknown %s", unknown);
  else if (service_json_get_array (job, "speech_models") == NULL
           || !service_json_is_list (job, "speech_models", "^(universal-3-5-pro|universal-2)$"))
    service_call_refuse (call, "bad-request", "speech_models must be a list of known models");
  else if (!service_json_is_list (job, "keyterms_prompt", "."))
    service_call_refuse (call, "bad-request", "keyterms_prompt must be a list of strings");
  else if (json_object_has_member (job, "language_code")
           && json_object_get_boolean_member_with_default (job, "language_detection", FALSE))
    service_call_refuse (call, "bad-request",
                         "language_code and language_detection exclude each other");
  else
    return TRUE;

  return FALSE;
}

/* The sound that was uploaded, NULL and an answer when it was not. */
static GBytes *
find_sound (ServiceCall *call, JsonObject *job)
{
  const char *url = service_json_get_string (job, "audio_url");
  GBytes *sound = url != NULL ? g_datalist_get_data (service_get_store (call->service), url) : NULL;

  if (sound == NULL)
    service_call_refuse (call, "bad-request", "audio_url is nothing that was uploaded");

  return sound;
}

/* English is assumed here too, unless the language is given or to be found. */
static gboolean
is_garbled (JsonObject *job)
{
  return !json_object_has_member (job, "language_code")
         && !json_object_get_boolean_member_with_default (job, "language_detection", FALSE);
}

static void
start (ServiceCall *call, JsonObject *request, GBytes *sound)
{
  static const char garble[] = TEST_SERVICE_GARBLE;
  Job *job = g_new0 (Job, 1);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strconcat ("job ", id, NULL);

  job->sound =
      is_garbled (request) ? g_bytes_new_static (garble, strlen (garble)) : g_bytes_ref (sound);
  job->trick = call->trick == TEST_TRICK_EMPTY ? TEST_TRICK_EMPTY : TEST_TRICK_NONE;
  if (call->failure != NULL && call->failure->trick == TEST_TRICK_NONE)
    job->error = call->failure->body;
  g_datalist_set_data_full (service_get_store (call->service), name, job, job_free);
  service_call_answer (
      call,
      g_strdup_printf ("{\"id\":\"%s\",\"status\":\"queued\",\"text\":null,\"error\":null}", id));
}

void
assemblyai_start (ServiceCall *call)
{
  g_autoptr (JsonNode) node = service_json_read (call->request->body);
  JsonObject *request;
  GBytes *sound;

  if (node == NULL || !service_call_has_type (call, "application/json"))
    {
      service_call_refuse (call, "bad-request", "no JSON object");
      return;
    }
  request = json_node_get_object (node);
  if (!check_members (call, request))
    return;
  sound = find_sound (call, request);
  if (sound != NULL && !service_call_fails (call))
    start (call, request, sound);
}

static char *
make_result (ServiceCall *call, Job *job, const char *id)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;

  service_call_set_sound (call, job->sound, "application/octet-stream");
  if (job->trick == TEST_TRICK_EMPTY)
    call->trick = TEST_TRICK_EMPTY;
  heard = service_call_hear (call, FALSE);
  text = service_template_quote (heard->text);
  words = assemblyai_words (heard);

  return service_template_expand (
      "{\"id\":\"%id%\",\"status\":\"completed\",\"text\":%text%,\"words\":%words%,\"confidence\":"
      "0.97,\"audio_duration\":2,\"language_code\":\"de\",\"error\":null}",
      "id", id, "words", words, "text", text, NULL);
}

void
assemblyai_poll (ServiceCall *call)
{
  const char *id = call->request->path + strlen ("/v2/transcript/");
  g_autofree char *name = g_strconcat ("job ", id, NULL);
  Job *job = g_datalist_get_data (service_get_store (call->service), name);

  if (job == NULL)
    service_call_refuse (call, "bad-request", "Transcript lookup error, transcript id not found");
  else if (service_call_fails_at (call, "poll-"))
    return;
  else if (job->n_polls++ < 2)
    service_call_answer (call, g_strdup_printf ("{\"id\":\"%s\",\"status\":\"%s\",\"text\":null,"
                                                "\"words\":null,\"error\":null}",
                                                id, job->n_polls < 2 ? "queued" : "processing"));
  else if (job->error != NULL)
    service_call_answer (call, g_strdup_printf ("{\"id\":\"%s\",\"status\":\"error\",\"text\":null,"
                                                "\"words\":null,\"error\":\"%s\"}",
                                                id, job->error));
  else
    service_call_answer (call, make_result (call, job, id));
}

void
assemblyai_list (ServiceCall *call)
{
  if (g_strcmp0 (call->request->query, "limit=1") != 0)
    service_call_complain (call, "query ?%s", call->request->query);
  service_call_answer (call, g_strdup ("{\"page_details\":{\"limit\":1,\"result_count\":0,"
                                       "\"prev_url\":null,\"next_url\":null},\"transcripts\":[]}"));
}
