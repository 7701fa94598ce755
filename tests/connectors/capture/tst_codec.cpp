// SPDX-License-Identifier: GPL-3.0-or-later
// Every codec gives back what it took, within a limit, and says no to what is broken.
#include "connectors/capture/codec.h"

#include <QTest>

#include <random>

using namespace weir;
using namespace weir::capture;

namespace {

std::string sample(std::mt19937& random, std::size_t size)
{
    std::string bytes(size, '\0');
    const bool plain = random() % 2 == 0;
    for (char& byte : bytes)
        byte = static_cast<char>(plain ? 'a' + random() % 3 : random());
    return bytes;
}

std::string packed(Codec codec, const std::string& plain)
{
    ByteBuffer out;
    return compress(codec, plain, out).ok() ? std::string(out.data(), out.size()) : std::string();
}

} // namespace

class TestCodec : public QObject
{
    Q_OBJECT

private slots:
    void codecs_data()
    {
        QTest::addColumn<int>("number");
        for (const Codec codec : {Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd})
            QTest::newRow(std::string(codecName(codec)).c_str()) << static_cast<int>(codec);
    }

    void codecs()
    {
        QFETCH(int, number);
        const auto codec = static_cast<Codec>(number);
        QVERIFY(codecOf(codecName(codec)) == codec);
        std::mt19937 random(11);
        for (const std::size_t size : {0, 1, 100, 32 << 10, (32 << 10) + 1, 300'000, 3'000'000}) {
            const std::string plain = sample(random, size);
            ByteBuffer out;
            out.append(std::string("before"));
            QVERIFY(decompress(codec, packed(codec, plain), size + 1, out));
            QCOMPARE(std::string(out.data(), out.size()), "before" + plain);
        }
    }

    void theLimitHolds_data() { codecs_data(); }

    /// 64 MiB of nothing in a few KiB: memory grows to the limit and no further.
    void theLimitHolds()
    {
        QFETCH(int, number);
        const auto codec = static_cast<Codec>(number);
        const std::string bomb = packed(codec, std::string(64 << 20, '\0'));
        ByteBuffer out;
        const auto unpacked = decompress(codec, bomb, 1 << 20, out);
        QVERIFY(!unpacked);
        QVERIFY(unpacked.error().kind == ErrorKind::ResourceLimit);
        QVERIFY2(out.capacity() <= (std::size_t{3} << 20), std::to_string(out.capacity()).c_str());
        QVERIFY(decompressionLimit(bomb.size()) <= (std::size_t{256} << 20));
        QCOMPARE(decompressionLimit(10), std::size_t{16} << 20);
        QCOMPARE(decompressionLimit(1 << 20), std::size_t{200} << 20);
    }

    void brokenBytes_data() { codecs_data(); }

    void brokenBytes()
    {
        QFETCH(int, number);
        const auto codec = static_cast<Codec>(number);
        std::mt19937 random(13);
        const std::string plain = sample(random, 5000);
        const std::string good = packed(codec, plain);
        for (std::size_t cut = 0; cut < good.size(); cut += 1 + cut / 50) {
            ByteBuffer out;
            const auto unpacked = decompress(codec, std::span(good).first(cut), 1 << 20, out);
            QVERIFY2(!unpacked || out.size() < plain.size(), std::to_string(cut).c_str());
        }
        for (int i = 0; i < 3000; ++i) {
            std::string bad = good;
            for (unsigned flips = 1 + random() % 4; flips > 0; --flips)
                bad[random() % bad.size()] ^= static_cast<char>(1 << (random() % 8));
            ByteBuffer out;
            // Whatever comes of it (not all formats have checksums): no crash, and no more than is allowed.
            static_cast<void>(decompress(codec, bad, 1 << 20, out).ok());
            QVERIFY(out.size() <= (1 << 20));
        }
        for (int i = 0; i < 500; ++i) {
            ByteBuffer out;
            static_cast<void>(decompress(codec, sample(random, random() % 200), 1 << 20, out).ok());
            QVERIFY(out.size() <= (1 << 20));
        }
    }

    void snappyWithoutFrame()
    {
        // What clients write that are not Java: one raw block. Here "Wikipedia" eleven times, made by hand.
        const std::string raw("\x63\x20Wikipedia\xFE\x09\x00\x66\x09\x00", 17);
        ByteBuffer out;
        QVERIFY(decompress(Codec::Snappy, raw, 1000, out));
        std::string expected;
        for (int i = 0; i < 11; ++i)
            expected += "Wikipedia";
        QCOMPARE(std::string(out.data(), out.size()), expected);
    }
};

QTEST_GUILESS_MAIN(TestCodec)
#include "tst_codec.moc"
