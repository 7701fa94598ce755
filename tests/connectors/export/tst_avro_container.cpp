// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/avro_container.h"
#include "tests/connectors/export/rows.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cstring>

using namespace weir::exporter;
using namespace std::string_view_literals;

namespace {

/// Reads Avro's binary encoding as its specification has it.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) { }

    std::int64_t number()
    {
        std::uint64_t bits = 0;
        for (int shift = 0;; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1).front());
            bits |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80)
                break;
        }
        return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
    }
    std::string_view bytes() { return take(static_cast<std::size_t>(number())); }
    double real()
    {
        double value = 0;
        std::memcpy(&value, take(8).data(), 8);
        return value;
    }
    std::string_view take(std::size_t count)
    {
        if (count > m_bytes.size())
            qFatal("the container ends too early");
        const std::string_view taken = m_bytes.substr(0, count);
        m_bytes.remove_prefix(count);
        return taken;
    }
    bool atEnd() const { return m_bytes.empty(); }

private:
    std::string_view m_bytes;
};

/// Big-endian two's complement.
std::int64_t unscaled(std::string_view bytes)
{
    std::int64_t value = (static_cast<unsigned char>(bytes.front()) & 0x80) != 0 ? -1 : 0;
    for (const char byte : bytes)
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8) | static_cast<unsigned char>(byte);
    return value;
}

QJsonObject schemaOf(Reader& reader, std::string_view sync)
{
    if (reader.take(4) != "Obj\x01"sv || reader.number() != 2 || reader.bytes() != "avro.schema")
        qFatal("no Avro container");
    const std::string_view schema = reader.bytes();
    if (reader.bytes() != "avro.codec" || reader.bytes() != "null" || reader.number() != 0 || reader.take(16) != sync)
        qFatal("a wrong head");
    return QJsonDocument::fromJson(QByteArray(schema.data(), static_cast<qsizetype>(schema.size()))).object();
}

QJsonObject logical(const char* type, const char* logicalType)
{
    return {{"type", type}, {"logicalType", logicalType}};
}

} // namespace

class TestAvroContainer : public QObject
{
    Q_OBJECT

    AvroContainer::SyncMarker m_sync{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    const std::string m_marker{m_sync.begin(), m_sync.end()};

private slots:
    void schemaSaysWhatColumnsAre()
    {
        std::vector<ColumnInfo> columns{{"partition", ColumnKind::Integer}, {"amount", ColumnKind::Decimal, 18, 2},
            {"order-id", ColumnKind::Text}, {"order.id", ColumnKind::Json}, {"day", ColumnKind::Date},
            {"at", ColumnKind::Time}, {"created", ColumnKind::Timestamp, 3, 0, true},
            {"local", ColumnKind::Timestamp, 6, 0, false}, {"1st", ColumnKind::Real}, {"", ColumnKind::Boolean},
            {"raw", ColumnKind::Payload}};
        columns[0].nullable = false;
        const std::string head = AvroContainer(columns, "my topic", m_sync).head();
        Reader reader(head);
        const QJsonObject schema = schemaOf(reader, m_marker);
        QVERIFY(reader.atEnd());
        QCOMPARE(schema.value("name").toString(), QString("my_topic"));
        const QJsonArray fields = schema.value("fields").toArray();
        QCOMPARE(fields.at(0).toObject(), (QJsonObject{{"name", "partition"}, {"type", "long"}}));
        const auto typeOf = [&fields](int i) { return fields.at(i).toObject().value("type").toArray().at(1); };
        QCOMPARE(typeOf(1).toObject(),
            (QJsonObject{{"type", "bytes"}, {"logicalType", "decimal"}, {"precision", 18}, {"scale", 2}}));
        QCOMPARE(fields.at(2).toObject().value("name").toString(), QString("order_id"));
        QCOMPARE(fields.at(2).toObject().value("doc").toString(), QString("order-id"));
        QCOMPARE(fields.at(3).toObject().value("name").toString(), QString("order_id_2"));
        QCOMPARE(typeOf(4).toObject(), logical("int", "date"));
        QCOMPARE(typeOf(5).toObject(), logical("int", "time-millis"));
        QCOMPARE(typeOf(6).toObject(), logical("long", "timestamp-millis"));
        QCOMPARE(typeOf(7).toObject(), logical("long", "local-timestamp-micros"));
        QCOMPARE(fields.at(8).toObject().value("name").toString(), QString("_1st"));
        QCOMPARE(fields.at(9).toObject().value("name").toString(), QString("_"));
        QCOMPARE(typeOf(9).toString(), QString("boolean"));
        QCOMPARE(typeOf(10).toString(), QString("bytes"));
    }

    void valuesComeBack()
    {
        const std::vector<std::optional<std::int64_t>> numbers{0, -1, 63, 64, INT64_MAX, INT64_MIN, std::nullopt};
        const std::vector<std::optional<std::string_view>> decimals{
            "0.00", "-0.01", "1.27", "1.28", "-1.28", "-1.29", "92233720368547758.07"};
        const std::vector<std::optional<Payload>> payloads{
            Payload{"a"}, Payload{""}, std::nullopt, Payload{"\xff\0"sv}, Payload{"b"}, Payload{"c"}, Payload{"d"}};
        Rows rows(numbers.size());
        rows.add<std::int64_t>({"n", ColumnKind::Integer}, numbers)
            .add<std::string_view>({"d", ColumnKind::Decimal, 19, 2}, decimals)
            .add<double>({"r", ColumnKind::Real}, {0.0, -0.5, 1e300, std::nullopt, 1.0, 2.0, 3.0})
            .add<Payload>({"p", ColumnKind::Payload}, payloads)
            .add<std::uint8_t>({"b", ColumnKind::Boolean}, {1, 0, std::nullopt, 1, 1, 1, 1});
        const AvroContainer format(rows.infos, "r", m_sync);
        std::string out = format.head();
        FormatCounts counts;
        QVERIFY(format.append(rows.block({0, 1, 2}), out, counts).ok());
        QVERIFY(format.append(rows.block({}), out, counts).ok()); // no empty block: to some readers it is the end
        QVERIFY(format.append(rows.block({3, 4, 5, 6}), out, counts).ok());
        QCOMPARE(counts.rows, std::uint64_t(7));

        Reader reader(out);
        schemaOf(reader, m_marker);
        const std::int64_t cents[] = {0, -1, 127, 128, -128, -129, INT64_MAX};
        std::size_t row = 0;
        for (const std::int64_t wanted : {3, 4}) {
            QCOMPARE(reader.number(), wanted);
            const std::int64_t size = reader.number();
            Reader block(reader.take(static_cast<std::size_t>(size)));
            for (std::int64_t i = 0; i < wanted; ++i, ++row) {
                QCOMPARE(block.number(), std::int64_t(numbers[row] ? 1 : 0));
                if (numbers[row])
                    QCOMPARE(block.number(), *numbers[row]);
                QCOMPARE(block.number(), std::int64_t(1));
                QCOMPARE(unscaled(block.bytes()), cents[row]);
                if (block.number() == 1)
                    QCOMPARE(block.real(), row == 0 ? 0.0 : row == 1 ? -0.5 : row == 2 ? 1e300 : double(row) - 3);
                else
                    QCOMPARE(row, std::size_t(3));
                QCOMPARE(block.number(), std::int64_t(payloads[row] ? 1 : 0));
                if (payloads[row])
                    QVERIFY(block.bytes() == payloads[row]->bytes);
                if (block.number() == 1)
                    QCOMPARE(block.take(1) == "\x01"sv, row != 1);
                else
                    QCOMPARE(row, std::size_t(2));
            }
            QVERIFY(block.atEnd());
            QVERIFY(reader.take(16) == m_marker);
        }
        QVERIFY(reader.atEnd());
    }
};

QTEST_GUILESS_MAIN(TestAvroContainer)
#include "tst_avro_container.moc"
