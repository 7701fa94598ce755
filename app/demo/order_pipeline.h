// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/demo/random.h"
#include "connectors/record/clock.h"

#include <array>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

namespace weir::demo {

enum class Hop : std::uint8_t { Orders, Payments, Shipments };
inline constexpr std::size_t hopCount = 3;

struct TopicPlan
{
    std::string_view name;
    int partitions = 0;
};
/// By Hop; twelve partitions together.
inline constexpr std::array<TopicPlan, hopCount> topicPlans{{{"orders", 6}, {"payments", 4}, {"shipments", 2}}};

/// One record that the pipeline publishes.
struct PipelineEvent
{
    Hop hop = Hop::Orders;
    EpochMs publishAt = 0; ///< when the service hands it to Kafka
    /// When it happened: the record's timestamp and its created_at. publishAt - createdAt is what the service took.
    EpochMs createdAt = 0;
    std::uint64_t orderId = 0;
    std::string key;
    std::string value;
    std::string traceparent; ///< W3C; one trace per order, one span per hop
    bool malformed = false;
    bool late = false; ///< happened long before it was published

    bool operator==(const PipelineEvent&) const = default;
};

struct PipelineOptions
{
    double recordsPerSecond = 300; ///< of all topics, on average; bursts reach 1.9 times that
    std::uint64_t seed = 1;
    EpochMs start = 0; ///< the first order is created then
};

/// The order pipeline as an endless sequence of events by `publishAt`: an order, its payment, its shipment. Pure: the
/// same options give the same sequence.
class OrderPipeline
{
public:
    static constexpr double burstFactor = 1.9;
    static constexpr std::uint64_t firstOrder = 4'001;
    static constexpr std::uint64_t customers = 1'000;

    explicit OrderPipeline(const PipelineOptions& options);
    /// When the next event is due.
    EpochMs nextAt() const { return m_scheduled.top().event.publishAt; }
    PipelineEvent next();
    /// How many times the average rate orders come at, `sinceStart` ms after the start.
    static double pace(double sinceStart);

private:
    struct Order
    {
        std::uint64_t id = 0;
        std::uint64_t customer = 0;
        std::size_t region = 0;
        std::int64_t cents = 0;
        std::array<std::uint64_t, 2> trace{};
    };
    struct Scheduled
    {
        PipelineEvent event;
        Order order;
        std::uint64_t sequence = 0;
        /// Makes std::priority_queue give the earliest one; ties in the order they were made.
        bool operator<(const Scheduled& other) const
        {
            return event.publishAt != other.event.publishAt ? event.publishAt > other.event.publishAt
                                                            : sequence > other.sequence;
        }
    };

    void scheduleAhead();
    void scheduleOrder();
    void scheduleFollowing(const Scheduled& done);
    void schedule(PipelineEvent event, const Order& order, std::string_view status);
    double paymentDelay();
    void damage(std::string& value);

    PipelineOptions m_options;
    Random m_random;
    double m_nextOrderAt = 0; ///< ms since start
    std::uint64_t m_nextOrder = firstOrder;
    std::uint64_t m_sequence = 0;
    std::priority_queue<Scheduled> m_scheduled;
};

/// "2026-03-12T14:12:03.118Z"
std::string isoTime(EpochMs time);

} // namespace weir::demo
