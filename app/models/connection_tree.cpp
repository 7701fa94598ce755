// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/connection_tree.h"

#include "widgets/style/format.h"
#include "widgets/style/theme.h"
#include "widgets/tables/tone.h"

#include <QFont>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace weir {

namespace {

constexpr int trendPoints = 40;
constexpr std::int64_t trendSpanMs = 15 * 60 * 1000;

/// What one row shows; compared as a whole to know whether it changed.
struct RowData
{
    ConnectionTree::NodeKind kind = ConnectionTree::NodeKind::Connection;
    ConnectionTree::Tone tone = ConnectionTree::Tone::Normal;
    QString name;
    QString caption;
    QString rate;
    QString size;
    QString hint;
    QList<double> trend;
    std::uint64_t trendGeneration = 0;
    int colour = 0;

    bool sameAs(const RowData& other) const
    {
        return tone == other.tone && name == other.name && caption == other.caption && rate == other.rate
            && size == other.size && hint == other.hint && trendGeneration == other.trendGeneration
            && colour == other.colour;
    }
};

QList<double> trendOf(const SeriesSnapshotPtr& series, EpochMs now)
{
    QList<double> points;
    if (!series || series->levels.empty() || series->newest == 0)
        return points;
    const SeriesLevel& level = series->levelFor(trendSpanMs, trendPoints);
    const EpochMs step = trendSpanMs / trendPoints;
    for (EpochMs time = now - trendSpanMs; time < now; time += step) {
        Bin all;
        const std::int64_t first = std::max<std::int64_t>(0, (time - level.origin) / level.widthMs);
        const std::int64_t end = std::min<std::int64_t>(
            static_cast<std::int64_t>(level.bins.size()), (time + step - level.origin) / level.widthMs + 1);
        for (std::int64_t i = first; i < end; ++i)
            all.merge(level.bins[static_cast<std::size_t>(i)]);
        const double value =
            all.count == 0 ? std::numeric_limits<double>::quiet_NaN() : all.sum / static_cast<double>(all.count);
        if (!points.isEmpty() || all.count > 0) // a young curve starts at the left edge of its own time
            points.append(value);
    }
    return points;
}

RowData topicRow(const TopicRate& topic, EpochMs now)
{
    RowData row;
    row.kind = ConnectionTree::NodeKind::Topic;
    row.name = QString::fromStdString(topic.name);
    row.rate = format::grouped(static_cast<std::int64_t>(std::llround(topic.recordsPerSecond)));
    row.size = format::compact(static_cast<double>(topic.records));
    row.hint = QStringLiteral("%1: %2 partitions, %3 offsets held").arg(row.name).arg(topic.partitions).arg(row.size);
    row.trendGeneration = topic.throughput ? topic.throughput->generation : 0;
    row.trend = trendOf(topic.throughput, now);
    if (topic.error) {
        row.tone = ConnectionTree::Tone::Bad;
        row.hint = QString::fromStdString(topic.error->text());
        row.rate = QStringLiteral("–");
        row.size = QStringLiteral("unreadable");
    }
    return row;
}

tables::Tone toneOf(ConnectionTree::Tone tone)
{
    switch (tone) {
    case ConnectionTree::Tone::Good:
        return tables::Tone::Ok;
    case ConnectionTree::Tone::Warning:
        return tables::Tone::Warn;
    case ConnectionTree::Tone::Bad:
        return tables::Tone::Error;
    case ConnectionTree::Tone::Muted:
        return tables::Tone::Muted;
    case ConnectionTree::Tone::Normal:
        break;
    }
    return tables::Tone::Secondary;
}

QString growthText(double perSecond)
{
    if (std::abs(perSecond) < 0.5)
        return QStringLiteral("steady");
    return (perSecond > 0 ? QStringLiteral("↑ ") : QStringLiteral("↓ "))
        + format::grouped(static_cast<std::int64_t>(std::llround(std::abs(perSecond)))) + QStringLiteral("/s");
}

RowData groupRow(const GroupLag& group, EpochMs now)
{
    RowData row;
    row.kind = ConnectionTree::NodeKind::Group;
    row.name = QString::fromStdString(group.name);
    const bool known =
        std::any_of(group.partitions.begin(), group.partitions.end(), [](const PartitionLag& p) { return p.lag >= 0; });
    row.rate = known ? format::compact(static_cast<double>(group.lag)) : QStringLiteral("–");
    row.size = known ? growthText(group.lagPerSecond) : QStringLiteral("no offsets");
    row.hint = QString::fromStdString(group.name + (group.state.empty() ? "" : ": " + group.state));
    if (!group.remark.empty())
        row.hint += QStringLiteral("\n") + QString::fromStdString(group.remark);
    row.trendGeneration = group.lagSeries ? group.lagSeries->generation : 0;
    row.trend = trendOf(group.lagSeries, now);
    if (known && group.lagPerSecond >= 1 && group.lag > 10 * group.lagPerSecond)
        row.tone = ConnectionTree::Tone::Warning;
    if (group.error) {
        row.tone = ConnectionTree::Tone::Bad;
        row.hint = QString::fromStdString(group.error->text());
        row.size = QStringLiteral("unreadable");
    }
    return row;
}

RowData connectionRow(const ConnectionState& state)
{
    RowData row;
    row.kind = ConnectionTree::NodeKind::Connection;
    row.name = state.document.name;
    row.colour = state.document.colour;
    row.hint = state.document.bootstrapServers;
    row.tone = ConnectionTree::Tone::Muted;
    if (!state.snapshot) {
        row.size = QStringLiteral("not connected");
    } else if (state.snapshot->connection == Connection::Up) {
        row.size = QStringLiteral("read-only");
        row.tone = ConnectionTree::Tone::Good;
    } else {
        const bool down = state.snapshot->connection == Connection::Down;
        row.size = down ? QStringLiteral("retrying") : QStringLiteral("connecting");
        row.tone = down ? ConnectionTree::Tone::Warning : ConnectionTree::Tone::Muted;
        if (down)
            row.hint = QString::fromStdString(state.snapshot->connectionText);
    }
    return row;
}

} // namespace

struct ConnectionTree::Wanted
{
    QString key;
    RowData row;
    std::vector<Wanted> children;
};

struct ConnectionTree::Node
{
    QString key;
    RowData row;
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    int position() const
    {
        const auto& siblings = parent->children;
        const auto found =
            std::find_if(siblings.begin(), siblings.end(), [this](const auto& n) { return n.get() == this; });
        return static_cast<int>(found - siblings.begin());
    }
};

ConnectionTree::ConnectionTree(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) { }
ConnectionTree::~ConnectionTree() = default;

void ConnectionTree::update(const std::vector<ConnectionState>& connections)
{
    std::vector<Wanted> wanted;
    for (const ConnectionState& state : connections) {
        Wanted entry{state.document.id, connectionRow(state), {}};
        if (state.snapshot && state.snapshot->generation > 0) {
            const EpochMs now = state.snapshot->takenAt;
            Wanted topics{QStringLiteral("topics"), {}, {}};
            for (const TopicRate& topic : state.snapshot->topics) {
                if (!topic.internal)
                    topics.children.push_back({QString::fromStdString(topic.name), topicRow(topic, now), {}});
            }
            topics.row = {NodeKind::Topics, Tone::Muted, tr("Topics"), format::grouped(std::ssize(topics.children)),
                tr("msg/s"), tr("offsets"), {}, {}, 0, 0};
            Wanted groups{QStringLiteral("groups"), {}, {}};
            for (const GroupLag& group : state.snapshot->groups)
                groups.children.push_back({QString::fromStdString(group.name), groupRow(group, now), {}});
            groups.row = {NodeKind::Groups, Tone::Muted, tr("Groups"), format::grouped(std::ssize(groups.children)),
                tr("lag"), tr("trend"), {}, {}, 0, 0};
            if (!state.snapshot->groupsListed)
                groups.row.hint = tr("This cluster lists no groups. The ones named in the connection are shown.");
            entry.children.push_back(std::move(topics));
            if (!groups.children.empty())
                entry.children.push_back(std::move(groups));
        }
        wanted.push_back(std::move(entry));
    }
    merge(*m_root, std::move(wanted));
}

void ConnectionTree::merge(Node& parent, std::vector<Wanted> wanted)
{
    std::set<QString> keys;
    for (const Wanted& entry : wanted)
        keys.insert(entry.key);
    for (int row = static_cast<int>(parent.children.size()) - 1; row >= 0; --row) {
        if (keys.contains(parent.children[static_cast<std::size_t>(row)]->key))
            continue;
        beginRemoveRows(indexOf(parent), row, row);
        parent.children.erase(parent.children.begin() + row);
        endRemoveRows();
    }
    insertNew(parent, wanted);

    int firstChanged = -1;
    int lastChanged = -1;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        Node& node = *parent.children[i];
        if (!node.row.sameAs(wanted[i].row)) {
            node.row = std::move(wanted[i].row);
            firstChanged = firstChanged < 0 ? static_cast<int>(i) : firstChanged;
            lastChanged = static_cast<int>(i);
        }
        merge(node, std::move(wanted[i].children));
    }
    if (firstChanged >= 0) {
        const QModelIndex at = indexOf(parent);
        emit dataChanged(index(firstChanged, 0, at), index(lastChanged, ColumnCount - 1, at));
    }
}

/// Brings the children into the order of `wanted`: new ones are inserted, ones out of place are moved.
void ConnectionTree::insertNew(Node& parent, std::vector<Wanted>& wanted)
{
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto& children = parent.children;
        const auto begin = children.begin() + static_cast<std::ptrdiff_t>(i);
        const auto found = std::find_if(begin, children.end(), [&](const auto& n) { return n->key == wanted[i].key; });
        const int row = static_cast<int>(i);
        if (found == children.end()) {
            auto node = std::make_unique<Node>();
            node->key = wanted[i].key;
            node->row = wanted[i].row;
            node->parent = &parent;
            beginInsertRows(indexOf(parent), row, row);
            children.insert(begin, std::move(node));
            endInsertRows();
        } else if (found != begin) {
            const int from = static_cast<int>(found - children.begin());
            beginMoveRows(indexOf(parent), from, from, indexOf(parent), row);
            std::rotate(begin, found, found + 1);
            endMoveRows();
        }
    }
}

QModelIndex ConnectionTree::indexOf(const Node& node) const
{
    if (&node == m_root.get())
        return {};
    return createIndex(node.position(), 0, &node);
}

ConnectionTree::Node* ConnectionTree::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex ConnectionTree::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex ConnectionTree::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(*nodeOf(child)->parent) : QModelIndex();
}

int ConnectionTree::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int ConnectionTree::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant ConnectionTree::text(const Node& node, int column) const
{
    switch (column) {
    case NameColumn:
        return node.row.name;
    case TrendColumn:
        return node.row.kind == NodeKind::Topics || node.row.kind == NodeKind::Groups ? tr("15 min") : QString();
    case RateColumn:
        return node.row.rate;
    default:
        return node.row.size;
    }
}

QVariant ConnectionTree::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Node& node = *nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return text(node, index.column());
    case Qt::ToolTipRole:
        return node.row.hint;
    case KindRole:
        return static_cast<int>(node.row.kind);
    case NameRole:
        return node.row.kind == NodeKind::Topic || node.row.kind == NodeKind::Group ? node.row.name : QString();
    case ConnectionIdRole: {
        const Node* at = &node;
        while (at->parent != m_root.get())
            at = at->parent;
        return at->key;
    }
    default:
        return look(node, index.column(), role);
    }
}

QVariant ConnectionTree::look(const Node& node, int column, int role) const
{
    const bool connection = node.row.kind == NodeKind::Connection;
    const bool section = node.row.kind == NodeKind::Topics || node.row.kind == NodeKind::Groups;
    switch (role) {
    case tables::SparkRole::Series:
        return column == TrendColumn && !connection && !section ? QVariant::fromValue(node.row.trend) : QVariant();
    case tables::SparkRole::Tone:
        return column == NameColumn && !connection ? QVariant() : QVariant(static_cast<int>(toneOf(node.row.tone)));
    case tables::SparkRole::Chip:
        return connection && column == NameColumn ? QVariant(style::Theme::seriesLook(node.row.colour).color)
                                                  : QVariant();
    case tables::SparkRole::Strong:
        return connection && column == NameColumn;
    case tables::SparkRole::Caption:
        return section && column != NameColumn;
    case tables::SparkRole::Note:
        return column == NameColumn ? QVariant(node.row.caption) : QVariant();
    case tables::SparkRole::State:
        return connection && column == NameColumn ? QVariant(node.row.size) : QVariant();
    case tables::SparkRole::StateIcon:
        return connection && node.row.tone == Tone::Good ? QVariant(static_cast<int>(style::Icon::LockClosed))
                                                         : QVariant();
    case tables::SparkRole::Icon:
        if (column != NameColumn || !section)
            return {};
        return static_cast<int>(node.row.kind == NodeKind::Topics ? style::Icon::Topic : style::Icon::Group);
    default:
        return {};
    }
}

QModelIndex ConnectionTree::find(const QString& connectionId, NodeKind kind, const QString& name) const
{
    for (const auto& connection : m_root->children) {
        if (connection->key != connectionId)
            continue;
        for (const auto& section : connection->children) {
            for (const auto& leaf : section->children) {
                if (leaf->row.kind == kind && leaf->key == name)
                    return indexOf(*leaf);
            }
        }
    }
    return {};
}

} // namespace weir
