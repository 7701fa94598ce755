// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_view.h"

#include "app/engine/pipeline/reaper.h"

namespace weir {

QueryView::QueryView(const PanelContext& context, QObject* parent) : QObject(parent), m_context(context) { }

QueryView::~QueryView()
{
    release();
}

void QueryView::release()
{
    if (!m_run)
        return;
    m_run->stop();
    Reaper::instance().take(std::move(m_run));
}

void QueryView::run(const QString& connectionId, const QString& sql)
{
    release();
    const sql::Script script = sql::compileScript(sql.toStdString());
    if (!script.ok()) {
        emit failed(QString::fromStdString(sql::describe(script.diagnostics.front())));
        return;
    }
    if (script.queries.empty()) {
        emit failed(tr("There is no SELECT to run. Add one below the CREATE TABLE."));
        return;
    }
    const std::shared_ptr<Session> session = m_context.connections.session(connectionId);
    if (!session) {
        emit failed(tr("The connection of this query is not open. Connect first."));
        return;
    }
    const sql::QueryPlan plan = script.queries.back();
    const auto work = [session, plan]() -> Result<std::shared_ptr<QueryRun>> {
        QueryOptions options;
        options.onDecodeError = OnDecodeError::KeepGoing;
        options.provisionalRows = true;
        options.maxResultRows = 200'000;
        auto run = session->runQuery(plan, nullptr, options);
        if (!run)
            return run.error();
        return std::shared_ptr<QueryRun>(std::move(*run));
    };
    const std::uint64_t number = ++m_runs;
    m_context.background.run(this, work, [this, plan, number](Result<std::shared_ptr<QueryRun>> run) {
        if (number != m_runs)
            return; // another run was asked for meanwhile
        if (!run) {
            emit failed(QString::fromStdString(run.error().text()));
            return;
        }
        m_plan = plan;
        m_run = std::move(*run);
        emit started();
    });
}

void QueryView::stop()
{
    if (m_run)
        m_run->stop();
}

std::shared_ptr<const QuerySnapshot> QueryView::snapshot() const
{
    return m_run ? m_run->snapshot() : nullptr;
}

std::uint64_t QueryView::generation() const
{
    return m_run ? (m_runs << 40) + m_run->snapshot()->generation + 1 : 0;
}

bool QueryView::isRunning() const
{
    return m_run && m_run->snapshot()->phase == QueryPhase::Running;
}

} // namespace weir
