// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/evaluation.h"
#include "app/engine/sql/java_text.h"
#include "app/engine/sql/json_clauses.h"
#include "app/engine/sql/json_path.h"

#include <simdjson.h>

#include <limits>
#include <optional>

namespace weir::sql {

namespace {

namespace dom = simdjson::dom;

bool isContainer(const dom::element& element)
{
    return element.is_object() || element.is_array();
}

/// With a point or exponent: is_double() holds for every number.
bool isReal(const dom::element& element)
{
    return element.type() == dom::element_type::DOUBLE;
}

/// Follows the steps of a path through one value.
class PathWalk
{
public:
    explicit PathWalk(const std::vector<JsonStep>& steps) : m_steps(steps) { }

    std::vector<dom::element> run(const dom::element& root)
    {
        take(root, 0);
        return std::move(m_found);
    }

private:
    void take(const dom::element& element, std::size_t at)
    {
        if (at == m_steps.size()) {
            m_found.push_back(element);
            return;
        }
        step(element, at);
        if (m_steps[at].deep)
            forEachChild(element, [&](const dom::element& child) { take(child, at); });
    }

    void step(const dom::element& element, std::size_t at)
    {
        const JsonStep& step = m_steps[at];
        if (step.kind == JsonStep::Kind::All)
            return forEachChild(element, [&](const dom::element& child) { take(child, at + 1); });
        if (step.kind == JsonStep::Kind::Member) {
            std::optional<dom::element> member; // of equal keys the last counts
            if (element.is_object()) {
                for (const dom::key_value_pair pair : dom::object(element)) {
                    if (pair.key == step.name)
                        member = pair.value;
                }
            }
            if (member)
                take(*member, at + 1);
            return;
        }
        if (!element.is_array())
            return;
        const std::vector<dom::element> items = itemsOf(element);
        const auto size = static_cast<std::int64_t>(items.size());
        if (step.kind == JsonStep::Kind::Slice) {
            const std::int64_t from = std::max<std::int64_t>(0, step.from < 0 ? size + step.from : step.from);
            const std::int64_t to = std::min(size, step.to < 0 ? size + step.to : step.to);
            for (std::int64_t i = from; i < to; ++i)
                take(items[static_cast<std::size_t>(i)], at + 1);
            return;
        }
        for (const std::int64_t wanted : step.items) {
            const std::int64_t place = wanted < 0 ? size + wanted : wanted;
            if (place >= 0 && place < size)
                take(items[static_cast<std::size_t>(place)], at + 1);
        }
    }

    static std::vector<dom::element> itemsOf(const dom::element& array)
    {
        std::vector<dom::element> items;
        for (const dom::element item : dom::array(array))
            items.push_back(item);
        return items;
    }

    template <typename Visit>
    static void forEachChild(const dom::element& element, Visit&& visit)
    {
        if (element.is_array()) {
            for (const dom::element item : dom::array(element))
                visit(item);
        } else if (element.is_object()) {
            for (const dom::key_value_pair pair : dom::object(element))
                visit(pair.value);
        }
    }

    const std::vector<JsonStep>& m_steps;
    std::vector<dom::element> m_found;
};

/// What a path means in one text.
struct Match
{
    bool wrong = false; ///< no JSON, or a strict path that leads nowhere
    bool isList = false; ///< the path may mean several values: it gives a list of them
    std::vector<dom::element> found; ///< one at most unless it is a list

    /// NULL in JSON, or nothing where that is no fault.
    bool empty() const { return !isList && (found.empty() || found.front().is_null()); }
    bool scalar() const { return !isList && !isContainer(found.front()); }
};

class JsonCall
{
public:
    JsonCall(const Expression& call, const Arguments& arguments, Evaluation& run)
        : m_call(call), m_arguments(arguments), m_run(run)
    {
        const auto* path = std::get_if<std::string>(&call.arguments[1]->literal);
        if (path) {
            m_path = std::get<JsonPath>(parseJsonPath(*path)); // the binder has read it
            m_definite = m_path.definite();
        }
    }

    void store(Column& result, std::uint32_t row)
    {
        const std::string_view text = m_arguments[0]->values<std::string_view>()[row];
        if (m_call.function == Function::IsJson)
            result.values<std::uint8_t>()[row] = hasShape(text) ? 1 : 0;
        else if (m_call.function == Function::JsonExists)
            storeExists(match(text), result, row);
        else if (m_call.function == Function::JsonValue)
            storeValue(match(text), result, row);
        else
            storeQuery(match(text), result, row);
    }

private:
    template <typename Choice>
    Choice choice(std::size_t argument) const
    {
        return static_cast<Choice>(std::get<std::int64_t>(m_call.arguments[argument]->literal));
    }

    bool parse(std::string_view text, dom::element& root)
    {
        return m_parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS;
    }

    bool hasShape(std::string_view text)
    {
        dom::element root;
        if (!parse(text, root))
            return false;
        switch (choice<JsonShape>(1)) {
        case JsonShape::Object:
            return root.is_object();
        case JsonShape::Array:
            return root.is_array();
        case JsonShape::Scalar:
            return !isContainer(root);
        case JsonShape::Value:
            break;
        }
        return true;
    }

    Match match(std::string_view text)
    {
        Match match;
        dom::element root;
        if (!parse(text, root)) {
            match.wrong = !m_path.lax;
            return match;
        }
        match.isList = !m_definite;
        match.found = PathWalk(m_path.steps).run(root);
        match.wrong = !m_path.lax && m_definite && match.found.empty();
        return match;
    }

    void storeExists(const Match& match, Column& result, std::uint32_t row)
    {
        bool exists = !match.wrong && !match.empty();
        if (match.wrong) {
            const auto behavior = choice<JsonBehavior>(2);
            exists = behavior == JsonBehavior::True;
            if (behavior == JsonBehavior::Null)
                result.setNull(row);
            if (behavior == JsonBehavior::Error)
                m_run.fail(row, "JSON_EXISTS finds no JSON in which its path leads anywhere");
        }
        result.values<std::uint8_t>()[row] = exists ? 1 : 0;
    }

    void storeValue(const Match& match, Column& result, std::uint32_t row)
    {
        if (!match.wrong && (match.empty() || (m_path.lax && !match.scalar())))
            return storeInstead(2, "finds nothing at its path", result, row);
        if (match.wrong || !match.scalar())
            return storeInstead(3, "finds no JSON in which its path leads to a scalar", result, row);
        if (!storeScalar(match.found.front(), result, row)) {
            result.setNull(row);
            m_run.fail(row, "JSON_VALUE finds a value that is no " + m_call.type.asNullable().text());
        }
    }

    /// Flink takes the value as Java's type for it, without converting.
    bool storeScalar(const dom::element& found, Column& result, std::uint32_t row)
    {
        switch (m_call.type.kind) {
        case TypeKind::Boolean:
            if (found.is_bool())
                result.values<std::uint8_t>()[row] = bool(found) ? 1 : 0;
            return found.is_bool();
        case TypeKind::Double:
            if (isReal(found))
                result.values<double>()[row] = double(found);
            return isReal(found);
        case TypeKind::Int: {
            std::int64_t number = 0;
            const bool fits = found.get(number) == simdjson::SUCCESS && number >= std::numeric_limits<int>::min()
                && number <= std::numeric_limits<int>::max();
            if (fits)
                result.values<std::int64_t>()[row] = number;
            return fits;
        }
        default:
            result.values<std::string_view>()[row] = result.ownHeap().add(scalarText(found));
            return true;
        }
    }

    static std::string scalarText(const dom::element& found)
    {
        if (found.is_string())
            return std::string(std::string_view(found));
        if (isReal(found))
            return javaText(double(found));
        return simdjson::minify(found);
    }

    /// NULL, the default or an error, as argument `which` says; its default is two behind it.
    void storeInstead(std::size_t which, const char* why, Column& result, std::uint32_t row)
    {
        const auto behavior = choice<JsonBehavior>(which);
        if (behavior == JsonBehavior::Default) {
            copyValue(*m_arguments[which + 2], result, row);
            return;
        }
        result.setNull(row);
        if (behavior == JsonBehavior::Error)
            m_run.fail(row, "JSON_VALUE " + std::string(why));
    }

    void storeQuery(const Match& match, Column& result, std::uint32_t row)
    {
        const auto wrapper = choice<JsonWrapper>(4);
        const bool array = match.isList || (!match.found.empty() && match.found.front().is_array());
        const bool wraps = wrapper == JsonWrapper::Unconditional || (wrapper == JsonWrapper::Conditional && !array);
        const bool empty = !match.wrong && match.empty();
        const bool scalar = !match.wrong && !empty && !wraps && match.scalar();
        if (empty || (scalar && m_path.lax))
            return storeQueryInstead(2, result, row);
        if (match.wrong || scalar)
            return storeQueryInstead(3, result, row);
        std::string text = wraps ? "[" : "";
        if (match.isList)
            text += "[";
        for (std::size_t i = 0; i < match.found.size(); ++i)
            text += (i > 0 ? "," : "") + simdjson::minify(match.found[i]);
        if (match.isList)
            text += "]";
        result.values<std::string_view>()[row] = result.ownHeap().add(text + (wraps ? "]" : ""));
    }

    void storeQueryInstead(std::size_t which, Column& result, std::uint32_t row)
    {
        const auto behavior = choice<JsonBehavior>(which);
        if (behavior == JsonBehavior::EmptyArray || behavior == JsonBehavior::EmptyObject) {
            result.values<std::string_view>()[row] = behavior == JsonBehavior::EmptyArray ? "[]" : "{}";
            return;
        }
        result.setNull(row);
        if (behavior == JsonBehavior::Error)
            m_run.fail(row, "JSON_QUERY finds no object or array at its path");
    }

    const Expression& m_call;
    const Arguments& m_arguments;
    Evaluation& m_run;
    dom::parser m_parser;
    JsonPath m_path;
    bool m_definite = true;
};

} // namespace

/// NULL is no JSON to IS JSON, and NULL to the others.
Column evaluateJson(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    const bool tests = call.function == Function::IsJson;
    Column result = run.resultFor(call, tests ? Arguments() : Arguments{arguments[0]}, rows);
    JsonCall json(call, arguments, run);
    run.each(rows, [&](std::uint32_t row) {
        if (!result.isNull(row) && !arguments[0]->isNull(row))
            json.store(result, row);
    });
    return result;
}

} // namespace weir::sql
