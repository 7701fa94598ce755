// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/query_view.h"

#include "app/engine/pipeline/reaper.h"
#include "app/session/table_sinks.h"

namespace weir {

namespace {

constexpr std::size_t keptRows = 200'000;

Error notConnected()
{
    return {ErrorKind::Unreachable, "The connection of this query is not open. Connect first.", {}};
}

/// What may be otherwise the next time, without anybody changing the text.
bool mayPass(ErrorKind kind)
{
    return kind == ErrorKind::Unreachable || kind == ErrorKind::Timeout || kind == ErrorKind::NotFound;
}

} // namespace

QueryView::QueryView(const PanelContext& context, QObject* parent) : QObject(parent), m_context(context)
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryMs);
    connect(&m_retry, &QTimer::timeout, this, &QueryView::begin);
    connect(&m_context.connections, &LiveConnections::changed, this, &QueryView::followConnection);
    m_context.traffic.add(this, [this] {
        const auto now = snapshot();
        return now ? Flow{isRunning() ? now->rowsInPerSecond : 0, now->counters.decodeErrors, now->droppedRows}
                   : Flow();
    });
}

QueryView::~QueryView()
{
    release();
}

void QueryView::run(const QString& connectionId, const QString& sql, std::size_t statement)
{
    m_connection = connectionId;
    m_sql = sql;
    m_statement = statement;
    begin();
}

Result<QueryView::Started> QueryView::start(const std::shared_ptr<Session>& session, const Wanted& wanted)
{
    const sql::Script script = sql::compileScript(wanted.sql);
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        if (diagnostic.severity == sql::Severity::Error)
            return Error{ErrorKind::InvalidInput, sql::describe(diagnostic), {}};
    }
    if (script.queries.empty())
        return Error{ErrorKind::InvalidInput, "There is no SELECT to run. Add one below the CREATE TABLE.", {}};
    const sql::QueryPlan& plan = script.queries[std::min(wanted.statement, script.queries.size() - 1)];
    if (!wanted.mayWrite && writesToCluster(plan))
        return Error{ErrorKind::InvalidInput, "A dashboard writes nothing. Run this INSERT INTO in a query tab.", {}};
    QueryOptions options;
    options.onDecodeError = OnDecodeError::KeepGoing;
    options.provisionalRows = true;
    options.maxResultRows = keptRows;
    auto run = session->runQuery(plan, nullptr, options);
    if (!run && run.error().kind == ErrorKind::Locked)
        return Error{ErrorKind::Locked, run.error().message + " Unlock writing in the connection's menu.",
            session->settings().name};
    if (!run)
        return run.error();
    return Started{plan, std::shared_ptr<QueryRun>(std::move(*run))};
}

void QueryView::begin()
{
    m_retry.stop();
    release();
    const std::shared_ptr<Session> session = m_context.connections.session(m_connection);
    m_session = session;
    const std::uint64_t number = ++m_runs;
    if (!session) {
        fail(notConnected());
        return;
    }
    m_starting = true;
    m_context.background.run(
        this,
        [session, wanted = Wanted{m_sql.toStdString(), m_statement, !m_keepsRunning}] {
            return start(session, wanted);
        },
        [this, number](Result<Started> started) {
            if (number == m_runs)
                arrived(std::move(started));
            else if (started)
                Reaper::instance().take(std::move(started->run)); // stopped, or another start asked for meanwhile
        });
}

void QueryView::arrived(Result<Started> outcome)
{
    m_starting = false;
    if (!outcome) {
        fail(outcome.error());
        return;
    }
    m_failure.clear();
    m_last.reset();
    m_plan = std::move(outcome->plan);
    m_run = std::move(outcome->run);
    emit started();
}

void QueryView::fail(const Error& error)
{
    m_starting = false;
    m_failure = QString::fromStdString(error.text());
    if (m_keepsRunning && mayPass(error.kind))
        m_retry.start();
    emit failed(m_failure);
}

void QueryView::release()
{
    if (!m_run)
        return;
    m_run->stop();
    auto last = std::make_shared<QuerySnapshot>(*m_run->snapshot());
    if (last->phase == QueryPhase::Running)
        last->phase = QueryPhase::Stopped;
    ++last->generation;
    m_last = std::move(last);
    Reaper::instance().take(std::exchange(m_run, nullptr));
}

void QueryView::stop()
{
    m_retry.stop();
    if (m_starting)
        ++m_runs;
    m_starting = false;
    if (m_run)
        m_run->stop();
}

void QueryView::followConnection()
{
    const std::shared_ptr<Session> now = m_context.connections.session(m_connection);
    const bool same = now && now == m_session.lock();
    if (same)
        return;
    // A capture that is played begins anew, and so does what was asked of it; nothing is written twice by that.
    const bool isPlayed = now && now->settings().paced && m_plan.root && !writesToCluster(m_plan);
    const bool again = now && m_runs > 0 && (m_keepsRunning || isPlayed);
    if (isRunning() || m_starting) {
        release();
        stop();
        m_failure = tr("The connection was closed; the rows so far stay.");
        if (!again)
            emit failed(m_failure);
    }
    if (again)
        begin();
}

std::shared_ptr<const QuerySnapshot> QueryView::snapshot() const
{
    return m_run ? m_run->snapshot() : m_last;
}

std::uint64_t QueryView::generation() const
{
    const auto now = snapshot();
    return now ? (m_runs << 40) + now->generation + 1 : 0;
}

bool QueryView::isRunning() const
{
    return m_run && m_run->snapshot()->phase == QueryPhase::Running;
}

} // namespace weir
