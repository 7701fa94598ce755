// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"
#include "app/panels/tab_panel.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace weir {

class NoticeBar;
class ReadForm;

/// Writes the records of a topic, usually of a capture, to a topic of a connection that is unlocked for writing. What
/// is asked for is tried dry first; then the user confirms with the connection's name. Closing it stops the replay.
class ReplayPanel : public TabPanel
{
    Q_OBJECT
public:
    struct Asked
    {
        QString connection; ///< to read from
        QString topic; ///< may be empty
    };

    ReplayPanel(const PanelContext& context, const Asked& asked, QWidget* parent = nullptr);
    ~ReplayPanel() override;

    style::Icon icon() const override { return style::Icon::Play; }
    QString title() const override;
    QString connectionId() const override { return m_connection; }
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    bool isRunning() const { return m_run != nullptr; }

private:
    enum class Mode : std::uint8_t { Dry, Real };

    QWidget* createBar();
    QWidget* createForm();
    void showTargets();
    void forgetTrial();
    Result<ReplayRequest> request(Mode mode) const;
    bool isConfirmed();
    void start(Mode mode);
    void started(const Result<std::shared_ptr<ReplayRun>>& run);
    void stop();
    void pull();
    void finish();
    void finished(const Result<void>& done);
    void showProgress(const ReplayProgress& progress);
    void showButtons();

    PanelContext m_context;
    QString m_connection;
    QTimer m_pull;
    std::shared_ptr<ReplayRun> m_run; ///< while it runs
    Mode m_mode = Mode::Dry; ///< of the newest run
    bool m_starting = false;
    bool m_finishing = false;
    bool m_stopped = false; ///< by the user
    std::optional<std::uint64_t> m_tried; ///< records that the newest dry run counted, of what the form says now

    ReadForm* m_form = nullptr;
    QLineEdit* m_topic = nullptr;
    QComboBox* m_target = nullptr;
    QLineEdit* m_to = nullptr;
    QComboBox* m_speed = nullptr;
    QComboBox* m_partitions = nullptr;
    QComboBox* m_timestamps = nullptr;
    QLineEdit* m_mark = nullptr;
    QPushButton* m_dry = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    NoticeBar* m_notice = nullptr;
    QLabel* m_progress = nullptr;
    QPlainTextEdit* m_report = nullptr;
};

} // namespace weir
