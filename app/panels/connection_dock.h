// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"

#include <QWidget>

class QLineEdit;
class QMenu;
class QSortFilterProxyModel;
class QStackedWidget;

namespace weir {
namespace tables {
class SparkTree;
} // namespace tables

/// One row of the tree, by what it stands for.
struct TreeNode
{
    ConnectionTree::NodeKind kind = ConnectionTree::NodeKind::Connection;
    QString connection; ///< id; empty for documents
    QString name; ///< topic or group name, or a document's id
    QString title; ///< as it stands in the tree
};

/// What can be asked of a row.
enum class TreeAction {
    Open,
    AddToView, ///< of a topic: to read it together with what is looked at
    Connect,
    Disconnect,
    Unlock,
    Lock,
    Edit,
    Verify,
    Recover,
    Remove,
    Profile,
    Notes,
    Capture,
    Export,
    Replay,
    Query,
    Throughput,
    Lag,
    Latency,
    Rename,
    Delete
};

/// The left dock: connections with what is on them, saved queries and dashboards, and a filter over all names. Emits
/// what is asked for; does nothing by itself. GUI thread.
class ConnectionDock : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectionDock(QWidget* parent = nullptr);

    void update(const std::vector<ConnectionState>& connections, const SavedDocuments& documents);
    tables::SparkTree* tree() const { return m_tree; }
    /// Puts the cursor into the filter.
    void focusFilter();
    /// What is chosen in the tree.
    TreeNode current() const;
    /// The entries for a row, as its context menu has them.
    void fillMenu(QMenu& menu, const TreeNode& node);

signals:
    void requested(weir::TreeAction action, const weir::TreeNode& node);
    void connectRequested();

private:
    void fillConnectionMenu(QMenu& menu, const TreeNode& node, const ConnectionState& state);
    QWidget* createFilter();
    QWidget* createEmpty();
    void createTree();
    void expandNew(const QModelIndex& parent, int first, int last);
    void filter(const QString& text);
    TreeNode nodeAt(const QModelIndex& index) const;
    /// Null for one that is not there.
    const ConnectionState* stateOf(const QString& connection) const;
    void showMenu(const QPoint& place);

    ConnectionTree* m_model;
    QSortFilterProxyModel* m_filtered;
    tables::SparkTree* m_tree = nullptr;
    QLineEdit* m_filter = nullptr;
    QStackedWidget* m_stack = nullptr;
    std::vector<ConnectionState> m_states;
};

} // namespace weir
