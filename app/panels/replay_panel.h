// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/run_panel.h"

class QComboBox;

namespace weir {

/// Writes the records of a topic, usually of a capture, to a topic of a connection that is unlocked for writing. What
/// is asked for is tried dry first; then the user confirms with the connection's name. Closing its tab stops it.
class ReplayPanel : public RunPanel
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
    void toggleStream() override;

protected:
    DrainSnapshot showProgress() override;
    void ended(const DrainSnapshot& drain) override;
    void concluded(const Result<void>& finished) override;
    void forgetRun() override;
    void showButtons() override;

private:
    enum class Mode : std::uint8_t { Dry, Real };

    void createButtons();
    void createForm(const QString& topic);
    void showTargets();
    void forgetTrial();
    Result<ReplayRequest> request(Mode mode) const;
    bool isConfirmed();
    void start(Mode mode);
    void stop();

    std::shared_ptr<ReplayRun> m_run; ///< while it runs
    Mode m_mode = Mode::Dry; ///< of the newest run
    bool m_stopped = false; ///< by the user
    std::optional<std::uint64_t> m_tried; ///< records that the newest dry run counted, of what the form says now

    QComboBox* m_target = nullptr;
    QLineEdit* m_to = nullptr;
    QComboBox* m_speed = nullptr;
    QComboBox* m_partitions = nullptr;
    QComboBox* m_timestamps = nullptr;
    QLineEdit* m_mark = nullptr;
    QPushButton* m_dry = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace weir
