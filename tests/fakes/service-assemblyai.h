/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-call.h"

G_BEGIN_DECLS

/* AssemblyAI: one host here for its two, the synchronous one and the one with uploads. */

extern const ServiceAnswer service_assemblyai_answers[];

/* assemblyai-jobs.c: the asynchronous way */
void assemblyai_upload (ServiceCall *call);
void assemblyai_start (ServiceCall *call);
void assemblyai_poll (ServiceCall *call);
void assemblyai_list (ServiceCall *call);

char *assemblyai_words (ServiceTranscript *heard);

G_END_DECLS
