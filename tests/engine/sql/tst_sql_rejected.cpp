// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "tests/engine/sql/golden_case.h"
#include "tests/engine/sql/scalar_run.h"

#include <QTest>

#include <algorithm>

using namespace weir;

namespace {

struct Expectation
{
    const char* name;
    const char* at; ///< the text that the error's span must begin with
    const char* word; ///< that its message or hint must hold
};

/// What a user must be told, and where, for queries that Flink refuses before they run.
constexpr Expectation expectations[] = {
    {"hop_not_multiple", "HOP", "HOP"},
    {"zero_size", "INTERVAL '0'", "size > 0"},
    {"interval_precision", "INTERVAL '120'", "120"},
    {"no_descriptor", "ts", "DESCRIPTOR"},
    {"not_a_time_attribute", "plain", "time attribute"},
    {"missing_table_keyword", "t,", "TABLE"},
    {"column_not_grouped", "k,", "not being grouped"},
    {"nested_aggregate", "COUNT(*)", "nested"},
    {"unknown_column", "nope", "'nope'"},
    {"unknown_table", "nope", "'nope'"},
    {"string_plus_number", "k + 1", "'+'"},
    {"compare_string_with_number", "k = 5", "VARCHAR"},
    {"reserved_word_alias", "second", "second"},
    {"double_quotes", "\"", "`"},
    {"order_by_non_time", "ORDER", "time"},
    {"escape_backslash", "'\\'", "escape"},
    {"sum_distinct_hop", "SUM(DISTINCT", "retraction"},
    {"two_watermarks", "WATERMARK FOR b", "WATERMARK"},
    {"watermark_on_string", "a", "STRING"},
    {"unknown_connector", "'connector' = 'nope'", "'nope'"},
    {"session_without_gap", "SESSION", "SESSION"},
    {"missing_semicolon_pair", "SELECT k", ";"},
    {"unquoted_interval", "10", "'10'"},
    {"top_n_without_bound", "ROW_NUMBER", "time attribute"},
    {"over_non_time", "OVER", "time attribute"},
};

struct RunsHere
{
    const char* name;
    sql::BadgeColour colour;
    const char* at; ///< the text that the badge's span must begin with
    const char* word; ///< that its reason must hold
};

/// What Flink 1.20 refuses and Weir runs, saying so.
constexpr RunsHere runsHere[] = {
    {"table_wrapper_left_out", sql::BadgeColour::Amber, "TUMBLE", "Flink 2.0"},
    {"percentile", sql::BadgeColour::Amber, "PERCENTILE", "Flink 2.0"},
    {"approx_count_distinct", sql::BadgeColour::Red, "APPROX_COUNT_DISTINCT", "here only"},
};

const sql::Diagnostic* firstError(const sql::Script& script)
{
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        if (diagnostic.severity == sql::Severity::Error)
            return &diagnostic;
    }
    return nullptr;
}

QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<int>(text.size())};
}

} // namespace

class TestSqlRejected : public QObject
{
    Q_OBJECT

private slots:
    void everyRejectionIsExpectedHere()
    {
        const auto queries = rejectedQueries();
        QVERIFY(queries.size() > 30);
        for (const RejectedQuery& query : queries) {
            const bool listed = std::any_of(std::begin(expectations), std::end(expectations),
                [&](const Expectation& expectation) { return query.name == expectation.name; });
            const bool runs = std::any_of(
                std::begin(runsHere), std::end(runsHere), [&](const RunsHere& one) { return query.name == one.name; });
            QVERIFY2((listed || runs) == (query.stage != "run"), query.name.c_str());
            QVERIFY2(!listed || !runs, query.name.c_str());
        }
    }

    void beforeRunning_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(std::size(expectations)); ++i)
            QTest::newRow(expectations[i].name) << i;
    }

    void beforeRunning()
    {
        QFETCH(int, index);
        const Expectation& expectation = expectations[index];
        const auto queries = rejectedQueries();
        const auto query = std::find_if(queries.begin(), queries.end(),
            [&](const RejectedQuery& candidate) { return candidate.name == expectation.name; });
        QVERIFY(query != queries.end());
        const std::string text = query->ddl + "\n" + query->sql;
        const sql::Script script = sql::compileScript(text);
        const sql::Diagnostic* error = firstError(script);
        QVERIFY2(error && !script.ok(), "accepted, but Flink refuses it");
        QVERIFY2(error->message.find(expectation.word) != std::string::npos
                || error->hint.find(expectation.word) != std::string::npos,
            describe(*error).c_str());
        QVERIFY2(std::string_view(text).substr(error->span.offset).starts_with(expectation.at),
            (describe(*error) + " at: " + text.substr(error->span.offset, 40)).c_str());
        checkPlace(text, *error);
    }

    void runsWithItsBadge()
    {
        for (const RunsHere& one : runsHere) {
            const auto queries = rejectedQueries();
            const auto query = std::find_if(queries.begin(), queries.end(),
                [&](const RejectedQuery& candidate) { return candidate.name == one.name; });
            QVERIFY(query != queries.end());
            const std::string text = query->ddl + "\n" + query->sql;
            const sql::Script script = sql::compileScript(text);
            const sql::Diagnostic* error = firstError(script);
            QVERIFY2(script.ok(), error ? describe(*error).c_str() : one.name);
            const sql::Badge& badge = script.queries.at(0).badge;
            QCOMPARE(badge.colour(), one.colour);
            QCOMPARE(badge.reasons.size(), std::size_t{1});
            QVERIFY2(badge.reasons[0].message.find(one.word) != std::string::npos, describe(badge).c_str());
            QVERIFY2(std::string_view(text).substr(badge.reasons[0].span.offset).starts_with(one.at),
                describe(badge).c_str());
        }
    }

    void jobsThatFail()
    {
        int seen = 0;
        for (const RejectedQuery& query : rejectedQueries()) {
            if (query.stage != "run" || query.name == "null_time" || query.name == "json_value_wrong_type")
                continue; // the window's to refuse; a function that is not built
            const sql::Script script = sql::compileScript(query.ddl + query.sql);
            QVERIFY2(script.ok(), query.name.c_str());
            const ScalarRun run = runScalar(script.queries.at(0), query.input);
            QVERIFY2(run.failure, query.name.c_str());
            QVERIFY2(!run.failure->empty(), query.name.c_str());
            ++seen;
        }
        QCOMPARE(seen, 3);
    }

    void acceptedThoughOneMightExpectAnError_data()
    {
        QTest::addColumn<QString>("query");
        const QString window = QStringLiteral("TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' %1))");
        QTest::newRow("plural unit") << "SELECT window_start, window_end, COUNT(*) FROM " + window.arg("SECONDS")
                + " GROUP BY window_start, window_end";
        QTest::newRow("boolean and text") << QStringLiteral("SELECT (qty > 1) = 'yes' FROM t");
        QTest::newRow("INT and a literal beyond INT") << QStringLiteral("SELECT id FROM t WHERE qty < 3000000000");
        const QString tumble = window.arg("SECOND");
        const QString session = QStringLiteral("TABLE(SESSION(TABLE t%1, DESCRIPTOR(ts), INTERVAL '10' SECOND))");
        QTest::newRow("one bound of the window")
            << "SELECT window_start, COUNT(*) FROM " + tumble + " GROUP BY window_start";
        QTest::newRow("window columns in GROUPING SETS") << "SELECT window_start, k, COUNT(*) FROM " + tumble
                + " GROUP BY GROUPING SETS ((window_start, window_end, k), (window_start, window_end))";
        QTest::newRow("session by a key, grouped without it") << "SELECT window_start, COUNT(*) FROM "
                + session.arg(" PARTITION BY k") + " GROUP BY window_start, window_end";
        QTest::newRow("session without a key, grouped by one")
            << "SELECT k, COUNT(*) FROM " + session.arg("") + " GROUP BY window_start, window_end, k";
        QTest::newRow("a window function alone") << "SELECT * FROM " + tumble;
        QTest::newRow("aggregate of a constant") << "SELECT window_start, window_end, SUM(1) FROM "
                + window.arg("SECOND") + " GROUP BY window_start, window_end";
    }

    void acceptedThoughOneMightExpectAnError()
    {
        QFETCH(QString, query);
        const std::string ddl = rejectedQueries().front().ddl;
        const sql::Script script = sql::compileScript(ddl + query.toStdString());
        const sql::Diagnostic* error = firstError(script);
        QVERIFY2(script.ok(), error ? describe(*error).c_str() : "");
        QCOMPARE(script.queries.size(), std::size_t{1});
    }

private:
    /// Line and column say the same place as the offset.
    static void checkPlace(const std::string& text, const sql::Diagnostic& error)
    {
        const QByteArray before = bytes(std::string_view(text).substr(0, error.span.offset));
        QCOMPARE(error.span.line, static_cast<std::uint32_t>(before.count('\n') + 1));
        const QString line = QString::fromUtf8(before.mid(before.lastIndexOf('\n') + 1));
        QCOMPARE(error.span.column, static_cast<std::uint32_t>(line.toUcs4().size() + 1));
        QVERIFY(error.span.offset + error.span.length <= text.size());
        QVERIFY(error.span.length > 0);
    }
};

QTEST_GUILESS_MAIN(TestSqlRejected)
#include "tst_sql_rejected.moc"
