// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/log/log_events.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace weir::bench {

namespace {

constexpr std::size_t valueBytes = 180;
constexpr std::size_t keyBytes = 20;

} // namespace

double secondsSince(Time begin)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

CpuTimes CpuTimes::now()
{
    CpuTimes times;
    std::ifstream stat("/proc/stat");
    std::string name;
    stat >> name;
    for (int field = 0; field < 8; ++field) {
        double value = 0;
        stat >> value;
        times.busy += field == 3 || field == 4 ? 0 : value; // idle and waiting
    }
    timespec own{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    times.own = (static_cast<double>(own.tv_sec) + static_cast<double>(own.tv_nsec) / 1e9) * 100;
    return times;
}

double ForeignShare::percent() const
{
    const CpuTimes now = CpuTimes::now();
    const double seconds = secondsSince(m_begin);
    return std::max(0.0, ((now.busy - m_before.busy) - (now.own - m_before.own)) / seconds);
}

std::vector<RecordBatchPtr> makeBatches(std::size_t count, std::size_t records)
{
    const auto topic = std::make_shared<const std::string>("events");
    std::vector<RecordBatchPtr> batches;
    std::int64_t offset = 0;
    for (std::size_t b = 0; b < count; ++b) {
        RecordBatchBuilder builder(topic, {0}, {records, 0, records * (valueBytes + keyBytes)});
        for (std::size_t i = 0; i < records; ++i, ++offset) {
            char key[keyBytes + 1];
            std::snprintf(key, sizeof key, "order-%014lld", static_cast<long long>(offset * 7919 % 100'000));
            char value[valueBytes + 1];
            const int used = std::snprintf(value, sizeof value,
                "{\"order\":%lld,\"customer\":\"c-%lld\",\"amount\":%lld.%02lld,\"status\":\"PAID\",\"note\":\"",
                static_cast<long long>(offset), static_cast<long long>(offset * 31 % 9973),
                static_cast<long long>(offset * 17 % 5000), static_cast<long long>(offset % 100));
            for (std::size_t at = static_cast<std::size_t>(used); at < valueBytes - 2; ++at)
                value[at] = static_cast<char>('a' + (offset + static_cast<std::int64_t>(at * at)) % 26);
            value[valueBytes - 2] = '"';
            value[valueBytes - 1] = '}';
            builder.add(offset, 1'700'000'000'000 + offset, TimestampType::CreateTime, std::string_view(key, keyBytes),
                std::string_view(value, valueBytes));
        }
        batches.push_back(builder.finish(1'700'000'000'000 + offset, nullptr));
    }
    return batches;
}

capture::Manifest aboutEvents()
{
    capture::Manifest about;
    about.program = "bench";
    about.topics.push_back({"events", {}, {}, {}, {{PartitionId{0}, {}, {}}}});
    return about;
}

} // namespace weir::bench
