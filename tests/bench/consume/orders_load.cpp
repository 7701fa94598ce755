// SPDX-License-Identifier: GPL-3.0-or-later
// Fills a topic with orders for the consume bench and writes the rows that the bench's query must give, computed here
// by hand: no code of Weir's engine takes part.
//
//   bench_orders_load BOOTSTRAP TOPIC RECORDS CODEC EXPECTED.jsonl
//
// The topic must exist. Record i is a pure function of i; partition = i mod partitions. With zstd the note of an order
// is a common phrase instead of random digits, so that the topic packs about 8:1.

#include <librdkafka/rdkafka.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <string>
#include <utility>

namespace {

__extension__ using Int128 = __int128;

constexpr std::int64_t firstMs = 1'773'324'000'000; // 2026-03-12T14:00:00Z
constexpr std::int64_t minuteMs = 60'000;
constexpr int customers = 1'000;
constexpr std::int64_t recordsPerSecond = 5'000; // of event time

struct Order
{
    std::uint64_t number = 0;
    int customer = 0;
    std::int64_t cents = 0;
    std::int64_t createdMs = 0;
};

std::uint64_t mix(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Event time runs with the number, up to two seconds out of order: inside the query's delay of five.
Order orderOf(std::uint64_t i)
{
    const std::uint64_t random = mix(i);
    Order order;
    order.number = i;
    order.customer = static_cast<int>(random % customers);
    order.cents = 100 + static_cast<std::int64_t>((random >> 12) % 99'900);
    order.createdMs = firstMs + static_cast<std::int64_t>(i) * 1000 / recordsPerSecond
        + static_cast<std::int64_t>((random >> 40) % 2'000);
    return order;
}

std::string timeText(std::int64_t ms, char separator)
{
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d%c%02d:%02d:%02d.%03d", parts.tm_year + 1900, parts.tm_mon + 1,
        parts.tm_mday, separator, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(ms % 1000));
    return text;
}

std::size_t writeJson(const Order& order, bool commonNote, char* out, std::size_t size)
{
    static const char* const regions[] = {"EU-W", "EU-N", "EU-S", "US-E", "APAC"};
    static const char* const states[] = {"PAID", "CREATED", "FAILED", "CANCELLED"};
    const std::uint64_t random = mix(order.number ^ 0x5bd1e995);
    char note[32] = "leave at the door";
    if (!commonNote)
        std::snprintf(note, sizeof note, "%016" PRIx64, mix(random));
    const int length = std::snprintf(out, size,
        "{\"order_id\":\"ord-%010" PRIu64 "\",\"customer\":\"cus-%04d\",\"region\":\"%s\",\"status\":\"%s\","
        "\"amount\":%" PRId64 ".%02" PRId64 ",\"currency\":\"EUR\",\"items\":%d,\"created_at\":\"%s\","
        "\"note\":\"%s\"}",
        order.number, order.customer, regions[random % 5], states[(random >> 8) % 4], order.cents / 100,
        order.cents % 100, static_cast<int>(1 + (random >> 16) % 9), timeText(order.createdMs, 'T').c_str(), note);
    return static_cast<std::size_t>(length);
}

struct Sum
{
    std::int64_t count = 0;
    std::int64_t cents = 0;
    std::int64_t top = 0;
};

using Windows = std::map<std::pair<std::int64_t, int>, Sum>;

void add(Windows& windows, const Order& order)
{
    const std::int64_t start = order.createdMs / minuteMs * minuteMs;
    Sum& sum = windows[{start, order.customer}];
    ++sum.count;
    sum.cents += order.cents;
    sum.top = order.cents > sum.top ? order.cents : sum.top;
}

std::string fixed(std::int64_t unscaled, int scale)
{
    std::int64_t unit = 1;
    for (int i = 0; i < scale; ++i)
        unit *= 10;
    char text[64];
    std::snprintf(text, sizeof text, "%" PRId64 ".%0*" PRId64, unscaled / unit, scale, unscaled % unit);
    return text;
}

/// AVG of DECIMAL(10, 2) is DECIMAL(38, 6), rounded half up.
std::string mean(const Sum& sum)
{
    const Int128 scaled = Int128(sum.cents) * 10'000 * 2;
    return fixed(static_cast<std::int64_t>((scaled + sum.count) / (2 * sum.count)), 6);
}

bool writeExpected(const Windows& windows, const char* path)
{
    std::ofstream out(path);
    for (const auto& [key, sum] : windows) {
        char customer[16];
        std::snprintf(customer, sizeof customer, "cus-%04d", key.second);
        out << "{\"window_start\":\"" << timeText(key.first, ' ') << "\",\"customer\":\"" << customer
            << "\",\"n\":" << sum.count << ",\"total\":\"" << fixed(sum.cents, 2) << "\",\"mean\":\"" << mean(sum)
            << "\",\"top\":\"" << fixed(sum.top, 2) << "\"}\n";
    }
    return static_cast<bool>(out.flush());
}

void set(rd_kafka_conf_t* conf, const char* name, const char* value)
{
    char text[512];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) != RD_KAFKA_CONF_OK) {
        std::fprintf(stderr, "%s\n", text);
        std::exit(2);
    }
}

rd_kafka_t* openProducer(const char* bootstrap, const char* codec)
{
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", bootstrap);
    set(conf, "compression.codec", codec);
    set(conf, "linger.ms", "50");
    set(conf, "batch.size", "262144");
    set(conf, "batch.num.messages", "10000");
    set(conf, "queue.buffering.max.messages", "500000");
    char text[512];
    rd_kafka_t* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (!producer) {
        std::fprintf(stderr, "%s\n", text);
        std::exit(1);
    }
    return producer;
}

int partitionCount(rd_kafka_t* producer, rd_kafka_topic_t* topic)
{
    const struct rd_kafka_metadata* metadata = nullptr;
    const rd_kafka_resp_err_t error = rd_kafka_metadata(producer, 0, topic, &metadata, 10'000);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || metadata->topics[0].partition_cnt == 0) {
        std::fprintf(stderr, "metadata: %s\n", rd_kafka_err2str(error));
        std::exit(1);
    }
    const int count = metadata->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(metadata);
    return count;
}

struct Load
{
    std::uint64_t records = 0;
    bool commonNote = false;
};

void produceAll(rd_kafka_t* producer, rd_kafka_topic_t* topic, const Load& load, Windows& windows)
{
    const auto partitions = static_cast<std::uint64_t>(partitionCount(producer, topic));
    char value[512];
    for (std::uint64_t i = 0; i < load.records; ++i) {
        const Order order = orderOf(i);
        add(windows, order);
        const std::size_t length = writeJson(order, load.commonNote, value, sizeof value);
        const auto partition = static_cast<std::int32_t>(i % partitions);
        while (rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, value, length, value + 13, 14, nullptr) != 0)
            rd_kafka_poll(producer, 20);
        if (i % 10'000 == 0)
            rd_kafka_poll(producer, 0);
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 6) {
        std::fprintf(stderr, "usage: %s BOOTSTRAP TOPIC RECORDS CODEC EXPECTED.jsonl\n", argv[0]);
        return 2;
    }
    rd_kafka_t* producer = openProducer(argv[1], argv[4]);
    rd_kafka_topic_t* topic = rd_kafka_topic_new(producer, argv[2], nullptr);
    Windows windows;
    produceAll(producer, topic, {std::strtoull(argv[3], nullptr, 10), std::strcmp(argv[4], "zstd") == 0}, windows);
    const rd_kafka_resp_err_t error = rd_kafka_flush(producer, 120'000);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || !writeExpected(windows, argv[5])) {
        std::fprintf(stderr, "loading failed: %s\n", rd_kafka_err2str(error));
        return 1;
    }
    return 0;
}
