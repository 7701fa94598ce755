// SPDX-License-Identifier: GPL-3.0-or-later
// Record batches version 2: what is written comes back bit by bit, and broken ones come back not at all.
#include "connectors/capture/batch_decoder.h"
#include "connectors/capture/batch_encoder.h"
#include "connectors/capture/varint.h"
#include "tests/support/random_records.h"

#include <QTest>

#include <numeric>

using namespace weir;
using namespace weir::capture;
using namespace weir::test;

namespace {

/// Writes all records of a batch and returns the headers of what was written.
std::vector<BatchHeader> written(const RecordBatch& batch, Codec codec, ByteBuffer& out)
{
    BatchEncoder encoder(codec);
    std::vector<std::uint32_t> rows(batch.size());
    std::iota(rows.begin(), rows.end(), 0U);
    std::vector<BatchHeader> headers;
    for (std::span<const std::uint32_t> left(rows); !left.empty();) {
        const std::size_t count = BatchEncoder::rowsOfNext(batch, left);
        const auto header = encoder.encode(batch, left.first(count), out);
        if (!header)
            return {};
        headers.push_back(*header);
        left = left.subspan(count);
    }
    return headers;
}

/// Walks the bytes and decodes every batch; false when one is not good.
bool readBack(std::span<const char> bytes, std::vector<KeptRecord>& into)
{
    while (bytes.size() >= batchHeaderBytes) {
        const BatchHeader header = loadHeader(bytes.data());
        if (!isPlausible(header) || header.totalBytes() > bytes.size())
            return false;
        const auto batch = bytes.first(header.totalBytes());
        DecodedRecords decoded{RecordBatchBuilder(std::make_shared<const std::string>("t"), {0}, {}), {}};
        if (!isIntact(header, batch) || !decodeBatch(header, batch, decoded))
            return false;
        keep(*std::move(decoded).finish(0, nullptr), into);
        bytes = bytes.subspan(header.totalBytes());
    }
    return bytes.empty();
}

} // namespace

class TestRecordFormat : public QObject
{
    Q_OBJECT

private slots:
    void varints()
    {
        for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{-64},
                 std::int64_t{64}, std::int64_t{1} << 40, INT64_MAX, INT64_MIN}) {
            char bytes[10];
            char* const end = writeVarint(bytes, value);
            QCOMPARE(static_cast<std::size_t>(end - bytes), varintSize(value));
            VarintReader reader(bytes, end);
            QCOMPARE(reader.number(), value);
            QVERIFY(!reader.failed());
            VarintReader cut(bytes, end - 1);
            cut.number();
            QVERIFY(cut.failed());
        }
        const std::string endless(11, '\x80');
        VarintReader reader(endless.data(), endless.data() + endless.size());
        reader.number();
        QVERIFY(reader.failed());
    }

    void allComesBack_data()
    {
        QTest::addColumn<int>("codec");
        for (int codec = 0; codec < 5; ++codec)
            QTest::newRow(std::string(codecName(static_cast<Codec>(codec))).c_str()) << codec;
    }

    void allComesBack()
    {
        QFETCH(int, codec);
        RecordShape shape;
        shape.noTime = shape.epochs = true;
        RandomRecords random(17, "t", 0, shape);
        for (int i = 0; i < 60; ++i) {
            const RecordBatchPtr batch = random.next(static_cast<std::size_t>(1 + i * 3));
            ByteBuffer bytes;
            const auto headers = written(*batch, static_cast<Codec>(codec), bytes);
            QVERIFY(!headers.empty());
            std::vector<KeptRecord> expected;
            std::vector<KeptRecord> back;
            keep(*batch, expected);
            QVERIFY(readBack(bytes.bytes(), back));
            QVERIFY(back == expected);
            for (const BatchHeader& header : headers) {
                QCOMPARE(header.producerId, std::int64_t{-1});
                QCOMPARE(header.codecNumber(), static_cast<std::uint8_t>(codec));
            }
        }
    }

    void largeValues()
    {
        RecordBatchBuilder builder(std::make_shared<const std::string>("t"), {0}, {2, 0, 21 << 20});
        const std::string large(20 << 20, 'x');
        builder.add(5, 1000, TimestampType::CreateTime, "k", large);
        builder.add(6, 1001, TimestampType::CreateTime, std::nullopt, "small");
        const RecordBatchPtr batch = builder.finish(0, nullptr);
        ByteBuffer bytes;
        QCOMPARE(written(*batch, Codec::None, bytes).size(), std::size_t(2)); // a megabyte is enough for one
        std::vector<KeptRecord> back;
        QVERIFY(readBack(bytes.bytes(), back));
        QCOMPARE(back.size(), std::size_t(2));
        QVERIFY(back[0].value == large);
    }

    /// A batch with a checksum that holds, but nonsense behind it: what hostile hands would write.
    void nonsenseWithARightChecksum()
    {
        RandomRecords random(23, "t", 0);
        std::mt19937 dice(29);
        for (int i = 0; i < 20'000; ++i) {
            ByteBuffer bytes;
            const auto headers = written(*random.next(1 + dice() % 4), static_cast<Codec>(dice() % 5), bytes);
            QVERIFY(!headers.empty());
            const std::size_t total = headers.front().totalBytes();
            for (unsigned flips = 1 + dice() % 3; flips > 0; --flips)
                bytes.data()[checkedFrom + dice() % (total - checkedFrom)] ^= static_cast<char>(1 << (dice() % 8));
            const BatchHeader header = loadHeader(bytes.data());
            if (!isPlausible(header))
                continue;
            DecodedRecords decoded{RecordBatchBuilder(nullptr, {0}, {}), {}};
            const bool good = decodeBatch(header, bytes.bytes().first(total), decoded).ok();
            const auto records = std::move(decoded).finish(0, nullptr);
            QVERIFY(good || records->empty());
            std::vector<KeptRecord> all;
            keep(*records, all); // reads every byte that it tells of
            for (const KeptRecord& record : all)
                QVERIFY(record.offset >= header.baseOffset && record.offset <= header.lastOffset());
        }
    }
};

QTEST_GUILESS_MAIN(TestRecordFormat)
#include "tst_record_format.moc"
