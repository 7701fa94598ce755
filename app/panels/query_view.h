// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"

#include <QObject>

namespace weir {

/// One query of the window: compiles a text, runs its last statement on a connection, and keeps the newest run. Decode
/// errors never stop it; snapshots say what Flink would have done. GUI thread.
class QueryView : public QObject
{
    Q_OBJECT
public:
    QueryView(const PanelContext& context, QObject* parent);
    ~QueryView() override;

    /// Starts `sql` on the connection; started() or failed() follows.
    void run(const QString& connectionId, const QString& sql);
    void stop();
    std::shared_ptr<const QuerySnapshot> snapshot() const;
    /// Differs from before when there is something new to show.
    std::uint64_t generation() const;
    const sql::QueryPlan& plan() const { return m_plan; }
    bool isRunning() const;

signals:
    void started();
    void failed(const QString& text);

private:
    void release();

    PanelContext m_context;
    sql::QueryPlan m_plan;
    std::shared_ptr<QueryRun> m_run;
    std::uint64_t m_runs = 0;
};

} // namespace weir
