/* SPDX-License-Identifier: MIT */
#pragma once

#include "service-form.h"
#include "service.h"

G_BEGIN_DECLS

/* What of a request is kept for the test to look at. */

TestServiceRequest *service_request_new (SoupServerMessage *message, const char *path);
void service_request_add_form (TestServiceRequest *request, ServiceForm *form);
void service_request_free (TestServiceRequest *request);

G_END_DECLS
