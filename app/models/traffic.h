// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>

#include <cstdint>
#include <functional>
#include <vector>

namespace weir {

/// What one reader of the window takes in: a topic view, a query, a latency panel.
struct Flow
{
    double recordsPerSecond = 0;
    std::uint64_t decodeErrors = 0;
    std::uint64_t droppedRows = 0; ///< rows that left their buffer, or never came into it because the disk was too slow
};

/// Everything that reads for the window, for the status bar. GUI thread.
class Traffic
{
public:
    /// Asks `flow` at each total() for as long as `reader` lives. Cheap: it looks at a snapshot.
    void add(QObject* reader, std::function<Flow()> flow);
    Flow total();

private:
    struct Reader
    {
        QPointer<QObject> reader;
        std::function<Flow()> flow;
    };
    std::vector<Reader> m_readers;
};

} // namespace weir
