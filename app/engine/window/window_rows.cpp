// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/window/window_rows.h"

#include "app/engine/window/window_aggregation.h"

namespace weir::window {

void WindowRows::process(std::size_t, const InputRows& in, OutputRows& out)
{
    const Column& times = in.batch.columns[m_timeColumn];
    for (const std::size_t place : in.places) {
        const std::uint32_t row = in.rows[place];
        if (times.isNull(row)) {
            fail(nullTime);
            continue;
        }
        out.setPlace({place, true, 0, 0, in.firstNumber + place}, in.watermarks[place]);
        forEachWindow(m_slices, m_zone.localOf(times.values<Timestamp>()[row].millis), [&](const WindowBounds& bounds) {
            if (out.stopped())
                return;
            out.append(in.batch.columns, row);
            appendBounds(bounds, m_zone, in.batch.columns.size(), out);
            out.endRow();
        });
    }
}

} // namespace weir::window
