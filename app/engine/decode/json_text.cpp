// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_text.h"

#include "app/engine/decode/json_number.h"

namespace weir {

namespace {

constexpr int depthLimit = 512;
constexpr std::size_t shownBytes = 4096; ///< of one string; the bytes pane has all of it

/// Position behind the string that starts at `at`; npos when it has no end.
std::size_t endOfString(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

bool endsScalar(char c)
{
    return isJsonSpace(c) || c == ',' || c == ':' || c == '}' || c == ']' || c == '{' || c == '[' || c == '"';
}

/// Lays out with an explicit stack, so that depth is memory and not the machine's stack.
class Layout
{
public:
    Layout(std::string_view text, std::size_t maxLines) : m_text(text), m_maxLines(maxLines) { }

    JsonLines run()
    {
        while (!m_done && !m_result.errorByte) {
            if (m_result.lines.size() >= m_maxLines) {
                m_result.complete = false;
                break;
            }
            step();
        }
        if (m_result.errorByte)
            addError();
        return std::move(m_result);
    }

private:
    struct Open
    {
        std::size_t line = 0;
        bool object = false;
        bool first = true;
    };

    void step()
    {
        skipSpace();
        if (m_at == m_text.size()) {
            fail("the value ends here, unfinished");
            return;
        }
        if (m_open.empty()) {
            value({});
            return;
        }
        Open& open = m_open.back();
        if (m_text[m_at] == (open.object ? '}' : ']') && (open.first || !m_afterComma)) {
            close();
            return;
        }
        if (!open.first && !m_afterComma) {
            separator();
            return;
        }
        open.first = false;
        m_afterComma = false;
        if (open.object)
            member();
        else
            value({});
    }

    void separator()
    {
        if (m_text[m_at] != ',') {
            fail("a comma or the end of the list is missing here");
            return;
        }
        ++m_at;
        m_afterComma = true;
    }

    void member()
    {
        const std::size_t begin = m_at;
        const std::size_t end = m_text[m_at] == '"' ? endOfString(m_text, m_at) : std::string_view::npos;
        if (end == std::string_view::npos) {
            fail("a key in quotes is missing here");
            return;
        }
        m_at = end;
        skipSpace();
        if (m_at == m_text.size() || m_text[m_at] != ':') {
            fail("a colon is missing here");
            return;
        }
        ++m_at;
        skipSpace();
        if (m_at == m_text.size()) {
            fail("the value ends here, unfinished");
            return;
        }
        value(m_text.substr(begin + 1, end - begin - 2));
    }

    void value(std::optional<std::string_view> key)
    {
        JsonLine line;
        line.depth = static_cast<int>(m_open.size());
        line.hasKey = key.has_value();
        line.key = std::string(key.value_or(""));
        line.firstByte = m_at;
        const char c = m_text[m_at];
        if (c == '{' || c == '[') {
            open(std::move(line), c == '{');
            return;
        }
        const std::size_t end = c == '"' ? endOfString(m_text, m_at) : endOfScalar();
        // A comma, colon or stray bracket ends a scalar before it began.
        if (end == std::string_view::npos || end == m_at || !classify(line, m_text.substr(m_at, end - m_at))) {
            fail(c == '"' ? "this string has no end" : "this is no JSON value");
            return;
        }
        line.endByte = end;
        m_at = end;
        m_result.lines.push_back(std::move(line));
        m_done = m_open.empty();
    }

    std::size_t endOfScalar() const
    {
        std::size_t end = m_at;
        while (end < m_text.size() && !endsScalar(m_text[end]))
            ++end;
        return end;
    }

    static bool classify(JsonLine& line, std::string_view token)
    {
        line.text = std::string(token.substr(0, shownBytes));
        if (token.size() > shownBytes)
            line.text += "…";
        if (token.front() == '"')
            line.kind = JsonLineKind::String;
        else if (token == "true" || token == "false")
            line.kind = JsonLineKind::Boolean;
        else if (token == "null")
            line.kind = JsonLineKind::Null;
        else if (!numberText(token).empty())
            line.kind = JsonLineKind::Number;
        else
            return false;
        return true;
    }

    void open(JsonLine line, bool object)
    {
        if (m_open.size() >= depthLimit) {
            fail("the value is nested deeper than 512 levels");
            return;
        }
        line.kind = object ? JsonLineKind::Object : JsonLineKind::Array;
        line.text = object ? "{" : "[";
        line.endByte = m_text.size();
        m_open.push_back({m_result.lines.size(), object, true});
        m_result.lines.push_back(std::move(line));
        m_afterComma = false;
        ++m_at;
    }

    void close()
    {
        const Open open = m_open.back();
        m_open.pop_back();
        ++m_at;
        m_result.lines[open.line].endByte = m_at;
        JsonLine line;
        line.depth = static_cast<int>(m_open.size());
        line.kind = JsonLineKind::Close;
        line.text = open.object ? "}" : "]";
        line.firstByte = m_result.lines[open.line].firstByte;
        line.endByte = m_at;
        m_result.lines.push_back(std::move(line));
        m_done = m_open.empty();
    }

    void skipSpace()
    {
        while (m_at < m_text.size() && isJsonSpace(m_text[m_at]))
            ++m_at;
    }

    void fail(const char* message)
    {
        m_failure = message;
        m_result.errorByte = m_at;
    }

    void addError()
    {
        JsonLine line;
        line.depth = static_cast<int>(m_open.size());
        line.kind = JsonLineKind::Error;
        line.text = "byte " + std::to_string(m_at) + ": " + m_failure;
        line.firstByte = m_at;
        line.endByte = m_text.size();
        m_result.lines.push_back(std::move(line));
    }

    std::string_view m_text;
    std::size_t m_maxLines;
    std::size_t m_at = 0;
    std::vector<Open> m_open;
    JsonLines m_result;
    const char* m_failure = "";
    bool m_afterComma = false;
    bool m_done = false;
};

} // namespace

std::size_t endOfFirstJsonValue(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size() && isJsonSpace(text[at]))
        ++at;
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = endOfString(text, at);
            if (at == std::string_view::npos)
                return 0;
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
            continue;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return 0;
            --depth;
            ++at;
        } else {
            if (depth == 0) {
                while (at < text.size() && !endsScalar(text[at]))
                    ++at;
                return at;
            }
            ++at;
            continue;
        }
        if (depth == 0)
            return at;
    }
    return 0;
}

std::string compactJson(std::string_view text)
{
    std::string compact;
    compact.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            const std::size_t end = std::min(endOfString(text, at), text.size());
            compact.append(text.substr(at, end - at));
            at = end;
        } else {
            if (!isJsonSpace(text[at]))
                compact.push_back(text[at]);
            ++at;
        }
    }
    return compact;
}

JsonLines layOutJson(std::string_view value, std::size_t maxLines)
{
    return Layout(value, maxLines).run();
}

} // namespace weir
