// SPDX-License-Identifier: GPL-3.0-or-later
// The bare loop that Weir is compared with: one librdkafka instance, every partition started at its absolute low offset
// on one queue, batches of 2,000, every message counted and destroyed, nothing else.
//
//   bench_bare_consume BOOTSTRAP TOPIC [property=value]...
//
// Prints {"records":…,"seconds":…}; the clock runs from the start of the process, as for the programs beside it.

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

void set(rd_kafka_conf_t* conf, const char* name, const char* value)
{
    char text[512];
    if (rd_kafka_conf_set(conf, name, value, text, sizeof text) != RD_KAFKA_CONF_OK) {
        std::fprintf(stderr, "%s\n", text);
        std::exit(2);
    }
}

rd_kafka_t* openConsumer(int argc, char** argv)
{
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", argv[1]);
    set(conf, "auto.offset.reset", "error");
    set(conf, "check.crcs", "true");
    for (int i = 3; i < argc; ++i) {
        char* value = std::strchr(argv[i], '=');
        if (!value)
            continue;
        *value++ = '\0';
        set(conf, argv[i], value);
    }
    char text[512];
    rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, text, sizeof text);
    if (!consumer) {
        std::fprintf(stderr, "%s\n", text);
        std::exit(1);
    }
    return consumer;
}

/// High watermark of every partition; starts reading each that holds records.
std::vector<std::int64_t> startAll(rd_kafka_t* consumer, rd_kafka_topic_t* topic, rd_kafka_queue_t* queue)
{
    const struct rd_kafka_metadata* metadata = nullptr;
    if (rd_kafka_metadata(consumer, 0, topic, &metadata, 10'000) != RD_KAFKA_RESP_ERR_NO_ERROR)
        std::exit(1);
    std::vector<std::int64_t> highs(static_cast<std::size_t>(metadata->topics[0].partition_cnt));
    for (std::size_t p = 0; p < highs.size(); ++p) {
        std::int64_t low = 0;
        const auto partition = static_cast<std::int32_t>(p);
        if (rd_kafka_query_watermark_offsets(consumer, rd_kafka_topic_name(topic), partition, &low, &highs[p], 10'000)
            != RD_KAFKA_RESP_ERR_NO_ERROR)
            std::exit(1);
        if (low < highs[p])
            rd_kafka_consume_start_queue(topic, partition, low, queue);
        else
            highs[p] = -1;
    }
    rd_kafka_metadata_destroy(metadata);
    return highs;
}

std::int64_t countAll(rd_kafka_queue_t* queue, const std::vector<std::int64_t>& highs)
{
    std::size_t open = 0;
    for (const std::int64_t high : highs)
        open += high >= 0 ? 1 : 0;
    std::vector<rd_kafka_message_t*> messages(2'000);
    std::int64_t count = 0;
    while (open > 0) {
        const ssize_t n = rd_kafka_consume_batch_queue(queue, 1'000, messages.data(), messages.size());
        for (ssize_t i = 0; i < n; ++i) {
            rd_kafka_message_t* message = messages[static_cast<std::size_t>(i)];
            if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
                ++count;
                open -= message->offset + 1 == highs[static_cast<std::size_t>(message->partition)] ? 1 : 0;
            }
            rd_kafka_message_destroy(message);
        }
    }
    return count;
}

} // namespace

int main(int argc, char** argv)
{
    const auto start = SteadyClock::now();
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s BOOTSTRAP TOPIC [property=value]...\n", argv[0]);
        return 2;
    }
    rd_kafka_t* consumer = openConsumer(argc, argv);
    rd_kafka_topic_t* topic = rd_kafka_topic_new(consumer, argv[2], nullptr);
    rd_kafka_queue_t* queue = rd_kafka_queue_new(consumer);
    const std::int64_t records = countAll(queue, startAll(consumer, topic, queue));
    const std::chrono::duration<double> took = SteadyClock::now() - start;
    std::printf("{\"records\":%lld,\"seconds\":%.3f}\n", static_cast<long long>(records), took.count());
    std::fflush(stdout);
    // The figure is out; closing would only add librdkafka's shutdown to the process time.
    std::_Exit(0);
}
