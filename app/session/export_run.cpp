// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/export_run.h"

#include "app/session/infer_table.h"
#include "app/session/missing_offsets.h"

#include <numeric>

namespace weir {

ExportRun::~ExportRun()
{
    if (m_drain)
        m_drain->stop();
}

Result<void> ExportRun::takeFields(const InferredFields& inferred, std::size_t sampled, const ExportRequest& request)
{
    if (inferred.objects == 0)
        return Error{ErrorKind::Unsupported,
            "no JSON object among the newest " + std::to_string(sampled)
                + " records, so there are no fields. Export whole records.",
            "fields"};
    m_fields = {inferred.fields, inferred.standard, request.only};
    m_sampled = sampled;
    return {};
}

/// The columns are those of the newest values.
Result<void> ExportRun::learnFields(Cluster& cluster, const ExportRequest& request, const Clock& clock)
{
    if (request.rows) {
        const auto table = FilterTable::ofRows(*request.rows->rows);
        return takeFields(table->fields(), table->sampledRecords(), request);
    }
    if (request.topics.size() != 1)
        return Error{ErrorKind::InvalidInput,
            "the fields of several topics differ. Export them one by one, or as whole "
            "records.",
            "fields"};
    auto sample = sampleFields(cluster, request.topics.front().topic, clock);
    if (!sample)
        return sample.error();
    return takeFields(sample->inferred, sample->sampled, request);
}

Result<std::unique_ptr<ExportColumns>> ExportRun::makeColumns(const ExportRequest& request) const
{
    const exporter::FormatNeeds needs = exporter::needsOf(request.settings.format);
    if (request.fields)
        return fieldColumns(m_fields, needs);
    return recordColumns(needs, TimestampTypes::Told);
}

Result<void> ExportRun::addLane(
    std::unique_ptr<Source> source, const search::RecordFilterFactory* filter, const ExportRequest& request)
{
    auto columns = makeColumns(request);
    if (!columns)
        return columns.error();
    m_columns = (*columns)->columns();
    m_lanes.push_back({filter ? filter->make() : nullptr, std::move(*columns), {}, 0});
    m_sources.push_back(std::move(source));
    return {};
}

Result<void> ExportRun::openRows(const ExportRequest& request)
{
    search::RecordFilterFactoryPtr filter;
    if (!request.where.empty()) {
        const FilterVerdict verdict =
            judgeFilter(*FilterTable::ofRows(*request.rows->rows), {request.where, {}}, Prefilter::Off);
        if (verdict.error)
            return *verdict.error;
        filter = verdict.filter;
    }
    return addLane(std::make_unique<RowSource>(*request.rows), filter.get(), request);
}

Result<void> ExportRun::openSources(Cluster& cluster, const ExportRequest& request, const Clock& clock)
{
    if (request.rows)
        return openRows(request);
    for (const ReadRequest& topic : request.topics) {
        search::RecordFilterFactoryPtr filter;
        if (!request.where.empty()) {
            auto compiled = compileFilter(cluster, topic.topic, {request.where, {}}, clock);
            if (!compiled)
                return compiled.error();
            filter = *compiled;
        }
        auto sources = cluster.open(topic);
        if (!sources)
            return sources.error();
        for (std::unique_ptr<Source>& source : *sources) {
            if (auto added = addLane(std::move(source), filter.get(), request); !added)
                return added;
        }
    }
    if (m_sources.empty())
        return Error{ErrorKind::NotFound, "there is no partition to read.", "export"};
    return {};
}

Result<std::unique_ptr<ExportRun>> ExportRun::start(Cluster& cluster, const ExportRequest& request, const Clock& clock)
{
    std::unique_ptr<ExportRun> run(new ExportRun(request));
    if (request.fields && request.settings.format == exporter::Format::Raw)
        return Error{ErrorKind::InvalidInput, "raw values have no columns. Choose another format.", "fields"};
    if (request.fields) {
        if (auto learnt = run->learnFields(cluster, request, clock); !learnt)
            return learnt.error();
    }
    if (auto opened = run->openSources(cluster, request, clock); !opened)
        return opened.error();
    auto writer = exporter::ExportWriter::open(request.settings, run->m_columns);
    if (!writer)
        return writer.error();
    run->m_writer = std::move(*writer);
    DrainTarget target;
    target.take = [raw = run.get()](std::size_t source, const RecordBatchPtr& batch) {
        return raw->take(raw->m_lanes[source], batch);
    };
    target.tick = [] { return Result<void>(); };
    run->m_drain = std::make_unique<SourceDrain>(std::move(run->m_sources), std::move(target), clock);
    run->m_drain->start();
    return run;
}

Result<void> ExportRun::take(Lane& lane, const RecordBatchPtr& batch)
{
    m_missing += missingOffsets(*batch);
    if (lane.filter) {
        const search::Selected selected = lane.filter->select(batch);
        lane.rows = selected.kept();
        m_filtered += batch->size() - lane.rows.size();
        m_unknown += selected.undecided.size();
    } else {
        lane.rows.resize(batch->size());
        std::iota(lane.rows.begin(), lane.rows.end(), 0U);
    }
    if (lane.rows.empty())
        return {};
    auto written = m_writer->append(lane.columns->make(batch, lane.rows));
    m_undecodable += lane.columns->undecodable() - std::exchange(lane.undecodable, lane.columns->undecodable());
    return written;
}

ExportProgress ExportRun::progress() const
{
    return {m_drain->snapshot(), m_writer->counters(), m_filtered, m_unknown, m_undecodable, m_missing};
}

Result<void> ExportRun::finish()
{
    m_drain->stop();
    while (!m_drain->wait(std::chrono::milliseconds(100))) { }
    if (const auto failure = m_drain->snapshot().failure)
        return *failure;
    return m_writer->finish();
}

} // namespace weir
