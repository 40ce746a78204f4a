/* SPDX-License-Identifier: MIT */
#pragma once

#include "document-format.h"
#include "record.h"

G_BEGIN_DECLS

char *whis_document_write (const WhisRecord *record, WhisDocumentFormat format);

G_END_DECLS
