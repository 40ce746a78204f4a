/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictation.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_DOCUMENTS (whis_bus_documents_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusDocuments, whis_bus_documents, WHIS, BUS_DOCUMENTS, GObject)

WhisBusDocuments *whis_bus_documents_new (WhisBusWhis1 *interface, WhisHistory *history);

void whis_bus_documents_remember (WhisBusDocuments *self,
                                  WhisDictation *dictation,
                                  GDBusMethodInvocation *invocation);

void whis_bus_documents_implement (WhisBusWhis1Iface *iface);

G_END_DECLS
