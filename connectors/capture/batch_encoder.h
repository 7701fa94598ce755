// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/batch_header.h"
#include "connectors/capture/schema_ids.h"
#include "connectors/record/record_batch.h"

#include <span>

namespace weir::capture {

/// Writes records as Kafka's record batches, version 2. What a client library does not tell is stored as unknown:
/// leader epoch, producer and sequence are -1. A record without a timestamp has Kafka's -1. One thread.
class BatchEncoder
{
public:
    explicit BatchEncoder(Codec codec) : m_codec(codec) { }

    /// How many of `rows` (ascending) the next batch takes: one batch has one type of timestamp, with log append time
    /// one timestamp, one leader epoch, and about a megabyte. At least one.
    static std::size_t rowsOfNext(const RecordBatch& records, std::span<const std::uint32_t> rows);

    /// Appends one batch of exactly these rows to `out` and returns its header; their schemas go to `met`.
    Result<BatchHeader> encode(
        const RecordBatch& records, std::span<const std::uint32_t> rows, ByteBuffer& out, SchemaIds* met = nullptr);

private:
    Codec m_codec;
    ByteBuffer m_plain; ///< records before they are compressed
};

} // namespace weir::capture
