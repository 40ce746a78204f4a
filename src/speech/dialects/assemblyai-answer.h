/* SPDX-License-Identifier: MIT */
#pragma once

#include "transcription.h"

G_BEGIN_DECLS

WhisTranscription *whis_assemblyai_answer_parse (const char *service,
                                                 const char *data,
                                                 gsize size,
                                                 const char *key,
                                                 gboolean *is_waiting,
                                                 GError **error);
char *whis_assemblyai_answer_dup_upload_url (const char *data, gsize size);
char *whis_assemblyai_answer_dup_id (const char *data, gsize size);

G_END_DECLS
