// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/order_pipeline.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace weir::demo {

namespace {

// Share of orders that are paid, and of payments that are shipped.
constexpr std::uint64_t unpaidOneIn = 100;
constexpr std::uint64_t declinedOneIn = 25;
constexpr double recordsPerOrder = 1 + 0.99 + 0.99 * 0.96;

constexpr std::uint64_t malformedOneIn = 2'000;
constexpr std::uint64_t lateOneIn = 150;

constexpr double burstEveryMs = 50'000;
constexpr double burstLastsMs = 8'000;

struct Region
{
    const char* name;
    const char* currency;
    double share; ///< of all customers, cumulative
};
constexpr std::array<Region, 5> regions{{{"eu-central", "EUR", 0.38}, {"eu-west", "GBP", 0.58},
    {"us-east", "USD", 0.81}, {"us-west", "USD", 0.93}, {"ap-south", "INR", 1.0}}};
constexpr std::array<const char*, 4> methods{"card", "transfer", "wallet", "invoice"};
constexpr std::array<const char*, 3> carriers{"northline", "parcelo", "swift-post"};

// A customer stays in one region.
std::size_t regionOf(std::uint64_t customer)
{
    const double place = static_cast<double>(customer * 7'919 % OrderPipeline::customers)
        / static_cast<double>(OrderPipeline::customers);
    std::size_t region = 0;
    while (place >= regions[region].share)
        ++region;
    return region;
}

std::string hex(std::uint64_t bits)
{
    char text[17];
    std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(bits));
    return text;
}

std::string decimal(std::int64_t cents)
{
    char text[32];
    std::snprintf(
        text, sizeof(text), "%lld.%02lld", static_cast<long long>(cents / 100), static_cast<long long>(cents % 100));
    return text;
}

std::string customerName(std::uint64_t customer)
{
    char text[16];
    std::snprintf(text, sizeof(text), "C-%04llu", static_cast<unsigned long long>(customer));
    return text;
}

} // namespace

std::string isoTime(EpochMs time)
{
    const EpochMs rest = ((time % 1000) + 1000) % 1000;
    const auto seconds = static_cast<std::time_t>((time - rest) / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text + length, sizeof(text) - length, ".%03dZ", static_cast<int>(rest));
    return text;
}

OrderPipeline::OrderPipeline(const PipelineOptions& options) : m_options(options), m_random(options.seed)
{
    m_options.recordsPerSecond = std::max(m_options.recordsPerSecond, 0.1);
    scheduleAhead();
}

/// Orders take unlike times to be published: all that could still come before the next event must be in the queue.
void OrderPipeline::scheduleAhead()
{
    do
        scheduleOrder();
    while (m_options.start + std::llround(m_nextOrderAt) <= nextAt());
}

double OrderPipeline::pace(double sinceStart)
{
    // The pauses make up for the bursts: the average is 1.
    constexpr double quiet = (burstEveryMs - burstFactor * burstLastsMs) / (burstEveryMs - burstLastsMs);
    return std::fmod(sinceStart + burstEveryMs / 2, burstEveryMs) < burstLastsMs ? burstFactor : quiet;
}

void OrderPipeline::scheduleOrder()
{
    const double perMs = m_options.recordsPerSecond / recordsPerOrder / 1000 * pace(m_nextOrderAt);
    // Between half and one and a half of the mean distance: lively, but no second has more than its share.
    m_nextOrderAt += (0.5 + m_random.uniform()) / perMs;
    Order order;
    order.id = m_nextOrder++;
    // A few customers order most: the square bends the even distribution.
    const double place = m_random.uniform();
    order.customer = 1 + static_cast<std::uint64_t>(place * place * static_cast<double>(customers));
    order.region = regionOf(order.customer);
    order.cents = std::clamp<std::int64_t>(std::llround(m_random.lognormal(4'500, 0.9)), 100, 500'000);
    order.trace = {m_random.bits(), m_random.bits()};
    PipelineEvent event;
    event.hop = Hop::Orders;
    event.createdAt = m_options.start + std::llround(m_nextOrderAt);
    event.publishAt = event.createdAt + std::llround(std::clamp(m_random.lognormal(8, 0.5), 2.0, 400.0));
    if (m_random.oneIn(lateOneIn)) {
        event.late = true; // a shop that was offline for a while
        event.createdAt -= std::llround(std::clamp(m_random.lognormal(20'000, 0.8), 5'000.0, 120'000.0));
    }
    schedule(std::move(event), order, "created");
}

double OrderPipeline::paymentDelay()
{
    if (m_random.below(100) < 6)
        return std::clamp(m_random.lognormal(900, 0.7), 400.0, 8'000.0);
    return std::clamp(m_random.lognormal(90, 0.6), 20.0, 400.0);
}

void OrderPipeline::scheduleFollowing(const Scheduled& done)
{
    PipelineEvent event;
    event.createdAt = done.event.publishAt;
    if (done.event.hop == Hop::Orders && !m_random.oneIn(unpaidOneIn)) {
        event.hop = Hop::Payments;
        event.publishAt = event.createdAt + std::llround(paymentDelay());
        schedule(std::move(event), done.order, m_random.oneIn(declinedOneIn) ? "declined" : "authorized");
    } else if (done.event.hop == Hop::Payments && done.event.value.find("declined") == std::string::npos) {
        event.hop = Hop::Shipments;
        event.publishAt = event.createdAt + std::llround(std::clamp(m_random.lognormal(3'000, 0.5), 500.0, 20'000.0));
        schedule(std::move(event), done.order, "shipped");
    }
}

void OrderPipeline::schedule(PipelineEvent event, const Order& order, std::string_view status)
{
    event.orderId = order.id;
    event.key = std::to_string(order.id);
    event.traceparent = "00-" + hex(order.trace[0]) + hex(order.trace[1]) + "-" + hex(m_random.bits() | 1U) + "-01";
    event.value = R"({"order_id":)" + event.key + R"(,"customer":")" + customerName(order.customer) + R"(","region":")"
        + regions[order.region].name + R"(","amount":)" + decimal(order.cents) + R"(,"currency":")"
        + regions[order.region].currency + R"(","status":")";
    event.value.append(status);
    event.value += R"(","created_at":")" + isoTime(event.createdAt) + '"';
    if (event.hop == Hop::Orders)
        event.value += R"(,"items":)" + std::to_string(1 + m_random.below(5)) + '}';
    else if (event.hop == Hop::Payments)
        event.value += R"(,"method":")" + std::string(methods[m_random.below(methods.size())]) + R"("})";
    else
        event.value += R"(,"carrier":")" + std::string(carriers[m_random.below(carriers.size())]) + R"("})";
    if (m_random.oneIn(malformedOneIn)) {
        event.malformed = true;
        damage(event.value);
    }
    m_scheduled.push({std::move(event), order, m_sequence++});
}

/// The mistakes that producers really make.
void OrderPipeline::damage(std::string& value)
{
    switch (m_random.below(3)) {
    case 0: // cut off
        value.resize(value.size() * 2 / 3);
        break;
    case 1: { // a decimal comma
        const std::size_t point = value.find('.', value.find(R"("amount":)"));
        value[point] = ',';
        break;
    }
    default: // an error page instead of an event
        value = "<html><body>502 Bad Gateway</body></html>";
    }
}

PipelineEvent OrderPipeline::next()
{
    // The place in the queue is by time, so a following event never comes before the one it follows.
    Scheduled done = m_scheduled.top();
    m_scheduled.pop();
    scheduleFollowing(done);
    if (m_scheduled.empty() || m_options.start + std::llround(m_nextOrderAt) <= nextAt())
        scheduleAhead();
    return std::move(done.event);
}

} // namespace weir::demo
