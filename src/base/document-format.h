/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisDocumentFormat:
 * @WHIS_DOCUMENT_TEXT: the text alone
 * @WHIS_DOCUMENT_JSON: one line of JSON with chunks, times, services and models
 * @WHIS_DOCUMENT_SRT: SubRip subtitles
 * @WHIS_DOCUMENT_VTT: WebVTT subtitles (https://www.w3.org/TR/webvtt1/)
 *
 * What a transcript can be written as.
 */
typedef enum
{
  WHIS_DOCUMENT_TEXT,
  WHIS_DOCUMENT_JSON,
  WHIS_DOCUMENT_SRT,
  WHIS_DOCUMENT_VTT,
} WhisDocumentFormat;

const char *whis_document_format_get_nick (WhisDocumentFormat format);
gboolean whis_document_format_from_nick (const char *nick, WhisDocumentFormat *format);

G_END_DECLS
