// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/cluster_monitor.h"
#include "app/workspace/documents.h"
#include "widgets/tables/spark_tree.h"

#include <QAbstractItemModel>

#include <memory>
#include <vector>

namespace weir {

/// One connection as the tree shows it.
struct ConnectionState
{
    ConnectionDocument document;
    std::shared_ptr<const ClusterSnapshot> snapshot; ///< null: not connected
    bool writable = false; ///< writing is unlocked
};

/// What the user keeps, as the tree lists it.
struct SavedDocuments
{
    QList<QueryDocument> queries;
    QList<DashboardDocument> dashboards;
    QList<MarkDocument> marks = {};
};

/// Connections with their topics and groups, then queries, dashboards and marked records. update() merges: rows that
/// stay keep their indexes, so selection and expansion live through every poll; the model is never reset.
class ConnectionTree : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Columns { NameColumn, TrendColumn, RateColumn, SizeColumn, ColumnCount };
    enum Roles {
        KindRole = tables::SparkRole::End, ///< NodeKind as int
        ConnectionIdRole, ///< of a connection and of all below it; else empty
        NameRole, ///< topic or group name, or a document's id
    };
    enum class NodeKind {
        Connection,
        Topics,
        Groups,
        Topic,
        Group,
        Partition, ///< of a group: its lag there
        Queries,
        Dashboards,
        Marks,
        Query,
        Dashboard,
        Mark
    };
    enum class Tone { Normal, Muted, Good, Warning, Bad };
    struct Row;
    struct Wanted;

    explicit ConnectionTree(QObject* parent = nullptr);
    ~ConnectionTree() override;

    void update(const std::vector<ConnectionState>& connections, const SavedDocuments& documents);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Of a topic or group by name; invalid if there is none.
    QModelIndex find(const QString& connectionId, NodeKind kind, const QString& name) const;

    static NodeKind kindOf(const QModelIndex& index);
    /// Sections and connections: rows that are there for what is below them.
    static bool isBranch(NodeKind kind);

private:
    struct Node;

    static std::vector<Wanted> rowsOf(const std::vector<ConnectionState>& connections, const SavedDocuments& documents);
    void merge(Node& parent, std::vector<Wanted> wanted);
    void removeOthers(Node& parent, const std::vector<Wanted>& wanted);
    void arrange(Node& parent, const std::vector<Wanted>& wanted);
    void insertRun(Node& parent, const std::vector<Wanted>& wanted, std::size_t from, std::size_t to);
    QModelIndex indexOf(const Node& node) const;
    Node* nodeOf(const QModelIndex& index) const;
    QVariant text(const Node& node, int column) const;
    QVariant look(const Node& node, int column, int role) const;
    QString connectionIdOf(const Node& node) const;

    std::unique_ptr<Node> m_root;
};

} // namespace weir
