// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "tests/engine/sql/query_file.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace weir;

namespace {

const QueryFile& file()
{
    static const QueryFile all = queryFile();
    return all;
}

const sql::Diagnostic* firstError(const sql::Script& script)
{
    const auto found = std::find_if(script.diagnostics.begin(), script.diagnostics.end(),
        [](const sql::Diagnostic& one) { return one.severity == sql::Severity::Error; });
    return found == script.diagnostics.end() ? nullptr : &*found;
}

const std::map<std::string, FlinkVerdict>& verdictsOfFlink()
{
    static const std::map<std::string, FlinkVerdict> all = flinkVerdicts();
    return all;
}

bool holds(const std::string& text, const std::string& words)
{
    return text.find(words) != std::string::npos;
}

} // namespace

class TestSqlBadge : public QObject
{
    Q_OBJECT

private slots:
    void enoughOfEach()
    {
        std::map<std::string, int> counts;
        for (const ExpectedQuery& query : file().queries)
            ++counts[query.verdict];
        QCOMPARE(counts.size(), std::size_t{5});
        QVERIFY(file().queries.size() >= 150);
        QVERIFY(counts["green"] >= 80 && counts["error"] >= 80 && counts["amber"] >= 10 && counts["refused"] >= 10);
    }

    void verdicts_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(file().queries.size()); ++i)
            QTest::newRow(file().queries[static_cast<std::size_t>(i)].name.c_str()) << i;
    }

    /// Whether a query is taken, with which badge, and what an error says: of each construct once right, once broken.
    void verdicts()
    {
        QFETCH(int, index);
        const ExpectedQuery& query = file().queries[static_cast<std::size_t>(index)];
        const std::string text = file().tables + query.sql;
        const sql::Script script = sql::compileScript(text);
        const sql::Diagnostic* error = firstError(script);
        if (query.verdict == "error" || query.verdict == "refused") {
            QVERIFY2(error, "accepted");
            QVERIFY2(holds(error->message + " " + error->hint, query.words), describe(*error).c_str());
            QVERIFY2(error->span.offset >= file().tables.size(), describe(*error).c_str());
            QVERIFY(error->message.ends_with('.'));
            return;
        }
        QVERIFY2(!error, error ? describe(*error).c_str() : "");
        QCOMPARE(script.queries.size(), std::size_t{1});
        const sql::Badge& badge = script.queries[0].badge;
        QVERIFY2(nameOf(badge.colour()) == query.verdict, describe(badge).c_str());
        if (query.verdict == "green")
            return;
        const sql::BadgeReason& reason = badge.reasons.front();
        QVERIFY2(holds(reason.message, query.words), describe(badge).c_str());
        QVERIFY2(reason.span.offset >= file().tables.size() && reason.span.length > 0, describe(badge).c_str());
    }

    void flinkSaysTheSame_data() { verdicts_data(); }

    /// What a badge promises, real Flinks keep: their answers were asked for by verdicts.py.
    void flinkSaysTheSame()
    {
        QFETCH(int, index);
        const ExpectedQuery& query = file().queries[static_cast<std::size_t>(index)];
        QVERIFY2(verdictsOfFlink().contains(query.name), "Flink was not asked yet: run tests/engine/sql/verdicts.py");
        const FlinkVerdict& flink = verdictsOfFlink().at(query.name);
        const bool first = flink.flink1 == "accepted";
        const bool second = flink.flink2 == "accepted";
        const std::string said = flink.flink1 + " / " + flink.flink2;
        if (query.verdict == "green" || query.verdict == "refused")
            QVERIFY2(first, said.c_str());
        else if (holds(query.words, "2.3")) // newer than either
            QVERIFY2(!first && !second, said.c_str());
        else if (query.verdict == "amber") // from 2.0 on, or with a reason that EXPLAIN does not look at
            QVERIFY2(holds(query.words, "2.0") ? second && !first : first, said.c_str());
        else if (query.verdict == "red")
            QVERIFY2(!first && !second, said.c_str());
        else
            QVERIFY2(!first, said.c_str());
    }

    void nexmarkOnFlink_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name :
            {"q0", "q1", "q2", "q5", "q7", "q8", "q11", "q12", "q14", "q15", "q16", "q17", "q21", "q22"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void nexmarkOnFlink()
    {
        QFETCH(QString, name);
        const QString folder = QStringLiteral(WEIR_SOURCE_DIR "/tests/engine/nexmark/");
        std::string text;
        for (const QString& path : {folder + "tables.sql", folder + "queries/" + name + ".sql"}) {
            QFile part(path);
            QVERIFY2(part.open(QIODevice::ReadOnly), qPrintable(path));
            text += part.readAll().toStdString();
        }
        const sql::Script script = sql::compileScript(text);
        QVERIFY2(script.ok(), script.ok() ? "" : describe(*firstError(script)).c_str());
        QVERIFY(script.queries.at(0).badge.colour() != sql::BadgeColour::Red);
        QCOMPARE(verdictsOfFlink().at("nexmark " + name.toStdString()).flink1, std::string("accepted"));
    }

    void columnsAreFlinks_data() { verdicts_data(); }

    /// Names, types and nullability of all results that Flink was asked about.
    void columnsAreFlinks()
    {
        QFETCH(int, index);
        static const auto known = queryColumns();
        QVERIFY(known.size() > 100);
        const ExpectedQuery& query = file().queries[static_cast<std::size_t>(index)];
        const auto found = known.find(query.name);
        if (found == known.end())
            return;
        const sql::Script script = sql::compileScript(file().tables + query.sql);
        QCOMPARE(script.queries.size(), std::size_t{1});
        const Schema& schema = script.queries[0].root->schema;
        QCOMPARE(schema.size(), found->second.size());
        for (std::size_t i = 0; i < schema.size(); ++i)
            QCOMPARE(QString::fromStdString(schema[i].name + " " + schema[i].type.text()),
                QString::fromStdString(found->second[i]));
    }

    void worstComesFirst()
    {
        sql::Badge badge;
        QCOMPARE(badge.colour(), sql::BadgeColour::Green);
        QCOMPARE(describe(badge), std::string("green: runs unchanged on Flink"));
        badge.add(sql::BadgeColour::Amber, {40, 1, 4, 1}, "b");
        badge.add(sql::BadgeColour::Amber, {20, 1, 2, 1}, "a");
        badge.add(sql::BadgeColour::Red, {50, 1, 5, 1}, "c");
        badge.add(sql::BadgeColour::Amber, {60, 1, 6, 1}, "a");
        QCOMPARE(badge.colour(), sql::BadgeColour::Red);
        QCOMPARE(describe(badge), std::string("red: c (line 5); a (line 2); b (line 4)"));
    }
};

QTEST_GUILESS_MAIN(TestSqlBadge)
#include "tst_sql_badge.moc"
