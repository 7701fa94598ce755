// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"

#include <QObject>
#include <QTimer>

namespace weir {

/// One query of the window: compiles a text and runs its last statement on a connection, both away from the GUI thread,
/// and keeps the newest run. Decode errors never stop it; snapshots say what Flink would have done. When the connection
/// is closed the run ends and its rows stay. GUI thread.
class QueryView : public QObject
{
    Q_OBJECT
public:
    static constexpr int retryMs = 3000;

    QueryView(const PanelContext& context, QObject* parent);
    ~QueryView() override;

    /// Whether it starts again by itself when the cluster could not be reached or the connection was opened again: for
    /// dashboards, whose panels nobody starts.
    void setKeepsRunning(bool on) { m_keepsRunning = on; }
    static constexpr std::size_t lastStatement = SIZE_MAX;

    /// Starts a statement of `sql`, by its number among those that give rows, on the connection; started() or failed()
    /// follows.
    void run(const QString& connectionId, const QString& sql, std::size_t statement = lastStatement);
    void stop();

    /// Null before the first run; the last one there was when the run is over.
    std::shared_ptr<const QuerySnapshot> snapshot() const;
    /// Differs from before when there is something new to show.
    std::uint64_t generation() const;
    const sql::QueryPlan& plan() const { return m_plan; }
    bool isStarting() const { return m_starting; }
    bool isRunning() const;
    /// Why there is no run although one was asked for, in words; empty otherwise.
    const QString& failure() const { return m_failure; }

signals:
    void started();
    /// It could not be started, or its connection was closed.
    void failed(const QString& text);

private:
    struct Started
    {
        sql::QueryPlan plan;
        std::shared_ptr<QueryRun> run;
    };

    struct Wanted
    {
        std::string sql;
        std::size_t statement = lastStatement;
        bool mayWrite = false;
    };

    static Result<Started> start(const std::shared_ptr<Session>& session, const Wanted& wanted);
    void begin();
    void arrived(Result<Started> outcome);
    void fail(const Error& error);
    void release();
    void followConnection();

    PanelContext m_context;
    QString m_connection;
    QString m_sql;
    std::size_t m_statement = lastStatement;
    QTimer m_retry;
    bool m_keepsRunning = false;
    bool m_starting = false;
    std::weak_ptr<Session> m_session;
    sql::QueryPlan m_plan;
    std::shared_ptr<QueryRun> m_run;
    std::shared_ptr<const QuerySnapshot> m_last; ///< of a run that was let go
    QString m_failure;
    std::uint64_t m_runs = 0;
};

} // namespace weir
