// SPDX-License-Identifier: GPL-3.0-or-later
// What a topic panel tells of what it reads: state, counts, records over time.
#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/notice_bar.h"
#include "app/panels/position_bar.h"
#include "app/panels/range_count.h"
#include "app/panels/topic_panel.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/format.h"
#include "widgets/tables/record_table.h"

#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace weir {

namespace {

constexpr std::int64_t histogramMs = 15 * 60'000;

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QString percentOf(std::uint64_t part, std::uint64_t whole)
{
    return whole == 0
        ? QStringLiteral("0 %")
        : QStringLiteral("%1 %").arg(100.0 * static_cast<double>(part) / static_cast<double>(whole), 0, 'f', 1);
}

/// Records in front of the ends of the partitions.
std::int64_t behindOf(const TopicFeedSnapshot& snapshot)
{
    std::int64_t behind = 0;
    for (const PartitionPosition& position : snapshot.state.partitions)
        behind += position.high >= 0 ? std::max<std::int64_t>(0, position.high - position.next) : 0;
    return behind;
}

std::vector<plots::Sample> samplesOf(const SeriesLevel& level, std::int64_t fromMs)
{
    std::vector<plots::Sample> samples;
    for (std::size_t i = 0; i < level.bins.size(); ++i) {
        const std::int64_t time = level.origin + static_cast<std::int64_t>(i) * level.widthMs;
        if (level.bins[i].count > 0 && time + level.widthMs >= fromMs)
            samples.push_back({time, static_cast<double>(level.bins[i].count)});
    }
    return samples;
}

} // namespace

std::uint64_t TopicPanel::generation() const
{
    return m_reader->generation() + (m_showings << 40) + (m_shown ? m_shown->generation() : 0) + m_find->generation()
        + m_problems.generation() + m_range->changes();
}

void TopicPanel::pull()
{
    keepPlace();
    m_table->refresh();
    m_find->refresh();
    if (m_awaited >= 0)
        showRecord(m_awaited);
    if (m_sought)
        seek();
    showState();
    const auto snapshot = this->snapshot();
    if (!snapshot)
        return;
    askFieldsIfDue();
    showProblems(*snapshot);
    showCounts(*snapshot);
    showHistogram(*snapshot);
}

void TopicPanel::showState()
{
    const auto snapshot = this->snapshot();
    const bool trouble =
        m_reader->phase() == TopicReader::Phase::Reading && snapshot && !snapshot->state.problems.empty();
    const QString key = m_connectionId + QLatin1Char('/') + topic();
    if (!m_filter->filter())
        m_table->setEmptyText(tr("%1 has no records here. Waiting for the first one.").arg(title()));
    else
        m_table->setEmptyText(tr("No record matches so far. %1").arg(snapshot ? filteredText(*snapshot) : QString()));
    if (trouble) {
        const QString text = QString::fromStdString(snapshot->state.problems.front().text);
        m_context.log.setCondition(key, title(), text);
        m_state->setState(style::State::Stale);
        m_notice->tell(style::State::Stale, text);
        return;
    }
    const auto arranging = m_shown ? m_shown->trouble() : std::nullopt;
    if (snapshot && (snapshot->rows.trouble || arranging)) {
        const QString text = snapshot->rows.trouble
            ? tr("Not all rows can be scrolled back to. %1").arg(QString::fromStdString(snapshot->rows.trouble->text()))
            : tr("Newer rows are not shown. %1").arg(QString::fromStdString(arranging->text()));
        m_context.log.setCondition(key, title(), text);
        m_notice->tell(style::State::Reduced, text);
    } else {
        m_context.log.clearCondition(key);
        m_notice->clear();
    }
    showPhase();
}

void TopicPanel::showPhase()
{
    const auto snapshot = this->snapshot();
    switch (m_reader->phase()) {
    case TopicReader::Phase::NotConnected:
        m_table->setEmptyText(tr("No records: the connection is not open."));
        m_state->setState(style::State::NotConnected);
        m_notice->tell(style::State::NotConnected, tr("The connection of this view is not open."),
            m_context.connections.contains(m_connectionId) ? tr("Connect") : QString());
        break;
    case TopicReader::Phase::Opening:
        m_table->setEmptyText(tr("Opening %1 …").arg(title()));
        m_state->setState(style::State::Connecting);
        break;
    case TopicReader::Phase::Failed:
        m_table->setEmptyText(tr("%1 could not be opened.").arg(title()));
        m_state->setState(style::State::Failed);
        m_notice->tell(style::State::Failed,
            tr("%1 Weir tries again every %2.").arg(m_reader->failure(), format::duration(TopicReader::retryMs)),
            tr("Retry now"));
        break;
    case TopicReader::Phase::Stopped:
        m_state->setState(style::State::Paused, tr("Stopped, the rows stay"));
        m_notice->tell(style::State::Paused, tr("Nothing is read any more (Ctrl+E)."), tr("Read again"));
        break;
    case TopicReader::Phase::Reading:
        if (snapshot && snapshot->ended)
            m_state->setState(style::State::Final, tr("All read, to the end"));
        else if (m_table->isFollowing() || !snapshot || m_scope == Scope::Topic)
            m_state->setState(style::State::Live, snapshot ? liveText(*snapshot) : QString());
        else
            m_state->setState(style::State::Paused, pausedText());
        break;
    }
}

QString TopicPanel::liveText(const TopicFeedSnapshot& snapshot) const
{
    const std::int64_t behind = behindOf(snapshot);
    if (m_scope == Scope::Topic && behind > 0)
        return tr("Searching, %1 still to read").arg(format::grouped(behind));
    if (!m_context.connections.document(m_connectionId).capture.isEmpty())
        return tr("As it came, %1 still to read").arg(format::grouped(behind));
    if (behind == 0)
        return tr("Live, at the end");
    return tr("Live, %1 behind the end").arg(format::grouped(behind));
}

QString TopicPanel::pausedText() const
{
    const qint64 newer = m_rows ? std::max<qint64>(0, m_rows->endRow() - m_pausedEnd) : 0;
    return tr("Paused at %1, %2 newer rows").arg(format::time(m_pausedAt), format::grouped(newer));
}

/// "241,112 of 3,214,870 match (7.5 %)", and what stands against it.
QString TopicPanel::filteredText(const TopicFeedSnapshot& snapshot) const
{
    std::uint64_t matching = snapshot.matching;
    std::uint64_t asked = snapshot.records;
    std::uint64_t undecided = snapshot.undecided;
    QString rest;
    if (const FilteredRows* filtered = m_shown ? m_shown->filtered() : nullptr) {
        const FilterProgress progress = filtered->progress();
        matching = static_cast<std::uint64_t>(progress.matching);
        asked = static_cast<std::uint64_t>(progress.asked);
        undecided = static_cast<std::uint64_t>(progress.undecided);
        if (!progress.upToDate)
            rest += tr(", looking on");
        if (progress.gone > 0)
            rest += tr(", %1 gone unseen").arg(format::grouped(progress.gone));
    }
    if (undecided > 0)
        rest += tr(", %1 undecided").arg(count(undecided));
    if (m_scope == Scope::Topic && !snapshot.narrowedTo.empty())
        rest += tr("; the rest cannot match"); // the tool tip says why
    return tr("%1 of %2 match (%3)").arg(count(matching), count(asked), percentOf(matching, asked)) + rest;
}

void TopicPanel::showCounts(const TopicFeedSnapshot& snapshot)
{
    const bool filters = (m_shown && m_shown->filtered()) || (m_scope == Scope::Topic && m_filter->filter());
    m_count->setText(
        (filters ? filteredText(snapshot)
                 : tr("%1 records, %2").arg(count(snapshot.records), format::rate(snapshot.recordsPerSecond)))
        + arrangedText());
    QStringList narrowed;
    for (const std::string& words : snapshot.narrowedTo)
        narrowed.append(tr("Read: %1.").arg(QString::fromStdString(words)));
    if (!narrowed.isEmpty())
        m_count->setToolTip(narrowed.join(QLatin1Char('\n')));
    else
        m_count->setToolTip(snapshot.firstRow > 0 || snapshot.rows.dropped > 0
                ? tr("Rows before %1 left the buffer; %2 were dropped because the disk was too slow")
                      .arg(format::grouped(snapshot.firstRow), count(snapshot.rows.dropped))
                : QString());
    m_malformed->setText(snapshot.undecodable > 0 ? tr("%1 malformed").arg(count(snapshot.undecodable)) : QString());
    m_malformed->setVisible(snapshot.undecodable > 0);
}

/// "; by time", "; newest of 1,204 keys", and how far that has come.
QString TopicPanel::arrangedText() const
{
    if (!m_shown)
        return {};
    if (const LatestRows* latest = m_shown->latest()) {
        const LatestProgress progress = latest->progress();
        QString text = tr("; newest of %1 keys").arg(format::grouped(progress.keys));
        if (progress.withoutKey > 0)
            text += tr(", %1 without a key").arg(format::grouped(progress.withoutKey));
        return progress.upToDate ? text : text + tr(", looking on");
    }
    const rows::OrderedRows* ordered = m_shown->ordered();
    if (!ordered)
        return {};
    const rows::OrderProgress progress = ordered->progress();
    const QString text = tr("; by %1").arg(QString::fromStdString(m_order->text()).remove(QStringLiteral("field:")));
    return progress.upToDate ? text : text + tr(", %1 in order so far").arg(format::grouped(progress.ordered));
}

/// Looked for once there is one: all has to be read again for it.
void TopicPanel::showProblems(const TopicFeedSnapshot& snapshot)
{
    if (m_scope == Scope::View && (snapshot.undecodable > 0 || snapshot.rows.missing > 0))
        m_problems.look();
    if (m_pendingProblem)
        goToPendingProblem();
    if (m_problems.generation() == m_problemsSeen || !m_shown || m_shown->ordered() || m_shown->latest())
        return;
    m_problemsSeen = m_problems.generation();
    std::vector<qint64> marks;
    for (const std::int64_t row : m_problems.sample()) {
        if (const std::int64_t shown = m_shown->fromAll(row); shown >= 0)
            marks.push_back(shown);
    }
    m_table->setErrorMarks(std::move(marks));
}

namespace {

const SeriesLevel& levelOf(const SeriesSnapshot& series, std::int64_t widthMs)
{
    for (const SeriesLevel& level : series.levels) {
        if (level.widthMs == widthMs)
            return level;
    }
    return series.levels.back();
}

/// Where all was read, and since offsets were asked for, records are counted; the rest is told by offsets.
std::vector<plots::Sample> samplesOf(const TimeBins& bins, const SeriesLevel& level, const plots::Span& read)
{
    const auto isRead = [&](std::int64_t begin) { return begin >= read.beginMs && begin + bins.widthMs <= read.endMs; };
    std::vector<plots::Sample> samples;
    const std::int64_t lastBin = bins.end() - bins.widthMs;
    for (std::size_t i = 0; i + 1 < bins.counts.size(); ++i) {
        const std::int64_t begin = bins.begin + static_cast<std::int64_t>(i) * bins.widthMs;
        if (bins.counts[i] > 0 && !isRead(begin))
            samples.push_back({begin, bins.counts[i]});
    }
    const double asked = bins.counts.empty() ? 0 : bins.counts.back();
    bool toldLast = asked == 0 || isRead(lastBin);
    for (const plots::Sample& sample : samplesOf(level, bins.begin)) {
        const bool newer = sample.timeMs >= lastBin;
        if (!newer && !isRead(sample.timeMs))
            continue;
        const bool shared = sample.timeMs == lastBin && !toldLast;
        samples.push_back({sample.timeMs, shared ? std::max(sample.value, asked) : sample.value});
        toldLast = toldLast || shared;
    }
    if (!toldLast)
        samples.push_back({lastBin, asked});
    std::sort(samples.begin(), samples.end(),
        [](const plots::Sample& a, const plots::Sample& b) { return a.timeMs < b.timeMs; });
    return samples;
}

} // namespace

/// The time of the records that the filter was asked of.
std::optional<plots::Span> TopicPanel::searchedTime(const SeriesLevel& level) const
{
    for (std::size_t i = 0; i < level.bins.size(); ++i) {
        if (level.bins[i].count > 0)
            return plots::Span{level.origin + static_cast<std::int64_t>(i) * level.widthMs, level.end()};
    }
    return plots::Span{0, 0};
}

void TopicPanel::showHistogram(const TopicFeedSnapshot& snapshot)
{
    if (!snapshot.arrivals || snapshot.arrivals->levels.empty())
        return;
    plots::HistogramData data;
    // A capture ends with its newest record, not now; so does a topic into which nothing came for long.
    const bool isLive = m_context.connections.document(m_connectionId).capture.isEmpty();
    const std::int64_t newest = snapshot.arrivals->newest;
    const std::int64_t wall = m_context.connections.clock().wallMs();
    const std::optional<TimeBins>& counts = m_range->bins();
    const bool counted = counts && !counts->counts.empty();
    std::int64_t now = isLive ? std::max(wall, newest) : newest;
    if (const std::int64_t end = counted ? std::max(counts->end(), newest) : now;
        counted && now - end > (end - counts->begin) / 4)
        now = end;
    const int bins = std::max(m_histogram->width() / 6, 60);
    const SeriesLevel& level =
        counted ? levelOf(*snapshot.arrivals, counts->widthMs) : snapshot.arrivals->levelFor(histogramMs, bins);
    data.binMs = level.widthMs;
    data.range = {counted ? counts->begin : now - histogramMs, now};
    const plots::Span read =
        m_position->takesAllPartitions() ? plots::Span{snapshot.readFrom, snapshot.readTo} : plots::Span{0, 0};
    data.estimated = counted && !(read.beginMs <= data.range.beginMs && read.endMs >= data.range.endMs);
    data.failures = m_problems.times(level.widthMs);
    data.all = counted ? samplesOf(*counts, level, read) : samplesOf(level, data.range.beginMs);
    FilteredRows* const filtered = m_shown ? m_shown->filtered() : nullptr;
    const SeriesSnapshotPtr matching = filtered ? filtered->arrivals() : snapshot.matchingArrivals;
    if (matching && !matching->levels.empty()) {
        data.filtered = true;
        data.matching = samplesOf(levelOf(*matching, level.widthMs), data.range.beginMs);
        if (counted)
            data.searched = searchedTime(level);
        if (data.searched && behindOf(snapshot) == 0) // nothing lies behind what was read
            data.searched->endMs = std::max(data.searched->endMs, data.range.endMs);
        if (data.searched && data.searched->beginMs <= data.range.beginMs && data.searched->endMs >= data.range.endMs)
            data.searched.reset();
    }
    data.fillingFromMs = now / level.widthMs * level.widthMs;
    m_histogram->setData(std::move(data));
    m_histogram->refresh();
}

void TopicPanel::showFollowing(bool following)
{
    m_pausedAt = m_context.connections.clock().wallMs();
    m_pausedEnd = m_rows ? m_rows->endRow() : 0;
    m_pause->setText(following ? tr("Pause") : tr("Follow"));
    m_pause->setIcon(style::icon(following ? style::Icon::Pause : style::Icon::Play));
    if (m_rows)
        showState();
}

} // namespace weir
