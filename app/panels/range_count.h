// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"
#include "app/session/time_bins.h"

#include <optional>

namespace weir {

/// Counts the records over time of whole topics, whatever part of them is read; finer as the answers come. GUI thread.
class RangeCount : public QObject
{
    Q_OBJECT
public:
    RangeCount(const PanelContext& context, QObject* parent);
    ~RangeCount() override;

    /// Anew; what is still being counted is given up.
    void count(const QString& connectionId, const QStringList& topics);
    /// nullopt: not counted yet, or it cannot be.
    const std::optional<TimeBins>& bins() const { return m_bins; }
    std::uint64_t changes() const { return m_changes; } ///< grows with them

private:
    void giveUp();

    PanelContext m_context;
    std::optional<TimeBins> m_bins;
    std::shared_ptr<std::atomic<bool>> m_cancelled;
    std::uint64_t m_changes = 0;
};

} // namespace weir
