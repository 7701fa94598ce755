// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/connection_tree.h"

#include "app/models/connection_rows.h"
#include "widgets/style/theme.h"
#include "widgets/tables/tone.h"

#include <QSet>

#include <algorithm>

namespace weir {

namespace {

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

bool isSection(ConnectionTree::NodeKind kind)
{
    return kind != ConnectionTree::NodeKind::Connection && ConnectionTree::isBranch(kind);
}

bool isDocument(ConnectionTree::NodeKind kind)
{
    return kind == ConnectionTree::NodeKind::Query || kind == ConnectionTree::NodeKind::Dashboard
        || kind == ConnectionTree::NodeKind::Mark;
}

style::Icon sectionIcon(ConnectionTree::NodeKind kind)
{
    switch (kind) {
    case ConnectionTree::NodeKind::Groups:
        return style::Icon::Group;
    case ConnectionTree::NodeKind::Queries:
        return style::Icon::Query;
    case ConnectionTree::NodeKind::Dashboards:
        return style::Icon::Dashboard;
    case ConnectionTree::NodeKind::Marks:
        return style::Icon::Star;
    default:
        return style::Icon::Topic;
    }
}

} // namespace

struct ConnectionTree::Node
{
    QString key;
    Row row;
    Node* parent = nullptr;
    int position = 0; ///< among its siblings
    std::vector<std::unique_ptr<Node>> children;

    void number(std::size_t from)
    {
        for (std::size_t i = from; i < children.size(); ++i)
            children[i]->position = static_cast<int>(i);
    }
};

ConnectionTree::ConnectionTree(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) { }
ConnectionTree::~ConnectionTree() = default;

ConnectionTree::NodeKind ConnectionTree::kindOf(const QModelIndex& index)
{
    return static_cast<NodeKind>(index.siblingAtColumn(NameColumn).data(KindRole).toInt());
}

bool ConnectionTree::isBranch(NodeKind kind)
{
    return kind == NodeKind::Connection || kind == NodeKind::Topics || kind == NodeKind::Groups
        || kind == NodeKind::Queries || kind == NodeKind::Dashboards || kind == NodeKind::Marks;
}

void ConnectionTree::update(const std::vector<ConnectionState>& connections, const SavedDocuments& documents)
{
    merge(*m_root, rowsOf(connections, documents));
}

void ConnectionTree::merge(Node& parent, std::vector<Wanted> wanted)
{
    removeOthers(parent, wanted);
    arrange(parent, wanted);
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

void ConnectionTree::removeOthers(Node& parent, const std::vector<Wanted>& wanted)
{
    QSet<QString> keys;
    for (const Wanted& entry : wanted)
        keys.insert(entry.key);
    for (int row = static_cast<int>(parent.children.size()) - 1; row >= 0; --row) {
        if (keys.contains(parent.children[static_cast<std::size_t>(row)]->key))
            continue;
        beginRemoveRows(indexOf(parent), row, row);
        parent.children.erase(parent.children.begin() + row);
        parent.number(static_cast<std::size_t>(row));
        endRemoveRows();
    }
}

/// Brings the children into the order of `wanted`: new ones are inserted in runs, ones out of place are moved.
void ConnectionTree::arrange(Node& parent, const std::vector<Wanted>& wanted)
{
    QSet<QString> known;
    for (const auto& child : parent.children)
        known.insert(child->key);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::size_t end = i;
        while (end < wanted.size() && !known.contains(wanted[end].key))
            ++end;
        if (end > i) {
            insertRun(parent, wanted, i, end);
            i = end - 1;
            continue;
        }
        auto& children = parent.children;
        const auto begin = children.begin() + static_cast<std::ptrdiff_t>(i);
        const auto found = std::find_if(begin, children.end(), [&](const auto& n) { return n->key == wanted[i].key; });
        if (found == begin || found == children.end())
            continue;
        const int from = (*found)->position;
        beginMoveRows(indexOf(parent), from, from, indexOf(parent), static_cast<int>(i));
        std::rotate(begin, found, found + 1);
        parent.number(i);
        endMoveRows();
    }
}

void ConnectionTree::insertRun(Node& parent, const std::vector<Wanted>& wanted, std::size_t from, std::size_t to)
{
    std::vector<std::unique_ptr<Node>> run;
    for (std::size_t i = from; i < to; ++i) {
        auto node = std::make_unique<Node>();
        node->key = wanted[i].key;
        node->row = wanted[i].row;
        node->parent = &parent;
        run.push_back(std::move(node));
    }
    beginInsertRows(indexOf(parent), static_cast<int>(from), static_cast<int>(to) - 1);
    parent.children.insert(parent.children.begin() + static_cast<std::ptrdiff_t>(from),
        std::make_move_iterator(run.begin()), std::make_move_iterator(run.end()));
    parent.number(from);
    endInsertRows();
}

QModelIndex ConnectionTree::indexOf(const Node& node) const
{
    if (&node == m_root.get())
        return {};
    return createIndex(node.position, 0, &node);
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

QString ConnectionTree::connectionIdOf(const Node& node) const
{
    const Node* at = &node;
    while (at->parent != m_root.get())
        at = at->parent;
    return at->row.kind == NodeKind::Connection ? at->key : QString();
}

QVariant ConnectionTree::text(const Node& node, int column) const
{
    switch (column) {
    case NameColumn:
        return node.row.name;
    case TrendColumn:
        return node.row.trendHead;
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
        return node.row.hint.isEmpty() ? QVariant() : node.row.hint;
    case KindRole:
        return static_cast<int>(node.row.kind);
    case NameRole:
        return isBranch(node.row.kind) ? QString() : node.key;
    case ConnectionIdRole:
        return connectionIdOf(node);
    default:
        return look(node, index.column(), role);
    }
}

QVariant ConnectionTree::look(const Node& node, int column, int role) const
{
    const bool connection = node.row.kind == NodeKind::Connection;
    const bool section = isSection(node.row.kind);
    const bool named = column == NameColumn;
    switch (role) {
    case tables::SparkRole::Series:
        return column == TrendColumn && !node.row.trend.isEmpty() ? QVariant::fromValue(node.row.trend) : QVariant();
    case tables::SparkRole::Tone:
        if ((named && !connection) || (column == TrendColumn && node.row.kind == NodeKind::Topic))
            return {};
        return static_cast<int>(toneOf(named && connection ? Tone::Normal : node.row.tone));
    case tables::SparkRole::Chip:
        return connection && named ? QVariant(style::Theme::seriesLook(node.row.colour).color) : QVariant();
    case tables::SparkRole::Strong:
        return connection && named;
    case tables::SparkRole::Caption:
        return section && !named;
    case tables::SparkRole::Note:
        return named ? QVariant(node.row.caption) : QVariant();
    case tables::SparkRole::State:
        return (connection || isDocument(node.row.kind)) && named ? QVariant(node.row.size) : QVariant();
    case tables::SparkRole::StateIcon:
        return node.row.lock ? QVariant(static_cast<int>(*node.row.lock)) : QVariant();
    case tables::SparkRole::Icon:
        return named && section ? QVariant(static_cast<int>(sectionIcon(node.row.kind))) : QVariant();
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
