// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/read_form.h"
#include "app/panels/run_panel.h"
#include "connectors/capture/recover.h"

class QComboBox;

namespace weir {

/// What verify and recover found, in lines for the log.
struct CaptureFinding
{
    LogLevel level = LogLevel::Info;
    QString text;
};
QList<CaptureFinding> findingsOf(const Result<capture::VerifyReport>& report);
QList<CaptureFinding> findingsOf(const Result<capture::RecoverReport>& report);

/// Writes topics of a connection to a folder: what, from where, how much, and how it goes. A capture is ended in order
/// when its tab is closed.
class CapturePanel : public RunPanel
{
    Q_OBJECT
public:
    CapturePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent = nullptr);
    ~CapturePanel() override;

    /// Where captures go unless the user says otherwise.
    static QString usualFolder();

    style::Icon icon() const override { return style::Icon::Save; }
    QString title() const override;
    void toggleStream() override;

signals:
    void openRequested(const QString& folder);

protected:
    DrainSnapshot showProgress() override;
    void ended(const DrainSnapshot& drain) override;
    void concluded(const Result<void>& finished) override;
    void forgetRun() override;
    void showButtons() override;

private:
    void createButtons();
    void createForm(const ReadForm::Asked& asked);
    Result<CaptureRequest> request() const;
    void start();
    void stop();
    void end(const QString& reason);
    void verify();

    std::shared_ptr<CaptureRun> m_run; ///< while it captures
    QString m_reason; ///< why it ends
    QString m_done; ///< the folder of the capture that is complete

    QLineEdit* m_folder = nullptr;
    QLineEdit* m_maxBytes = nullptr;
    QLineEdit* m_ring = nullptr;
    QComboBox* m_codec = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_verify = nullptr;
};

} // namespace weir
