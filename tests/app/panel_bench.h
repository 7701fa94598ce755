// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/reaper.h"
#include "app/panels/panel_context.h"
#include "tests/support/fake_cluster.h"
#include "tests/support/live_topic.h"

#include <QApplication>
#include <QTest>

namespace weir::test {

/// Everything a panel is made with, over a cluster in memory whose topics the test feeds.
class PanelBench
{
public:
    PanelBench()
    {
        cluster->setOpener([this](const ReadRequest& request) -> Result<std::vector<std::unique_ptr<Source>>> {
            asked = request;
            const auto topic = topics.find(request.topic);
            if (refusal)
                return *refusal;
            if (topic == topics.end())
                return Error{ErrorKind::NotFound, "there is no such topic", request.topic};
            const auto* from = std::get_if<FromOffset>(&request.start);
            const auto* until = std::get_if<UntilOffset>(&request.stop);
            return from && until ? topic->second->openRange(from->offset, until->offset) : topic->second->open();
        });
    }
    /// Sessions die before the clock that they read.
    ~PanelBench()
    {
        for (const ConnectionState& state : connections.states())
            connections.remove(state.document.id);
        Reaper::instance().drain(std::chrono::seconds(10));
    }

    LiveTopic& topic(const std::string& name)
    {
        auto& topic = topics[name];
        if (!topic) {
            topic = std::make_unique<LiveTopic>(name, budget);
            cluster->setTopic(name, {0});
        }
        return *topic;
    }

    /// A connection to the cluster, open unless told otherwise.
    QString connectTo(const QString& id, bool open = true)
    {
        ConnectionDocument document;
        document.id = id;
        document.name = id + " name";
        document.bootstrapServers = id + ":9092";
        (void)connections.add(document, open);
        return id;
    }

    /// Lets the window's clock tick until `done`, at most ten seconds.
    template <typename Done>
    bool pullUntil(Done done)
    {
        return QTest::qWaitFor(
            [&] {
                frames.frame();
                return done();
            },
            10'000);
    }

    QStringList logLines() const
    {
        QStringList lines;
        for (int row = 0; row < log.rowCount({}); ++row)
            lines.append(log.index(row, LogModel::TextColumn).data(Qt::DisplayRole).toString());
        return lines;
    }

    const Clock& clock = SystemClock::instance(); ///< outlives what late work still reads
    std::shared_ptr<MemoryBudget> budget = std::make_shared<MemoryBudget>(std::size_t{64} << 20);
    std::shared_ptr<FakeCluster> cluster = std::make_shared<FakeCluster>();
    std::map<std::string, std::unique_ptr<LiveTopic>> topics;
    std::optional<Error> refusal; ///< what opening a topic is answered with
    ReadRequest asked; ///< the last one
    QString answer; ///< to every question for a name
    bool confirmed = true; ///< to every question whether to go on

    FrameScheduler frames;
    Background background;
    LogModel log{clock};
    Traffic traffic;
    LiveConnections connections{budget, clock,
        [this](const SessionSettings& settings, std::shared_ptr<MemoryBudget> memory, const Clock& time)
            -> Result<std::shared_ptr<Session>> { return Session::over(cluster, settings, std::move(memory), time); }};
    Prompts prompts{[this](QWidget*, const QString&, const QString&) { return confirmed; },
        [this](QWidget*, const QString&, const QString&) { return answer; },
        [this](QWidget*, const NamedQuestion&) { return confirmed; },
        [this](QWidget*, const QString&, const QString&) { return answer; },
        [this](QWidget*, const QString&, const QString&) { return answer; }};
    PanelContext context{connections, frames, background, log, traffic, prompts};
};

} // namespace weir::test
