// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/aggregate/group_dictionary.h"
#include "app/engine/aggregate/key_hash.h"
#include "tests/support/columns.h"

#include <QTest>

#include <cmath>
#include <map>
#include <numeric>
#include <random>

using namespace weir;
using namespace weir::aggregate;

namespace {

struct Keys
{
    std::vector<std::optional<std::string>> texts;
    std::vector<std::optional<std::int64_t>> numbers;
    std::vector<std::optional<double>> doubles;
    std::vector<std::optional<Timestamp>> times;
};

Keys randomKeys(std::mt19937& random, std::size_t count, unsigned spread)
{
    Keys keys;
    const auto null = [&random] { return random() % 9 == 0; };
    for (std::size_t row = 0; row < count; ++row) {
        const unsigned pick = random() % spread;
        const std::string text = std::string(pick % 20, 'k') + std::to_string(pick / 3);
        keys.texts.push_back(null() ? std::nullopt : std::optional(text));
        keys.numbers.push_back(null() ? std::nullopt : std::optional<std::int64_t>(pick % 5));
        keys.doubles.push_back(null() ? std::nullopt : std::optional(pick % 2 ? 0.0 : -0.0));
        keys.times.push_back(null() ? std::nullopt : std::optional(Timestamp{pick % 2, pick % 3 ? 5 : 0}));
    }
    return keys;
}

/// The key of a row as one text, bits and all.
std::string textOf(const Keys& keys, std::size_t row)
{
    std::string text = keys.texts[row] ? "t" + *keys.texts[row] : "N";
    text += keys.numbers[row] ? "|" + std::to_string(*keys.numbers[row]) : "|N";
    text += keys.doubles[row] ? (std::signbit(*keys.doubles[row]) ? "|-0" : "|0") : "|N";
    text += keys.times[row]
        ? "|" + std::to_string(keys.times[row]->millis) + "." + std::to_string(keys.times[row]->nanos)
        : "|N";
    return text;
}

const std::vector<LogicalType> keyTypes{types::string(), types::bigInt(), types::float64(), types::timestamp(9)};

std::vector<Column> columnsOf(const Keys& keys)
{
    std::vector<Column> columns;
    columns.push_back(columnOf(keyTypes[0], keys.texts));
    columns.push_back(columnOf(keyTypes[1], keys.numbers));
    columns.push_back(columnOf(keyTypes[2], keys.doubles));
    columns.push_back(columnOf(keyTypes[3], keys.times));
    return columns;
}

} // namespace

class TestGroupDictionary : public QObject
{
    Q_OBJECT
private slots:
    void numbersKeysAsAMapDoes_data()
    {
        QTest::addColumn<unsigned>("spread");
        QTest::addColumn<bool>("collide");
        QTest::newRow("few keys") << 7U << false;
        QTest::newRow("many keys") << 5000U << false;
        QTest::newRow("all hashes equal") << 60U << true;
    }

    void numbersKeysAsAMapDoes()
    {
        QFETCH(unsigned, spread);
        QFETCH(bool, collide);
        std::mt19937 random(spread);
        GroupDictionary dictionary(keyTypes);
        std::map<std::string, std::uint32_t> oracle;
        for (int batch = 0; batch < 20; ++batch) {
            const Keys keys = randomKeys(random, 300, spread);
            const std::vector<Column> columns = columnsOf(keys);
            const std::vector<const Column*> pointers{&columns[0], &columns[1], &columns[2], &columns[3]};
            std::vector<std::uint32_t> rows;
            for (std::uint32_t row = 0; row < 300; ++row) {
                if (random() % 4)
                    rows.push_back(row);
            }
            std::vector<std::uint64_t> hashes;
            hashRows(pointers, rows, hashes);
            if (collide)
                std::fill(hashes.begin(), hashes.end(), 42);
            std::vector<std::uint32_t> groups;
            dictionary.assign(pointers, rows, hashes, groups);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto [known, added] = oracle.try_emplace(textOf(keys, rows[i]), groups[i]);
                QCOMPARE(groups[i], known->second);
            }
            QCOMPARE(dictionary.size(), oracle.size()); // no two keys share a number
        }
    }

    void mergesAnotherDictionary()
    {
        std::mt19937 random(3);
        GroupDictionary left(keyTypes);
        GroupDictionary right(keyTypes);
        std::map<std::string, std::uint32_t> inRight;
        std::map<std::string, std::uint32_t> inLeft;
        for (GroupDictionary* dictionary : {&left, &right}) {
            const Keys keys = randomKeys(random, 200, 100);
            const std::vector<Column> columns = columnsOf(keys);
            const std::vector<const Column*> pointers{&columns[0], &columns[1], &columns[2], &columns[3]};
            std::vector<std::uint32_t> rows(200);
            std::iota(rows.begin(), rows.end(), 0U);
            std::vector<std::uint64_t> hashes;
            hashRows(pointers, rows, hashes);
            std::vector<std::uint32_t> groups;
            dictionary->assign(pointers, rows, hashes, groups);
            for (std::size_t i = 0; i < rows.size(); ++i)
                (dictionary == &left ? inLeft : inRight)[textOf(keys, i)] = groups[i];
        }
        std::vector<std::uint32_t> targets;
        std::vector<std::uint32_t> all(right.size());
        std::iota(all.begin(), all.end(), 0U);
        left.assign(right, all, targets);
        QCOMPARE(targets.size(), right.size());
        for (const auto& [text, group] : inRight) {
            const auto known = inLeft.find(text);
            if (known != inLeft.end())
                QCOMPARE(targets[group], known->second);
            else
                QVERIFY(targets[group] >= inLeft.size());
        }
        inLeft.insert(inRight.begin(), inRight.end());
        QCOMPARE(left.size(), inLeft.size());
    }

    void noKeyIsOneGroup()
    {
        GroupDictionary dictionary(std::vector<LogicalType>{});
        std::vector<std::uint64_t> hashes;
        const std::vector<std::uint32_t> rows{0, 4, 9};
        hashRows({}, rows, hashes);
        std::vector<std::uint32_t> groups;
        dictionary.assign({}, rows, hashes, groups);
        QCOMPARE(groups, (std::vector<std::uint32_t>{0, 0, 0}));
        QCOMPARE(dictionary.size(), std::size_t(1));
    }

    void tellsItsMemory()
    {
        GroupDictionary dictionary({types::string()});
        const std::size_t empty = dictionary.memoryBytes();
        const Column column = columnOf<std::string>(types::string(), {std::string(100'000, 'x')});
        const std::vector<const Column*> keys{&column};
        const std::vector<std::uint32_t> rows{0};
        std::vector<std::uint64_t> hashes;
        hashRows(keys, rows, hashes);
        std::vector<std::uint32_t> groups;
        dictionary.assign(keys, rows, hashes, groups);
        QVERIFY(dictionary.memoryBytes() >= empty + 100'000);
    }
};

QTEST_GUILESS_MAIN(TestGroupDictionary)
#include "tst_group_dictionary.moc"
