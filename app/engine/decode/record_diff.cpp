// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/decode/record_diff.h"

#include "app/engine/decode/json_text.h"
#include "app/engine/event/timestamp_text.h"

#include <algorithm>
#include <map>

namespace weir {

namespace {

constexpr std::size_t mostLines = 20'000; ///< of one value
constexpr std::size_t shownBytes = 400; ///< of a text

using Part = std::optional<std::string_view>;

/// A value of JSON with what is in it.
struct Node
{
    std::string name;
    JsonLineKind kind = JsonLineKind::Null;
    std::string_view bytes; ///< as it stands
    std::vector<Node> parts;

    bool isContainer() const { return kind == JsonLineKind::Object || kind == JsonLineKind::Array; }
};

/// nullopt: no JSON, or too many lines of it.
std::optional<Node> treeOf(std::string_view text)
{
    const JsonLines laidOut = layOutJson(text, mostLines);
    if (!laidOut.complete || laidOut.errorByte || laidOut.lines.empty())
        return std::nullopt;
    Node top;
    std::vector<Node*> open{&top}; // by depth: what the next line is a part of
    for (const JsonLine& line : laidOut.lines) {
        if (line.kind == JsonLineKind::Close)
            continue;
        open.resize(static_cast<std::size_t>(line.depth) + 1);
        Node& parent = *open.back();
        const std::string place =
            parent.kind == JsonLineKind::Array ? "[" + std::to_string(parent.parts.size()) + "]" : "";
        parent.parts.push_back({line.hasKey ? line.key : place, line.kind,
            text.substr(line.firstByte, line.endByte - line.firstByte), {}});
        open.push_back(&parent.parts.back());
    }
    return top.parts.size() == 1 ? std::optional(std::move(top.parts.front())) : std::nullopt;
}

std::string shown(std::string_view bytes)
{
    if (bytes.size() <= shownBytes)
        return std::string(bytes);
    return std::string(bytes.substr(0, shownBytes)) + " … (" + std::to_string(bytes.size()) + " bytes)";
}

std::string shownPart(const Part& part)
{
    return !part ? "null" : part->empty() ? "\"\"" : shown(*part);
}

class Differ
{
public:
    explicit Differ(std::vector<DiffLine>& lines) : m_lines(lines) { }

    void leaf(int depth, const std::string& path, const std::string& name, std::string before, std::string after)
    {
        const DiffKind kind = before == after ? DiffKind::Same : DiffKind::Changed;
        m_lines.push_back({depth, name, path + name, kind, false, std::move(before), std::move(after)});
    }

    /// Key, value or header: as JSON where both are, else by their bytes.
    void part(int depth, const std::string& path, const std::string& name, const Part& before, const Part& after)
    {
        if (before && after && *before != *after) {
            const auto left = treeOf(*before);
            const auto right = treeOf(*after);
            if (left && right && (left->isContainer() || right->isContainer())) {
                both(depth, path, *left, *right);
                return;
            }
        }
        DiffLine line{depth, name, path, before == after ? DiffKind::Same : DiffKind::Changed, false, shownPart(before),
            shownPart(after)};
        if (line.kind == DiffKind::Changed && before && after && line.before == line.after)
            line.after += " (differs from byte " + std::to_string(firstDifference(*before, *after)) + " on)";
        m_lines.push_back(std::move(line));
    }

    void onlyOne(int depth, const std::string& path, const Node& node, DiffKind kind)
    {
        const bool added = kind == DiffKind::Added;
        const std::string text = shown(node.bytes);
        m_lines.push_back(
            {depth, node.name, path, kind, false, added ? std::string() : text, added ? text : std::string()});
    }

private:
    static std::size_t firstDifference(std::string_view a, std::string_view b)
    {
        return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    }

    static std::string below(const std::string& path, const Node& node)
    {
        return node.name.starts_with('[') || path.empty() ? path + node.name : path + "." + node.name;
    }

    void both(int depth, const std::string& path, const Node& before, const Node& after)
    {
        const bool containers = before.kind == after.kind && after.isContainer();
        const bool same = before.bytes == after.bytes;
        m_lines.push_back({depth, after.name.empty() ? path : after.name, path,
            same ? DiffKind::Same : DiffKind::Changed, containers, shown(before.bytes), shown(after.bytes)});
        if (containers)
            parts(depth + 1, path, before, after);
    }

    /// In the order of `after`; what is gone stands where it was.
    void parts(int depth, const std::string& path, const Node& before, const Node& after)
    {
        const auto byName = [](const Node& node) {
            std::map<std::string_view, const Node*> parts;
            for (const Node& part : node.parts)
                parts[part.name] = &part;
            return parts;
        };
        const auto old = byName(before);
        const auto now = byName(after);
        std::size_t passed = 0; // of before
        const auto passGone = [&](const Node* upTo) {
            for (; passed < before.parts.size() && &before.parts[passed] != upTo; ++passed) {
                const Node& gone = before.parts[passed];
                if (!now.contains(gone.name))
                    onlyOne(depth, below(path, gone), gone, DiffKind::Removed);
            }
        };
        for (const Node& node : after.parts) {
            const auto found = old.find(node.name);
            if (found == old.end()) {
                onlyOne(depth, below(path, node), node, DiffKind::Added);
                continue;
            }
            if (found->second >= &before.parts[std::min(passed, before.parts.size() - 1)])
                passGone(found->second);
            both(depth, below(path, node), *found->second, node);
        }
        passGone(nullptr);
    }

    std::vector<DiffLine>& m_lines;
};

std::string timeOf(const RecordBatch& batch, std::size_t index)
{
    if (batch.timestampType(index) == TimestampType::NotAvailable)
        return "unknown";
    std::string text;
    appendTimestamp(text, Timestamp{batch.timestamp(index), 0}, 3);
    return text + "Z";
}

void addHeaders(Differ& differ, const RecordBatch& before, std::size_t beforeIndex, const RecordBatch& after,
    std::size_t afterIndex)
{
    const std::size_t common = std::min(before.headerCount(beforeIndex), after.headerCount(afterIndex));
    const auto node = [](const Header& header) {
        return Node{std::string(header.name), JsonLineKind::String, header.value.value_or("null"), {}};
    };
    for (std::size_t h = 0; h < common; ++h) {
        const Header left = before.header(beforeIndex, h);
        const Header right = after.header(afterIndex, h);
        const std::string path = "headers." + std::string(right.name);
        if (left.name == right.name) {
            differ.part(1, path, std::string(right.name), left.value, right.value);
            continue;
        }
        differ.onlyOne(1, "headers." + std::string(left.name), node(left), DiffKind::Removed);
        differ.onlyOne(1, path, node(right), DiffKind::Added);
    }
    for (std::size_t h = common; h < before.headerCount(beforeIndex); ++h) {
        const Header left = before.header(beforeIndex, h);
        differ.onlyOne(1, "headers." + std::string(left.name), node(left), DiffKind::Removed);
    }
    for (std::size_t h = common; h < after.headerCount(afterIndex); ++h) {
        const Header right = after.header(afterIndex, h);
        differ.onlyOne(1, "headers." + std::string(right.name), node(right), DiffKind::Added);
    }
}

} // namespace

std::vector<DiffLine> diffRecords(
    const RecordBatch& before, std::size_t beforeIndex, const RecordBatch& after, std::size_t afterIndex)
{
    std::vector<DiffLine> lines;
    Differ differ(lines);
    const auto section = [&lines](const std::string& name) {
        lines.push_back({0, name, name, DiffKind::Same, true, {}, {}});
    };
    section("record");
    differ.leaf(1, "record.", "topic", before.topic(), after.topic());
    differ.leaf(
        1, "record.", "partition", std::to_string(before.partition().value), std::to_string(after.partition().value));
    differ.leaf(
        1, "record.", "offset", std::to_string(before.offset(beforeIndex)), std::to_string(after.offset(afterIndex)));
    differ.leaf(1, "record.", "timestamp", timeOf(before, beforeIndex), timeOf(after, afterIndex));
    section("headers");
    addHeaders(differ, before, beforeIndex, after, afterIndex);
    differ.part(0, "key", "key", before.key(beforeIndex), after.key(afterIndex));
    differ.part(0, "value", "value", before.value(beforeIndex), after.value(afterIndex));
    return lines;
}

std::size_t differencesIn(const std::vector<DiffLine>& lines)
{
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(),
        [](const DiffLine& line) { return line.kind != DiffKind::Same && !line.container; }));
}

} // namespace weir
