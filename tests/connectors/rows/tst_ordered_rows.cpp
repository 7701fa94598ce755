// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/rows/ordered_rows.h"

#include "app/engine/pipeline/record_ring.h"

#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace weir;
using namespace weir::rows;
using namespace std::chrono_literals;

namespace {

/// By the record's key, whatever it is.
OrderSettings byKey(const QString& folder, bool descending = false)
{
    OrderSettings settings;
    settings.keyOf = [](const RecordBatch& batch, std::size_t first, std::vector<std::string>& keys) {
        keys.resize(batch.size() - first);
        for (std::size_t i = 0; i < keys.size(); ++i)
            keys[i] = batch.key(first + i).value_or("");
    };
    settings.descending = descending;
    settings.folder = folder.toStdString();
    return settings;
}

/// What was appended, in the order in which it should stand.
class Model
{
public:
    explicit Model(unsigned seed) : m_random(seed) { }

    void append(RecordRing& ring, int count)
    {
        std::vector<std::string> keys;
        std::size_t bytes = 0;
        for (int i = 0; i < count; ++i) {
            keys.push_back(key());
            bytes += keys.back().size() + 1;
        }
        RecordBatchBuilder builder(std::make_shared<const std::string>("t"), PartitionId{0}, {keys.size(), 0, bytes});
        for (const std::string& one : keys) {
            m_rows.emplace_back(one, static_cast<std::int64_t>(m_rows.size()));
            builder.add(m_rows.back().second, 1'700'000'000'000, TimestampType::CreateTime, one, "v");
        }
        QVERIFY(ring.append(builder.finish(0, nullptr), 0ms));
    }

    std::vector<std::int64_t> ordered(bool descending) const
    {
        auto rows = m_rows;
        std::sort(rows.begin(), rows.end());
        std::vector<std::int64_t> numbers;
        for (const auto& [text, row] : rows)
            numbers.push_back(row);
        if (descending)
            std::reverse(numbers.begin(), numbers.end());
        return numbers;
    }
    std::int64_t size() const { return static_cast<std::int64_t>(m_rows.size()); }

private:
    /// Many are alike for longer than what an entry holds, some are equal.
    std::string key()
    {
        const auto number = std::uniform_int_distribution<int>(0, 5000)(m_random);
        switch (number % 4) {
        case 0:
            return std::to_string(number);
        case 1:
            return "a-common-beginning-" + std::to_string(number);
        case 2:
            return std::string(static_cast<std::size_t>(number % 40), 'x');
        default:
            return {};
        }
    }

    std::mt19937 m_random;
    std::vector<std::pair<std::string, std::int64_t>> m_rows;
};

bool isUpToDate(const OrderedRows& rows, std::int64_t read)
{
    const OrderProgress progress = rows.progress();
    return progress.upToDate && progress.read == read;
}

std::vector<std::int64_t> offsetsOf(const RowStore& rows, std::size_t count)
{
    std::vector<std::int64_t> offsets;
    const auto read = rows.read(0, count, 1s);
    for (const StoredRow& row : *read)
        offsets.push_back(row.isHere() ? row.batch->offset(row.index) : -1);
    return offsets;
}

} // namespace

class TestOrderedRows : public QObject
{
    Q_OBJECT
private slots:
    void likeASort_data()
    {
        QTest::addColumn<bool>("onDisk");
        QTest::addColumn<bool>("descending");
        QTest::newRow("disk") << true << false;
        QTest::newRow("memory") << false << false;
        QTest::newRow("disk, descending") << true << true;
    }

    /// Small batches and one that is larger than what is merged at once, while rows come.
    void likeASort()
    {
        QFETCH(bool, onDisk);
        QFETCH(bool, descending);
        const QTemporaryDir folder;
        auto ring = std::make_shared<RecordRing>(std::size_t{256} << 20, nullptr);
        Model model(7);
        model.append(*ring, 500);
        OrderedRows rows(ring, byKey(onDisk ? folder.filePath("order") : QString(), descending));
        for (const int count : {3, 1, 70'000, 5'000, 1}) {
            QTRY_VERIFY_WITH_TIMEOUT(isUpToDate(rows, model.size()), 20'000);
            QVERIFY(rows.rowsOf(0, static_cast<std::size_t>(model.size())) == model.ordered(descending));
            model.append(*ring, count);
        }
        QTRY_VERIFY_WITH_TIMEOUT(isUpToDate(rows, model.size()), 20'000);
        const auto wanted = model.ordered(descending);
        QCOMPARE(rows.endRow(), model.size());
        QVERIFY(offsetsOf(rows, 2000)
            == std::vector<std::int64_t>(wanted.begin(), wanted.begin() + 2000)); // the ring's rows
        const auto scan = rows.scan();
        for (const std::int64_t place : {std::int64_t{0}, std::int64_t{70'000}, std::int64_t{3}, model.size() - 1}) {
            const StoredRow row = scan->at(place);
            QVERIFY(row.isHere());
            QCOMPARE(row.batch->offset(row.index), wanted[static_cast<std::size_t>(place)]);
        }
        QVERIFY(!scan->at(model.size()).isHere());
        QVERIFY(rows.rowsOf(model.size(), 5).empty());
        QVERIFY(!QDir(folder.filePath("order")).exists() || onDisk);
    }

    void placesAreFoundAgain()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        Model model(3);
        model.append(*ring, 1000);
        for (const bool descending : {false, true}) {
            OrderedRows rows(ring, byKey({}, descending));
            QTRY_VERIFY(isUpToDate(rows, model.size()));
            const auto entry = rows.entryAt(400);
            QVERIFY(entry.has_value());
            QCOMPARE(rows.placeOf(*entry), 400);
            QCOMPARE(rows.placeOfRow(entry->row), 400);
            model.append(*ring, 1000); // many of them in front of it
            QTRY_VERIFY(isUpToDate(rows, model.size()));
            const std::int64_t place = rows.placeOf(*entry);
            QVERIFY(place > 400);
            QCOMPARE(rows.rowOf(place), entry->row);
            QCOMPARE(rows.placeOfRow(-5), -1);
        }
    }

    void theFilesGoWithIt()
    {
        const QTemporaryDir folder;
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        Model model(5);
        model.append(*ring, 100'000);
        {
            OrderedRows rows(ring, byKey(folder.filePath("order")));
            QTRY_VERIFY_WITH_TIMEOUT(isUpToDate(rows, model.size()), 20'000);
            QVERIFY(QDir(folder.filePath("order")).entryList(QDir::Files).size() >= 2); // keys and an order
        }
        QVERIFY(!QDir(folder.filePath("order")).exists());
    }

    /// Where no file can be made the order is in memory.
    void withoutADiskItIsInMemory()
    {
        auto ring = std::make_shared<RecordRing>(std::size_t{64} << 20, nullptr);
        Model model(5);
        model.append(*ring, 1000);
        OrderedRows rows(ring, byKey("/proc/weir/order"));
        QTRY_VERIFY(isUpToDate(rows, model.size()));
        QVERIFY(rows.rowsOf(0, 1000) == model.ordered(false));
        QVERIFY(!rows.progress().trouble);
    }

    void whatLeftAtTheFrontIsPassed()
    {
        auto ring = std::make_shared<RecordRing>(20'000, nullptr);
        OrderSettings byOffset = byKey({});
        byOffset.keyOf = [](const RecordBatch& batch, std::size_t first, std::vector<std::string>& keys) {
            keys.resize(batch.size() - first);
            for (std::size_t i = 0; i < keys.size(); ++i)
                keys[i] = QStringLiteral("%1").arg(batch.offset(first + i), 12).toStdString();
        };
        Model model(9);
        model.append(*ring, 100);
        OrderedRows rows(ring, byOffset);
        QTRY_VERIFY(isUpToDate(rows, 100));
        for (int i = 0; i < 20; ++i)
            model.append(*ring, 100);
        QVERIFY(ring->firstRow() > 0);
        QTRY_COMPARE(rows.rowOf(rows.firstRow()), ring->firstRow());
    }
};

QTEST_GUILESS_MAIN(TestOrderedRows)
#include "tst_ordered_rows.moc"
