// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/source_drain.h"
#include "app/session/export_columns.h"
#include "app/session/record_filter.h"
#include "app/session/row_source.h"
#include "connectors/record/cluster.h"

namespace weir {

struct ExportRequest
{
    std::vector<ReadRequest> topics; ///< what of each
    std::string view; ///< folder of the record log of a view, to read instead of the cluster; empty: the cluster
    std::optional<ChosenRows> rows; ///< these of a view, instead of `topics`
    std::string where; ///< SQL; empty: all
    exporter::ExportSettings settings;
    bool fields = false; ///< the fields of one topic's values as columns, else whole records
    std::vector<std::string> only; ///< with `fields`: these columns; empty: all
};

struct ExportProgress
{
    DrainSnapshot drain;
    exporter::ExportCounters counters;
    std::uint64_t filtered = 0; ///< records that `where` kept out
    std::uint64_t unknown = 0; ///< records of which `where` could not be asked; they are exported
    std::uint64_t undecodable = 0; ///< records without fields, exported as bytes
    std::int64_t missing = 0; ///< offsets that are gone, as sources tell
};

/// Records of topics as a file that other programs read; in memory there is a batch per source and no more. The file
/// has its name only after finish(). All functions from any thread; destroying it before the end gives the file up.
class ExportRun
{
public:
    /// *Blocks*: looks at a sample where fields are asked for, opens the sources, begins the file.
    static Result<std::unique_ptr<ExportRun>> start(Cluster& cluster, const ExportRequest& request, const Clock& clock);
    ~ExportRun();

    ExportProgress progress() const;
    bool wait(std::chrono::milliseconds timeout) { return m_drain->wait(timeout); }
    void stop() { m_drain->stop(); }
    /// *Blocks.* Waits for what is being written and completes the file. An Error, and no file, when not all could be
    /// read or written.
    Result<void> finish();

    const std::string& path() const { return m_path; }
    /// The names of the columns, and how many records they are derived from (0: of whole records).
    const std::vector<exporter::ColumnInfo>& columns() const { return m_columns; }
    std::size_t sampled() const { return m_sampled; }

private:
    /// What belongs to one source and its thread.
    struct Lane
    {
        std::unique_ptr<search::RecordFilter> filter; ///< null: all
        std::unique_ptr<ExportColumns> columns;
        std::vector<std::uint32_t> rows;
        std::uint64_t undecodable = 0; ///< as told to the whole
    };

    explicit ExportRun(const ExportRequest& request) : m_path(request.settings.path) { }
    Result<void> learnFields(Cluster& cluster, const ExportRequest& request, const Clock& clock);
    Result<void> takeFields(const InferredFields& inferred, std::size_t sampled, const ExportRequest& request);
    Result<void> addLane(
        std::unique_ptr<Source> source, const search::RecordFilterFactory* filter, const ExportRequest& request);
    Result<std::unique_ptr<ExportColumns>> makeColumns(const ExportRequest& request) const;
    Result<void> openRows(const ExportRequest& request);
    Result<void> openSources(Cluster& cluster, const ExportRequest& request, const Clock& clock);
    Result<void> take(Lane& lane, const RecordBatchPtr& batch);

    const std::string m_path;
    ExportedFields m_fields;
    std::vector<exporter::ColumnInfo> m_columns;
    std::size_t m_sampled = 0;
    std::vector<Lane> m_lanes; ///< one per source
    std::vector<std::unique_ptr<Source>> m_sources; ///< until the drain has them
    std::unique_ptr<exporter::ExportWriter> m_writer;
    std::atomic<std::uint64_t> m_filtered{0};
    std::atomic<std::uint64_t> m_unknown{0};
    std::atomic<std::uint64_t> m_undecodable{0};
    std::atomic<std::int64_t> m_missing{0};
    std::unique_ptr<SourceDrain> m_drain; ///< last: its threads use all the rest
};

} // namespace weir
