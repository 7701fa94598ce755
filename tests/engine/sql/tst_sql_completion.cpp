// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/completion.h"
#include "app/engine/sql/script.h"

#include <QTest>

#include <algorithm>

using namespace weir;

namespace {

const std::string script =
    R"(CREATE TABLE t (id BIGINT, `key word` STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH (
  'connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
CREATE TABLE other (far INT) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
CREATE VIEW v AS SELECT id AS number FROM t;
)";

/// Completions at the ^ of `query`, which stands behind the script.
std::vector<sql::CompletionItem> at(std::string query)
{
    const std::size_t caret = query.find('^');
    query.erase(caret, 1);
    return sql::completionsAt(script + query, script.size() + caret);
}

const sql::CompletionItem* find(const std::vector<sql::CompletionItem>& items, const std::string& text)
{
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const sql::CompletionItem& item) { return item.text == text; });
    return found == items.end() ? nullptr : &*found;
}

} // namespace

class TestSqlCompletion : public QObject
{
    Q_OBJECT

private slots:
    void columnsOfTheTablesInTheStatement()
    {
        const auto items = at("SELECT far FROM other; SELECT ^ FROM t WHERE");
        QVERIFY(find(items, "id"));
        QCOMPARE(find(items, "id")->kind, sql::CompletionKind::Column);
        QCOMPARE(find(items, "id")->detail, std::string("BIGINT"));
        QVERIFY(find(items, "`key word`"));
        QVERIFY(!find(items, "far"));
        QVERIFY(!find(items, "number"));
        QCOMPARE(items.front().kind, sql::CompletionKind::Column);
    }

    void allColumnsWhereNoTableIsNamed()
    {
        const auto items = at("SELECT ^");
        QVERIFY(find(items, "id") && find(items, "far") && find(items, "number"));
    }

    void tablesViewsAndCommonQueries()
    {
        const auto items = at("WITH busy AS (SELECT id FROM t) SELECT * FROM ^");
        for (const char* name : {"t", "other", "v", "busy"}) {
            QVERIFY2(find(items, name), name);
            QCOMPARE(find(items, name)->kind, sql::CompletionKind::Table);
        }
        QCOMPARE(find(items, "v")->detail, std::string("view"));
    }

    void columnsOfAView()
    {
        const auto items = at("SELECT ^ FROM v");
        QVERIFY(find(items, "number"));
        QVERIFY(!find(items, "id"));
    }

    void windowColumnsNextToAWindow()
    {
        QVERIFY(find(at("SELECT ^ FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR("), "window_start"));
        QVERIFY(!find(at("SELECT ^ FROM t"), "window_start"));
    }

    void functionsAndKeywords()
    {
        const auto items = at("SELECT ^ FROM t");
        QCOMPARE(find(items, "APPROX_PERCENTILE")->kind, sql::CompletionKind::Function);
        QCOMPARE(find(items, "ROLLUP")->kind, sql::CompletionKind::Keyword);
    }

    void knownTables()
    {
        const sql::Script first = sql::compileScript(script);
        const auto items = sql::completionsAt("SELECT  FROM t", 7, first.tables);
        QVERIFY(find(items, "id"));
        QVERIFY(!find(items, "far"));
    }

    void anyTextAndPlace()
    {
        for (const std::string& text : {std::string(), std::string("'"), std::string("SELECT (;;("), script}) {
            for (std::size_t offset = 0; offset <= text.size() + 3; ++offset)
                QVERIFY(!sql::completionsAt(text, offset).empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestSqlCompletion)
#include "tst_sql_completion.moc"
