// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/plot_feed.h"
#include "app/models/query_rows.h"
#include "app/panels/query_view.h"
#include "app/panels/sql_language.h"
#include "app/panels/tab_panel.h"

#include <QTimer>

class QComboBox;
class QPushButton;
class QStackedWidget;

namespace weir {
namespace dashboard {
class CounterStrip;
class PanelFrame;
} // namespace dashboard
namespace editor {
class SqlEditor;
class VerdictButton;
} // namespace editor
namespace plots {
class TimePlot;
} // namespace plots
namespace tables {
class ResultTable;
struct TableCellAt;
} // namespace tables
class NoticeBar;

/// A query: its text, what it counts, its rows and a plot of them.
class QueryPanel : public TabPanel
{
    Q_OBJECT
public:
    QueryPanel(const PanelContext& context, QueryDocument document, QWidget* parent = nullptr);

    style::Icon icon() const override { return style::Icon::Query; }
    QString title() const override { return m_document.name; }
    QString connectionId() const override { return m_document.connection; }
    std::optional<TabDocument> tab() const override;
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    const QueryDocument& document() const { return m_document; }
    void rename(const QString& name);
    /// Writes the table of a topic above an empty query, once it is inferred.
    void startFromTopic(const QString& topic);
    QString text() const;

public slots:
    void run();
    void stop();

signals:
    /// Text, name, connection or plot changed and should be saved.
    void edited(const weir::QueryDocument& document);
    void addToDashboardRequested(const weir::QueryDocument& document);

private:
    QWidget* createBar();
    QWidget* createBody();
    void createEditor(QWidget* parent);
    void createLower(QWidget* parent);
    void createResult(QWidget* parent);
    void createPlot(QWidget* parent);
    void listConnections();
    void check();
    void checked(const QString& text, const sql::Script& script);
    void started();
    void choosePlotColumn();
    void showFailure(const QString& text);
    void showButtons();
    void showMenu(const tables::TableCellAt& cell, const QPoint& place);
    void pull();
    void showCounters(const QuerySnapshot& snapshot);
    void showNotice(const QuerySnapshot& snapshot);
    void showPlot(const QuerySnapshot& snapshot);

    PanelContext m_context;
    QueryDocument m_document;
    QueryView* m_view;
    QTimer m_checkTimer;
    qint64 m_verdictOffset = -1; ///< in the text, of what the verdict is about
    std::shared_ptr<QueryRows> m_rows;
    QueryPlotColumns m_plotColumns;

    editor::SqlEditor* m_editor = nullptr;
    dashboard::PanelFrame* m_editorPane = nullptr;
    dashboard::PanelFrame* m_resultPane = nullptr;
    dashboard::PanelFrame* m_plotPane = nullptr;
    QComboBox* m_connections = nullptr;
    QComboBox* m_plotColumn = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_stop = nullptr;
    editor::VerdictButton* m_verdict = nullptr;
    NoticeBar* m_notice = nullptr;
    dashboard::CounterStrip* m_counters = nullptr;
    tables::ResultTable* m_table = nullptr;
    QStackedWidget* m_plotStack = nullptr;
    plots::TimePlot* m_plot = nullptr;
};

} // namespace weir
