// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/export_panel.h"

#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QUrl>

namespace weir {

namespace {

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

ExportPanel::ExportPanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent)
    : RunPanel(context, asked.connection,
        {tr("How the export goes"), tr("Nothing is exported yet. The file gets its name when it is complete.")}, parent)
{
    createButtons();
    createForm(asked);
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
    return topics().isEmpty() ? tr("Export") : tr("Export %1").arg(topics());
}

void ExportPanel::createButtons()
{
    m_start = addButton(style::icon(style::Icon::Export, style::Tint::OnAccent), tr("Export"));
    style::setRole(m_start, style::Role::Primary);
    m_finish = addButton(style::icon(style::Icon::Stop), tr("Finish"),
        tr("Read no further: the file is complete with what was written (Ctrl+E)"));
    m_cancel =
        addButton(style::icon(style::Icon::Close), tr("Cancel"), tr("Give the export up: nothing is left of it"));
    m_show = addButton(style::icon(style::Icon::Folder), tr("Show the folder"));
    connect(m_start, &QPushButton::clicked, this, &ExportPanel::start);
    connect(m_finish, &QPushButton::clicked, this, &ExportPanel::finish);
    connect(m_cancel, &QPushButton::clicked, this, &ExportPanel::cancel);
    connect(m_show, &QPushButton::clicked, this,
        [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_done).absolutePath())); });
}

void ExportPanel::createForm(const ReadForm::Asked& asked)
{
    nameBy(form()->addTopics());
    m_file = form()->addField(tr("File"), tr("a new file"));
    auto* choose = new QPushButton(style::icon(style::Icon::Folder), tr("Choose…"));
    m_replace = new QCheckBox(tr("Replace a file of that name"));
    connect(choose, &QPushButton::clicked, this, &ExportPanel::chooseFile);
    form()->addBehind(m_file, {choose, m_replace});
    m_format = form()->addChoice(tr("Format"),
        {{"jsonl", tr("JSON Lines")}, {"csv", tr("CSV, formulas made harmless")}, {"sqlite", tr("SQLite database")},
            {"avro", tr("Avro container")}, {"raw", tr("raw values, one per line")}});
    connect(m_format, &QComboBox::activated, this, &ExportPanel::followFormat);
    m_columns = form()->addChoice(
        tr("Columns"), {{"records", tr("whole records")}, {"fields", tr("fields of the JSON values, typed")}});
    connect(m_columns, &QComboBox::activated, this, &ExportPanel::showButtons);
    m_only = form()->addField(tr("Only columns"), tr("all; or some of them, in this order: offset, key, amount"));
    form()->addWhere();
    form()->addRange(ReadForm::Begin::Beginning);
    form()->offerView(asked);
    form()->offerRows(asked);
    form()->setTopics(asked.topic);
    m_file->setText(
        usualFolder() + QLatin1Char('/') + freshName(asked.topic, QStringLiteral("export")) + QStringLiteral(".jsonl"));
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
    auto topics = form()->requests(m_context.connections.now(connectionId()));
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    request.view = form()->view();
    request.rows = form()->rows();
    request.where = form()->where();
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
    QDir().mkpath(QFileInfo(m_file->text().trimmed()).absolutePath());
    m_done.clear();
    open<ExportRun>([session, request = *asked] { return session->startExport(request); }, m_run);
}

void ExportPanel::toggleStream()
{
    if (m_run)
        finish();
    else
        start();
}

void ExportPanel::finish()
{
    conclude([run = m_run] { return run->finish(); });
}

void ExportPanel::ended(const DrainSnapshot&)
{
    finish();
}

void ExportPanel::cancel()
{
    if (phase() != Phase::Running)
        return;
    leave();
    append(tr("Given up: no file was written."));
}

void ExportPanel::concluded(const Result<void>& finished)
{
    const QString path = QString::fromStdString(m_run->path());
    if (finished) {
        m_done = path;
        append(tr("Complete: %1").arg(path));
    } else {
        tell(style::State::Failed, tr("%1 No file was written.").arg(QString::fromStdString(finished.error().text())));
    }
}

void ExportPanel::forgetRun()
{
    Reaper::instance().take(std::move(m_run));
}

DrainSnapshot ExportPanel::showProgress()
{
    const ExportProgress progress = m_run->progress();
    const exporter::FormatCounts& cells = progress.counters.cells;
    QStringList lines{tr("Written         %1 records, %2")
                          .arg(count(cells.rows), format::bytes(static_cast<double>(progress.counters.bytes)))};
    lines += paceLines(progress.drain);
    const auto add = [&lines](std::uint64_t number, const QString& text) {
        if (number > 0)
            lines.append(text.arg(count(number)));
    };
    add(progress.filtered, tr("Filtered        %1 records"));
    add(progress.undecodable, tr("Undecodable     %1 records, as bytes in the column _undecodable"));
    add(progress.unknown, tr("Not decided     %1 records that the filter could not decode; they are exported"));
    add(cells.encoded, tr("No text         %1 values, as Base64"));
    add(cells.defused, tr("Defused         %1 cells that a spreadsheet would have run; they have a ' in front"));
    add(cells.skipped, tr("Left out        %1 records without a value"));
    add(static_cast<std::uint64_t>(progress.missing), tr("Missing         %1 offsets that are not there any more"));
    add(m_run->sampled(), tr("Columns         from the newest %1 records"));
    report(lines + problemLines(progress.drain),
        tr("%1 records, %2").arg(count(cells.rows), format::rate(progress.drain.recordsPerSecond)));
    return progress.drain;
}

void ExportPanel::showButtons()
{
    const bool hasColumns = m_format->currentData().toString() != QLatin1String("raw");
    form()->setEnabled(isIdle());
    m_columns->setEnabled(hasColumns);
    m_only->setEnabled(hasColumns && m_columns->currentData().toString() == QLatin1String("fields"));
    m_start->setEnabled(isIdle());
    m_finish->setEnabled(phase() == Phase::Running);
    m_cancel->setEnabled(phase() == Phase::Running);
    m_show->setVisible(isIdle() && !m_done.isEmpty());
}

} // namespace weir
