// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/expert/stream_notes.h"
#include "app/session/report_run.h"

namespace weir {

/// Tells what is remarkable about the records of a topic.
class NotesRun final : public ReportRun
{
public:
    /// *Blocks*: opens the sources.
    static Result<std::unique_ptr<NotesRun>> start(Cluster& cluster, const ReadRequest& request, const Clock& clock);
    ~NotesRun() override { close(); }

    /// Of what was read a moment ago. Does not wait.
    std::shared_ptr<const expert::StreamNotes> notes() const { return m_lanes.published(); }

private:
    NotesRun(std::string topic, const Clock& clock);
    void prepare(std::size_t sources) override { m_lanes.open(sources); }
    void take(std::size_t source, const RecordBatchPtr& batch) override { m_lanes.add(source, batch); }
    void publish() override { m_lanes.publish(); }

    ReportLanes<expert::StreamNotes> m_lanes;
};

/// A note with its places as one JSON object, one line.
std::string noteJson(const std::string& topic, const expert::StreamNote& note);
/// "warning  duplicate  12 records repeat …", and below it the first `places` of its places.
std::string noteText(const expert::StreamNote& note, std::size_t places);

} // namespace weir
