// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"
#include "app/models/traffic.h"

#include <QLabel>
#include <QObject>

class QStatusBar;

namespace weir {
namespace dashboard {
class StatePill;
class StatusGauge;
} // namespace dashboard

/// What the status bar tells at all times: connections, records that come in, decode errors, drops, memory and disk
/// against their budgets, the cost of a frame. GUI thread.
class StatusStrip : public QObject
{
    Q_OBJECT
public:
    /// Puts its cells into `bar`, which owns them.
    explicit StatusStrip(QStatusBar* bar);

    void showConnections(const std::vector<ConnectionState>& states);
    void showFlow(const Flow& flow);
    void showMemory(std::size_t used, std::size_t limit);
    /// Hidden while there is no limit: rows are in memory.
    void showDisk(std::uint64_t used, std::uint64_t limit);
    void showFrame(double ms);

private:
    /// A glyph while there is something to see to, a label, a number in the fixed font, a unit.
    struct Cell
    {
        QLabel* glyph = nullptr;
        QLabel* value = nullptr;
        QWidget* widget() const { return value->parentWidget(); }
    };
    static Cell makeCell(const QString& name, const QString& unit = {});

    dashboard::StatePill* m_state;
    Cell m_in;
    Cell m_errors;
    Cell m_dropped;
    dashboard::StatusGauge* m_memory;
    dashboard::StatusGauge* m_disk;
    Cell m_frame;
};

} // namespace weir
