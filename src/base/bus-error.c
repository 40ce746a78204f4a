/* SPDX-License-Identifier: MIT */
#include "bus-error.h"

#include <gio/gio.h>

#define NAME(name) "io.github.whis_gtk.Whis.Error." name

static const GDBusErrorEntry entries[] = {
  { WHIS_BUS_ERROR_NOT_RECORDING, NAME ("NotRecording") },
  { WHIS_BUS_ERROR_ALREADY_RECORDING, NAME ("AlreadyRecording") },
  { WHIS_BUS_ERROR_NOT_FOUND, NAME ("NotFound") },
  { WHIS_BUS_ERROR_DEVICE, NAME ("Device") },
  { WHIS_BUS_ERROR_STORAGE, NAME ("Storage") },
  { WHIS_BUS_ERROR_KEY, NAME ("Key") },
  { WHIS_BUS_ERROR_PROVIDER, NAME ("Provider") },
  { WHIS_BUS_ERROR_ARGUMENTS, NAME ("Arguments") },
  { WHIS_BUS_ERROR_CLIPBOARD, NAME ("Clipboard") },
  { WHIS_BUS_ERROR_KEYRING, NAME ("Keyring") },
  { WHIS_BUS_ERROR_FILE, NAME ("File") },
  { WHIS_BUS_ERROR_FAILED, NAME ("Failed") },
};

GQuark
whis_bus_error_quark (void)
{
  static gsize quark = 0;

  g_dbus_error_register_error_domain ("whis-bus-error-quark", &quark, entries,
                                      G_N_ELEMENTS (entries));

  return (GQuark) quark;
}
