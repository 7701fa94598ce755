// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a capture until it is killed: capture_victim FOLDER SEED. Says "PARTITION OFFSET" once an append is through.
#include "connectors/capture/capture_writer.h"
#include "tests/support/random_records.h"

#include <cstdio>
#include <thread>
#include <unistd.h>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

void writeForEver(CaptureWriter& writer, std::uint32_t seed, int partition)
{
    RandomRecords maker(seed + static_cast<std::uint32_t>(partition), "t", partition);
    for (std::size_t count = 1;; count = count % 37 + 3) {
        const RecordBatchPtr batch = maker.next(count);
        if (!writer.append(*batch, std::nullopt))
            std::abort();
        char line[64];
        const int size = std::snprintf(
            line, sizeof line, "%d %lld\n", partition, static_cast<long long>(batch->offset(batch->size() - 1)));
        if (::write(STDOUT_FILENO, line, static_cast<std::size_t>(size)) != size)
            std::abort();
    }
}

} // namespace

int main(int, char** arguments)
{
    Manifest about;
    TopicEntry topic;
    topic.name = "t";
    for (int p = 0; p < 2; ++p)
        topic.partitions.push_back({PartitionId{p}, {}, {}});
    about.topics.push_back(topic);
    CaptureSettings settings;
    settings.segments.bytes = 100'000;
    const auto seed = static_cast<std::uint32_t>(std::stoul(arguments[2]));
    auto writer = CaptureWriter::create(arguments[1], about, settings, SystemClock::instance());
    if (!writer)
        return 1;
    std::jthread first([&] { writeForEver(**writer, seed, 0); });
    std::jthread second([&] { writeForEver(**writer, seed, 1); });
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (!(*writer)->sync())
            std::abort();
    }
}
