// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/windowed_chain.h"

#include <algorithm>
#include <set>

namespace weir::query {

namespace {

/// Which column of the window's output stands in each column of a step's output; nothing for computed ones.
using Origins = std::vector<std::optional<std::size_t>>;

class ChainFinder
{
public:
    explicit ChainFinder(const sql::WindowAggregateNode& node) : m_node(node) { }

    std::optional<WindowedChain> find(const std::function<bool(const sql::PlanPtr&)>& isReadOnce)
    {
        if (!walkDown(isReadOnce) || !walkUp())
            return std::nullopt;
        return std::move(m_chain);
    }

private:
    bool walkDown(const std::function<bool(const sql::PlanPtr&)>& isReadOnce)
    {
        for (sql::PlanPtr at = m_node.input; isReadOnce(at);) {
            if (const auto* window = std::get_if<sql::WindowNode>(&at->step)) {
                m_chain.window = window;
                m_chain.windowSchema = at->schema;
                std::reverse(m_chain.steps.begin(), m_chain.steps.end());
                return true;
            }
            m_chain.steps.push_back(at.get());
            if (const auto* filter = std::get_if<sql::FilterNode>(&at->step))
                at = filter->input;
            else if (const auto* project = std::get_if<sql::ProjectNode>(&at->step))
                at = project->input;
            else
                return false;
        }
        return false;
    }

    bool walkUp()
    {
        for (std::size_t i = 0; i < m_chain.windowSchema.size(); ++i)
            m_origins.emplace_back(i);
        for (const sql::PlanNode* step : m_chain.steps) {
            if (const auto* filter = std::get_if<sql::FilterNode>(&step->step))
                noteRead(filter->predicate);
            else
                project(std::get<sql::ProjectNode>(step->step));
        }
        for (const sql::ExpressionPtr& key : m_node.keys)
            noteRead(key);
        for (const sql::AggregateCall& call : m_node.calls) {
            noteRead(call.argument);
            noteRead(call.filter);
        }
        return m_chain.window->kind == sql::WindowKind::Tumble ? placeTumble() : placeOther();
    }

    void project(const sql::ProjectNode& node)
    {
        Origins origins;
        for (const sql::ExpressionPtr& expression : node.expressions) {
            if (expression->kind == sql::Expression::Kind::Column) {
                origins.push_back(m_origins[expression->column]);
                continue;
            }
            noteRead(expression);
            origins.emplace_back();
        }
        m_origins = std::move(origins);
    }

    bool isBound(std::size_t column) const
    {
        return m_origins[column] && *m_origins[column] + 3 >= m_chain.windowSchema.size();
    }

    void noteRead(const sql::ExpressionPtr& expression)
    {
        if (!expression)
            return;
        if (expression->kind == sql::Expression::Kind::Column)
            m_chain.columnsRead = m_chain.columnsRead || isBound(expression->column);
        for (const sql::ExpressionPtr& argument : expression->arguments)
            noteRead(argument);
    }

    std::optional<std::size_t> placeOf(std::size_t origin) const
    {
        const auto found = std::find(m_origins.begin(), m_origins.end(), std::optional(origin));
        if (found == m_origins.end())
            return std::nullopt;
        return static_cast<std::size_t>(found - m_origins.begin());
    }

    /// Where the time is gone, the window's start is a time of the same window.
    bool placeTumble()
    {
        const std::optional<std::size_t> time = placeOf(m_chain.window->timeColumn);
        m_chain.timeColumn = time.value_or(m_node.window.start);
        m_chain.timeKept = time.has_value();
        m_chain.columnsRead = m_chain.columnsRead || !time;
        return true;
    }

    bool placeOther()
    {
        const std::optional<std::size_t> time = placeOf(m_chain.window->timeColumn);
        m_chain.timeColumn = time.value_or(0);
        return time && !m_chain.columnsRead
            && (m_chain.window->kind != sql::WindowKind::Session || groupsByPartition());
    }

    bool groupsByPartition() const
    {
        std::set<std::size_t> keys;
        for (const sql::ExpressionPtr& key : m_node.keys) {
            if (key->kind != sql::Expression::Kind::Column || !m_origins[key->column])
                return false;
            keys.insert(*m_origins[key->column]);
        }
        const std::vector<std::size_t>& partition = m_chain.window->partition;
        return m_node.groupingSets.empty() && keys == std::set<std::size_t>(partition.begin(), partition.end());
    }

    const sql::WindowAggregateNode& m_node;
    WindowedChain m_chain;
    Origins m_origins;
};

} // namespace

std::optional<WindowedChain> windowedChain(
    const sql::WindowAggregateNode& node, const std::function<bool(const sql::PlanPtr&)>& isReadOnce)
{
    return ChainFinder(node).find(isReadOnce);
}

} // namespace weir::query
