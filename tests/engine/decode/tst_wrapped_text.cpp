// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/wrapped_text.h"

#include <QTest>

#include <zlib.h>

using namespace weir;

namespace {

std::string gzipped(const std::string& text)
{
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 32, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

} // namespace

class TestWrappedText : public QObject
{
    Q_OBJECT

private slots:
    void base64()
    {
        QCOMPARE(*bytesOfBase64("TWFu"), std::string("Man"));
        QCOMPARE(*bytesOfBase64("TWE="), std::string("Ma"));
        QCOMPARE(*bytesOfBase64("TQ=="), std::string("M"));
        for (const char* wrong : {"", "TWF", "TW=u", "T===", "TWF!", "TWFu=", "===="})
            QVERIFY2(!bytesOfBase64(wrong), wrong);
    }

    void whatIsOpened()
    {
        QVERIFY(unwrap("[1,{\"a\":2}] ")->wrapping == Wrapping::JsonText);
        const auto readable = unwrap("VGhpcyBpcyBhIHNlbnRlbmNlLg==");
        QVERIFY(readable && readable->wrapping == Wrapping::Base64);
        QCOMPARE(readable->bytes, std::string("This is a sentence."));
        const auto zipped = unwrap(gzipped("[1,2,3]"));
        QVERIFY(zipped && zipped->wrapping == Wrapping::Gzip && zipped->whole);
        QCOMPARE(zipped->bytes, std::string("[1,2,3]"));
    }

    void whatIsNot()
    {
        for (const char* plain : {"", "hello", "{broken", "{\"a\":1} and more", "ord-4711", "ABCDEFGHIJKLMNOP", "4711",
                 "QUJD", "0123456789abcdef0123456789abcdef"})
            QVERIFY2(!unwrap(plain), plain);
        std::string cut = gzipped(std::string(1000, 'x') + "y");
        cut.resize(cut.size() - 5);
        QVERIFY(!unwrap(cut));
        QVERIFY(!unwrap("\x1f\x8b\x08 nothing of the kind"));
    }

    /// A thousand bytes that would become gigabytes.
    void bombsAreCut()
    {
        const std::string bomb = gzipped(std::string(std::size_t{80} << 20, '0'));
        const auto inside = unwrap(bomb);
        QVERIFY(inside);
        QVERIFY(!inside->whole);
        QVERIFY(inside->bytes.size() <= std::size_t{64} << 20);
        QVERIFY(inside->bytes.size() <= bomb.size() * 1000);
    }

    void deepNestingDoesNotRecurse()
    {
        QVERIFY(!unwrap(std::string(100'000, '[')));
        QVERIFY(!unwrap(std::string(100'000, '[') + std::string(100'000, ']')));
    }
};

QTEST_GUILESS_MAIN(TestWrappedText)
#include "tst_wrapped_text.moc"
