// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/inspector_lines.h"

namespace weir {

/// A record as the inspector shows it. Bounded: a value of any size gives a bounded number of lines, and says so.
std::vector<inspector::InspectorLine> valueLines(const std::optional<std::string_view>& bytes, int layer);
std::vector<inspector::InspectorLine> headerLines(const RecordBatch& batch, std::size_t index);
std::vector<inspector::FieldRow> recordFields(const RecordBatch& batch, std::size_t index);

} // namespace weir
