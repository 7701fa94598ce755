// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/query_result.h"
#include "app/panels/sql_language.h"
#include "app/panels/tab_panel.h"

#include <QTimer>

class QComboBox;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace weir {
namespace editor {
class SqlEditor;
class VerdictButton;
} // namespace editor

/// A query: its text, and a result for each of its statements that was started.
class QueryPanel : public TabPanel
{
    Q_OBJECT
public:
    /// Results at once: each is a run of its own, with its threads.
    static constexpr int mostResults = 16;

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
    int resultCount() const;

public slots:
    void run(); ///< the statement at the cursor, or the last one
    void runAll(); ///< every statement that gives rows, each with a result of its own
    void stop();

signals:
    /// Text, name, connection or plot changed and should be saved.
    void edited(const weir::QueryDocument& document);
    void addToDashboardRequested(const weir::QueryDocument& document);

private:
    QWidget* createBar();
    QWidget* createRunButtons(QWidget* parent);
    QWidget* createBody();
    void createEditor(QWidget* parent);
    void createResults(QWidget* parent);
    void listConnections();
    void check();
    void checked(const QString& text, const sql::Script& script);
    void start(std::optional<qint64> cursor);
    void started(const QString& text, const std::vector<ScriptStatement>& chosen, int place);
    QueryResult* addResult();
    QueryResult* resultAt(int index) const;
    QueryResult* currentResult() const;
    void setResultCount(int count);
    bool isBusy() const;
    void showButtons();

    PanelContext m_context;
    QueryDocument m_document;
    QTimer m_checkTimer;
    qint64 m_verdictOffset = -1; ///< in the text, of what the verdict is about
    std::uint64_t m_starts = 0;
    bool m_choosing = false; ///< the text is looked through for what to run

    editor::SqlEditor* m_editor = nullptr;
    dashboard::PanelFrame* m_editorPane = nullptr;
    QComboBox* m_connections = nullptr;
    QPushButton* m_run = nullptr;
    QPushButton* m_runAll = nullptr;
    QPushButton* m_stop = nullptr;
    editor::VerdictButton* m_verdict = nullptr;
    QTabBar* m_resultTabs = nullptr; ///< shown when there are several
    QStackedWidget* m_results = nullptr; ///< of QueryResult
};

} // namespace weir
