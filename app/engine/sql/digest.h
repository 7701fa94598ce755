// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::sql {

/// Bits of a hash function by its name in SQL: MD5, SHA1, SHA224, SHA256, SHA384, SHA512; 0 for others.
std::int64_t digestBits(std::string_view name);
/// The hash of `bytes` in small hexadecimal digits; nullopt where no function has so many bits. 0 stands for 256, as
/// in SHA2.
std::optional<std::string> digestOf(std::string_view bytes, std::int64_t bits);

} // namespace weir::sql
