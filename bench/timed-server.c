/* SPDX-License-Identifier: MIT */

/*
 * A transcription server on 127.0.0.1 that answers each upload exactly so long after its last byte.
 *
 *   timed-server LATENCY_MS [SEED]
 *
 * With a seed it has its moods: latencies vary, some uploads are refused with a status 429 and
 * `Retry-After: 1`, some with a status 500, in the sequence that mishap.c makes of the seed.
 *
 * It does next to nothing else, so that the clients are what is measured: no libsoup, whose main
 * loop counts in whole milliseconds, but epoll and a timerfd. Prints its address, then serves until
 * its standard input ends. GET /log answers, and forgets, one line for each upload so far:
 *
 *   RECEIVED ANSWERED
 *
 * the times of its last byte and of its answer, in microseconds of CLOCK_MONOTONIC.
 */

#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "mishap.h"

#define LONGEST_HEAD 65536

typedef struct
{
  int fd;
  GString *head;
  guint64 body_left;
  gboolean is_upload;
  gint64 received;
  gint64 due;
  guint status;
} Connection;

static int poller;
static int listener;
static int timer;
static double latency_ms;
static GRand *moods;
static guint n_answered;
static GString *journal;
/* element-type Connection: uploads that wait for their answer, the next one first */
static GQueue waiting = G_QUEUE_INIT;

static void
watch (int fd, void *what)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = what };

  if (epoll_ctl (poller, EPOLL_CTL_ADD, fd, &event) != 0)
    g_error ("epoll: %s", g_strerror (errno));
}

static void
send_all (int fd, const char *data, gsize size)
{
  while (size > 0)
    {
      gssize n_sent = send (fd, data, size, MSG_NOSIGNAL);

      if (n_sent < 0)
        return;
      data += n_sent;
      size -= (gsize) n_sent;
    }
}

static void
send_answer (Connection *connection, const char *type, const char *body, gboolean with_body)
{
  g_autofree char *answer =
      g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", type,
                       strlen (body), with_body ? body : "");

  send_all (connection->fd, answer, strlen (answer));
}

static void
set_timer (void)
{
  Connection *next = g_queue_peek_head (&waiting);
  struct itimerspec when = { 0 };
  gint64 due;

  if (next == NULL)
    return;
  due = next->due;
  when.it_value.tv_sec = due / G_USEC_PER_SEC;
  when.it_value.tv_nsec = (due % G_USEC_PER_SEC) * 1000;
  timerfd_settime (timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void
refuse_upload (Connection *connection)
{
  g_autofree char *answer =
      g_strdup_printf ("HTTP/1.1 %u No\r\n%sContent-Length: 0\r\n\r\n", connection->status,
                       connection->status == 429 ? "Retry-After: 1\r\n" : "");

  send_all (connection->fd, answer, strlen (answer));
}

static void
answer_upload (Connection *connection)
{
  g_autofree char *body = g_strdup_printf ("{\"text\":\"Sentence number %u.\"}", ++n_answered);

  if (connection->status == 200)
    send_answer (connection, "application/json", body, TRUE);
  else
    refuse_upload (connection);
  g_string_append_printf (journal, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                          connection->received, g_get_monotonic_time ());
}

static void
answer_those_due (void)
{
  guint64 n_expired;

  if (read (timer, &n_expired, sizeof n_expired) < 0 && errno != EAGAIN)
    g_error ("timerfd: %s", g_strerror (errno));
  while (waiting.length > 0
         && ((Connection *) g_queue_peek_head (&waiting))->due <= g_get_monotonic_time ())
    answer_upload (g_queue_pop_head (&waiting));
  set_timer ();
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer data)
{
  const Connection *left = a;
  const Connection *right = b;

  return (left->due > right->due) - (left->due < right->due);
}

static void
body_complete (Connection *connection)
{
  Mishap mishap = { .latency_ms = latency_ms, .status = 200 };

  if (moods != NULL)
    mishap = mishap_next (moods, latency_ms);
  connection->received = g_get_monotonic_time ();
  connection->due = connection->received + (gint64) (mishap.latency_ms * 1000);
  connection->status = mishap.status;
  g_queue_insert_sorted (&waiting, connection, compare_due, NULL);
  if (g_queue_peek_head (&waiting) == connection)
    set_timer ();
}

static guint64
get_content_length (const char *head)
{
  const char *line = strcasestr (head, "\r\nContent-Length:");

  return line != NULL ? g_ascii_strtoull (strchr (line, ':') + 1, NULL, 10) : 0;
}

static void
answer_question (Connection *connection)
{
  if (g_str_has_prefix (connection->head->str, "GET /log "))
    {
      send_answer (connection, "text/plain", journal->str, TRUE);
      g_string_truncate (journal, 0);
    }
  else
    send_answer (connection, "application/json", "{\"object\":\"list\",\"data\":[]}",
                 !g_str_has_prefix (connection->head->str, "HEAD "));
}

/* What came beyond the head belongs to the body: no client here sends a second request early. */
static void
head_complete (Connection *connection, gsize head_size)
{
  gsize body_size = connection->head->len - head_size;

  connection->head->str[head_size] = '\0';
  connection->is_upload = g_str_has_prefix (connection->head->str, "POST ");
  if (!connection->is_upload)
    answer_question (connection);
  else
    {
      connection->body_left = get_content_length (connection->head->str) - body_size;
      if (strcasestr (connection->head->str, "\r\nExpect: 100-continue") != NULL)
        send_all (connection->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
      if (connection->body_left == 0)
        body_complete (connection);
    }
  g_string_truncate (connection->head, 0);
}

static void
receive (Connection *connection, const char *data, gsize size)
{
  const char *end;

  if (connection->body_left > 0)
    {
      connection->body_left -= MIN (size, connection->body_left);
      if (connection->body_left == 0)
        body_complete (connection);
      return;
    }
  g_string_append_len (connection->head, data, (gssize) size);
  end = strstr (connection->head->str, "\r\n\r\n");
  if (end != NULL)
    head_complete (connection, (gsize) (end + 4 - connection->head->str));
}

static void
end_connection (Connection *connection)
{
  g_queue_remove (&waiting, connection);
  close (connection->fd);
  g_string_free (connection->head, TRUE);
  g_free (connection);
}

static void
read_connection (Connection *connection)
{
  static char data[262144];
  gssize n_read = read (connection->fd, data, sizeof data);

  if (n_read <= 0 || connection->head->len > LONGEST_HEAD)
    end_connection (connection);
  else
    receive (connection, data, (gsize) n_read);
}

static void
accept_connection (void)
{
  Connection *connection = g_new0 (Connection, 1);
  const int on = 1;

  connection->fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  connection->head = g_string_new (NULL);
  setsockopt (connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch (connection->fd, connection);
}

static void
listen_local (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;

  listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind (listener, (struct sockaddr *) &address, size) != 0 || listen (listener, 128) != 0
      || getsockname (listener, (struct sockaddr *) &address, &size) != 0)
    g_error ("%s", g_strerror (errno));
  g_print ("http://127.0.0.1:%d\n", ntohs (address.sin_port));
}

/* Returns FALSE when standard input has ended. */
static gboolean
handle (struct epoll_event *event)
{
  char bytes[64];

  if (event->data.ptr == &listener)
    accept_connection ();
  else if (event->data.ptr == &timer)
    answer_those_due ();
  else if (event->data.ptr == NULL)
    return read (STDIN_FILENO, bytes, sizeof bytes) > 0;
  else
    read_connection (event->data.ptr);

  return TRUE;
}

int
main (int argc, char **argv)
{
  gboolean is_wanted = TRUE;

  if (argc != 2 && argc != 3)
    {
      g_printerr ("usage: timed-server LATENCY_MS [SEED]\n");
      return 1;
    }
  latency_ms = g_ascii_strtod (argv[1], NULL);
  if (argc == 3)
    moods = g_rand_new_with_seed ((guint32) g_ascii_strtoull (argv[2], NULL, 10));
  journal = g_string_new (NULL);
  prctl (PR_SET_TIMERSLACK, 1);
  /* its answers are the clock of the measurement, and should not wait for others; may be refused */
  setpriority (PRIO_PROCESS, 0, -20);
  poller = epoll_create1 (EPOLL_CLOEXEC);
  timer = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  listen_local ();
  watch (listener, &listener);
  watch (timer, &timer);
  watch (STDIN_FILENO, NULL);

  while (is_wanted)
    {
      /* one at a time: a connection that ends must not be in the rest of a batch */
      struct epoll_event event;

      if (epoll_wait (poller, &event, 1, -1) == 1)
        is_wanted = handle (&event);
    }

  return 0;
}
