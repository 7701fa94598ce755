// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/replay_panel.h"

#include "app/panels/read_form.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace weir {

namespace {

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

/// How long the records last at the pace that was asked for.
QString paceText(const std::pair<EpochMs, EpochMs>& span, double speed)
{
    if (speed <= 0)
        return QObject::tr("as fast as the cluster takes them");
    const double ms = (static_cast<double>(span.second) - static_cast<double>(span.first)) / speed;
    return QObject::tr("over %1").arg(format::duration(ms));
}

} // namespace

ReplayPanel::ReplayPanel(const PanelContext& context, const Asked& asked, QWidget* parent)
    : RunPanel(context, asked.connection,
        {tr("How the replay goes"), tr("A dry run comes first: it tells what would be written, and writes nothing.")},
        parent)
{
    createButtons();
    createForm(asked.topic);
    connect(&m_context.connections, &LiveConnections::changed, this, &ReplayPanel::showTargets);
    showTargets();
}

/// Waiting for acknowledgements is the reaper's.
ReplayPanel::~ReplayPanel()
{
    if (m_run)
        Reaper::instance().take(std::move(m_run));
}

QString ReplayPanel::title() const
{
    return topics().isEmpty() ? tr("Replay") : tr("Replay %1").arg(topics());
}

void ReplayPanel::createButtons()
{
    m_dry = addButton(
        style::icon(style::Icon::Eye), tr("Dry run"), tr("Read and count what would be written; write nothing"));
    m_start = addButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Replay…"),
        tr("Write what the dry run counted. Writing has to be unlocked on that connection."));
    style::setRole(m_start, style::Role::Primary);
    m_stop = addButton(style::icon(style::Icon::Stop), tr("Stop"));
    connect(m_dry, &QPushButton::clicked, this, [this] { start(Mode::Dry); });
    connect(m_start, &QPushButton::clicked, this, [this] { start(Mode::Real); });
    connect(m_stop, &QPushButton::clicked, this, &ReplayPanel::stop);
}

void ReplayPanel::createForm(const QString& topic)
{
    nameBy(form()->addTopics(tr("Topic")));
    form()->addWhere();
    form()->addRange(ReadForm::Begin::Beginning);
    m_target = form()->addChoice(tr("To"), {});
    m_target->setPlaceholderText(tr("no cluster is open: connect to one"));
    m_to = form()->addField(tr("Topic there"), tr("it has to be there: Weir makes no topics"));
    m_speed = form()->addChoice(tr("Pace"),
        {{"1", tr("original, by the records' timestamps")}, {"2", tr("twice as fast")}, {"10", tr("10 times as fast")},
            {"100", tr("100 times as fast")}, {"0.1", tr("10 times as slow")}, {"0", tr("flat out")}});
    m_partitions = form()->addChoice(
        tr("Partitions"), {{"keep", tr("as they were")}, {"key", tr("by key, as Kafka's clients do")}});
    m_timestamps = form()->addChoice(tr("Timestamps"), {{"keep", tr("as they were")}, {"now", tr("now")}});
    m_mark = form()->addField(tr("Resume"), tr("no; or a file that keeps how far it got, to go on from there"));
    form()->setTopics(topic);
    m_to->setText(topic);
    for (QLineEdit* field : form()->findChildren<QLineEdit*>())
        connect(field, &QLineEdit::textChanged, this, &ReplayPanel::forgetTrial);
    for (QComboBox* choice : form()->findChildren<QComboBox*>())
        connect(choice, &QComboBox::currentIndexChanged, this, &ReplayPanel::forgetTrial);
}

/// The clusters that are open, the one chosen stays chosen.
void ReplayPanel::showTargets()
{
    QStringList ids;
    QStringList names;
    for (const ConnectionState& state : m_context.connections.states()) {
        if (!state.document.capture.isEmpty() || !m_context.connections.session(state.document.id))
            continue;
        ids.append(state.document.id);
        names.append(state.document.name);
    }
    QStringList shown;
    for (int i = 0; i < m_target->count(); ++i)
        shown.append(m_target->itemData(i).toString());
    if (shown != ids) {
        const QString chosen = m_target->currentData().toString();
        m_target->clear();
        for (qsizetype i = 0; i < ids.size(); ++i)
            m_target->addItem(names[i], ids[i]);
        m_target->setCurrentIndex(std::max(0, m_target->findData(chosen)));
    }
    showButtons();
}

/// What was tried is not what the form says now.
void ReplayPanel::forgetTrial()
{
    m_tried.reset();
    showButtons();
}

Result<ReplayRequest> ReplayPanel::request(Mode mode) const
{
    ReplayRequest request;
    const auto what = form()->requests(m_context.connections.now(connectionId()));
    if (!what)
        return what.error();
    if (what->size() > 1)
        return Error{ErrorKind::InvalidInput, "topics are replayed one by one.", "Topic"};
    request.what = what->front();
    request.where = form()->where();
    request.topic = m_to->text().trimmed().toStdString();
    if (request.topic.empty())
        return Error{ErrorKind::InvalidInput, "name the topic to write to.", "Topic there"};
    request.speed = m_speed->currentData().toString().toDouble();
    if (m_partitions->currentData().toString() == QLatin1String("key"))
        request.partitions = ReplayPartitions::ByKey;
    if (m_timestamps->currentData().toString() == QLatin1String("now"))
        request.timestamps = ReplayTimestamps::Now;
    request.mark = m_mark->text().trimmed().toStdString();
    request.dryRun = mode == Mode::Dry;
    return request;
}

bool ReplayPanel::isConfirmed()
{
    const ConnectionDocument target = m_context.connections.document(m_target->currentData().toString());
    const QString question =
        tr("%1 records are written to the topic %2 of %3 (%4). They cannot be taken back. Type the "
           "connection's name to go on.")
            .arg(count(m_tried.value_or(0)), m_to->text(), target.name, target.bootstrapServers);
    return m_context.prompts.confirmByName(this, {tr("Replay"), question, target.name, tr("Replay")});
}

void ReplayPanel::start(Mode mode)
{
    if (!isIdle())
        return;
    clearNotice();
    const auto asked = request(mode);
    if (!asked) {
        tell(asked.error());
        return;
    }
    const std::shared_ptr<Session> from = m_context.connections.session(connectionId());
    const std::shared_ptr<Session> to = m_context.connections.session(m_target->currentData().toString());
    if (!from || !to) {
        tell(style::State::NotConnected,
            from ? tr("Connect to the cluster to write to.") : tr("The connection is not open."));
        return;
    }
    if (mode == Mode::Real && !to->isWritable()) {
        tell(style::State::Failed,
            tr("Writing is locked on %1: choose Unlock writing… in its context menu first.")
                .arg(m_target->currentText()));
        return;
    }
    if (mode == Mode::Real && !isConfirmed())
        return;
    m_mode = mode;
    m_stopped = false;
    open<ReplayRun>([from, to, request = *asked] { return to->startReplay(*from->cluster(), request); }, m_run);
}

void ReplayPanel::toggleStream()
{
    if (m_run)
        stop();
    else
        start(Mode::Dry);
}

void ReplayPanel::stop()
{
    m_stopped = true;
    conclude([run = m_run] { return run->finish(); });
}

void ReplayPanel::ended(const DrainSnapshot&)
{
    conclude([run = m_run] { return run->finish(); });
}

void ReplayPanel::concluded(const Result<void>& finished)
{
    if (!finished)
        tell(finished.error());
    else if (m_stopped)
        append(tr("Stopped by the user."));
    else if (m_mode == Mode::Real)
        append(tr("Complete: all of it has been acknowledged."));
    else
        m_tried = m_run->progress().records;
}

void ReplayPanel::forgetRun()
{
    Reaper::instance().take(std::move(m_run));
}

DrainSnapshot ReplayPanel::showProgress()
{
    const ReplayProgress progress = m_run->progress();
    const bool dry = m_mode == Mode::Dry;
    QStringList lines{(dry ? tr("Would write     %1 records, %2") : tr("Written         %1 records, %2"))
                          .arg(count(progress.records), format::bytes(static_cast<double>(progress.bytes)))};
    lines += paceLines(progress.drain);
    if (progress.span) {
        lines.append(tr("Timestamps      %1 to %2")
                         .arg(format::dateTime(progress.span->first), format::dateTime(progress.span->second)));
        if (dry)
            lines.append(
                tr("Pace            %1").arg(paceText(*progress.span, m_speed->currentData().toString().toDouble())));
    }
    const auto add = [&lines](std::uint64_t number, const QString& text) {
        if (number > 0)
            lines.append(text.arg(count(number)));
    };
    add(progress.filtered, tr("Filtered        %1 records"));
    add(progress.unknown, tr("Not decided     %1 records that the filter could not decode; they are among them"));
    add(static_cast<std::uint64_t>(progress.missing), tr("Missing         %1 offsets that are not there any more"));
    report(lines + problemLines(progress.drain),
        tr("%1 records, %2").arg(count(progress.records), format::rate(progress.drain.recordsPerSecond)));
    return progress.drain;
}

void ReplayPanel::showButtons()
{
    form()->setEnabled(isIdle());
    m_dry->setEnabled(isIdle());
    m_start->setEnabled(isIdle() && m_tried.has_value());
    m_stop->setEnabled(phase() == Phase::Running);
}

} // namespace weir
