// SPDX-License-Identifier: GPL-3.0-or-later
// CRC-32C by instruction and by table, against known values and each other.
#include "connectors/capture/crc32c.h"

#include <QTest>

#include <random>
#include <vector>

using namespace weir::capture;

class TestCrc32c : public QObject
{
    Q_OBJECT

private slots:
    void knownValues()
    {
        const std::string digits = "123456789";
        QCOMPARE(crc32c(digits), 0xE3069283U);
        QCOMPARE(crc32cPortable(digits), 0xE3069283U);
        // From the iSCSI specification, appendix B.4.
        const std::string zeros(32, '\0');
        QCOMPARE(crc32c(zeros), 0x8A9136AAU);
        const std::string ones(32, '\xFF');
        QCOMPARE(crc32c(ones), 0x62A8AB43U);
        QCOMPARE(crc32c({}), 0U);
    }

    void bothWaysAgree()
    {
        std::mt19937 random(7);
        std::vector<char> bytes(300'000);
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        for (int i = 0; i < 400; ++i) {
            const std::size_t begin = random() % 64;
            const std::size_t most = i < 300 ? 3000 : bytes.size() - 64;
            const std::span<const char> part(bytes.data() + begin, random() % most);
            QCOMPARE(crc32c(part), crc32cPortable(part));
            const std::size_t cut = part.empty() ? 0 : random() % part.size();
            QCOMPARE(crc32c(part.subspan(cut), crc32c(part.first(cut))), crc32c(part));
        }
    }
};

QTEST_GUILESS_MAIN(TestCrc32c)
#include "tst_crc32c.moc"
