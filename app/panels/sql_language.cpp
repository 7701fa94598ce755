// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/sql_language.h"

#include "app/engine/sql/completion.h"
#include "app/engine/sql/token.h"

#include <QObject>

#include <limits>

namespace weir {

namespace {

editor::EditorTokenKind kindOf(sql::TokenClass tokenClass)
{
    switch (tokenClass) {
    case sql::TokenClass::Keyword:
        return editor::EditorTokenKind::Keyword;
    case sql::TokenClass::Function:
        return editor::EditorTokenKind::Function;
    case sql::TokenClass::String:
        return editor::EditorTokenKind::String;
    case sql::TokenClass::Number:
        return editor::EditorTokenKind::Number;
    case sql::TokenClass::Operator:
        return editor::EditorTokenKind::Operator;
    case sql::TokenClass::Comment:
        return editor::EditorTokenKind::Comment;
    case sql::TokenClass::Error:
        return editor::EditorTokenKind::Error;
    case sql::TokenClass::Identifier:
    case sql::TokenClass::QuotedIdentifier:
        break;
    }
    return editor::EditorTokenKind::Identifier;
}

std::vector<editor::EditorToken> tokensOf(const QByteArray& utf8)
{
    std::vector<editor::EditorToken> tokens;
    for (const sql::Token& token :
        sql::tokenize(std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size()))))
        tokens.push_back({token.span.offset, token.span.length, kindOf(token.tokenClass)});
    return tokens;
}

editor::CompletionKind kindOf(sql::CompletionKind kind)
{
    switch (kind) {
    case sql::CompletionKind::Column:
        return editor::CompletionKind::Column;
    case sql::CompletionKind::Table:
        return editor::CompletionKind::Table;
    case sql::CompletionKind::Function:
        return editor::CompletionKind::Function;
    case sql::CompletionKind::Keyword:
        break;
    }
    return editor::CompletionKind::Keyword;
}

/// A text of hundreds of kilobytes is no query that somebody types, and parsing it at each key would be felt.
constexpr qsizetype completedBytes = 256 * 1024;

std::vector<editor::CompletionItem> completionsOf(const QByteArray& utf8, const QByteArray& prefix, qint64 position)
{
    std::vector<editor::CompletionItem> items;
    if (utf8.size() > completedBytes)
        return items;
    const QString begun = QString::fromUtf8(prefix);
    const std::string_view script(utf8.constData(), static_cast<std::size_t>(utf8.size()));
    for (const sql::CompletionItem& item : sql::completionsAt(script, static_cast<std::size_t>(position))) {
        const QString text = QString::fromStdString(item.text);
        if (text.startsWith(begun, Qt::CaseInsensitive))
            items.push_back({text, kindOf(item.kind), QString::fromStdString(item.detail)});
    }
    return items;
}

} // namespace

editor::EditorLanguage flinkSql()
{
    return {tokensOf, completionsOf};
}

std::vector<editor::EditorProblem> problemsOf(const sql::Script& script)
{
    std::vector<editor::EditorProblem> problems;
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        editor::EditorProblem problem;
        problem.severity = diagnostic.severity == sql::Severity::Error ? editor::ProblemSeverity::Error
            : diagnostic.severity == sql::Severity::Warning            ? editor::ProblemSeverity::Warning
                                                                       : editor::ProblemSeverity::Note;
        problem.line = static_cast<int>(diagnostic.span.line);
        problem.column = static_cast<int>(diagnostic.span.column);
        problem.offset = diagnostic.span.offset;
        problem.length = diagnostic.span.length;
        problem.message = QString::fromStdString(diagnostic.message);
        problem.hint = QString::fromStdString(diagnostic.hint);
        problems.push_back(std::move(problem));
    }
    return problems;
}

std::vector<ScriptStatement> statementsToRun(const std::string& sql, std::optional<qint64> cursor)
{
    const sql::Script script = sql::compileScript(sql);
    std::vector<ScriptStatement> all;
    for (const sql::QueryPlan& plan : script.queries) {
        const auto begin = static_cast<qint64>(plan.span.offset);
        ScriptStatement statement;
        statement.number = all.size();
        statement.end = begin + plan.span.length;
        statement.title = QObject::tr("Line %1").arg(plan.span.line);
        if (plan.sink.table)
            statement.title += QObject::tr(" into %1").arg(QString::fromStdString(plan.sink.table->name));
        if (cursor && begin <= *cursor && *cursor <= statement.end)
            return {statement};
        all.push_back(std::move(statement));
    }
    if (all.empty() || !script.ok())
        return {ScriptStatement{std::numeric_limits<std::size_t>::max(), {}, static_cast<qint64>(sql.size())}};
    return cursor ? std::vector<ScriptStatement>{all.back()} : all;
}

namespace {

ScriptVerdict brokenVerdict(const sql::Script& script)
{
    ScriptVerdict verdict;
    int errors = 0;
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        if (diagnostic.severity != sql::Severity::Error)
            continue;
        if (errors++ == 0)
            verdict.offset = diagnostic.span.offset;
        verdict.details += QString::fromStdString(diagnostic.message) + QLatin1Char('\n');
    }
    verdict.details.chop(1);
    verdict.kind = editor::VerdictButton::Kind::Broken;
    verdict.text =
        errors == 1 ? QObject::tr("Does not run: 1 error") : QObject::tr("Does not run: %1 errors").arg(errors);
    return verdict;
}

} // namespace

ScriptVerdict verdictOf(const sql::Script& script)
{
    if (!script.ok())
        return brokenVerdict(script);
    ScriptVerdict verdict;
    auto worst = sql::BadgeColour::Green;
    for (const sql::QueryPlan& query : script.queries) {
        for (const sql::BadgeReason& reason : query.badge.reasons)
            verdict.details += QString::fromStdString(reason.message) + QLatin1Char('\n');
        if (query.badge.colour() > worst) {
            worst = query.badge.colour();
            verdict.offset = query.badge.reasons.front().span.offset;
        }
    }
    verdict.details.chop(1);
    if (worst == sql::BadgeColour::Red) {
        verdict.kind = editor::VerdictButton::Kind::Local;
        verdict.text = QObject::tr("Runs here only");
    } else if (worst == sql::BadgeColour::Amber) {
        verdict.kind = editor::VerdictButton::Kind::Limited;
        verdict.text = QObject::tr("Runs on Flink with a condition");
    } else if (!script.queries.empty()) {
        verdict.text = QObject::tr("Runs unchanged on Flink 1.20 and later");
    }
    return verdict;
}

} // namespace weir
