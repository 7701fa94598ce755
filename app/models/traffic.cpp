// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/traffic.h"

namespace weir {

void Traffic::add(QObject* reader, std::function<Flow()> flow)
{
    m_readers.push_back({reader, std::move(flow)});
}

Flow Traffic::total()
{
    std::erase_if(m_readers, [](const Reader& one) { return one.reader.isNull(); });
    Flow all;
    for (const Reader& one : m_readers) {
        const Flow flow = one.flow();
        all.recordsPerSecond += flow.recordsPerSecond;
        all.decodeErrors += flow.decodeErrors;
        all.droppedRows += flow.droppedRows;
    }
    return all;
}

} // namespace weir
