/* SPDX-License-Identifier: MIT */

/* A service that takes any request and answers as the test has planned. */

#include "service-call.h"

static char *
make_body (ServiceCall *call)
{
  gsize size;
  const char *data;

  if (call->request->file == NULL)
    return g_strdup ("{\"object\":\"list\",\"data\":[]}");
  data = g_bytes_get_data (call->request->file, &size);

  return g_strdup_printf ("{\"text\":\"%.*s\"}", (int) size, data);
}

void
service_call_set_plan (ServiceCall *call, const TestPlan *plan)
{
  service_call_answer_type (call, plan->type != NULL ? plan->type : "application/json",
                            plan->body != NULL ? g_strdup (plan->body) : make_body (call));
  if (plan->status > 0)
    call->status = plan->status;
  g_free (call->headers);
  call->headers = g_strdup (plan->header);
  call->trick = plan->trick;
  call->delay_ms = plan->delay_ms;
}

/* What only opens a connection may come at any time, and takes no plan away. */
static void
answer (ServiceCall *call)
{
  g_autofree TestPlan *plan = g_str_equal (call->request->method, SOUP_METHOD_HEAD)
                                  ? g_new0 (TestPlan, 1)
                                  : service_take_plan (call->service);

  service_call_set_plan (call, plan);
}

static const ServiceRoute routes[] = {
  { NULL, "*", answer, .takes_query = TRUE, .open = TRUE },
  { NULL },
};

static const ServiceAnswer answers[] = { { NULL } };

const ServiceKind service_scripted = {
  .name = "scripted",
  .key_forms = { { "Authorization", "Bearer " } },
  .key_optional = TRUE,
  .routes = routes,
  .answers = answers,
};
