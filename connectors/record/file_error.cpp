// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/record/file_error.h"

#include <cstring>

namespace weir {

namespace {

ErrorKind kindOf(int code)
{
    switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ErrorKind::ResourceLimit;
    case EEXIST:
        return ErrorKind::InvalidInput;
    case EACCES:
        return ErrorKind::NotAuthorized;
    case ENOENT:
        return ErrorKind::NotFound;
    default:
        return ErrorKind::Io;
    }
}

} // namespace

Error fileError(const std::string& what, const std::string& path, int code)
{
    const ErrorKind kind = kindOf(code);
    const std::string advice = kind == ErrorKind::ResourceLimit ? " Make room or choose another disk." : "";
    return {kind, what + ": " + std::strerror(code) + "." + advice, path};
}

} // namespace weir
