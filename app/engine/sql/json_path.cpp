// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/json_path.h"

#include "app/engine/sql/words.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir::sql {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class PathParser
{
public:
    explicit PathParser(std::string_view text) : m_text(text) { }

    std::variant<JsonPath, std::string> run()
    {
        mode();
        skipSpace();
        if (!accept('$'))
            return "it starts with $, as in '$.order.items[0]'";
        while (m_at < m_text.size() && m_fault.empty()) {
            skipSpace();
            if (m_at < m_text.size())
                step();
        }
        if (!m_fault.empty())
            return m_fault;
        return std::move(m_path);
    }

private:
    void mode()
    {
        skipSpace();
        for (const std::string_view word : {"lax", "strict"}) {
            const std::string_view rest = m_text.substr(m_at);
            const bool stands = rest.size() > word.size() && isSpace(rest[word.size()])
                && equalsIgnoreCase(rest.substr(0, word.size()), word);
            if (!stands)
                continue;
            m_path.lax = word == "lax";
            m_at += word.size();
            return;
        }
    }

    void step()
    {
        JsonStep next;
        if (accept('.')) {
            next.deep = accept('.');
            if (next.deep && accept('['))
                bracket(next);
            else
                member(next);
        } else if (accept('[')) {
            bracket(next);
        } else {
            fail("a step is .name, ['name'], [0] or [*]");
        }
        m_path.steps.push_back(std::move(next));
    }

    void member(JsonStep& next)
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && std::string_view(".[( ").find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        next.name = std::string(m_text.substr(begin, m_at - begin));
        if (next.name.empty())
            fail("a name is missing behind the dot");
        if (m_at < m_text.size() && m_text[m_at] == '(')
            fail("functions in a path are not supported");
        if (next.name == "*")
            next.kind = JsonStep::Kind::All;
    }

    void bracket(JsonStep& next)
    {
        skipSpace();
        const char c = m_at < m_text.size() ? m_text[m_at] : '\0';
        if (c == '\'' || c == '"')
            quoted(next, c);
        else if (c == '?')
            fail("a filter [?(…)] is not supported");
        else if (accept('*'))
            next.kind = JsonStep::Kind::All;
        else
            numbers(next);
        skipSpace();
        if (m_fault.empty() && !accept(']'))
            fail("a ] is missing");
    }

    void quoted(JsonStep& next, char quote)
    {
        for (++m_at; m_at < m_text.size() && m_text[m_at] != quote; ++m_at) {
            if (m_text[m_at] == '\\' && m_at + 1 < m_text.size())
                ++m_at;
            next.name.push_back(m_text[m_at]);
        }
        if (!accept(quote))
            fail("a quote is missing behind the name");
        skipSpace();
        if (m_at < m_text.size() && m_text[m_at] == ',')
            fail("several names in one bracket are not supported");
    }

    void numbers(JsonStep& next)
    {
        next.kind = JsonStep::Kind::Items;
        do {
            skipSpace();
            const auto first = number();
            skipSpace();
            if (next.items.empty() && accept(':')) {
                skipSpace();
                next.kind = JsonStep::Kind::Slice;
                next.from = first.value_or(0);
                next.to = number().value_or(next.to);
                return;
            }
            if (!first)
                return fail("a number, a name in quotes or * stands in the bracket");
            next.items.push_back(*first);
        } while (accept(','));
    }

    std::optional<std::int64_t> number()
    {
        std::int64_t value = 0;
        const char* end = m_text.data() + m_text.size();
        const auto [behind, error] = std::from_chars(m_text.data() + m_at, end, value);
        if (error != std::errc())
            return std::nullopt;
        m_at = static_cast<std::size_t>(behind - m_text.data());
        return value;
    }

    bool accept(char c)
    {
        if (m_at == m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    void fail(const std::string& what)
    {
        if (m_fault.empty())
            m_fault = what + " (character " + std::to_string(m_at + 1) + ")";
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    JsonPath m_path;
    std::string m_fault;
};

} // namespace

bool JsonPath::definite() const
{
    return std::all_of(steps.begin(), steps.end(), [](const JsonStep& step) {
        return !step.deep
            && (step.kind == JsonStep::Kind::Member || (step.kind == JsonStep::Kind::Items && step.items.size() == 1));
    });
}

std::variant<JsonPath, std::string> parseJsonPath(std::string_view text)
{
    return PathParser(text).run();
}

} // namespace weir::sql
