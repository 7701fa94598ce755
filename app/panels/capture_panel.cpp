// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/capture_panel.h"

#include "app/session/byte_size.h"
#include "app/session/ring_size.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>

namespace weir {

namespace {

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

CapturePanel::CapturePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent)
    : RunPanel(context, asked.connection,
        {tr("How the capture goes"), tr("Nothing is captured yet. The cluster is only read.")}, parent)
{
    createButtons();
    createForm(asked);
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
    return topics().isEmpty() ? tr("Capture") : tr("Capture %1").arg(topics());
}

void CapturePanel::createButtons()
{
    m_start = addButton(style::icon(style::Icon::Play, style::Tint::OnAccent), tr("Start"));
    style::setRole(m_start, style::Role::Primary);
    m_stop = addButton(style::icon(style::Icon::Stop), tr("Stop"),
        tr("End the capture: it is complete and valid up to here (Ctrl+E)"));
    m_open = addButton(style::icon(style::Icon::Folder), tr("Open it"));
    m_verify = addButton(style::icon(style::Icon::CheckCircle), tr("Verify"),
        tr("Check every checksum, index and offset of what was captured"));
    connect(m_start, &QPushButton::clicked, this, &CapturePanel::start);
    connect(m_stop, &QPushButton::clicked, this, &CapturePanel::stop);
    connect(m_open, &QPushButton::clicked, this, [this] { emit openRequested(m_done); });
    connect(m_verify, &QPushButton::clicked, this, &CapturePanel::verify);
}

void CapturePanel::createForm(const ReadForm::Asked& asked)
{
    nameBy(form()->addTopics());
    m_folder = form()->addField(tr("Folder"), tr("a new folder: Kafka log segments, a manifest and a ledger"));
    form()->addWhere();
    form()->addRange(ReadForm::Begin::Now);
    m_codec = form()->addChoice(tr("Compression"),
        {{"none", tr("none, fastest")}, {"lz4", QStringLiteral("lz4")}, {"zstd", QStringLiteral("zstd")},
            {"snappy", QStringLiteral("snappy")}, {"gzip", QStringLiteral("gzip")}});
    m_maxBytes = form()->addField(tr("Stop at"), tr("no limit; or a size such as 10 GiB"));
    m_ring = form()->addField(
        tr("Keep newest"), tr("all; or a size such as 2 GiB, or a time such as 30 min; the oldest segments leave"));
    form()->offerView(asked);
    form()->setTopics(asked.topic);
    m_folder->setText(usualFolder() + QLatin1Char('/') + freshName(asked.topic, QStringLiteral("capture")));
}

Result<CaptureRequest> CapturePanel::request() const
{
    CaptureRequest request;
    request.folder = m_folder->text().trimmed().toStdString();
    request.where = form()->where();
    request.program = "weir";
    request.settings.codec = *capture::codecOf(m_codec->currentData().toString().toStdString());
    const auto most = sizeOf(*m_maxBytes);
    if (!most)
        return most.error();
    request.maxBytes = *most;
    if (const QString kept = m_ring->text().trimmed(); !kept.isEmpty()) {
        const auto ring = parseRing(kept.toStdString());
        if (!ring)
            return Error{ErrorKind::InvalidInput, ring.error().message, m_ring->accessibleName().toStdString()};
        request.settings.setRing(ring->bytes, ring->age);
    }
    auto topics = form()->requests(m_context.connections.now(connectionId()));
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    request.view = form()->view();
    if (request.folder.empty())
        return Error{ErrorKind::InvalidInput, "name a new folder.", "Folder"};
    request.told = {{"from", form()->from()}, {"until", form()->until()},
        {"codec", m_codec->currentData().toString().toStdString()}};
    if (!request.where.empty())
        request.told["where"] = request.where;
    return request;
}

void CapturePanel::start()
{
    if (!isIdle())
        return;
    clearNotice();
    const auto asked = request();
    if (!asked) {
        tell(asked.error());
        return;
    }
    const std::shared_ptr<Session> session = m_context.connections.session(connectionId());
    if (!session) {
        tell(style::State::NotConnected, tr("The connection is not open."));
        return;
    }
    QDir().mkpath(QFileInfo(m_folder->text().trimmed()).absolutePath());
    m_done.clear();
    open<CaptureRun>([session, request = *asked] { return session->startCapture(request); }, m_run);
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
    end(tr("stopped by the user"));
}

void CapturePanel::ended(const DrainSnapshot& drain)
{
    end(drain.failure                ? QString::fromStdString(drain.failure->text())
            : m_run->progress().full ? tr("its size was reached")
                                     : tr("the end was reached"));
}

void CapturePanel::end(const QString& reason)
{
    if (phase() != Phase::Running)
        return;
    m_reason = reason;
    conclude([run = m_run, reason = reason.toStdString()] { return run->finish(reason); });
}

void CapturePanel::concluded(const Result<void>& finished)
{
    const QString folder = QString::fromStdString(m_run->folder());
    if (!finished) {
        tell(style::State::Failed,
            tr("The capture could not be ended in order: %1 What is in %2 can be recovered.")
                .arg(QString::fromStdString(finished.error().text()), folder));
        return;
    }
    m_done = folder;
    if (m_run->progress().drain.failure)
        tell(style::State::Failed, tr("%1 The capture is complete up to there.").arg(m_reason));
    append(tr("Ended: %1. The capture in %2 is complete.").arg(m_reason, folder));
}

void CapturePanel::forgetRun()
{
    Reaper::instance().take(std::move(m_run));
}

void CapturePanel::verify()
{
    append(tr("Verifying …"));
    m_context.background.run(
        this, [folder = m_done.toStdString()] { return capture::verify(folder); },
        [this](const Result<capture::VerifyReport>& report) {
            for (const CaptureFinding& finding : findingsOf(report))
                append(finding.text);
        });
}

DrainSnapshot CapturePanel::showProgress()
{
    const CaptureProgress progress = m_run->progress();
    QStringList lines{
        tr("Stored          %1 records, %2")
            .arg(count(progress.counters.records), format::bytes(static_cast<double>(progress.counters.bytes)))};
    lines += paceLines(progress.drain);
    if (!form()->where().empty())
        lines.append(tr("Filtered        %1 records").arg(count(progress.counters.filtered)));
    if (progress.undecodable > 0)
        lines.append(tr("Undecodable     %1 records, kept").arg(count(progress.undecodable)));
    if (progress.missing > 0)
        lines.append(tr("Missing         %1 offsets; the ledger in capture.json says why")
                         .arg(format::grouped(progress.missing)));
    if (progress.counters.evicted > 0)
        lines.append(tr("Left the ring   %1").arg(format::bytes(static_cast<double>(progress.counters.evicted))));
    report(lines + problemLines(progress.drain),
        tr("%1 records, %2").arg(count(progress.counters.records), format::rate(progress.drain.recordsPerSecond)));
    return progress.drain;
}

void CapturePanel::showButtons()
{
    form()->setEnabled(isIdle());
    m_start->setEnabled(isIdle());
    m_stop->setEnabled(phase() == Phase::Running);
    m_open->setVisible(isIdle() && !m_done.isEmpty());
    m_verify->setVisible(isIdle() && !m_done.isEmpty());
}

} // namespace weir
