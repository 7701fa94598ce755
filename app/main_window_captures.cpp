// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"

#include "app/panels/capture_panel.h"
#include "app/panels/export_panel.h"
#include "app/panels/notes_panel.h"
#include "app/panels/profile_panel.h"
#include "app/panels/replay_panel.h"
#include "app/panels/topic_panel.h"
#include "connectors/capture/recover.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

namespace weir {

QString MainWindow::openCapture(const QString& folder)
{
    const QString path = QDir::cleanPath(QFileInfo(folder).absoluteFilePath());
    for (const ConnectionState& state : m_connections.states()) {
        if (state.document.capture == path) {
            openConnection(state.document.id);
            return state.document.id;
        }
    }
    ConnectionDocument document;
    document.name = QFileInfo(path).fileName();
    document.capture = path;
    document.id = m_setup.workspace.saveConnection(document);
    addConnection(document, true);
    return document.id;
}

void MainWindow::chooseCapture()
{
    const QString folder = m_setup.prompts.chooseFolder(this, tr("Open a capture"), CapturePanel::usualFolder());
    if (!folder.isEmpty())
        openCapture(folder);
}

void MainWindow::newCapture(const ReadForm::Asked& asked)
{
    auto* panel = new CapturePanel(m_context, asked, tabArea());
    connect(panel, &CapturePanel::openRequested, this, &MainWindow::openCapture);
    addTab(panel);
}

void MainWindow::newExport(const ReadForm::Asked& asked)
{
    addTab(new ExportPanel(m_context, asked, tabArea()));
}

void MainWindow::newProfile(const ReadForm::Asked& asked)
{
    addTab(new ProfilePanel(m_context, asked, tabArea()));
}

void MainWindow::newNotes(const ReadForm::Asked& asked)
{
    ReadForm::Asked first = asked;
    first.topic = asked.topic.section(QLatin1Char(','), 0, 0);
    auto* panel = new NotesPanel(m_context, first, tabArea());
    connect(panel, &NotesPanel::recordRequested, this, &MainWindow::openRecord);
    addTab(panel);
}

/// The topic in front, with what its view holds.
ReadForm::Asked MainWindow::askedHere(bool takesView) const
{
    const auto* topic = qobject_cast<TopicPanel*>(currentPanel());
    return topic ? topic->asked(takesView) : ReadForm::Asked{markedConnection(), {}, nullptr};
}

void MainWindow::newReplay(const QString& connectionId, const QString& topic)
{
    addTab(new ReplayPanel(m_context, {connectionId, topic}, tabArea()));
}

void MainWindow::verifyCapture(const QString& connectionId)
{
    const ConnectionDocument document = m_connections.document(connectionId);
    m_log.add(LogLevel::Info, document.name, tr("Verifying %1 …").arg(document.capture));
    m_background.run(
        this, [folder = document.capture.toStdString()] { return capture::verify(folder); },
        [this, name = document.name](const Result<capture::VerifyReport>& report) {
            for (const CaptureFinding& finding : findingsOf(report))
                m_log.add(finding.level, name, finding.text);
        });
}

void MainWindow::recoverCapture(const QString& connectionId)
{
    const ConnectionDocument document = m_connections.document(connectionId);
    const QString proposed = document.capture + QStringLiteral("-recovered");
    const QString to = m_setup.prompts.askName(this, tr("Folder of the new capture"), proposed);
    if (to.isEmpty())
        return;
    m_log.add(LogLevel::Info, document.name, tr("Recovering into %1 …").arg(to));
    m_background.run(
        this,
        [from = document.capture.toStdString(), target = to.toStdString()] {
            return capture::recover(from, target, SystemClock::instance());
        },
        [this, name = document.name, to](const Result<capture::RecoverReport>& report) {
            for (const CaptureFinding& finding : findingsOf(report))
                m_log.add(finding.level, name, finding.text);
            if (report && report->verified.isIntact())
                openCapture(to);
        });
}

} // namespace weir
