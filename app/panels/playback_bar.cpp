// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/playback_bar.h"

#include "app/models/background.h"
#include "widgets/style/format.h"
#include "widgets/style/icons.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>

namespace weir {

namespace {

constexpr int sliderSteps = 10'000;
constexpr double speeds[] = {0.1, 1, 2, 5, 10, 60, 600};

} // namespace

PlaybackBar::PlaybackBar(LiveConnections& connections, Background& background, QWidget* parent)
    : QFrame(parent), m_connections(connections), m_background(background)
{
    style::setRole(this, style::Role::Bar);
    createButtons();
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 10, 6);
    m_place = new QSlider(Qt::Horizontal);
    m_place->setRange(0, sliderSteps);
    m_place->setPageStep(sliderSteps / 20);
    m_place->setSingleStep(sliderSteps / 200);
    m_place->setTracking(false);
    m_place->setAccessibleName(tr("Place in the capture"));
    m_place->setToolTip(tr("Go to a place. Going back reads the capture again from its beginning."));
    connect(m_place, &QSlider::sliderReleased, this, &PlaybackBar::goToSlider);
    connect(m_place, &QSlider::actionTriggered, this, [this](int action) {
        if (action != QAbstractSlider::SliderMove)
            goToSlider(); // beside the handle, or by a key
    });
    m_time = style::label({}, style::Role::Data);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_restart, m_play, m_step, m_speed, m_everything})
        layout->addWidget(widget);
    layout->addWidget(m_place, 1);
    layout->addWidget(m_time);
    hide();
}

void PlaybackBar::createButtons()
{
    const auto button = [this](style::Icon icon, const QString& text, const QString& tip, auto slot) {
        auto* made = new QPushButton(style::icon(icon), text);
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, slot);
        return made;
    };
    m_restart = button(style::Icon::Refresh, tr("From the start"),
        tr("Begin anew, in front of the first record (Shift+F5)"), &PlaybackBar::restart);
    m_play = button(style::Icon::Play, tr("Play"), tr("Let the capture come as it came then, at this pace (F5)"),
        &PlaybackBar::togglePlay);
    m_step = button(
        style::Icon::ArrowRight, tr("Step"), tr("Let come what came next, and nothing more (F10)"), &PlaybackBar::step);
    m_everything = button(style::Icon::Check, tr("Everything"), tr("Show all there is, without waiting for its time"),
        &PlaybackBar::showEverything);
    m_speed = new QComboBox;
    m_speed->setAccessibleName(tr("Pace"));
    for (const double one : speeds)
        m_speed->addItem(tr("%1 ×").arg(one), one);
    m_speed->setCurrentIndex(1);
    connect(m_speed, &QComboBox::activated, this, [this] {
        if (const auto now = playback(); now && now->state() == capture::PlaybackState::Playing)
            now->play(speed());
    });
}

std::shared_ptr<capture::Playback> PlaybackBar::playback() const
{
    const auto session = m_connections.session(m_connection);
    return session ? session->playback() : nullptr;
}

double PlaybackBar::speed() const
{
    return m_speed->currentData().toDouble();
}

void PlaybackBar::showCapture(const QString& connectionId)
{
    m_connection = connectionId;
    pull();
}

void PlaybackBar::pull()
{
    const auto now = playback();
    const bool known = now && now->span() && now->span()->end > now->span()->begin;
    setVisible(known);
    if (known)
        showState(*now);
}

void PlaybackBar::showState(const capture::Playback& playback)
{
    const capture::PlaybackState state = playback.state();
    const capture::PlaybackSpan span = *playback.span();
    const bool playing = state == capture::PlaybackState::Playing;
    m_play->setText(playing ? tr("Pause") : tr("Play"));
    m_play->setIcon(style::icon(playing ? style::Icon::Pause : style::Icon::Play));
    m_everything->setEnabled(state != capture::PlaybackState::Everything);
    const EpochMs at = std::clamp(playback.wallMs(), span.begin, span.end);
    if (!m_place->isSliderDown()) {
        const double share = static_cast<double>(at - span.begin) / static_cast<double>(span.end - span.begin);
        m_place->setValue(static_cast<int>(share * sliderSteps));
    }
    m_time->setText(state == capture::PlaybackState::Everything
            ? tr("all of %1 to %2").arg(format::dateTime(span.begin), format::time(span.end))
            : tr("%1 of %2").arg(format::dateTime(at), format::time(span.end)));
}

bool PlaybackBar::readyFor(std::optional<EpochMs> time)
{
    const auto now = playback();
    if (!now)
        return false;
    const bool paced =
        now->state() == capture::PlaybackState::Playing || now->state() == capture::PlaybackState::Paused;
    if (paced && (!time || *time >= now->wallMs()))
        return true;
    const auto opened = m_connections.replay(m_connection);
    if (!opened)
        emit failed(QString::fromStdString(opened.error().text()));
    return opened.ok();
}

void PlaybackBar::togglePlay()
{
    const auto before = playback();
    if (before && before->state() == capture::PlaybackState::Playing)
        before->pause();
    else if (readyFor({}))
        playback()->play(speed());
    pull();
}

void PlaybackBar::step()
{
    if (!readyFor({}))
        return;
    const auto session = m_connections.session(m_connection);
    m_background.run(
        this, [session] { return session->step(); },
        [this](const Result<void>& stepped) {
            if (!stepped)
                emit failed(QString::fromStdString(stepped.error().text()));
            pull();
        });
}

void PlaybackBar::restart()
{
    if (readyFor(INT64_MIN))
        pull();
}

void PlaybackBar::goTo(EpochMs time)
{
    const auto before = playback();
    const bool plays = before && before->state() == capture::PlaybackState::Playing;
    if (!readyFor(time))
        return;
    playback()->stepTo(time);
    if (plays)
        playback()->play(speed());
    pull();
}

void PlaybackBar::goToSlider()
{
    const auto now = playback();
    if (!now || !now->span())
        return;
    const capture::PlaybackSpan span = *now->span();
    const double share = static_cast<double>(m_place->sliderPosition()) / sliderSteps;
    goTo(span.begin + static_cast<EpochMs>(share * static_cast<double>(span.end - span.begin)));
}

void PlaybackBar::showEverything()
{
    if (const auto now = playback())
        now->everything();
    pull();
}

} // namespace weir
