// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/profile_panel.h"

#include "app/session/position.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace weir {

namespace {

constexpr int nameWidth = 28;
constexpr int valueWidth = 44;

QString lineOf(const ProfileLine& line)
{
    const QString name = QStringLiteral("  ") + QString::fromStdString(line.name);
    const QString value = QString::fromStdString(line.value).replace(QLatin1Char('\n'), QLatin1Char(' '));
    return name.leftJustified(nameWidth) + QLatin1Char(' ') + value.leftJustified(valueWidth) + QLatin1Char(' ')
        + QString::fromStdString(line.note);
}

} // namespace

ProfilePanel::ProfilePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent)
    : RunPanel(context, asked.connection,
        {tr("Profile"), tr("Sizes, keys, skew between partitions, the fields of JSON values, records by hour.")},
        parent)
{
    m_start = addButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Profile"));
    style::setRole(m_start, style::Role::Primary);
    m_finish =
        addButton(style::icon(style::Icon::Stop), tr("Stop"), tr("Read no further; what was read is told (Ctrl+E)"));
    connect(m_start, &QPushButton::clicked, this, &ProfilePanel::start);
    connect(m_finish, &QPushButton::clicked, this, &ProfilePanel::finish);
    nameBy(form()->addTopics(tr("Topic")));
    m_part = form()->addChoice(tr("Look at"),
        {{"-10000", tr("the newest 10,000 of each partition")}, {"-1h", tr("the last hour")},
            {"-1d", tr("the last day")}, {"beginning", tr("the whole topic")}});
    form()->setTopics(asked.topic);
    showButtons();
    if (!asked.topic.isEmpty())
        start();
}

ProfilePanel::~ProfilePanel()
{
    if (m_run)
        forgetRun();
}

QString ProfilePanel::title() const
{
    return topics().isEmpty() ? tr("Profile") : tr("Profile of %1").arg(topics());
}

Result<ReadRequest> ProfilePanel::request() const
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

void ProfilePanel::start()
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
    open<ProfileRun>(
        [session, request = *asked]() -> Result<std::shared_ptr<ProfileRun>> {
            auto run = ProfileRun::start(*session->cluster(), request, SystemClock::instance());
            if (!run)
                return run.error();
            return std::shared_ptr<ProfileRun>(std::move(*run));
        },
        m_run);
}

void ProfilePanel::toggleStream()
{
    if (m_run)
        finish();
    else
        start();
}

void ProfilePanel::finish()
{
    conclude([run = m_run] {
        run->stop();
        while (!run->wait(std::chrono::milliseconds(100))) { }
        const auto failure = run->progress().failure;
        return failure ? Result<void>(*failure) : Result<void>();
    });
}

void ProfilePanel::ended(const DrainSnapshot&)
{
    finish();
}

void ProfilePanel::concluded(const Result<void>& finished)
{
    const DrainSnapshot last = m_run->progress();
    report(reportLines(last), tr("%1 records").arg(format::grouped(static_cast<std::int64_t>(last.records))));
    if (!finished)
        tell(finished.error());
}

void ProfilePanel::forgetRun()
{
    Reaper::instance().take(std::move(m_run));
}

QStringList ProfilePanel::reportLines(const DrainSnapshot& drain) const
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
    QString section;
    for (const ProfileLine& line : profileLines(*m_run->profile())) {
        if (const QString name = QString::fromStdString(line.section); name != section) {
            section = name;
            lines << QString() << section;
        }
        lines.append(lineOf(line));
    }
    return lines;
}

DrainSnapshot ProfilePanel::showProgress()
{
    const DrainSnapshot drain = m_run->progress();
    report(reportLines(drain) + problemLines(drain),
        tr("%1 records, %2")
            .arg(format::grouped(static_cast<std::int64_t>(drain.records)), format::rate(drain.recordsPerSecond)));
    return drain;
}

void ProfilePanel::showButtons()
{
    form()->setEnabled(isIdle());
    m_start->setEnabled(isIdle());
    m_finish->setEnabled(phase() == Phase::Running);
}

} // namespace weir
