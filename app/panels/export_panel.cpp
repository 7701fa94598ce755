// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/export_panel.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/notice_bar.h"
#include "app/panels/read_form.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int pullMs = 250;

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QString usualFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + QStringLiteral("/Weir exports");
}

/// The path with the ending of the format, if it had the ending of another one.
QString withEnding(const QString& path, const QString& ending)
{
    const QFileInfo file(path);
    const bool known = exporter::formatOfPath(("." + file.suffix()).toStdString()).has_value();
    const QString stem = known ? path.chopped(file.suffix().size() + 1) : path;
    return path.isEmpty() ? path : stem + QLatin1Char('.') + ending;
}

} // namespace

ExportPanel::ExportPanel(const PanelContext& context, const Asked& asked, QWidget* parent)
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
    m_report->setAccessibleName(tr("How the export goes"));
    m_report->setPlaceholderText(tr("Nothing is exported yet. The file gets its name when it is complete."));
    style::setRole(m_report, style::Role::Data);
    layout->addWidget(m_report, 1);
    m_topics->setText(asked.topic);
    const QString name = asked.topic.isEmpty() ? QStringLiteral("export") : asked.topic;
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    m_file->setText(QStringLiteral("%1/%2-%3.jsonl").arg(usualFolder(), name, time));
    m_pull.setInterval(pullMs);
    connect(&m_pull, &QTimer::timeout, this, &ExportPanel::pull);
    showButtons();
}

/// Waiting for a batch that is being written is the reaper's.
ExportPanel::~ExportPanel()
{
    if (m_run)
        Reaper::instance().take(std::move(m_run));
}

QString ExportPanel::title() const
{
    return m_topics->text().isEmpty() ? tr("Export") : tr("Export %1").arg(m_topics->text());
}

QList<QWidget*> ExportPanel::panes() const
{
    return {m_topics, m_start, m_report};
}

QWidget* ExportPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_start = new QPushButton(style::icon(style::Icon::Export, style::Tint::OnAccent), tr("Export"));
    style::setRole(m_start, style::Role::Primary);
    m_finish = new QPushButton(style::icon(style::Icon::Stop), tr("Finish"));
    m_finish->setToolTip(tr("Read no further: the file is complete with what was written (Ctrl+E)"));
    m_cancel = new QPushButton(style::icon(style::Icon::Close), tr("Cancel"));
    m_cancel->setToolTip(tr("Give the export up: nothing is left of it"));
    m_show = new QPushButton(style::icon(style::Icon::Folder), tr("Show the folder"));
    connect(m_start, &QPushButton::clicked, this, &ExportPanel::start);
    connect(m_finish, &QPushButton::clicked, this, &ExportPanel::complete);
    connect(m_cancel, &QPushButton::clicked, this, &ExportPanel::cancel);
    connect(m_show, &QPushButton::clicked, this,
        [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_done).absolutePath())); });
    for (QPushButton* button : {m_start, m_finish, m_cancel, m_show})
        layout->addWidget(button);
    layout->addStretch(1);
    m_progress = style::label({}, style::Role::Secondary);
    layout->addWidget(m_progress);
    return bar;
}

QWidget* ExportPanel::createForm()
{
    m_form = new ReadForm(this);
    m_topics = m_form->addTopics();
    connect(m_topics, &QLineEdit::textChanged, this, &TabPanel::titleChanged);
    m_file = m_form->addField(tr("File"), tr("a new file"));
    m_choose = new QPushButton(style::icon(style::Icon::Folder), tr("Choose…"));
    m_replace = new QCheckBox(tr("Replace a file of that name"));
    connect(m_choose, &QPushButton::clicked, this, &ExportPanel::chooseFile);
    m_form->addBehind(m_file, {m_choose, m_replace});
    m_format = m_form->addChoice(tr("Format"),
        {{"jsonl", tr("JSON Lines")}, {"csv", tr("CSV, formulas made harmless")}, {"sqlite", tr("SQLite database")},
            {"avro", tr("Avro container")}, {"raw", tr("raw values, one per line")}});
    connect(m_format, &QComboBox::activated, this, &ExportPanel::followFormat);
    m_columns = m_form->addChoice(
        tr("Columns"), {{"records", tr("whole records")}, {"fields", tr("fields of the JSON values, typed")}});
    connect(m_columns, &QComboBox::activated, this, &ExportPanel::showButtons);
    m_only = m_form->addField(tr("Only columns"), tr("all; or some of them, in this order: offset, key, amount"));
    m_form->addWhere();
    m_form->addRange(ReadForm::Begin::Beginning);
    return m_form;
}

void ExportPanel::followFormat()
{
    m_file->setText(withEnding(m_file->text(), m_format->currentData().toString()));
    showButtons();
}

void ExportPanel::chooseFile()
{
    const QString path = m_context.prompts.chooseSaveFile(this, tr("Export to"), m_file->text());
    if (path.isEmpty())
        return;
    m_file->setText(path);
    if (const auto format = exporter::formatOfPath(path.toStdString()))
        m_format->setCurrentIndex(m_format->findData(QString::fromUtf8(exporter::formatName(*format).data())));
    showButtons();
}

Result<ExportRequest> ExportPanel::request() const
{
    ExportRequest request;
    auto topics = m_form->requests(m_context.connections.clock().wallMs());
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    request.where = m_form->where();
    request.fields = m_columns->isEnabled() && m_columns->currentData().toString() == QLatin1String("fields");
    if (request.fields) {
        for (const QString& name : m_only->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
            request.only.push_back(name.trimmed().toStdString());
    }
    request.settings.format = *exporter::formatOf(m_format->currentData().toString().toStdString());
    request.settings.path = m_file->text().trimmed().toStdString();
    if (request.settings.path.empty() || request.settings.path == "-")
        return Error{ErrorKind::InvalidInput, "name a file.", "File"};
    if (m_replace->isChecked())
        request.settings.existing = exporter::Existing::Replace;
    if (request.topics.size() == 1)
        request.settings.table = request.topics.front().topic;
    return request;
}

void ExportPanel::start()
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
    QDir().mkpath(QFileInfo(m_file->text().trimmed()).absolutePath());
    m_starting = true;
    m_done.clear();
    m_report->setPlainText(tr("Opening %1 …").arg(m_topics->text()));
    showButtons();
    m_context.background.run(
        this, [session, request = *asked] { return session->startExport(request); },
        [this](const Result<std::shared_ptr<ExportRun>>& run) { started(run); });
}

void ExportPanel::started(const Result<std::shared_ptr<ExportRun>>& run)
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

void ExportPanel::toggleStream()
{
    if (m_run)
        complete();
    else
        start();
}

void ExportPanel::cancel()
{
    if (!m_run || m_completing)
        return;
    m_pull.stop();
    Reaper::instance().take(std::move(m_run));
    m_report->appendPlainText(tr("Given up: no file was written."));
    showButtons();
}

void ExportPanel::pull()
{
    if (!m_run)
        return;
    const ExportProgress progress = m_run->progress();
    showProgress(progress);
    if (progress.drain.ended)
        complete();
}

/// Away from this thread: the file is brought to the disk.
void ExportPanel::complete()
{
    if (!m_run || m_completing)
        return;
    m_completing = true;
    showButtons();
    m_context.background.run(
        this, [run = m_run] { return run->finish(); }, [this](const Result<void>& finished) { completed(finished); });
}

void ExportPanel::completed(const Result<void>& finished)
{
    m_pull.stop();
    m_completing = false;
    showProgress(m_run->progress());
    const QString path = QString::fromStdString(m_run->path());
    if (finished) {
        m_done = path;
        m_report->appendPlainText(tr("Complete: %1").arg(path));
    } else {
        m_notice->tell(
            style::State::Failed, tr("%1 No file was written.").arg(QString::fromStdString(finished.error().text())));
    }
    Reaper::instance().take(std::move(m_run));
    showButtons();
}

void ExportPanel::showProgress(const ExportProgress& progress)
{
    const exporter::FormatCounts& cells = progress.counters.cells;
    QStringList lines{tr("Written         %1 records, %2")
                          .arg(count(cells.rows), format::bytes(static_cast<double>(progress.counters.bytes))),
        tr("Rate            %1").arg(format::rate(progress.drain.recordsPerSecond)),
        tr("Behind the end  %1 records").arg(format::grouped(progress.drain.behind()))};
    const auto tell = [&lines](std::uint64_t number, const QString& text) {
        if (number > 0)
            lines.append(text.arg(count(number)));
    };
    tell(progress.filtered, tr("Filtered        %1 records"));
    tell(progress.undecodable, tr("Undecodable     %1 records, as bytes in the column _undecodable"));
    tell(progress.unknown, tr("Not decided     %1 records that the filter could not decode; they are exported"));
    tell(cells.encoded, tr("No text         %1 values, as Base64"));
    tell(cells.defused, tr("Defused         %1 cells that a spreadsheet would have run; they have a ' in front"));
    tell(cells.skipped, tr("Left out        %1 records without a value"));
    if (progress.missing > 0)
        lines.append(tr("Missing         %1 offsets that are not there any more").arg(progress.missing));
    if (m_run->sampled() > 0)
        lines.append(tr("Columns         from the newest %1 records").arg(m_run->sampled()));
    for (const SourceState& source : progress.drain.sources) {
        for (const Problem& problem : source.problems)
            lines.append(tr("Problem         %1").arg(QString::fromStdString(problem.text)));
    }
    const QString text = lines.join(QLatin1Char('\n'));
    if (text != m_report->toPlainText())
        m_report->setPlainText(text);
    m_progress->setText(tr("%1 records, %2").arg(count(cells.rows), format::rate(progress.drain.recordsPerSecond)));
}

void ExportPanel::showButtons()
{
    const bool idle = !m_run && !m_starting;
    const bool hasColumns = m_format->currentData().toString() != QLatin1String("raw");
    m_form->setEnabled(idle);
    m_columns->setEnabled(hasColumns);
    m_only->setEnabled(hasColumns && m_columns->currentData().toString() == QLatin1String("fields"));
    m_start->setEnabled(idle);
    m_finish->setEnabled(m_run && !m_completing);
    m_cancel->setEnabled(m_run && !m_completing);
    m_show->setVisible(idle && !m_done.isEmpty());
}

} // namespace weir
