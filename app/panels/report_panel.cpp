// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/report_panel.h"

#include "app/session/position.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace weir {

ReportPanel::ReportPanel(const PanelContext& context, const ReadForm::Asked& asked, const Words& words,
    const QString& start, QWidget* parent)
    : RunPanel(context, asked.connection, words, parent)
{
    m_start = addButton(style::icon(style::Icon::Play, style::Tint::OnAccent), start);
    style::setRole(m_start, style::Role::Primary);
    m_finish =
        addButton(style::icon(style::Icon::Stop), tr("Stop"), tr("Read no further; what was read is told (Ctrl+E)"));
    connect(m_start, &QPushButton::clicked, this, &ReportPanel::start);
    connect(m_finish, &QPushButton::clicked, this, &ReportPanel::finish);
    nameBy(form()->addTopics(tr("Topic")));
    m_part = form()->addChoice(tr("Look at"),
        {{"-10000", tr("the newest 10,000 of each partition")}, {"-1h", tr("the last hour")},
            {"-1d", tr("the last day")}, {"beginning", tr("the whole topic")}});
    form()->setTopics(asked.topic);
}

ReportPanel::~ReportPanel()
{
    if (m_run)
        forgetRun();
}

void ReportPanel::begin(const ReadForm::Asked& asked)
{
    showButtons();
    if (!asked.topic.isEmpty())
        start();
}

Result<ReadRequest> ReportPanel::request() const
{
    ReadRequest request;
    request.topic = topics().trimmed().toStdString();
    if (request.topic.empty())
        return Error{ErrorKind::InvalidInput, "name a topic.", "Topic"};
    const auto from =
        parseStart(m_part->currentData().toString().toStdString(), m_context.connections.now(connectionId()));
    if (!from)
        return from.error();
    request.start = *from;
    request.stop = UntilEnd{};
    return request;
}

void ReportPanel::start()
{
    if (!isIdle())
        return;
    clearNotice();
    const auto asked = request();
    const std::shared_ptr<Session> session = m_context.connections.session(connectionId());
    if (!asked) {
        tell(asked.error());
        return;
    }
    if (!session) {
        tell(style::State::NotConnected, tr("The connection is not open."));
        return;
    }
    open<ReportRun>(
        [session, request = *asked, opener = opener()] { return opener(*session->cluster(), request); }, m_run);
}

void ReportPanel::toggleStream()
{
    if (m_run)
        finish();
    else
        start();
}

void ReportPanel::finish()
{
    conclude([run = m_run] {
        run->stop();
        while (!run->wait(std::chrono::milliseconds(100))) { }
        const auto failure = run->progress().failure;
        return failure ? Result<void>(*failure) : Result<void>();
    });
}

void ReportPanel::ended(const DrainSnapshot&)
{
    finish();
}

void ReportPanel::concluded(const Result<void>& finished)
{
    const DrainSnapshot last = m_run->progress();
    report(reportLines(last), tr("%1 records").arg(format::grouped(static_cast<std::int64_t>(last.records))));
    if (!finished)
        tell(finished.error());
}

void ReportPanel::forgetRun()
{
    Reaper::instance().take(std::move(m_run));
}

QStringList ReportPanel::reportLines(const DrainSnapshot& drain)
{
    const SourceState all = combined(drain.sources);
    const bool whole =
        std::all_of(drain.sources.begin(), drain.sources.end(), [](const SourceState& source) { return source.ended; });
    QStringList lines{tr("%1 records of %2 partitions, %3%4.")
                          .arg(format::grouped(static_cast<std::int64_t>(drain.records)))
                          .arg(all.partitions.size())
                          .arg(m_part->currentText())
                          .arg(whole ? QString() : tr(", not to the end"))};
    if (m_run->missing() > 0)
        lines.append(tr("%1 of the offsets asked for are not there any more.").arg(format::grouped(m_run->missing())));
    return lines + foundLines(*m_run);
}

DrainSnapshot ReportPanel::showProgress()
{
    const DrainSnapshot drain = m_run->progress();
    report(reportLines(drain) + problemLines(drain),
        tr("%1 records, %2")
            .arg(format::grouped(static_cast<std::int64_t>(drain.records)), format::rate(drain.recordsPerSecond)));
    return drain;
}

void ReportPanel::showButtons()
{
    form()->setEnabled(isIdle());
    m_start->setEnabled(isIdle());
    m_finish->setEnabled(phase() == Phase::Running);
}

} // namespace weir
