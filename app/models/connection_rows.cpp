// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/connection_rows.h"

#include "widgets/style/format.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace weir {

namespace {

constexpr int trendPoints = 40;
constexpr double worryingMs = 10'000; ///< behind by so much, and falling back further
constexpr std::int64_t minuteMs = 60'000;
constexpr std::int64_t trendSpans[] = {minuteMs, 5 * minuteMs, 15 * minuteMs};

/// A young connection fills its spark lines, an old one shows a quarter of an hour.
std::int64_t trendSpan(const std::vector<SeriesSnapshotPtr>& all, EpochMs now)
{
    EpochMs oldest = now;
    for (const SeriesSnapshotPtr& series : all) {
        if (series && series->newest > 0 && !series->levels.empty() && !series->levels.front().bins.empty())
            oldest = std::min(oldest, series->levels.front().origin);
    }
    for (const std::int64_t span : trendSpans) {
        if (now - oldest <= span)
            return span;
    }
    return trendSpans[std::size(trendSpans) - 1];
}

QString spanText(std::int64_t span)
{
    return QObject::tr("%1 min").arg(span / minuteMs);
}

double meanOf(const SeriesLevel& level, EpochMs from, EpochMs to)
{
    Bin all;
    const auto size = static_cast<std::int64_t>(level.bins.size());
    const std::int64_t first = std::max<std::int64_t>(0, (from - level.origin) / level.widthMs);
    for (std::int64_t i = first; i < size && level.origin + i * level.widthMs < to; ++i)
        all.merge(level.bins[static_cast<std::size_t>(i)]);
    return all.count == 0 ? std::numeric_limits<double>::quiet_NaN() : all.sum / static_cast<double>(all.count);
}

QList<double> trendOf(const SeriesSnapshotPtr& series, EpochMs now, std::int64_t span)
{
    QList<double> points;
    if (!series || series->levels.empty() || series->newest == 0)
        return points;
    const SeriesLevel& level = series->levelFor(span, trendPoints);
    const EpochMs step = std::max(span / trendPoints, level.widthMs);
    for (EpochMs time = now - span; time < now; time += step)
        points.append(meanOf(level, time, time + step));
    return points;
}

QString growthText(double perSecond)
{
    if (std::abs(perSecond) < 0.5)
        return QObject::tr("steady");
    const QString size = format::grouped(static_cast<std::int64_t>(std::llround(std::abs(perSecond))));
    return perSecond > 0 ? QObject::tr("growing by %1/s").arg(size) : QObject::tr("shrinking by %1/s").arg(size);
}

using Row = ConnectionTree::Row;
using Wanted = ConnectionTree::Wanted;
using NodeKind = ConnectionTree::NodeKind;
using Tone = ConnectionTree::Tone;

Row topicRow(const TopicRate& topic, EpochMs now, std::int64_t span)
{
    Row row;
    row.kind = NodeKind::Topic;
    row.name = QString::fromStdString(topic.name);
    row.rate = format::grouped(static_cast<std::int64_t>(std::llround(topic.recordsPerSecond)));
    row.size = format::compact(static_cast<double>(topic.records));
    row.hint = QObject::tr("%1: %2 partitions, %3 offsets held")
                   .arg(row.name)
                   .arg(topic.partitions)
                   .arg(format::grouped(topic.records));
    row.trend = trendOf(topic.throughput, now, span);
    if (topic.error) {
        row.tone = Tone::Bad;
        row.hint = QString::fromStdString(topic.error->text());
        row.rate = QStringLiteral("–");
        row.size = QObject::tr("unreadable");
    }
    return row;
}

QString offsetText(std::int64_t offset)
{
    return offset < 0 ? QObject::tr("unknown") : QString::number(offset);
}

Wanted partitionOf(const PartitionLag& lag)
{
    const QString topic = QString::fromStdString(lag.partition.topic);
    Row row;
    row.kind = NodeKind::Partition;
    row.name = QStringLiteral("%1 %2").arg(topic).arg(lag.partition.partition.value);
    row.rate = lag.lag < 0 ? QStringLiteral("–") : format::compact(static_cast<double>(lag.lag));
    row.tone = Tone::Muted;
    row.hint = QObject::tr("partition %1 of %2: committed %3, end %4, lag %5")
                   .arg(lag.partition.partition.value)
                   .arg(topic, lag.committed < 0 ? QObject::tr("nothing") : QString::number(lag.committed),
                       offsetText(lag.high), lag.lag < 0 ? QObject::tr("unknown") : format::grouped(lag.lag));
    return {QStringLiteral("%1/%2").arg(topic).arg(lag.partition.partition.value), row, {}};
}

Wanted groupOf(const GroupLag& group, const ClusterSnapshot& cluster, std::int64_t span)
{
    Row row;
    row.kind = NodeKind::Group;
    row.name = QString::fromStdString(group.name);
    const bool known =
        std::any_of(group.partitions.begin(), group.partitions.end(), [](const PartitionLag& p) { return p.lag >= 0; });
    const auto behind = behindMs(group, cluster.topics);
    row.rate = known ? format::compact(static_cast<double>(group.lag)) : QStringLiteral("–");
    row.size = !known ? QObject::tr("no offsets") : behind ? format::durationShort(*behind) : QStringLiteral("–");
    row.hint = row.name;
    if (!group.state.empty())
        row.hint += QStringLiteral(": ") + QString::fromStdString(group.state);
    if (known)
        row.hint += QObject::tr("\nlag %1, %2").arg(format::grouped(group.lag), growthText(group.lagPerSecond));
    if (!group.remark.empty())
        row.hint += QLatin1Char('\n') + QString::fromStdString(group.remark);
    row.trend = trendOf(group.lagSeries, cluster.takenAt, span);
    if (known && group.lagPerSecond >= 1 && behind.value_or(0) > worryingMs)
        row.tone = Tone::Warning;
    if (group.error) {
        row.tone = Tone::Bad;
        row.hint = QString::fromStdString(group.error->text());
        row.size = QObject::tr("unreadable");
    }
    Wanted wanted{row.name, row, {}};
    for (const PartitionLag& lag : group.partitions)
        wanted.children.push_back(partitionOf(lag));
    return wanted;
}

Row connectionRow(const ConnectionState& state)
{
    Row row;
    row.kind = NodeKind::Connection;
    row.name = state.document.name;
    row.caption = state.document.environment;
    row.colour = state.document.colour;
    row.hint = state.document.capture.isEmpty() ? state.document.bootstrapServers : state.document.capture;
    row.tone = Tone::Muted;
    if (!state.snapshot) {
        row.size = QObject::tr("not connected");
    } else if (state.snapshot->connection == Connection::Up) {
        row.size = state.writable ? QObject::tr("writing unlocked") : QObject::tr("read-only");
        row.tone = state.writable ? Tone::Warning : Tone::Good;
        row.lock = state.writable ? style::Icon::LockOpen : style::Icon::LockClosed;
    } else {
        const bool down = state.snapshot->connection == Connection::Down;
        row.size = down ? QObject::tr("retrying") : QObject::tr("connecting");
        row.tone = down ? Tone::Warning : Tone::Muted;
        if (down)
            row.hint = QString::fromStdString(state.snapshot->connectionText);
    }
    return row;
}

Row sectionRow(NodeKind kind, const QString& name, qsizetype count)
{
    Row row;
    row.kind = kind;
    row.tone = Tone::Muted;
    row.name = name;
    row.caption = format::grouped(static_cast<std::int64_t>(count));
    return row;
}

Wanted topicsOf(const ClusterSnapshot& cluster, std::int64_t span)
{
    Wanted topics{QStringLiteral("topics"), {}, {}};
    for (const TopicRate& topic : cluster.topics) {
        if (!topic.internal)
            topics.children.push_back({QString::fromStdString(topic.name), topicRow(topic, cluster.takenAt, span), {}});
    }
    topics.row = sectionRow(NodeKind::Topics, QObject::tr("Topics"), std::ssize(topics.children));
    topics.row.trendHead = spanText(span);
    topics.row.rate = QObject::tr("msg/s");
    topics.row.size = QObject::tr("offsets");
    return topics;
}

Wanted groupsOf(const ClusterSnapshot& cluster, std::int64_t span)
{
    Wanted groups{QStringLiteral("groups"), {}, {}};
    for (const GroupLag& group : cluster.groups)
        groups.children.push_back(groupOf(group, cluster, span));
    groups.row = sectionRow(NodeKind::Groups, QObject::tr("Groups"), std::ssize(groups.children));
    groups.row.trendHead = spanText(span);
    groups.row.rate = QObject::tr("lag");
    groups.row.size = QObject::tr("behind");
    if (!cluster.groupsListed)
        groups.row.hint = QObject::tr("This cluster lists no groups. The ones named in the connection are shown.");
    return groups;
}

template <typename Document>
Wanted documentsOf(const QString& key, NodeKind leaf, Row section, const QList<Document>& documents)
{
    Wanted wanted{key, std::move(section), {}};
    for (const Document& document : documents) {
        Row row;
        row.kind = leaf;
        row.name = document.name;
        row.size = document.temporary ? QObject::tr("not saved") : QString();
        row.tone = Tone::Muted;
        row.hint = document.temporary ? QObject::tr("Belongs to the demo and ends with it.") : QString();
        wanted.children.push_back({document.id, std::move(row), {}});
    }
    return wanted;
}

Wanted marksOf(Row section, const QList<MarkDocument>& marks)
{
    Wanted wanted{QStringLiteral("/marks"), std::move(section), {}};
    for (const MarkDocument& mark : marks) {
        Row row;
        row.kind = NodeKind::Mark;
        row.name = QStringLiteral("%1 %2@%3").arg(mark.topic).arg(mark.partition).arg(mark.offset);
        row.caption = mark.comment;
        row.hint = mark.comment;
        row.size = mark.temporary ? QObject::tr("not saved") : QString();
        row.tone = Tone::Muted;
        wanted.children.push_back({mark.id, std::move(row), {}});
    }
    return wanted;
}

/// Missing points are equal: a line without new data still moves with the time.
bool sameLine(const QList<double>& a, const QList<double>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

} // namespace

bool ConnectionTree::Row::sameAs(const Row& other) const
{
    return tone == other.tone && name == other.name && caption == other.caption && rate == other.rate
        && size == other.size && hint == other.hint && sameLine(trend, other.trend) && trendHead == other.trendHead
        && colour == other.colour && lock == other.lock;
}

std::optional<double> behindMs(const GroupLag& group, const std::vector<TopicRate>& topics)
{
    if (group.lag == 0 && !group.partitions.empty())
        return 0.0;
    std::set<std::string> read;
    for (const PartitionLag& partition : group.partitions)
        read.insert(partition.partition.topic);
    double produced = 0;
    for (const TopicRate& topic : topics)
        produced += read.contains(topic.name) ? topic.recordsPerSecond : 0;
    if (produced <= 0)
        return std::nullopt;
    return 1000.0 * static_cast<double>(group.lag) / produced;
}

std::vector<ConnectionTree::Wanted> ConnectionTree::rowsOf(
    const std::vector<ConnectionState>& connections, const SavedDocuments& documents)
{
    std::vector<Wanted> wanted;
    for (const ConnectionState& state : connections) {
        Wanted entry{state.document.id, connectionRow(state), {}};
        if (state.snapshot && state.snapshot->generation > 0) {
            const ClusterSnapshot& cluster = *state.snapshot;
            std::vector<SeriesSnapshotPtr> curves;
            for (const TopicRate& topic : cluster.topics)
                curves.push_back(topic.throughput);
            const std::int64_t span = trendSpan(curves, cluster.takenAt);
            entry.children.push_back(topicsOf(cluster, span));
            if (!cluster.groups.empty())
                entry.children.push_back(groupsOf(cluster, span));
        }
        wanted.push_back(std::move(entry));
    }
    // No connection has a slash in its id.
    if (!documents.queries.isEmpty())
        wanted.push_back(documentsOf(QStringLiteral("/queries"), NodeKind::Query,
            sectionRow(NodeKind::Queries, tr("Queries"), documents.queries.size()), documents.queries));
    if (!documents.dashboards.isEmpty())
        wanted.push_back(documentsOf(QStringLiteral("/dashboards"), NodeKind::Dashboard,
            sectionRow(NodeKind::Dashboards, tr("Dashboards"), documents.dashboards.size()), documents.dashboards));
    if (!documents.marks.isEmpty())
        wanted.push_back(
            marksOf(sectionRow(NodeKind::Marks, tr("Marked records"), documents.marks.size()), documents.marks));
    return wanted;
}

} // namespace weir
