// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/decode/record_diff.h"
#include "connectors/record/record_batch.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/inspector_lines.h"

#include <memory>

namespace weir {

/// The buffers of a record that bytes are told of: its value, its key, its headers in order, then what was taken out of
/// texts that wrap something.
enum RecordLayer : int { ValueLayer, KeyLayer, FirstHeaderLayer, FirstDerivedLayer = 1 << 20 };

/// Bytes that stand in the record only wrapped.
struct DerivedLayer
{
    QString name; ///< "note: Base64"
    std::shared_ptr<const std::string> bytes;
};

/// A record as the inspector shows it: what is around it, its headers, key and value, each line with its bytes.
struct Dissection
{
    std::vector<inspector::InspectorLine> lines;
    std::vector<DerivedLayer> derived; ///< by layer, from FirstDerivedLayer on
};

/// Bounded: a value of any size gives a bounded number of lines, and says so.
Dissection dissect(const RecordBatch& batch, std::size_t index);
/// Two records side by side: each line says what was and what is.
std::vector<inspector::InspectorLine> comparisonLines(const std::vector<DiffLine>& lines);
/// The bytes of a layer that stands in the record; nullopt: null, or no such layer.
std::optional<std::string_view> layerBytes(const RecordBatch& batch, std::size_t index, int layer);
/// What is known about one chosen line.
std::vector<inspector::FieldRow> fieldRows(const inspector::InspectorLine& line);

} // namespace weir
