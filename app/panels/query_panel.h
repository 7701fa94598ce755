// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/plot_feed.h"
#include "app/models/query_rows.h"
#include "app/panels/query_view.h"
#include "app/workspace/documents.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace weir {
namespace dashboard {
class CounterStrip;
} // namespace dashboard
namespace editor {
class SqlEditor;
} // namespace editor
namespace plots {
class TimePlot;
} // namespace plots
namespace tables {
class ResultTable;
} // namespace tables

/// A query: its text, what it counts, its rows and a plot of them.
class QueryPanel : public QWidget
{
    Q_OBJECT
public:
    QueryPanel(const PanelContext& context, QueryDocument document, QWidget* parent = nullptr);

    const QueryDocument& document() const { return m_document; }
    /// Writes the table of a topic above an empty query, once it is inferred.
    void startFromTopic(const QString& topic);
    QString text() const;

public slots:
    void run();
    void stop();

signals:
    /// The text changed and should be saved.
    void edited(const weir::QueryDocument& document);
    void addToDashboardRequested(const weir::QueryDocument& document);

private:
    QWidget* createBar();
    QWidget* createBody();
    void check();
    void started();
    void showFailure(const QString& text);
    void pull();
    void showCounters(const QuerySnapshot& snapshot);

    PanelContext m_context;
    QueryDocument m_document;
    QueryView* m_view;
    QTimer m_checkTimer;
    std::shared_ptr<QueryRows> m_rows;
    QueryPlotColumns m_plotColumns;

    editor::SqlEditor* m_editor = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_message = nullptr;
    dashboard::CounterStrip* m_counters = nullptr;
    tables::ResultTable* m_table = nullptr;
    plots::TimePlot* m_plot = nullptr;
};

} // namespace weir
