// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/script.h"
#include "app/engine/sql/token.h"
#include "tests/engine/sql/golden_case.h"

#include <QTest>

#include <map>

using namespace weir::sql;

namespace {

const char* nameOf(TokenClass tokenClass)
{
    switch (tokenClass) {
    case TokenClass::Keyword:
        return "key";
    case TokenClass::Identifier:
        return "id";
    case TokenClass::QuotedIdentifier:
        return "quoted";
    case TokenClass::Function:
        return "fn";
    case TokenClass::String:
        return "str";
    case TokenClass::Number:
        return "num";
    case TokenClass::Operator:
        return "op";
    case TokenClass::Comment:
        return "comment";
    case TokenClass::Error:
        break;
    }
    return "error";
}

std::string shown(std::string_view text)
{
    std::string result;
    for (const Token& token : tokenize(text))
        result += std::string(result.empty() ? "" : " ") + nameOf(token.tokenClass) + ":" + std::string(token.text);
    return result;
}

} // namespace

class TestSqlToken : public QObject
{
    Q_OBJECT

private slots:
    void classes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("tokens");
        const auto row = [](const char* name, QByteArray text, QByteArray tokens) {
            QTest::newRow(name) << text << tokens;
        };
        row("nothing", "", "");
        row("white space", " \t\r\n ", "");
        row("keywords in any case", "select FROM Where", "key:select key:FROM key:Where");
        row("names", "a _b c1 größe 東京", "id:a id:_b id:c1 id:größe id:東京");
        row("back-quotes", "`a b` `x``y`", "quoted:`a b` quoted:`x``y`");
        row("open back-quote", "`a", "error:`a");
        row("string", "'it''s'", "str:'it''s'");
        row("empty strings", "'' ''", "str:'' str:''");
        row("open string", "'abc", "error:'abc");
        row("string that ends in a quote pair", "'abc''", "error:'abc''");
        row("string over lines", "'a\nb'", "str:'a\nb'");
        row("numbers", "1 2.5 .5 1e3 1.5E-7 7.", "num:1 num:2.5 num:.5 num:1e3 num:1.5E-7 num:7.");
        row("a number ends before letters", "1e", "num:1 id:e");
        row("operators", "a<=b<>c>=d||e=>f", "id:a op:<= id:b op:<> id:c op:>= id:d op:|| id:e op:=> id:f");
        row("minus is no comment", "1 - -1", "num:1 op:- op:- num:1");
        row("line comment", "1 -- two\n3", "num:1 comment:-- two num:3");
        row("line comment at the end", "--", "comment:--");
        row("block comment", "a/* b\n; */c", "id:a comment:/* b\n; */ id:c");
        row("open block comment", "a /* b", "id:a error:/* b");
        row("block comment without a star of its own", "/*/", "error:/*/");
        row("function", "count (*)", "fn:count op:( op:* op:)");
        row("function's name as a column", "upper", "id:upper");
        row("double quotes belong to no token", "\"a\"", "error:\" id:a error:\"");
        row("odd characters", "a ? b", "id:a error:? id:b");
    }

    void classes()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, tokens);
        QCOMPARE(QByteArray::fromStdString(shown(text.toStdString())), tokens);
    }

    void spansCountCharacters()
    {
        const std::string text = "a\n  'größe 🚀' b\r\nc";
        const auto tokens = tokenize(text);
        QCOMPARE(tokens.size(), std::size_t{4});
        QCOMPARE(tokens[1].span.line, 2U);
        QCOMPARE(tokens[1].span.column, 3U);
        QCOMPARE(tokens[2].span.line, 2U);
        QCOMPARE(tokens[2].span.column, 13U); // two blanks, nine characters and a blank before it
        QCOMPARE(tokens[2].span.offset, 19U);
        QCOMPARE(tokens[3].span.line, 3U);
        QCOMPARE(tokens[3].span.column, 1U);
    }

    /// Tokens lose nothing: with the white space between them they are the text.
    void tokensPreserveTheText()
    {
        for (const std::string& name : goldenNames()) {
            const std::string text = goldenCase(name).script;
            std::size_t at = 0;
            for (const Token& token : tokenize(text)) {
                QVERIFY(token.span.offset >= at);
                QCOMPARE(text.substr(at, token.span.offset - at).find_first_not_of(" \n\t\r"), std::string::npos);
                QCOMPARE(QByteArray::fromStdString(text.substr(token.span.offset, token.span.length)),
                    QByteArray(token.text.data(), static_cast<int>(token.text.size())));
                QVERIFY2(token.tokenClass != TokenClass::Error, name.c_str());
                at = token.span.offset + token.span.length;
            }
            QCOMPARE(text.substr(at).find_first_not_of(" \n\t\r"), std::string::npos);
        }
    }

    void wordListsAreInOrderAndUpperCase()
    {
        for (const auto* list : {&keywords(), &functionNames()}) {
            QVERIFY(list->size() > 20);
            std::map<std::string_view, int> seen;
            for (const std::string_view word : *list) {
                QCOMPARE(QString::fromUtf8(word.data(), static_cast<int>(word.size())).toUpper().toStdString(),
                    std::string(word));
                QCOMPARE(++seen[word], 1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSqlToken)
#include "tst_sql_token.moc"
