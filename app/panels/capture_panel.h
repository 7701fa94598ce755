// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"
#include "app/panels/tab_panel.h"
#include "connectors/capture/recover.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace weir {

class NoticeBar;
class ReadForm;

/// What verify and recover found, in lines for the log.
struct CaptureFinding
{
    LogLevel level = LogLevel::Info;
    QString text;
};
QList<CaptureFinding> findingsOf(const Result<capture::VerifyReport>& report);
QList<CaptureFinding> findingsOf(const Result<capture::RecoverReport>& report);

/// Writes topics of a connection to a folder: what, from where, how much, and how it goes. A capture goes on while
/// another tab is looked at, and is ended in order when this one is closed.
class CapturePanel : public TabPanel
{
    Q_OBJECT
public:
    struct Asked
    {
        QString connection;
        QString topic; ///< may be empty
    };

    CapturePanel(const PanelContext& context, const Asked& asked, QWidget* parent = nullptr);
    ~CapturePanel() override;

    /// Where captures go unless the user says otherwise.
    static QString usualFolder();

    style::Icon icon() const override { return style::Icon::Save; }
    QString title() const override;
    QString connectionId() const override { return m_connection; }
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    bool isRunning() const { return m_run != nullptr; }

signals:
    void openRequested(const QString& folder);

private:
    QWidget* createBar();
    QWidget* createForm();
    QWidget* createProgress();
    void start();
    void started(const Result<std::shared_ptr<CaptureRun>>& run);
    void stop();
    void pull();
    void end(const QString& reason);
    void ended(const Result<void>& finished, const QString& reason);
    void verify();
    void showProgress(const CaptureProgress& progress);
    void showButtons();
    Result<CaptureRequest> request() const;

    PanelContext m_context;
    QString m_connection;
    QTimer m_pull;
    std::shared_ptr<CaptureRun> m_run; ///< while it captures
    bool m_starting = false;
    bool m_ending = false;
    QString m_done; ///< the folder of the capture that is complete

    ReadForm* m_form = nullptr;
    QLineEdit* m_topics = nullptr;
    QLineEdit* m_folder = nullptr;
    QLineEdit* m_maxBytes = nullptr;
    QLineEdit* m_ring = nullptr;
    QComboBox* m_codec = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_verify = nullptr;
    NoticeBar* m_notice = nullptr;
    QLabel* m_progress = nullptr;
    QPlainTextEdit* m_report = nullptr;
};

} // namespace weir
