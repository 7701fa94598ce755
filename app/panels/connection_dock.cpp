// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connection_dock.h"

#include "widgets/style/icons.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace weir {

namespace {

using NodeKind = ConnectionTree::NodeKind;

constexpr int rateColumn = 62;
constexpr int sizeColumn = 70;

/// Rows by their own names, and what is above or below of one that matches.
class NameFilter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        const QModelIndex index = sourceModel()->index(row, ConnectionTree::NameColumn, parent);
        const bool leaf = !ConnectionTree::isBranch(ConnectionTree::kindOf(index));
        return filterRegularExpression().pattern().isEmpty()
            || (leaf && index.data().toString().contains(filterRegularExpression()));
    }
};

} // namespace

ConnectionDock::ConnectionDock(QWidget* parent)
    : QWidget(parent), m_model(new ConnectionTree(this)), m_filtered(new NameFilter(this))
{
    m_filtered->setRecursiveFilteringEnabled(true);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setSourceModel(m_model);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    createTree();
    m_stack = new QStackedWidget;
    auto* full = new QWidget;
    auto* column = new QVBoxLayout(full);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(createFilter());
    column->addWidget(m_tree, 1);
    m_stack->addWidget(createEmpty());
    m_stack->addWidget(full);
    layout->addWidget(m_stack);
}

QWidget* ConnectionDock::createFilter()
{
    auto* row = new QWidget;
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(8, 6, 8, 6);
    m_filter = new QLineEdit;
    m_filter->setPlaceholderText(tr("Filter names (Ctrl+Shift+F)"));
    m_filter->setAccessibleName(tr("Filter topics, groups, queries and dashboards by name"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(style::icon(style::Icon::Search, style::Tint::Muted), QLineEdit::LeadingPosition);
    connect(m_filter, &QLineEdit::textChanged, this, &ConnectionDock::filter);
    auto* escape = new QShortcut(Qt::Key_Escape, m_filter, m_filter, &QLineEdit::clear);
    escape->setContext(Qt::WidgetShortcut);
    layout->addWidget(m_filter);
    return row;
}

QWidget* ConnectionDock::createEmpty()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 14, 16, 14);
    layout->setSpacing(10);
    layout->addWidget(style::label(tr("No connections yet.")));
    QLabel* text =
        style::label(tr("Connections, their topics and groups, and your queries and dashboards will be listed here."),
            style::Role::Secondary);
    text->setWordWrap(true);
    layout->addWidget(text);
    auto* link = new QPushButton(tr("Connect to a cluster…"));
    style::setRole(link, style::Role::Link);
    connect(link, &QPushButton::clicked, this, &ConnectionDock::connectRequested);
    layout->addWidget(link, 0, Qt::AlignLeft);
    layout->addStretch(1);
    return page;
}

void ConnectionDock::createTree()
{
    m_tree = new tables::SparkTree;
    m_tree->setModel(m_filtered);
    m_tree->setColumnPixels(ConnectionTree::TrendColumn, style::Theme::sizes().width.sparkline + 10);
    m_tree->setColumnPixels(ConnectionTree::RateColumn, rateColumn);
    m_tree->setColumnPixels(ConnectionTree::SizeColumn, sizeColumn);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->setAccessibleName(tr("Connections, queries and dashboards"));
    m_tree->setExpandsOnDoubleClick(false);
    // Return and double click alike; a double click alone would come twice where the desktop activates by it.
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const TreeNode node = nodeAt(index);
        if (ConnectionTree::isBranch(node.kind))
            m_tree->setExpanded(index.siblingAtColumn(0), !m_tree->isExpanded(index.siblingAtColumn(0)));
        else
            emit requested(TreeAction::Open, node);
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ConnectionDock::showMenu);
    connect(m_filtered, &QAbstractItemModel::rowsInserted, this, &ConnectionDock::expandNew);
}

/// Sections are open when they come; what a user closed stays closed.
void ConnectionDock::expandNew(const QModelIndex& parent, int first, int last)
{
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = m_filtered->index(row, 0, parent);
        if (ConnectionTree::isBranch(ConnectionTree::kindOf(index)))
            m_tree->expand(index);
    }
}

void ConnectionDock::filter(const QString& text)
{
    m_filtered->setFilterRegularExpression(
        QRegularExpression(QRegularExpression::escape(text.trimmed()), QRegularExpression::CaseInsensitiveOption));
    m_tree->expandToDepth(1); // rows that come back are closed: topics, groups and documents are seen again
}

void ConnectionDock::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
}

void ConnectionDock::update(const std::vector<ConnectionState>& connections, const SavedDocuments& documents)
{
    m_states = connections;
    m_model->update(connections, documents);
    m_stack->setCurrentIndex(m_model->rowCount() == 0 ? 0 : 1);
}

TreeNode ConnectionDock::nodeAt(const QModelIndex& index) const
{
    const QModelIndex name = index.siblingAtColumn(ConnectionTree::NameColumn);
    return {ConnectionTree::kindOf(name), name.data(ConnectionTree::ConnectionIdRole).toString(),
        name.data(ConnectionTree::NameRole).toString(), name.data().toString()};
}

TreeNode ConnectionDock::current() const
{
    const QModelIndex index = m_tree->currentIndex();
    return index.isValid() ? nodeAt(index) : TreeNode();
}

const ConnectionState* ConnectionDock::stateOf(const QString& connection) const
{
    const auto found = std::find_if(m_states.begin(), m_states.end(),
        [&](const ConnectionState& state) { return state.document.id == connection; });
    return found == m_states.end() ? nullptr : &*found;
}

void ConnectionDock::showMenu(const QPoint& place)
{
    const QModelIndex index = m_tree->indexAt(place);
    if (!index.isValid())
        return;
    QMenu menu;
    fillMenu(menu, nodeAt(index));
    if (!menu.isEmpty())
        menu.exec(m_tree->viewport()->mapToGlobal(place));
}

void ConnectionDock::fillConnectionMenu(QMenu& menu, const TreeNode& node, const ConnectionState& state)
{
    const auto add = [&](style::Icon icon, const QString& text, TreeAction action) {
        menu.addAction(style::icon(icon), text, this, [this, action, node] { emit requested(action, node); });
    };
    const bool isCapture = !state.document.capture.isEmpty();
    if (state.snapshot) {
        add(style::Icon::Query, tr("New query"), TreeAction::Query);
        add(style::Icon::Plot, tr("Add throughput to dashboard"), TreeAction::Throughput);
        if (!isCapture)
            add(style::Icon::Plot, tr("Add consumer lag to dashboard"), TreeAction::Lag);
        if (!isCapture && state.writable)
            add(style::Icon::LockClosed, tr("Lock writing again"), TreeAction::Lock);
        else if (!isCapture)
            add(style::Icon::LockOpen, tr("Unlock writing…"), TreeAction::Unlock);
        add(style::Icon::Disconnected, isCapture ? tr("Close") : tr("Disconnect"), TreeAction::Disconnect);
    } else {
        add(style::Icon::Connect, isCapture ? tr("Open") : tr("Connect"), TreeAction::Connect);
    }
    if (isCapture) {
        add(style::Icon::CheckCircle, tr("Verify"), TreeAction::Verify);
        add(style::Icon::Refresh, tr("Recover into a new capture…"), TreeAction::Recover);
    } else {
        add(style::Icon::Edit, tr("Edit…"), TreeAction::Edit);
    }
    add(style::Icon::Delete, tr("Remove…"), TreeAction::Remove);
}

void ConnectionDock::fillMenu(QMenu& menu, const TreeNode& node)
{
    const auto add = [&](style::Icon icon, const QString& text, TreeAction action) {
        menu.addAction(style::icon(icon), text, this, [this, action, node] { emit requested(action, node); });
    };
    switch (node.kind) {
    case NodeKind::Connection:
        if (const ConnectionState* state = stateOf(node.connection))
            fillConnectionMenu(menu, node, *state);
        break;
    case NodeKind::Topic:
        add(style::Icon::Topic, tr("Open"), TreeAction::Open);
        add(style::Icon::Plus, tr("Add to the view in front"), TreeAction::AddToView);
        add(style::Icon::Query, tr("Query this topic"), TreeAction::Query);
        add(style::Icon::Table, tr("Profile"), TreeAction::Profile);
        add(style::Icon::Warning, tr("Expert notes"), TreeAction::Notes);
        add(style::Icon::Save, tr("Capture…"), TreeAction::Capture);
        add(style::Icon::Export, tr("Export…"), TreeAction::Export);
        add(style::Icon::Play, tr("Replay…"), TreeAction::Replay);
        add(style::Icon::Plot, tr("Add its latency to dashboard"), TreeAction::Latency);
        break;
    case NodeKind::Group:
        add(style::Icon::Plot, tr("Add consumer lag to dashboard"), TreeAction::Lag);
        break;
    case NodeKind::Query:
    case NodeKind::Dashboard:
        add(node.kind == NodeKind::Query ? style::Icon::Query : style::Icon::Dashboard, tr("Open"), TreeAction::Open);
        add(style::Icon::Edit, tr("Rename…"), TreeAction::Rename);
        add(style::Icon::Delete, tr("Delete…"), TreeAction::Delete);
        break;
    case NodeKind::Mark:
        add(style::Icon::Star, tr("Go to the record"), TreeAction::Open);
        add(style::Icon::Edit, tr("Comment…"), TreeAction::Rename);
        add(style::Icon::Delete, tr("Remove the mark"), TreeAction::Delete);
        break;
    default:
        break;
    }
    if (!ConnectionTree::isBranch(node.kind) || node.kind == NodeKind::Connection)
        menu.addAction(style::icon(style::Icon::Copy), tr("Copy name"), this,
            [node] { QGuiApplication::clipboard()->setText(node.title); });
}

} // namespace weir
