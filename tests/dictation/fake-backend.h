/* SPDX-License-Identifier: MIT */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/*
 * A service without a network: each request takes the next plan of a queue, or the default plan
 * when the queue is empty.
 */

typedef struct
{
  guint start_ms;
  guint end_ms;
  const char *text;
} TestBackendTime;

typedef struct
{
  /* the answer, or NULL for @error_code */
  const char *text;
  /* its words with their places in the sound that is sent, up to one without a text; or NULL */
  const TestBackendTime *times;
  int error_code;
  /* answer only after test_backend_release() */
  gboolean hold;
} TestBackendPlan;

#define TEST_TYPE_BACKEND (test_backend_get_type ())
G_DECLARE_FINAL_TYPE (TestBackend, test_backend, TEST, BACKEND, GObject)

TestBackend *test_backend_new (const char *host);
void test_backend_plan (TestBackend *self, const TestBackendPlan *plan);
void test_backend_set_default (TestBackend *self, const TestBackendPlan *plan);
void test_backend_release (TestBackend *self);
guint test_backend_get_n_requests (TestBackend *self);
guint test_backend_get_n_cancelled (TestBackend *self);
const WhisSpeechRequest *test_backend_get_request (TestBackend *self, guint i);
const char *test_backend_get_key (TestBackend *self);

G_END_DECLS
