// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/recover.h"

#include <string>

namespace weir::cli {

/// What verify and recover print: for eyes, and as one JSON object.
std::string verifyText(const capture::VerifyReport& report, const std::string& folder);
std::string verifyJson(const capture::VerifyReport& report, const std::string& folder);
std::string recoverText(const capture::RecoverReport& report, const std::string& folder);
std::string recoverJson(const capture::RecoverReport& report, const std::string& folder);

} // namespace weir::cli
