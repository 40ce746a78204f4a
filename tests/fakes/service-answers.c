/* SPDX-License-Identifier: MIT */

/* Answers that every service may give, because what stands before it does. */

#include "service-kind.h"

#define PAGE(title)                                                                                \
  "<html>\r\n<head><title>" title "</title></head>\r\n<body>\r\n<center><h1>" title                \
  "</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"

static const ServiceAnswer shared_answers[] = {
  { "empty-text", .trick = TEST_TRICK_EMPTY },
  { "truncated", .trick = TEST_TRICK_TRUNCATED },
  { "other-answer", .trick = TEST_TRICK_EXTRAS },
  { "reset", .trick = TEST_TRICK_BREAK_OFF },
  { "reset-at-once", .trick = TEST_TRICK_RESET },
  { "slow-first-byte", .trick = TEST_TRICK_HOLD },
  { "slow-drip", .trick = TEST_TRICK_HOLD_BODY },
  { "down-html", 500, "text/html", NULL, PAGE ("500 Internal Server Error") },
  { "bad-gateway", 502, "text/html", NULL, PAGE ("502 Bad Gateway") },
  { "overloaded", 503, "text/html", NULL, PAGE ("503 Service Temporarily Unavailable") },
  { "gateway-timeout", 504, "text/html", NULL, PAGE ("504 Gateway Time-out") },
  { "captive-portal", 200, "text/html; charset=utf-8", NULL,
    "<!DOCTYPE html>\n<html><head><title>Welcome to our Wi-Fi</title></head>\n"
    "<body><form action=\"/login\"><input name=\"room\"><button>Log in</button></form>"
    "</body></html>\n" },
  { "captive-redirect", 302, "text/html", "Location: http://localhost:%port%/login",
    PAGE ("302 Found") },
  { "not-found", 404, "text/html", NULL, PAGE ("404 Not Found") },
  { "wrong-method", 405, "text/html", NULL, PAGE ("405 Not Allowed") },
  { "length-required", 411, "text/html", NULL, PAGE ("411 Length Required") },
  { NULL },
};

const ServiceAnswer *
service_get_shared_answers (void)
{
  return shared_answers;
}

static const ServiceAnswer *
find (const ServiceAnswer *answers, const char *name)
{
  for (; answers->name != NULL; answers++)
    if (g_str_equal (answers->name, name))
      return answers;

  return NULL;
}

const ServiceAnswer *
service_find_answer (const ServiceKind *kind, const char *name)
{
  const ServiceAnswer *answer = find (kind->answers, name);

  return answer != NULL ? answer : find (shared_answers, name);
}
