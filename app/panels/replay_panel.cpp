// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/replay_panel.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/notice_bar.h"
#include "app/panels/read_form.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int pullMs = 250;

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
    : TabPanel(parent), m_context(context), m_connection(asked.connection)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    m_notice = new NoticeBar;
    layout->addWidget(m_notice);
    layout->addWidget(createForm());
    m_report = new QPlainTextEdit;
    m_report->setReadOnly(true);
    m_report->setAccessibleName(tr("How the replay goes"));
    m_report->setPlaceholderText(tr("A dry run comes first: it tells what would be written, and writes nothing."));
    style::setRole(m_report, style::Role::Data);
    layout->addWidget(m_report, 1);
    m_topic->setText(asked.topic);
    m_to->setText(asked.topic);
    m_pull.setInterval(pullMs);
    connect(&m_pull, &QTimer::timeout, this, &ReplayPanel::pull);
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
    return m_topic->text().isEmpty() ? tr("Replay") : tr("Replay %1").arg(m_topic->text());
}

QList<QWidget*> ReplayPanel::panes() const
{
    return {m_topic, m_dry, m_report};
}

QWidget* ReplayPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_dry = new QPushButton(style::icon(style::Icon::Eye), tr("Dry run"));
    m_dry->setToolTip(tr("Read and count what would be written; write nothing"));
    m_start = new QPushButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Replay…"));
    m_start->setToolTip(tr("Write what the dry run counted. Writing has to be unlocked on that connection."));
    style::setRole(m_start, style::Role::Primary);
    m_stop = new QPushButton(style::icon(style::Icon::Stop), tr("Stop"));
    connect(m_dry, &QPushButton::clicked, this, [this] { start(Mode::Dry); });
    connect(m_start, &QPushButton::clicked, this, [this] { start(Mode::Real); });
    connect(m_stop, &QPushButton::clicked, this, &ReplayPanel::stop);
    for (QPushButton* button : {m_dry, m_start, m_stop})
        layout->addWidget(button);
    layout->addStretch(1);
    m_progress = style::label({}, style::Role::Secondary);
    layout->addWidget(m_progress);
    return bar;
}

QWidget* ReplayPanel::createForm()
{
    m_form = new ReadForm(this);
    m_topic = m_form->addTopics(tr("Topic"));
    connect(m_topic, &QLineEdit::textChanged, this, &TabPanel::titleChanged);
    QLineEdit* where = m_form->addWhere();
    m_form->addRange(ReadForm::Begin::Beginning);
    m_target = m_form->addChoice(tr("To"), {});
    m_to = m_form->addField(tr("Topic there"), tr("it has to be there: Weir makes no topics"));
    m_speed = m_form->addChoice(tr("Pace"),
        {{"1", tr("original, by the records' timestamps")}, {"2", tr("twice as fast")}, {"10", tr("10 times as fast")},
            {"100", tr("100 times as fast")}, {"0.1", tr("10 times as slow")}, {"0", tr("flat out")}});
    m_partitions = m_form->addChoice(
        tr("Partitions"), {{"keep", tr("as they were")}, {"key", tr("by key, as Kafka's clients do")}});
    m_timestamps = m_form->addChoice(tr("Timestamps"), {{"keep", tr("as they were")}, {"now", tr("now")}});
    m_mark = m_form->addField(tr("Resume"), tr("no; or a file that keeps how far it got, to go on from there"));
    for (QLineEdit* field : {m_topic, where, m_to, m_mark})
        connect(field, &QLineEdit::textChanged, this, &ReplayPanel::forgetTrial);
    for (QComboBox* choice : m_form->findChildren<QComboBox*>())
        connect(choice, &QComboBox::currentIndexChanged, this, &ReplayPanel::forgetTrial);
    return m_form;
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
    if (m_start)
        showButtons();
}

Result<ReplayRequest> ReplayPanel::request(Mode mode) const
{
    ReplayRequest request;
    const auto what = m_form->requests(m_context.connections.clock().wallMs());
    if (!what)
        return what.error();
    if (what->size() > 1)
        return Error{ErrorKind::InvalidInput, "topics are replayed one by one.", "Topic"};
    request.what = what->front();
    request.where = m_form->where();
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
    if (m_run || m_starting)
        return;
    m_notice->clear();
    const auto asked = request(mode);
    if (!asked) {
        m_notice->tell(style::State::Failed, QString::fromStdString(asked.error().text()));
        return;
    }
    const std::shared_ptr<Session> from = m_context.connections.session(m_connection);
    const std::shared_ptr<Session> to = m_context.connections.session(m_target->currentData().toString());
    if (!from || !to) {
        m_notice->tell(style::State::NotConnected,
            from ? tr("Connect to the cluster to write to.") : tr("The connection is not open."));
        return;
    }
    if (mode == Mode::Real && !to->isWritable()) {
        m_notice->tell(style::State::Failed,
            tr("Writing is locked on %1: choose Unlock writing… in its context menu first.")
                .arg(m_target->currentText()));
        return;
    }
    if (mode == Mode::Real && !isConfirmed())
        return;
    m_mode = mode;
    m_starting = true;
    m_stopped = false;
    m_report->setPlainText(tr("Opening %1 …").arg(m_topic->text()));
    showButtons();
    m_context.background.run(
        this, [from, to, request = *asked] { return to->startReplay(*from->cluster(), request); },
        [this](const Result<std::shared_ptr<ReplayRun>>& run) { started(run); });
}

void ReplayPanel::started(const Result<std::shared_ptr<ReplayRun>>& run)
{
    m_starting = false;
    if (run) {
        m_run = *run;
        m_pull.start();
        pull();
    } else {
        m_report->clear();
        m_notice->tell(style::State::Failed, QString::fromStdString(run.error().text()));
    }
    showButtons();
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
    if (!m_run || m_finishing)
        return;
    m_stopped = true;
    finish();
}

void ReplayPanel::pull()
{
    if (!m_run)
        return;
    const ReplayProgress progress = m_run->progress();
    showProgress(progress);
    if (progress.drain.ended)
        finish();
}

/// Away from this thread: acknowledgements are waited for.
void ReplayPanel::finish()
{
    if (m_finishing)
        return;
    m_finishing = true;
    showButtons();
    m_context.background.run(
        this, [run = m_run] { return run->finish(); }, [this](const Result<void>& done) { finished(done); });
}

void ReplayPanel::finished(const Result<void>& done)
{
    m_pull.stop();
    m_finishing = false;
    const ReplayProgress last = m_run->progress();
    showProgress(last);
    if (!done)
        m_notice->tell(style::State::Failed, QString::fromStdString(done.error().text()));
    else if (m_stopped)
        m_report->appendPlainText(tr("Stopped by the user."));
    else if (m_mode == Mode::Real)
        m_report->appendPlainText(tr("Complete: all of it has been acknowledged."));
    else
        m_tried = last.records;
    Reaper::instance().take(std::move(m_run));
    showButtons();
}

void ReplayPanel::showProgress(const ReplayProgress& progress)
{
    const bool dry = m_mode == Mode::Dry;
    QStringList lines{(dry ? tr("Would write     %1 records, %2") : tr("Written         %1 records, %2"))
                          .arg(count(progress.records), format::bytes(static_cast<double>(progress.bytes))),
        tr("Rate            %1").arg(format::rate(progress.drain.recordsPerSecond)),
        tr("Behind the end  %1 records").arg(format::grouped(progress.drain.behind()))};
    if (progress.span) {
        lines.append(tr("Timestamps      %1 to %2")
                         .arg(format::dateTime(progress.span->first), format::dateTime(progress.span->second)));
        if (dry)
            lines.append(tr("Pace            %1").arg(paceText(*progress.span, m_speed->currentData().toDouble())));
    }
    if (progress.filtered > 0)
        lines.append(tr("Filtered        %1 records").arg(count(progress.filtered)));
    if (progress.unknown > 0)
        lines.append(tr("Not decided     %1 records that the filter could not decode; they are among them")
                         .arg(count(progress.unknown)));
    if (progress.missing > 0)
        lines.append(tr("Missing         %1 offsets that are not there any more").arg(progress.missing));
    for (const SourceState& source : progress.drain.sources) {
        for (const Problem& problem : source.problems)
            lines.append(tr("Problem         %1").arg(QString::fromStdString(problem.text)));
    }
    const QString text = lines.join(QLatin1Char('\n'));
    if (text != m_report->toPlainText())
        m_report->setPlainText(text);
    m_progress->setText(
        tr("%1 records, %2").arg(count(progress.records), format::rate(progress.drain.recordsPerSecond)));
}

void ReplayPanel::showButtons()
{
    const bool idle = !m_run && !m_starting;
    m_form->setEnabled(idle);
    m_dry->setEnabled(idle);
    m_start->setEnabled(idle && m_tried.has_value());
    m_stop->setEnabled(m_run && !m_finishing);
}

} // namespace weir
