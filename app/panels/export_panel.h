// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"
#include "app/panels/tab_panel.h"

#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace weir {

class NoticeBar;
class ReadForm;

/// Writes records of a connection to a file that other programs read, with progress, and can be given up. It goes on
/// while another tab is looked at; closing this one gives it up.
class ExportPanel : public TabPanel
{
    Q_OBJECT
public:
    struct Asked
    {
        QString connection;
        QString topic; ///< may be empty
    };

    ExportPanel(const PanelContext& context, const Asked& asked, QWidget* parent = nullptr);
    ~ExportPanel() override;

    style::Icon icon() const override { return style::Icon::Export; }
    QString title() const override;
    QString connectionId() const override { return m_connection; }
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    bool isRunning() const { return m_run != nullptr; }

private:
    QWidget* createBar();
    QWidget* createForm();
    void followFormat();
    void chooseFile();
    Result<ExportRequest> request() const;
    void start();
    void started(const Result<std::shared_ptr<ExportRun>>& run);
    void cancel();
    void complete();
    void completed(const Result<void>& finished);
    void pull();
    void showProgress(const ExportProgress& progress);
    void showButtons();

    PanelContext m_context;
    QString m_connection;
    QTimer m_pull;
    std::shared_ptr<ExportRun> m_run; ///< while it writes
    bool m_starting = false;
    bool m_completing = false;
    QString m_done; ///< the file that is complete

    ReadForm* m_form = nullptr;
    QLineEdit* m_topics = nullptr;
    QLineEdit* m_file = nullptr;
    QLineEdit* m_only = nullptr;
    QComboBox* m_format = nullptr;
    QComboBox* m_columns = nullptr;
    QCheckBox* m_replace = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_finish = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_choose = nullptr;
    QPushButton* m_show = nullptr;
    NoticeBar* m_notice = nullptr;
    QLabel* m_progress = nullptr;
    QPlainTextEdit* m_report = nullptr;
};

} // namespace weir
