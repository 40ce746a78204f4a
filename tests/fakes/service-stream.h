/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-call.h"

G_BEGIN_DECLS

/*
 * A transcript as server-sent events. They go in pieces of a few bytes, which end anywhere, in the
 * middle of a character too. The failures of service_stream_answers[] change them.
 */
typedef struct
{
  /* before everything, or NULL */
  const char *head;
  /* per word, or per segment, with the gap %text% */
  const char *delta;
  gboolean by_segment;
  /* with the gap %text% */
  const char *done;
  const char *error;
  /* behind everything, or NULL */
  const char *end;
} ServiceStream;

/* Failures of a stream, rows for a kind's answers. */
#define SERVICE_STREAM_ANSWERS                                                                     \
  { "stream-crlf" }, { "stream-comments" }, { "stream-without-end" }, { "stream-without-done" },   \
  {                                                                                                \
    "stream-error"                                                                                 \
  }

/* Answers so. */
void service_stream_answer (ServiceCall *call, const ServiceStream *stream);

G_END_DECLS
