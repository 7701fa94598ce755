// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/log_cursor.h"
#include "connectors/record/row_pieces.h"
#include "connectors/record/row_store.h"
#include "connectors/rows/row_index.h"
#include "connectors/rows/row_loader.h"
#include "connectors/rows/temporary_folder.h"

#include <mutex>

namespace weir::rows {

struct FolderRowsSettings
{
    std::shared_ptr<const capture::CaptureFolder> folder; ///< the one whose sources are read
    std::vector<std::string> topics;
    IsolationLevel isolation = IsolationLevel::ReadUncommitted; ///< of the sources
    std::string indexFolder; ///< of its own: is made, and removed
    std::size_t cacheBytes = std::size_t{64} << 20;
    std::shared_ptr<MemoryBudget> budget; ///< may be null
};

/// The rows of an opened capture or a broker's folder: what its sources read is noted in an index, and the records are
/// read again from where they are. Nothing is copied.
class FolderRows final : public RowBuffer
{
public:
    static Result<std::unique_ptr<FolderRows>> create(FolderRowsSettings settings);
    ~FolderRows() override;

    std::int64_t firstRow() const override { return 0; }
    std::int64_t endRow() const override { return m_index.endRow(); }
    Result<std::vector<StoredRow>> read(
        std::int64_t first, std::size_t count, std::chrono::milliseconds patience) const override;
    std::unique_ptr<RowScan> scan() const override;
    std::optional<std::int64_t> rowNear(const TopicPartition& partition, std::int64_t offset) const override;
    std::uint64_t loads() const override { return m_loader.loads(); }
    std::string folder() const override { return m_settings.folder->root; }

    bool append(const RecordBatchPtr& batch, std::chrono::milliseconds patience) override;
    void drop(const RecordBatch& batch) override;
    void trim() override;
    RowBufferState state() const override;

private:
    explicit FolderRows(FolderRowsSettings settings);
    RowEntry entryFor(const RecordBatch& batch, RowKind kind) const;
    RowEntry entryOf(const RecordBatch& batch, const RowPiece& piece) const;
    void add(const RowEntry& entry);
    std::uint16_t numberOf(const std::string& topic) const;
    std::optional<StoredRow> standIn(const RowEntry& entry) const;
    /// What one reading thread knows of transactions.
    using Known = std::map<TopicPartition, capture::Transactions>;
    Result<RecordBatchPtr> load(const RowEntry& entry, Known& known) const;
    Result<capture::LogContent> contentFor(
        const capture::PartitionLog& log, std::int64_t end, Known& transactions) const;

    const FolderRowsSettings m_settings;
    std::vector<std::shared_ptr<const std::string>> m_topics; ///< by number; never changed
    const TemporaryFolder m_folder; ///< goes last
    RowIndex m_index;
    Known m_transactions; ///< the loading thread's own
    mutable std::mutex m_mutex;
    RowBufferState m_state; ///< guarded
    mutable RowLoader m_loader;
};

} // namespace weir::rows
