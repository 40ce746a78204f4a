/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli-follow.h"
#include "cli-output.h"
#include "cli-service.h"
#include "cli-terminal.h"

/* The meter reaches from this level up to full scale. */
#define METER_FLOOR_DB (-60.0)
#define METER_WIDTH 30

/* Where nobody knows how wide the terminal is. */
#define USUAL_COLUMNS 80

/* `whis record`: one dictation, seen from a terminal. */
typedef struct
{
  WhisBusWhis1 *service;
  gint64 duration_ms; /* 0 for until Enter */
  gboolean stopping;
  gboolean shows_meter;
  char *text; /* so far; nullable */
} Recording;

static void
clear_line (const Recording *recording)
{
  if (recording->shows_meter)
    whis_cli_terminal_clear_line ();
}

static void
cli_record_stop (Recording *recording)
{
  if (recording->stopping)
    return;

  recording->stopping = TRUE;
  clear_line (recording);
  whis_bus_whis1_call_stop (recording->service, NULL, NULL, NULL);
}

static guint
count_columns (void)
{
  struct winsize size;

  return ioctl (STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                          : USUAL_COLUMNS;
}

static guint
measure_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += g_unichar_iszerowidth (g_utf8_get_char (text)) ? 0
             : g_unichar_iswide (g_utf8_get_char (text))    ? 2
                                                            : 1;

  return width;
}

/* The end of the text so far, as much as fits behind what stands in the line already. */
static void
draw_text (const char *text, guint used)
{
  guint columns = count_columns ();

  if (columns < used + 10)
    return;
  while (measure_width (text) > columns - used - 1)
    text = g_utf8_next_char (text);
  g_printerr (" %s", text);
}

static void
draw_meter (const Recording *recording)
{
  double level = whis_bus_whis1_get_level (recording->service);
  guint64 seconds = whis_bus_whis1_get_elapsed (recording->service) / 1000;
  double share = CLAMP ((level - METER_FLOOR_DB) / -METER_FLOOR_DB, 0.0, 1.0);
  int filled = (int) (share * METER_WIDTH + 0.5);

  g_autofree char *head = g_strdup_printf ("%s %02u:%02u [", _ ("Recording"),
                                           (guint) (seconds / 60), (guint) (seconds % 60));
  const char *hint = recording->duration_ms > 0 || recording->text != NULL ? "" : _ ("Enter stops");

  whis_cli_terminal_clear_line ();
  g_printerr ("%s", head);
  for (int i = 0; i < METER_WIDTH; i++)
    g_printerr ("%s", i < filled ? "#" : "-");
  g_printerr ("] %s", hint);
  if (recording->text != NULL)
    draw_text (recording->text, measure_width (head) + METER_WIDTH + 2);
}

static void
progressed_cb (Recording *recording)
{
  guint64 elapsed = whis_bus_whis1_get_elapsed (recording->service);

  if (recording->stopping)
    return;
  if (recording->duration_ms > 0 && elapsed >= (guint64) recording->duration_ms)
    cli_record_stop (recording);
  else if (recording->shows_meter)
    draw_meter (recording);
}

static void
partial_text_cb (Recording *recording, const char *id, const char *text)
{
  if (!g_str_equal (id, whis_bus_whis1_get_dictation (recording->service)))
    return;

  /* It is one line of the terminal. */
  g_free (recording->text);
  recording->text = g_strdelimit (g_utf8_make_valid (text, -1), "\n\r\t\033", ' ');
  if (!recording->stopping)
    draw_meter (recording);
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer user_data)
{
  char input[256];
  gssize size = read (fd, input, sizeof input);

  if (size <= 0 || memchr (input, '\n', (gsize) size) != NULL)
    {
      cli_record_stop (user_data);
      return G_SOURCE_REMOVE;
    }

  return G_SOURCE_CONTINUE;
}

/* "90", "90s", "1.5m", "1h" → milliseconds; -1 if it is none of them, or less than one. */
static gint64
parse_duration (const char *text)
{
  char *end = NULL;
  double value = g_ascii_strtod (text, &end);
  double unit = 0;

  if (end == text || value <= 0)
    return -1;
  if (*end == '\0' || g_str_equal (end, "s"))
    unit = 1;
  else if (g_str_equal (end, "m"))
    unit = 60;
  else if (g_str_equal (end, "h"))
    unit = 3600;

  return value * unit * 1000 >= 1 && value * unit < 86400 * 7 ? (gint64) (value * unit * 1000) : -1;
}

static int
cli_record_follow (Recording *recording, GVariant *options)
{
  g_autoptr (WhisCliFollow) follower = whis_cli_follow_new (recording->service);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autofree char *line = NULL;
  guint input = 0;
  gulong handler, partial = 0;
  int status;

  if (!whis_bus_whis1_call_start_sync (recording->service, options, &id, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  handler = g_signal_connect_swapped (recording->service, "notify::elapsed",
                                      G_CALLBACK (progressed_cb), recording);
  if (recording->shows_meter)
    {
      partial = g_signal_connect_swapped (recording->service, "partial-text",
                                          G_CALLBACK (partial_text_cb), recording);
      whis_bus_whis1_call_watch_text (recording->service, TRUE, NULL, NULL, NULL);
    }
  if (recording->duration_ms == 0 || isatty (STDIN_FILENO))
    input = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, recording);
  status = whis_cli_follow_run (follower, id);
  g_signal_handler_disconnect (recording->service, handler);
  if (partial != 0)
    g_signal_handler_disconnect (recording->service, partial);
  g_clear_pointer (&recording->text, g_free);
  if (input != 0 && !recording->stopping)
    g_source_remove (input);
  clear_line (recording);
  if (whis_cli_follow_get_text (follower) == NULL)
    return status;

  line = g_strconcat (whis_cli_follow_get_text (follower), "\n", NULL);

  return whis_cli_print_text (line) ? status : WHIS_EXIT_FAILED;
}

static GVariant *
with_microphone (GVariant *options, const char *microphone)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (options);

  if (microphone != NULL)
    g_variant_dict_insert (&dict, "microphone", "s", microphone);

  return g_variant_dict_end (&dict);
}

/**
 * whis_cli_record:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis record`: records in the terminal and prints the text.
 *
 * Returns: the exit status
 */
int
whis_cli_record (int argc, char **argv)
{
  g_autofree char *duration = NULL;
  g_autofree char *microphone = NULL;
  g_autoptr (GVariant) options = NULL;
  g_autoptr (WhisBusWhis1) service = NULL;
  Recording recording = { 0 };
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = {
    { "duration", &duration },
    { "microphone", &microphone },
    { NULL },
  };

  options = whis_cli_parse_start_options ("record", bindings, &argc, &argv, &status);
  if (options == NULL)
    return status;
  if (duration != NULL && (recording.duration_ms = parse_duration (duration)) < 0)
    return whis_cli_usage (_ ("“%s” is no length of time; write 90, 90s or 1.5m."), duration);

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  recording.service = service;
  recording.shows_meter = isatty (STDERR_FILENO);

  return cli_record_follow (&recording, with_microphone (options, microphone));
}
