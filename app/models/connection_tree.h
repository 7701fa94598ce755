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
};

/// Connections, their topics and their groups. update() merges: rows that stay keep their indexes, so selection and
/// expansion live through every poll; the model is never reset.
class ConnectionTree : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Columns { NameColumn, TrendColumn, RateColumn, SizeColumn, ColumnCount };
    enum Roles {
        KindRole = tables::SparkRole::End, ///< NodeKind as int
        ConnectionIdRole,
        NameRole, ///< topic or group name
    };
    enum class NodeKind { Connection, Topics, Groups, Topic, Group };
    enum class Tone { Normal, Muted, Good, Warning, Bad };

    explicit ConnectionTree(QObject* parent = nullptr);
    ~ConnectionTree() override;

    void update(const std::vector<ConnectionState>& connections);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Of a topic or group by name; invalid if there is none.
    QModelIndex find(const QString& connectionId, NodeKind kind, const QString& name) const;

private:
    struct Node;
    struct Wanted;

    void merge(Node& parent, std::vector<Wanted> wanted);
    void insertNew(Node& parent, std::vector<Wanted>& wanted);
    QModelIndex indexOf(const Node& node) const;
    Node* nodeOf(const QModelIndex& index) const;
    QVariant text(const Node& node, int column) const;
    QVariant look(const Node& node, int column, int role) const;

    std::unique_ptr<Node> m_root;
};

} // namespace weir
