/* SPDX-License-Identifier: MIT */
#pragma once

#include "bus-continue.h"
#include "bus-delivery.h"
#include "bus-documents.h"
#include "bus-endpoint.h"
#include "bus-history.h"
#include "bus-import.h"
#include "bus-keys.h"
#include "bus-microphones.h"
#include "bus-models.h"
#include "bus-object.h"
#include "bus-providers.h"
#include "bus-settings.h"
#include "meter.h"
#include "text-watchers.h"

G_BEGIN_DECLS

/* For the files of the areas, whose methods are called with the object. Areas with a state of their
 * own have a part of it. */
struct _WhisBusObject
{
  WhisBusWhis1Skeleton parent_instance;

  WhisDictations *dictations;
  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisMeter *meter;
  WhisModelStore *models;
  WhisSessionDisplay *display;
  WhisDelivery *delivery;
  WhisLoginStart *login_start;
  GActionGroup *actions;
  WhisBusModels *bus_models;
  WhisBusDelivery *bus_delivery;
  WhisBusEndpoint *bus_endpoint;
  WhisBusHistory *bus_history;
  WhisBusDocuments *bus_documents;
  WhisBusMicrophones *bus_microphones;
  WhisTextWatchers *text_watchers;
  GPtrArray *quits; /* calls of Quit that are not answered yet */
};

G_END_DECLS
