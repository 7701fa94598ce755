// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/sql_language.h"

#include "app/engine/sql/token.h"

#include <algorithm>
#include <set>

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

class Completion
{
public:
    explicit Completion(const QByteArray& prefix) : m_prefix(QString::fromUtf8(prefix).toLower()) { }

    void add(const QString& text, editor::CompletionKind kind, const QString& detail = {})
    {
        if (text.toLower().startsWith(m_prefix) && m_seen.insert(text).second)
            m_items.push_back({text, kind, detail});
    }

    std::vector<editor::CompletionItem> items() const { return m_items; }

private:
    QString m_prefix;
    std::set<QString> m_seen;
    std::vector<editor::CompletionItem> m_items;
};

std::vector<editor::CompletionItem> completionsOf(const SqlWords& words, const QByteArray& prefix)
{
    Completion completion(prefix);
    for (const sql::TablePtr& table : words.tables) {
        for (const sql::TableColumn& column : table->columns)
            completion.add(QString::fromStdString(sql::quoteIdentifier(column.name)), editor::CompletionKind::Column,
                QString::fromStdString(column.type.text()));
        completion.add(QString::fromStdString(sql::quoteIdentifier(table->name)), editor::CompletionKind::Table);
    }
    for (const char* column : {"window_start", "window_end", "window_time"})
        completion.add(QString::fromLatin1(column), editor::CompletionKind::Column);
    for (const std::string_view name : sql::functionNames())
        completion.add(
            QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())), editor::CompletionKind::Function);
    for (const std::string_view word : sql::keywords())
        completion.add(
            QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size())), editor::CompletionKind::Keyword);
    return completion.items();
}

} // namespace

editor::EditorLanguage flinkSql(std::shared_ptr<const SqlWords> words)
{
    return {tokensOf, [words = std::move(words)](const QByteArray&, const QByteArray& prefix, qint64) {
                return completionsOf(*words, prefix);
            }};
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

} // namespace weir
