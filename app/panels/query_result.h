// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/plot_feed.h"
#include "app/models/query_rows.h"
#include "app/panels/query_view.h"
#include "app/panels/sql_language.h"

#include <QWidget>

class QComboBox;
class QSplitter;
class QStackedWidget;

namespace weir {
namespace dashboard {
class CounterStrip;
class PanelFrame;
} // namespace dashboard
namespace plots {
class TimePlot;
} // namespace plots
namespace tables {
class ResultTable;
struct TableCellAt;
} // namespace tables
class NoticeBar;

/// What one statement of a query tab gives: what it counts, its rows and a plot of them. GUI thread.
class QueryResult : public QWidget
{
    Q_OBJECT
public:
    QueryResult(const PanelContext& context, QWidget* parent);

    /// The column that the plot shows, if the statement has it; empty: the first that can be plotted.
    void setPlotColumn(const QString& name) { m_wantedColumn = name; }
    /// Runs a statement of `sql`.
    void run(const QString& connection, const QString& sql, const ScriptStatement& statement);
    void stop();
    bool isBusy() const { return m_view->isRunning() || m_view->isStarting(); }
    /// A line above the rows; showFailure() also stands in the log, under `source`.
    void tell(style::State state, const QString& text);
    void showFailure(const QString& text);
    void setLogSource(const QString& source) { m_logSource = source; }
    QList<QWidget*> panes() const;

signals:
    void busyChanged();
    void plotColumnChosen(const QString& name);
    /// `sql` has the statement as its last, which is what dashboards run; empty before the first run.
    void addToDashboardRequested(const QString& sql);

private:
    void createRows(QSplitter* parent);
    void createPlot(QSplitter* parent);
    void started();
    void choosePlotColumn();
    void showMenu(const tables::TableCellAt& cell, const QPoint& place);
    void pull();
    void showCounters(const QuerySnapshot& snapshot);
    void showNotice(const QuerySnapshot& snapshot);
    void showPlot(const QuerySnapshot& snapshot);

    PanelContext m_context;
    QueryView* m_view;
    QString m_logSource;
    QString m_wantedColumn;
    QString m_ownText; ///< the text up to the end of the statement
    std::shared_ptr<QueryRows> m_rows;
    QueryPlotColumns m_plotColumns;

    NoticeBar* m_notice = nullptr;
    dashboard::CounterStrip* m_counters = nullptr;
    dashboard::PanelFrame* m_resultPane = nullptr;
    dashboard::PanelFrame* m_plotPane = nullptr;
    QComboBox* m_plotColumn = nullptr;
    tables::ResultTable* m_table = nullptr;
    QStackedWidget* m_plotStack = nullptr;
    plots::TimePlot* m_plot = nullptr;
};

} // namespace weir
