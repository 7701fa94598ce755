// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/log_panel.h"

#include "widgets/style/icons.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace weir {

/// Levels as words, with their glyph; lines below the least level left out.
class LogPanel::LevelFilter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setLeast(LogLevel level)
    {
        m_least = level;
        invalidateFilter();
    }

    QVariant data(const QModelIndex& index, int role) const override
    {
        if (role != Qt::DecorationRole || index.column() != LogModel::LevelColumn)
            return QSortFilterProxyModel::data(index, role);
        switch (static_cast<LogLevel>(index.data(LogModel::LevelRole).toInt())) {
        case LogLevel::Error:
            return style::icon(style::Icon::Error, style::Tint::Error);
        case LogLevel::Warning:
            return style::icon(style::Icon::Warning, style::Tint::Warn);
        case LogLevel::Info:
            break;
        }
        return style::icon(style::Icon::Info, style::Tint::Muted);
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        return sourceModel()->index(row, 0, parent).data(LogModel::LevelRole).toInt() >= static_cast<int>(m_least);
    }

private:
    LogLevel m_least = LogLevel::Info;
};

LogPanel::LogPanel(LogModel& log, QWidget* parent)
    : QWidget(parent), m_filter(new LevelFilter(this)), m_least(new QComboBox), m_table(new QTableView)
{
    m_filter->setSourceModel(&log);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QFrame;
    style::setRole(head, style::Role::PanelHead);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(10, 2, 10, 2);
    row->addWidget(style::label(tr("Log"), style::Role::Strong));
    row->addWidget(style::label(tr("what happened, newest last"), style::Role::Caption));
    row->addStretch(1);
    m_least->setAccessibleName(tr("Which lines are shown"));
    m_least->addItem(tr("all lines"), static_cast<int>(LogLevel::Info));
    m_least->addItem(tr("warnings and errors"), static_cast<int>(LogLevel::Warning));
    m_least->addItem(tr("errors"), static_cast<int>(LogLevel::Error));
    connect(m_least, &QComboBox::currentIndexChanged, this,
        [this] { m_filter->setLeast(static_cast<LogLevel>(m_least->currentData().toInt())); });
    row->addWidget(m_least);
    layout->addWidget(head);
    createTable();
    layout->addWidget(m_table, 1);
}

void LogPanel::createTable()
{
    m_table->setModel(m_filter);
    m_table->verticalHeader()->hide();
    const int height = style::Theme::rowHeight(style::Theme::sizes().height.row, style::Theme::fonts().data);
    m_table->verticalHeader()->setDefaultSectionSize(height);
    m_table->verticalHeader()->setMinimumSectionSize(height);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setColumnWidth(LogModel::TimeColumn, 110);
    m_table->setColumnWidth(LogModel::LevelColumn, 100);
    m_table->setColumnWidth(LogModel::WhereColumn, 180);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    style::setRole(m_table, style::Role::Data);
    auto* copy = new QShortcut(QKeySequence::Copy, m_table, this, &LogPanel::copySelection);
    copy->setContext(Qt::WidgetShortcut);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint& place) {
        QMenu menu;
        menu.addAction(style::icon(style::Icon::Copy), tr("Copy lines"), this, &LogPanel::copySelection);
        menu.exec(m_table->viewport()->mapToGlobal(place));
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &LogPanel::follow);
}

/// The newest line comes into view unless the user looks at older ones.
void LogPanel::follow()
{
    const QScrollBar* bar = m_table->verticalScrollBar();
    if (bar->value() >= bar->maximum() - 1)
        QTimer::singleShot(0, m_table, &QTableView::scrollToBottom);
}

void LogPanel::setLeast(LogLevel level)
{
    m_least->setCurrentIndex(static_cast<int>(level));
}

void LogPanel::copySelection() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int column = 0; column < LogModel::ColumnCount; ++column)
            cells.append(row.siblingAtColumn(column).data().toString());
        text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    QGuiApplication::clipboard()->setText(text);
}

} // namespace weir
