// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/capture_panel.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/notice_bar.h"
#include "app/panels/read_form.h"
#include "app/session/byte_size.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QDateTime>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int pullMs = 250;
constexpr std::size_t leastBytes = std::size_t{1} << 16;

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

/// An empty field is 0.
Result<std::uint64_t> sizeOf(const QLineEdit& field)
{
    const QString text = field.text().trimmed();
    if (text.isEmpty())
        return std::uint64_t{0};
    const auto bytes = parseByteSize(text.toStdString(), leastBytes);
    if (!bytes)
        return Error{ErrorKind::InvalidInput, bytes.error().message, field.accessibleName().toStdString()};
    return std::uint64_t{*bytes};
}

QString rangeText(const capture::LostRange& lost)
{
    return QObject::tr("Lost: %1, offsets %2 to %3.")
        .arg(QString::fromStdString(lost.partition.text()))
        .arg(lost.first)
        .arg(lost.end - 1);
}

} // namespace

QList<CaptureFinding> findingsOf(const Result<capture::VerifyReport>& report)
{
    if (!report)
        return {{LogLevel::Error, QString::fromStdString(report.error().text())}};
    QList<CaptureFinding> lines;
    std::uint64_t records = 0;
    for (const capture::VerifiedPartition& partition : report->partitions)
        records += partition.records;
    for (const capture::Finding& finding : report->findings)
        lines.append({finding.isWrong ? LogLevel::Error : LogLevel::Info,
            QString::fromStdString(finding.where + ": " + finding.what)});
    if (!report->cleanupNote.empty())
        lines.append({LogLevel::Info, QString::fromStdString(report->cleanupNote + ".")});
    lines.append({report->isIntact() ? LogLevel::Info : LogLevel::Error,
        report->isIntact() ? QObject::tr("Intact: %1 records in %2 partitions, every checksum, index and offset right.")
                                 .arg(count(records))
                                 .arg(report->partitions.size())
                           : QObject::tr("Damaged. What is intact can be recovered into a new capture.")});
    return lines;
}

QList<CaptureFinding> findingsOf(const Result<capture::RecoverReport>& report)
{
    if (!report)
        return {{LogLevel::Error, QString::fromStdString(report.error().text())}};
    QList<CaptureFinding> lines{{LogLevel::Info, QObject::tr("Saved %1 records.").arg(count(report->records))}};
    for (const capture::LostRange& lost : report->lost)
        lines.append({LogLevel::Warning, rangeText(lost)});
    return lines + findingsOf(Result<capture::VerifyReport>(report->verified));
}

CapturePanel::CapturePanel(const PanelContext& context, const Asked& asked, QWidget* parent)
    : TabPanel(parent), m_context(context), m_connection(asked.connection)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    m_notice = new NoticeBar;
    layout->addWidget(m_notice);
    layout->addWidget(createForm());
    layout->addWidget(createProgress(), 1);
    m_topics->setText(asked.topic);
    const QString name = asked.topic.isEmpty() ? QStringLiteral("capture") : asked.topic;
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    m_folder->setText(usualFolder() + QLatin1Char('/') + name + QLatin1Char('-') + time);
    m_pull.setInterval(pullMs);
    connect(&m_pull, &QTimer::timeout, this, &CapturePanel::pull);
    showButtons();
}

/// Ending a capture waits for the disk: that is the reaper's.
CapturePanel::~CapturePanel()
{
    if (m_run)
        Reaper::instance().take(std::move(m_run));
}

QString CapturePanel::usualFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + QStringLiteral("/Weir captures");
}

QString CapturePanel::title() const
{
    return m_topics->text().isEmpty() ? tr("Capture") : tr("Capture %1").arg(m_topics->text());
}

QList<QWidget*> CapturePanel::panes() const
{
    return {m_topics, m_start, m_report};
}

QWidget* CapturePanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_start = new QPushButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Start"));
    style::setRole(m_start, style::Role::Primary);
    m_stop = new QPushButton(style::icon(style::Icon::Stop), tr("Stop"));
    m_stop->setToolTip(tr("End the capture: it is complete and valid up to here (Ctrl+E)"));
    m_open = new QPushButton(style::icon(style::Icon::Folder), tr("Open it"));
    m_verify = new QPushButton(style::icon(style::Icon::CheckCircle), tr("Verify"));
    m_verify->setToolTip(tr("Check every checksum, index and offset of what was captured"));
    connect(m_start, &QPushButton::clicked, this, &CapturePanel::start);
    connect(m_stop, &QPushButton::clicked, this, &CapturePanel::stop);
    connect(m_open, &QPushButton::clicked, this, [this] { emit openRequested(m_done); });
    connect(m_verify, &QPushButton::clicked, this, &CapturePanel::verify);
    for (QPushButton* button : {m_start, m_stop, m_open, m_verify})
        layout->addWidget(button);
    layout->addStretch(1);
    m_progress = style::label({}, style::Role::Secondary);
    layout->addWidget(m_progress);
    return bar;
}

QWidget* CapturePanel::createForm()
{
    m_form = new ReadForm(this);
    m_topics = m_form->addTopics();
    connect(m_topics, &QLineEdit::textChanged, this, &TabPanel::titleChanged);
    m_folder = m_form->addField(tr("Folder"), tr("a new folder: Kafka log segments, a manifest and a ledger"));
    m_form->addWhere();
    m_form->addRange(ReadForm::Begin::Now);
    m_codec = m_form->addChoice(tr("Compression"),
        {{"none", tr("none, fastest")}, {"lz4", QStringLiteral("lz4")}, {"zstd", QStringLiteral("zstd")},
            {"snappy", QStringLiteral("snappy")}, {"gzip", QStringLiteral("gzip")}});
    m_maxBytes = m_form->addField(tr("Stop at"), tr("no limit; or a size such as 10 GiB"));
    m_ring = m_form->addField(tr("Keep newest"), tr("all; or a size such as 2 GiB, whose oldest segments leave"));
    return m_form;
}

QWidget* CapturePanel::createProgress()
{
    m_report = new QPlainTextEdit;
    m_report->setReadOnly(true);
    m_report->setAccessibleName(tr("How the capture goes"));
    m_report->setPlaceholderText(tr("Nothing is captured yet. The cluster is only read."));
    style::setRole(m_report, style::Role::Data);
    return m_report;
}

Result<CaptureRequest> CapturePanel::request() const
{
    CaptureRequest request;
    request.folder = m_folder->text().trimmed().toStdString();
    request.where = m_form->where();
    request.program = "weir";
    request.settings.codec = *capture::codecOf(m_codec->currentData().toString().toStdString());
    const auto most = sizeOf(*m_maxBytes);
    if (!most)
        return most.error();
    const auto ring = sizeOf(*m_ring);
    if (!ring)
        return ring.error();
    request.maxBytes = *most;
    request.settings.setRing(*ring);
    auto topics = m_form->requests(m_context.connections.clock().wallMs());
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    if (request.folder.empty())
        return Error{ErrorKind::InvalidInput, "name a new folder.", "Folder"};
    request.told = {{"from", m_form->from()}, {"until", m_form->until()},
        {"codec", m_codec->currentData().toString().toStdString()}};
    if (!request.where.empty())
        request.told["where"] = request.where;
    return request;
}

void CapturePanel::start()
{
    if (m_run || m_starting)
        return;
    m_notice->clear();
    const auto asked = request();
    if (!asked) {
        m_notice->tell(style::State::Failed, QString::fromStdString(asked.error().text()));
        return;
    }
    const std::shared_ptr<Session> session = m_context.connections.session(m_connection);
    if (!session) {
        m_notice->tell(style::State::NotConnected, tr("The connection is not open."));
        return;
    }
    QDir().mkpath(QFileInfo(m_folder->text().trimmed()).absolutePath());
    m_starting = true;
    m_done.clear();
    m_report->setPlainText(tr("Opening %1 …").arg(m_topics->text()));
    showButtons();
    m_context.background.run(
        this, [session, request = *asked] { return session->startCapture(request); },
        [this](const Result<std::shared_ptr<CaptureRun>>& run) { started(run); });
}

void CapturePanel::started(const Result<std::shared_ptr<CaptureRun>>& run)
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

void CapturePanel::toggleStream()
{
    if (m_run)
        stop();
    else
        start();
}

void CapturePanel::stop()
{
    if (m_run && !m_ending)
        end(tr("stopped by the user"));
}

void CapturePanel::pull()
{
    if (!m_run)
        return;
    const CaptureProgress progress = m_run->progress();
    showProgress(progress);
    if (!progress.drain.ended || m_ending)
        return;
    end(progress.drain.failure ? QString::fromStdString(progress.drain.failure->text())
            : progress.full    ? tr("its size was reached")
                               : tr("the end was reached"));
}

/// Away from this thread: what was written is brought to the disk.
void CapturePanel::end(const QString& reason)
{
    m_ending = true;
    showButtons();
    m_context.background.run(
        this, [run = m_run, reason = reason.toStdString()] { return run->finish(reason); },
        [this, reason](const Result<void>& finished) { ended(finished, reason); });
}

void CapturePanel::ended(const Result<void>& finished, const QString& reason)
{
    m_pull.stop();
    m_ending = false;
    const CaptureProgress last = m_run->progress();
    showProgress(last);
    const QString folder = QString::fromStdString(m_run->folder());
    if (!finished) {
        m_notice->tell(style::State::Failed,
            tr("The capture could not be ended in order: %1 What is in %2 can be recovered.")
                .arg(QString::fromStdString(finished.error().text()), folder));
    } else {
        m_done = folder;
        if (last.drain.failure)
            m_notice->tell(style::State::Failed, tr("%1 The capture is complete up to there.").arg(reason));
        m_report->appendPlainText(tr("Ended: %1. The capture in %2 is complete.").arg(reason, folder));
    }
    Reaper::instance().take(std::move(m_run));
    showButtons();
}

void CapturePanel::verify()
{
    m_report->appendPlainText(tr("Verifying …"));
    m_context.background.run(
        this, [folder = m_done.toStdString()] { return capture::verify(folder); },
        [this](const Result<capture::VerifyReport>& report) {
            for (const CaptureFinding& finding : findingsOf(report))
                m_report->appendPlainText(finding.text);
        });
}

void CapturePanel::showProgress(const CaptureProgress& progress)
{
    QStringList lines{
        tr("Stored          %1 records, %2")
            .arg(count(progress.counters.records), format::bytes(static_cast<double>(progress.counters.bytes))),
        tr("Rate            %1").arg(format::rate(progress.drain.recordsPerSecond)),
        tr("Behind the end  %1 records").arg(format::grouped(progress.drain.behind()))};
    if (!m_form->where().empty())
        lines.append(tr("Filtered        %1 records").arg(count(progress.counters.filtered)));
    if (progress.undecodable > 0)
        lines.append(tr("Undecodable     %1 records, kept").arg(count(progress.undecodable)));
    if (progress.missing > 0)
        lines.append(tr("Missing         %1 offsets; the ledger in capture.json says why")
                         .arg(format::grouped(progress.missing)));
    if (progress.counters.evicted > 0)
        lines.append(tr("Left the ring   %1").arg(format::bytes(static_cast<double>(progress.counters.evicted))));
    for (const SourceState& source : progress.drain.sources) {
        for (const Problem& problem : source.problems)
            lines.append(tr("Problem         %1").arg(QString::fromStdString(problem.text)));
    }
    const QString text = lines.join(QLatin1Char('\n'));
    if (text != m_report->toPlainText())
        m_report->setPlainText(text);
    m_progress->setText(
        tr("%1 records, %2").arg(count(progress.counters.records), format::rate(progress.drain.recordsPerSecond)));
}

void CapturePanel::showButtons()
{
    const bool idle = !m_run && !m_starting;
    m_start->setEnabled(idle);
    m_stop->setEnabled(m_run && !m_ending);
    m_open->setVisible(idle && !m_done.isEmpty());
    m_verify->setVisible(idle && !m_done.isEmpty());
    m_form->setEnabled(idle);
}

} // namespace weir
