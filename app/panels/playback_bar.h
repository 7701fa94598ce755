// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/live_connections.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace weir {

class Background;

/// The time of an opened capture: play at its own pace or another, step from arrival to arrival, go to a place. Hidden
/// while no capture is looked at. Going back reads the capture again from its beginning. GUI thread.
class PlaybackBar : public QFrame
{
    Q_OBJECT
public:
    /// Both outlive the bar.
    PlaybackBar(LiveConnections& connections, Background& background, QWidget* parent = nullptr);

    /// The capture to show; another connection, or none, hides the bar.
    void showCapture(const QString& connectionId);
    /// Shows how far it is.
    void pull();

public slots:
    void togglePlay();
    void step();
    void restart();
    void showEverything();

signals:
    void failed(const QString& text);

private:
    void createButtons();
    std::shared_ptr<capture::Playback> playback() const;
    /// Begins anew, paused, unless it is paced already and not behind `time`.
    bool readyFor(std::optional<EpochMs> time);
    void goTo(EpochMs time);
    void goToSlider();
    void showState(const capture::Playback& playback);
    double speed() const;

    LiveConnections& m_connections;
    Background& m_background;
    QString m_connection;
    QPushButton* m_play = nullptr;
    QPushButton* m_step = nullptr;
    QPushButton* m_restart = nullptr;
    QPushButton* m_everything = nullptr;
    QComboBox* m_speed = nullptr;
    QSlider* m_place = nullptr;
    QLabel* m_time = nullptr;
};

} // namespace weir
