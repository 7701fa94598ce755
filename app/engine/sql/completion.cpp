// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/completion.h"

#include "app/engine/sql/script.h"
#include "app/engine/sql/token_stream.h"
#include "app/engine/sql/words.h"

#include <algorithm>
#include <set>

namespace weir::sql {

namespace {

struct KnownRelation
{
    std::string name;
    Schema columns;
    const char* what;
};

class Completions
{
public:
    Completions(std::string_view text, std::size_t offset, const std::vector<TablePtr>& known)
        : m_tokens(tokenize(text))
    {
        findStatement(offset);
        const Script script = compileScript(text, known);
        for (const TablePtr& table : known)
            m_relations.push_back({table->name, table->schema(), "table"});
        for (const TablePtr& table : script.tables)
            m_relations.push_back({table->name, table->schema(), "table"});
        for (const ViewColumns& view : script.views)
            m_relations.push_back({view.name, view.columns, "view"});
    }

    std::vector<CompletionItem> items()
    {
        addColumns();
        for (const KnownRelation& relation : m_relations)
            add(quoteIdentifier(relation.name), CompletionKind::Table, relation.what);
        addCommonTables();
        for (const std::string_view name : functionNames())
            add(std::string(name), CompletionKind::Function);
        for (const std::string_view word : keywords())
            add(std::string(word), CompletionKind::Keyword);
        return std::move(m_items);
    }

private:
    /// Tokens between the semicolons around the offset.
    void findStatement(std::size_t offset)
    {
        m_end = m_tokens.size();
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].text != ";")
                continue;
            if (m_tokens[i].span.offset >= offset) {
                m_end = i;
                return;
            }
            m_begin = i + 1;
        }
    }

    bool statementNames(const std::string& name) const
    {
        for (std::size_t i = m_begin; i < m_end; ++i) {
            const Token& token = m_tokens[i];
            const bool quoted = token.tokenClass == TokenClass::QuotedIdentifier;
            if (quoted ? unquote(token.text) == name : token.text == name)
                return true;
        }
        return false;
    }

    bool hasWindow() const
    {
        return std::any_of(m_tokens.begin() + static_cast<std::ptrdiff_t>(m_begin),
            m_tokens.begin() + static_cast<std::ptrdiff_t>(m_end), [](const Token& token) {
                const std::string word = token.text.size() < 10 ? upper(token.text) : std::string();
                return word == "TUMBLE" || word == "HOP" || word == "CUMULATE" || word == "SESSION";
            });
    }

    void addColumns()
    {
        const bool any = std::any_of(m_relations.begin(), m_relations.end(),
            [this](const KnownRelation& relation) { return statementNames(relation.name); });
        for (const KnownRelation& relation : m_relations) {
            if (any && !statementNames(relation.name))
                continue;
            for (const RowField& column : relation.columns)
                add(quoteIdentifier(column.name), CompletionKind::Column, column.type.text());
        }
        if (!hasWindow())
            return;
        for (const char* column : {"window_start", "window_end", "window_time"})
            add(column, CompletionKind::Column, "TIMESTAMP(3) NOT NULL");
    }

    /// name AS ( behind WITH or a comma.
    void addCommonTables()
    {
        for (std::size_t i = m_begin; i + 2 < m_end; ++i) {
            const bool name = m_tokens[i].tokenClass == TokenClass::Identifier
                || m_tokens[i].tokenClass == TokenClass::QuotedIdentifier;
            if (name && equalsIgnoreCase(m_tokens[i + 1].text, "AS") && m_tokens[i + 2].text == "(")
                add(std::string(m_tokens[i].text), CompletionKind::Table, "query");
        }
    }

    void add(std::string text, CompletionKind kind, std::string detail = {})
    {
        if (m_seen.insert(text).second)
            m_items.push_back({std::move(text), kind, std::move(detail)});
    }

    std::vector<Token> m_tokens;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::vector<KnownRelation> m_relations;
    std::set<std::string> m_seen;
    std::vector<CompletionItem> m_items;
};

} // namespace

std::vector<CompletionItem> completionsAt(
    std::string_view script, std::size_t offset, const std::vector<TablePtr>& known)
{
    return Completions(script, offset, known).items();
}

} // namespace weir::sql
