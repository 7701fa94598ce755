// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <span>

namespace weir::capture {

/// Bytes that grow and are not zeroed first. What it holds can become the arena of a RecordBatch:
/// `RecordBatch::padding` bytes behind the capacity belong to it.
class ByteBuffer
{
public:
    const char* data() const { return m_data.get(); }
    char* data() { return m_data.get(); }
    std::size_t size() const { return m_size; }
    std::size_t capacity() const { return m_capacity; }
    std::span<const char> bytes() const { return {m_data.get(), m_size}; }
    void clear() { m_size = 0; }
    void resize(std::size_t size)
    {
        reserve(size);
        m_size = size;
    }

    void reserve(std::size_t capacity)
    {
        if (capacity <= m_capacity)
            return;
        std::unique_ptr<char[]> larger(new char[capacity + RecordBatch::padding]);
        if (m_size > 0)
            std::memcpy(larger.get(), m_data.get(), m_size);
        m_data = std::move(larger);
        m_capacity = capacity;
    }
    /// Room for `bytes` more behind what is there: write there, then commit() what was written.
    char* room(std::size_t bytes)
    {
        if (m_size + bytes > m_capacity)
            reserve(std::max(m_size + bytes, m_capacity * 2));
        return m_data.get() + m_size;
    }
    void commit(std::size_t bytes) { m_size += bytes; }
    void append(std::span<const char> bytes)
    {
        if (bytes.empty())
            return;
        std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
        commit(bytes.size());
    }
    /// The bytes themselves; empty afterwards.
    std::unique_ptr<char[]> release()
    {
        m_size = m_capacity = 0;
        return std::move(m_data);
    }

private:
    std::unique_ptr<char[]> m_data;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

} // namespace weir::capture
