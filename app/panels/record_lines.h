// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/inspector_lines.h"

namespace weir {

/// The buffers of a record that bytes are told of: its value, its key, then its headers in order.
enum RecordLayer : int { ValueLayer, KeyLayer, FirstHeaderLayer };

/// A record as the inspector shows it: what is around it, its headers, key and value, each line with its bytes.
/// Bounded: a value of any size gives a bounded number of lines, and says so.
std::vector<inspector::InspectorLine> dissect(const RecordBatch& batch, std::size_t index);
/// The bytes of a layer; nullopt: null, or no such layer.
std::optional<std::string_view> layerBytes(const RecordBatch& batch, std::size_t index, int layer);
/// What is known about one chosen line.
std::vector<inspector::FieldRow> fieldRows(const inspector::InspectorLine& line);

} // namespace weir
