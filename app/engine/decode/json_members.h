// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/json_fields.h"
#include "app/engine/decode/json_scalar.h"

#include <memory>
#include <vector>

namespace weir {

class JsonTokens;

/// A member of a JSON object; of a container there is no text.
struct NamedScalar
{
    std::string_view name;
    JsonScalar value;
};

/// Looks into single JSON values at the speed of the decoder, every token checked; text behind the first value is
/// ignored. The bytes have RecordBatch::padding readable ones behind them, and what is given lasts until the next call.
/// One thread.
class JsonMembers
{
public:
    JsonMembers();
    ~JsonMembers();

    /// The top-level members, in their order; nullptr where the value is no JSON object.
    const std::vector<NamedScalar>* read(std::string_view value);
    /// The field at a path, a container with its compact text; the last one of a name counts. nullopt: it has none, or
    /// is no JSON.
    std::optional<JsonScalar> find(std::string_view value, const JsonFieldPath& path);

private:
    using Place = const std::uint32_t*;
    Place start(std::string_view value);
    Place seek(Place value, int depth, std::span<const JsonFieldPath::Step> steps, std::optional<JsonScalar>& found);

    const std::unique_ptr<JsonTokens> m_tokens;
    std::vector<NamedScalar> m_members;
};

} // namespace weir
