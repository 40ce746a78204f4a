/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DOCUMENT_CALLS (whis_document_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisDocumentCalls, whis_document_calls, WHIS, DOCUMENT_CALLS, GObject)

WhisDocumentCalls *whis_document_calls_new (WhisBusWhis1 *skeleton, WhisHistory *history);

void whis_document_calls_remember (WhisDocumentCalls *self,
                                   WhisDictation *dictation,
                                   GDBusMethodInvocation *invocation);

G_END_DECLS
