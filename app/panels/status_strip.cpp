// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/status_strip.h"

#include "widgets/dashboard/state_pill.h"
#include "widgets/dashboard/status_gauge.h"
#include "widgets/style/format.h"
#include "widgets/style/icons.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QHBoxLayout>
#include <QStatusBar>

namespace weir {

namespace {

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

QWidget* spaced(QWidget* content)
{
    auto* cell = new QWidget;
    auto* layout = new QHBoxLayout(cell);
    layout->setContentsMargins(10, 0, 10, 0);
    layout->addWidget(content);
    return cell;
}

void addTo(QStatusBar* bar, QWidget* cell, const QString& toolTip)
{
    cell->setToolTip(toolTip);
    bar->addWidget(cell);
}

void showGlyph(QLabel* label, bool on, style::Icon icon, style::Tint tint)
{
    if (on == label->isVisibleTo(label->parentWidget()))
        return;
    const int side = style::Theme::sizes().icon.inlined;
    label->setPixmap(style::icon(icon, tint).pixmap(side, side));
    label->setVisible(on);
}

} // namespace

StatusStrip::StatusStrip(QStatusBar* bar) : QObject(bar)
{
    bar->setSizeGripEnabled(false);
    m_state = new dashboard::StatePill;
    m_state->setPlain(true);
    bar->addWidget(spaced(m_state));
    m_in = makeCell(tr("In"), tr("rec/s"));
    addTo(bar, m_in.widget(), tr("Records that topic views, queries and latency panels read"));
    m_errors = makeCell(tr("Decode errors"));
    addTo(bar, m_errors.widget(), tr("Values that could not be decoded, in all that is open"));
    m_dropped = makeCell(tr("Dropped"));
    addTo(bar, m_dropped.widget(),
        tr("Rows that newer ones pushed out of their buffer, or that came faster than the disk could take them. They "
           "are "
           "still on the broker."));
    m_memory = new dashboard::StatusGauge(tr("Memory"));
    bar->addPermanentWidget(m_memory);
    m_disk = new dashboard::StatusGauge(tr("Disk"));
    m_disk->setToolTip(tr("What topic views keep on disk to scroll back to, against its budget"));
    bar->addPermanentWidget(m_disk);
    m_frame = makeCell(tr("Frame"), tr("ms"));
    m_frame.widget()->setToolTip(tr("Time spent on the costliest frame of the last second; 16 ms is one"));
    bar->addPermanentWidget(m_frame.widget());
    bar->addPermanentWidget(spaced(style::label(tr("Times in UTC"), style::Role::Caption)));
    showConnections({});
    showFlow({});
    showDisk(0, 0);
    showFrame(0);
}

StatusStrip::Cell StatusStrip::makeCell(const QString& name, const QString& unit)
{
    auto* widget = new QWidget;
    auto* layout = new QHBoxLayout(widget);
    layout->setContentsMargins(10, 0, 10, 0);
    layout->setSpacing(6);
    const Cell cell{new QLabel, style::label({}, style::Role::Data)};
    cell.glyph->hide();
    layout->addWidget(cell.glyph);
    layout->addWidget(style::label(name, style::Role::Caption));
    layout->addWidget(cell.value);
    if (!unit.isEmpty())
        layout->addWidget(style::label(unit, style::Role::Caption));
    return cell;
}

void StatusStrip::showConnections(const std::vector<ConnectionState>& states)
{
    std::size_t live = 0;
    double rate = 0;
    for (const ConnectionState& state : states) {
        live += state.snapshot && state.snapshot->connection == Connection::Up ? 1 : 0;
        rate += state.snapshot ? state.snapshot->recordsPerSecond : 0;
    }
    if (states.empty())
        m_state->setState(style::State::NotConnected);
    else
        m_state->setState(live > 0 ? style::State::Live : style::State::Stale,
            tr("Live %1 of %2 connections").arg(live).arg(states.size()));
    m_state->parentWidget()->setToolTip(
        states.empty() ? QString() : tr("On the brokers %1, from offsets").arg(format::rate(rate)));
}

void StatusStrip::showFlow(const Flow& flow)
{
    m_in.value->setText(count(static_cast<std::uint64_t>(flow.recordsPerSecond + 0.5)));
    m_errors.value->setText(count(flow.decodeErrors));
    showGlyph(m_errors.glyph, flow.decodeErrors > 0, style::Icon::Error, style::Tint::Error);
    m_dropped.value->setText(count(flow.droppedRows));
    showGlyph(m_dropped.glyph, flow.droppedRows > 0, style::Icon::Warning, style::Tint::Warn);
}

void StatusStrip::showMemory(std::size_t used, std::size_t limit)
{
    m_memory->setValue(static_cast<double>(used), static_cast<double>(limit));
}

void StatusStrip::showDisk(std::uint64_t used, std::uint64_t limit)
{
    m_disk->setVisible(limit > 0);
    m_disk->setValue(static_cast<double>(used), static_cast<double>(limit));
}

void StatusStrip::showFrame(double ms)
{
    m_frame.value->setText(QString::number(ms, 'f', 1));
}

} // namespace weir
