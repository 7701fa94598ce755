// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <cerrno>

namespace weir {

/// What the system says of a file or folder, with the kind that fits: a full disk is ErrorKind::ResourceLimit.
Error fileError(const std::string& what, const std::string& path, int code = errno);

} // namespace weir
