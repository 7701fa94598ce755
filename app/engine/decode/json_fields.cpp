// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/json_fields.h"

#include "app/engine/decode/json_escape.h"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

constexpr std::size_t mostLines = 2000;

using Step = JsonFieldPath::Step;

/// Takes "name", "`na.me`" or "[7]" from the front; nothing where none of them stands there.
std::optional<Step> takeStep(std::string_view& text, bool first)
{
    Step step;
    if (text.front() == '[') {
        const std::size_t end = text.find(']');
        std::size_t place = 0;
        if (end == std::string_view::npos
            || std::from_chars(text.data() + 1, text.data() + end, place).ptr != text.data() + end || end == 1)
            return std::nullopt;
        step.place = place;
        text.remove_prefix(end + 1);
        return step;
    }
    if (!first) {
        if (text.front() != '.')
            return std::nullopt;
        text.remove_prefix(1);
    }
    if (!text.empty() && text.front() == '`') {
        const std::size_t end = text.find('`', 1);
        if (end == std::string_view::npos)
            return std::nullopt;
        step.name = std::string(text.substr(1, end - 1));
        text.remove_prefix(end + 1);
    } else {
        const std::size_t end = std::min(text.find_first_of(".["), text.size());
        step.name = std::string(text.substr(0, end));
        text.remove_prefix(end);
    }
    return step.name.empty() ? std::nullopt : std::optional(std::move(step));
}

/// Which of the paths lead to the line that is being walked.
class Walk
{
public:
    explicit Walk(std::span<const JsonFieldPath> paths) : m_paths(paths) { }

    void enter(const JsonLine& line)
    {
        const auto depth = static_cast<std::size_t>(line.depth);
        m_at.resize(depth);
        if (depth == 0)
            return;
        Step& step = m_at[depth - 1];
        if (line.hasKey) {
            step = {line.key, std::nullopt};
        } else {
            m_places.resize(std::max(m_places.size(), depth + 1));
            step = {{}, m_places[depth]++};
        }
    }
    /// Elements of what begins now are counted from 0.
    void open(const JsonLine& line)
    {
        const auto depth = static_cast<std::size_t>(line.depth) + 1;
        m_places.resize(std::max(m_places.size(), depth + 1));
        m_places[depth] = 0;
    }
    bool isAt(std::size_t path) const { return m_paths[path].steps == m_at; }

private:
    std::span<const JsonFieldPath> m_paths;
    std::vector<Step> m_at;
    std::vector<std::size_t> m_places; ///< by depth: of the next element
};

JsonFieldText textOf(std::string_view value, const JsonLine& line)
{
    const std::string_view bytes = value.substr(line.firstByte, line.endByte - line.firstByte);
    JsonFieldText field{std::string(bytes), line.kind};
    if (line.kind == JsonLineKind::String && bytes.size() >= 2)
        field.text = unescapeJson(bytes.substr(1, bytes.size() - 2)).value_or(field.text);
    return field;
}

} // namespace

std::optional<JsonFieldPath> JsonFieldPath::parse(std::string_view text)
{
    JsonFieldPath path;
    while (!text.empty()) {
        auto step = takeStep(text, path.steps.empty());
        if (!step)
            return std::nullopt;
        path.steps.push_back(std::move(*step));
    }
    return path.steps.empty() ? std::nullopt : std::optional(std::move(path));
}

std::string JsonFieldPath::text() const
{
    std::string text;
    for (const Step& step : steps) {
        if (step.place) {
            text += '[' + std::to_string(*step.place) + ']';
            continue;
        }
        text += text.empty() ? "" : ".";
        const bool plain = step.name.find_first_of(".[`") == std::string::npos;
        text += plain ? step.name : '`' + step.name + '`';
    }
    return text;
}

std::vector<std::optional<JsonFieldText>> jsonFieldsOf(std::string_view value, std::span<const JsonFieldPath> paths)
{
    std::vector<std::optional<JsonFieldText>> fields(paths.size());
    Walk walk(paths);
    for (const JsonLine& line : layOutJson(value, mostLines).lines) {
        if (line.kind == JsonLineKind::Close || line.kind == JsonLineKind::Error)
            continue;
        walk.enter(line);
        if (line.kind == JsonLineKind::Object || line.kind == JsonLineKind::Array)
            walk.open(line);
        for (std::size_t i = 0; i < paths.size(); ++i) {
            if (walk.isAt(i))
                fields[i] = textOf(value, line);
        }
    }
    return fields;
}

} // namespace weir
