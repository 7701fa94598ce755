// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/csv.h"
#include "connectors/export/json_lines.h"
#include "connectors/export/raw_values.h"
#include "connectors/record/text_encoding.h"
#include "tests/connectors/export/rows.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>
#include <random>

using namespace weir;
using namespace weir::exporter;
using namespace std::string_view_literals;

namespace {

using Texts = std::vector<std::optional<std::string_view>>;
using Payloads = std::vector<std::optional<Payload>>;

std::string written(const RowFormat& format, const RowBlock& block, FormatCounts* counts = nullptr)
{
    std::string out;
    FormatCounts own;
    return format.append(block, out, counts ? *counts : own).ok() ? out : "failed";
}

ColumnInfo column(const char* name, ColumnKind kind)
{
    return {name, kind};
}

/// What a reader of RFC 4180 makes of it, by the letter: cells by line; NULL is told from an empty text.
std::vector<std::vector<std::optional<std::string>>> parsedCsv(const std::string& text)
{
    std::vector<std::vector<std::optional<std::string>>> lines(1);
    std::optional<std::string> cell;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            *cell += c;
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
            if (!cell)
                cell = "";
        } else if (!quoted && (c == ',' || c == '\n')) {
            lines.back().push_back(std::exchange(cell, std::nullopt));
            if (c == '\n')
                lines.emplace_back();
        } else {
            cell = cell.value_or("") + c;
        }
    }
    lines.pop_back();
    return lines;
}

} // namespace

class TestTextFormats : public QObject
{
    Q_OBJECT

private slots:
    void jsonKeepsWhatIsThere()
    {
        Rows rows(4);
        rows.add<std::uint8_t>(column("flag", ColumnKind::Boolean), {1, 0, std::nullopt, 1})
            .add<std::int64_t>(column("id", ColumnKind::Integer), {INT64_MAX, INT64_MIN, 0, std::nullopt})
            .add<double>(column("real", ColumnKind::Real), {0.1, -1e300, NAN, INFINITY})
            .add<std::string_view>(
                column("amount", ColumnKind::Decimal), Texts{"12345678901234567890.10", "-0.5", {}, "0"})
            .add<std::string_view>(column("odd \"name\"", ColumnKind::Text), Texts{"a\"b\\c\n\x01", "", {}, "ä€😀"})
            .add<std::string_view>(column("list", ColumnKind::Json), Texts{"[1,null]", "[]", {}, "{}"});
        ColumnInfo rare = column("_undecodable", ColumnKind::Bytes);
        rare.isRare = true;
        rows.add<std::string_view>(rare, Texts{{}, {}, "\xff\x00"sv, {}});
        QCOMPARE(written(JsonLines(rows.infos), rows.block()),
            std::string(
                "{\"flag\":true,\"id\":9223372036854775807,\"real\":0.1,\"amount\":12345678901234567890.10,"
                "\"odd \\\"name\\\"\":\"a\\\"b\\\\c\\n\\u0001\",\"list\":[1,null]}"
                "\n"
                "{\"flag\":false,\"id\":-9223372036854775808,\"real\":-1e+300,\"amount\":-0.5,"
                "\"odd \\\"name\\\"\":\"\",\"list\":[]}"
                "\n"
                "{\"flag\":null,\"id\":0,\"real\":\"NaN\",\"amount\":null,\"odd \\\"name\\\"\":null,\"list\":null,"
                "\"_undecodable\":{\"base64\":\"/wA=\"}}"
                "\n"
                "{\"flag\":true,\"id\":null,\"real\":\"Infinity\",\"amount\":0,\"odd "
                "\\\"name\\\"\":\"ä€😀\",\"list\":{}}"
                "\n"));
    }

    void jsonPayloads()
    {
        Rows rows(5);
        rows.add<Payload>(column("value", ColumnKind::Payload),
            Payloads{Payload{"{\"a\":\n\r 1}", PayloadForm::Json}, Payload{"plain", PayloadForm::Text},
                Payload{"\xff"sv, PayloadForm::Bytes}, std::nullopt, Payload{"", PayloadForm::Text}});
        FormatCounts counts;
        const std::string text = written(JsonLines(rows.infos), rows.block({0, 1, 2, 3, 4}), &counts);
        QCOMPARE(text,
            std::string("{\"value\":{\"a\":   1}}\n{\"value\":\"plain\"}\n{\"value\":{\"base64\":\"/w==\"}}\n"
                        "{\"value\":null}\n{\"value\":\"\"}\n"));
        QCOMPARE(counts.rows, std::uint64_t(5));
        QCOMPARE(counts.encoded, std::uint64_t(1));
        QCOMPARE(written(JsonLines(rows.infos), rows.block({3})), std::string("{\"value\":null}\n"));
    }

    /// Any text comes back from JSON and from CSV as it was.
    void randomTextsComeBack()
    {
        std::mt19937 random(4711);
        std::vector<std::string> texts;
        for (int i = 0; i < 2000; ++i) {
            static constexpr std::string_view pieces[] = {"\"", ",", "\n", "\r", " ", "a", "0123456789abcdef", "\\",
                "'", "{\"k\":\"v\"}", "ä", "\t", "x\"\"y", "\x1f"};
            std::string text;
            for (std::size_t n = random() % 24; n > 0; --n)
                text += pieces[random() % std::size(pieces)];
            texts.push_back(text);
        }
        Texts values(texts.begin(), texts.end());
        values[7] = std::nullopt;
        Rows rows(values.size());
        rows.add<std::string_view>(column("t", ColumnKind::Text), values);
        const auto cells = parsedCsv(written(Csv(rows.infos, Formulas::Keep), rows.block()));
        QCOMPARE(cells.size(), values.size());
        const QByteArray json = QByteArray::fromStdString(written(JsonLines(rows.infos), rows.block()));
        const QList<QByteArray> lines = json.split('\n');
        for (std::size_t i = 0; i < values.size(); ++i) {
            QCOMPARE(cells[i].size(), std::size_t(1));
            QVERIFY(cells[i][0] == (values[i] ? std::optional(std::string(*values[i])) : std::nullopt));
            const QJsonValue back =
                QJsonDocument::fromJson(lines.at(static_cast<qsizetype>(i))).object().value(QStringLiteral("t"));
            QCOMPARE(back.isNull(), !values[i].has_value());
            QCOMPARE(back.toString().toStdString(), std::string(values[i].value_or("")));
        }
    }

    void csvHeadAndPayloads()
    {
        Rows rows(4);
        rows.add<std::int64_t>(column("n", ColumnKind::Integer), {1, -2, std::nullopt, 4})
            .add<Payload>(column("value", ColumnKind::Payload),
                Payloads{Payload{"a,b", PayloadForm::Text}, Payload{"\xff\xfe"sv}, std::nullopt,
                    Payload{"", PayloadForm::Text}})
            .add<std::string_view>(column("=x", ColumnKind::Text), Texts{"t", {}, "", "u"});
        const Csv csv(rows.infos, Formulas::Defuse);
        QCOMPARE(csv.head(), std::string("n,value,value_encoding,\"'=x\"\n"));
        FormatCounts counts;
        QCOMPARE(
            written(csv, rows.block(), &counts), std::string("1,\"a,b\",,t\n-2,//4=,base64,\n,,,\"\"\n4,\"\",,u\n"));
        QCOMPARE(counts.encoded, std::uint64_t(1));
        QCOMPARE(counts.defused, std::uint64_t(0));
    }

    void formulasAreDefused_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<bool>("defused");
        for (const char* cell : {"=1+1", "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1",
                 "\r=1", "-", "+", "=", "-inf", "+1a", "--1", "-1 ", "+-1"})
            QTest::newRow(cell) << QByteArray(cell) << true;
        for (const char* cell : {"1", "-1", "+1", "-1.5", "+1e5", "-0.25E-3", "a=1", "", " =1", "'=1", "1-2"})
            QTest::newRow(cell) << QByteArray(cell) << false;
    }

    void formulasAreDefused()
    {
        QFETCH(QByteArray, cell);
        QFETCH(bool, defused);
        Rows rows(1);
        rows.add<std::string_view>(
            column("c", ColumnKind::Text), Texts{std::string_view(cell.data(), size_t(cell.size()))});
        FormatCounts counts;
        const auto cells = parsedCsv(written(Csv(rows.infos, Formulas::Defuse), rows.block(), &counts));
        QCOMPARE(counts.defused, std::uint64_t(defused ? 1 : 0));
        QCOMPARE(cells[0][0].value_or(""), (defused ? "'" : "") + cell.toStdString());
        const auto kept = parsedCsv(written(Csv(rows.infos, Formulas::Keep), rows.block()));
        QCOMPARE(kept[0][0].value_or(""), cell.toStdString());
    }

    void rawValues()
    {
        Rows rows(4);
        rows.add<Payload>(
                column("key", ColumnKind::Payload), Payloads{Payload{"k"}, Payload{"k"}, Payload{"k"}, Payload{"k"}})
            .add<Payload>(column("value", ColumnKind::Payload),
                Payloads{Payload{"a\nb"}, std::nullopt, Payload{""}, Payload{"\0x"sv}});
        FormatCounts counts;
        const auto delimiter = delimiterOf("|\\0\\n\\\\");
        QVERIFY(delimiter.ok());
        QCOMPARE(*delimiter, std::string("|\0\n\\", 4));
        QCOMPARE(written(RawValues(rows.infos, "|"), rows.block(), &counts), std::string("a\nb||\0x|", 8));
        QCOMPARE(counts.rows, std::uint64_t(3));
        QCOMPARE(counts.skipped, std::uint64_t(1));
        QVERIFY(!delimiterOf("\\q").ok());
        QVERIFY(!delimiterOf("\\").ok());
    }

    void namesBecomeDistinct()
    {
        const std::vector<std::string> names{"id", "Id", "id", "id_2", "ID"};
        QCOMPARE(
            distinctNames(names, NameCase::Matters), (std::vector<std::string>{"id", "Id", "id_2", "id_2_2", "ID"}));
        QCOMPARE(distinctNames(names, NameCase::Ignored),
            (std::vector<std::string>{"id", "Id_2", "id_3", "id_2_2", "ID_4"}));
    }

    /// Against a walk by single characters.
    void utf8IsTold()
    {
        QVERIFY(isUtf8(""));
        QVERIFY(isUtf8("äöü€😀 and a long run of plain letters behind it, äöü€😀"));
        const std::string plain(100, 'x');
        static constexpr std::string_view broken[] = {
            "\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80"};
        for (const std::string_view bad : broken) {
            for (std::size_t at = 0; at <= plain.size(); ++at) {
                std::string text = plain;
                text.insert(at, bad);
                QVERIFY(!isUtf8(text));
                text = plain;
                text.insert(at, "€");
                QVERIFY(isUtf8(text));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTextFormats)
#include "tst_text_formats.moc"
