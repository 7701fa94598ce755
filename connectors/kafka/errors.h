// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <librdkafka/rdkafka.h>

#include <string>

namespace weir::kafka {

/// What librdkafka says, as an Error in the words users need. `where` names broker, topic or group.
Error errorOf(rd_kafka_resp_err_t code, std::string where);

/// "what: reason" where a failing admin call gives a text of its own.
Error errorOf(const rd_kafka_error_t* error, std::string where);

ErrorKind kindOf(rd_kafka_resp_err_t code);

} // namespace weir::kafka
