/* SPDX-License-Identifier: MIT */
#pragma once

#include "bus-object.h"
#include "bus.h"
#include "dictations-fixture.h"
#include "fakes.h"

G_BEGIN_DECLS

/*
 * The D-Bus object of the service over dictations whose microphone and service are fakes, on a bus
 * of its own. Texts are inserted by a method that does what a test says.
 */

typedef struct
{
  DictationsFixture base;
  Bus bus;
  FakeMethod *method;
  GString *inserted;  /* what the method was given */
  GString *activated; /* actions, with spaces between */
  WhisUnfinished *unfinished;
  WhisBusObject *object;
} BusFixture;

void bus_fixture_set_up (BusFixture *fixture, gconstpointer data);
void bus_fixture_tear_down (BusFixture *fixture, gconstpointer data);

/* Calls a method of the interface Whis1, or that of an area, such as `Delivery.Describe`; the
 * arguments are in GVariant's text format, or NULL. */
GVariant *bus_fixture_call (BusFixture *fixture,
                            GDBusConnection *caller,
                            const char *method,
                            const char *arguments,
                            GError **error);
/* The answer as text. */
char *bus_fixture_ask (BusFixture *fixture, const char *method, const char *arguments);
/* The method answers with this error of Whis. */
void bus_fixture_assert_refused (BusFixture *fixture,
                                 const char *method,
                                 const char *arguments,
                                 int code);
/* A caller leaves, and the service has heard of it. */
void bus_fixture_leave (BusFixture *fixture, GDBusConnection *caller);

#define assert_answer(fixture, method, arguments, expected)                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *answer = bus_fixture_ask (fixture, method, arguments);                        \
    g_assert_cmpstr (answer, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
