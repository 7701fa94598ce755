// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir::sql {

/// What a JSON function gives where its path finds nothing (ON EMPTY) or something is wrong (ON ERROR).
enum class JsonBehavior : std::int64_t { Null, Error, Default, EmptyArray, EmptyObject, True, False };

/// Whether JSON_QUERY puts what it found into an array.
enum class JsonWrapper : std::int64_t { Without, Conditional, Unconditional };

/// What IS JSON asks for.
enum class JsonShape : std::int64_t { Value, Object, Array, Scalar };

} // namespace weir::sql
