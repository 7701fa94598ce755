// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/column_pruning.h"

#include "app/engine/sql/column_use.h"
#include "app/engine/sql/relation.h"

#include <algorithm>
#include <map>
#include <set>

namespace weir::sql {

namespace {

using Needed = std::vector<bool>;

constexpr std::size_t gone = SIZE_MAX;

/// A node that gives at least the columns needed, and where the former ones are now.
struct Pruned
{
    PlanPtr plan;
    std::vector<std::size_t> places; ///< by former column; `gone` where nobody needs it
};

Needed none(const PlanPtr& plan)
{
    return Needed(plan->schema.size());
}

void need(Needed& needed, const ExpressionPtr& expression)
{
    if (expression)
        collectColumns(*expression, needed);
}

void need(Needed& needed, const std::vector<std::size_t>& columns)
{
    for (const std::size_t column : columns)
        needed[column] = true;
}

ExpressionPtr moved(const ExpressionPtr& expression, const std::vector<std::size_t>& places)
{
    return expression ? withColumns(expression, [&](std::size_t column) { return places[column]; }) : nullptr;
}

void move(std::vector<std::size_t>& columns, const std::vector<std::size_t>& places)
{
    for (std::size_t& column : columns)
        column = places[column];
}

void move(WindowColumns& window, const std::vector<std::size_t>& places)
{
    window.start = places[window.start];
    window.end = places[window.end];
    if (window.time)
        window.time = places[*window.time] == gone ? std::nullopt : std::optional(places[*window.time]);
}

void move(std::vector<AggregateCall>& calls, const std::vector<std::size_t>& places)
{
    for (AggregateCall& call : calls) {
        call.argument = moved(call.argument, places);
        call.filter = moved(call.filter, places);
    }
}

void need(Needed& needed, const std::vector<AggregateCall>& calls)
{
    for (const AggregateCall& call : calls) {
        need(needed, call.argument);
        need(needed, call.filter);
    }
}

class Pruner
{
public:
    /// Twice: the first walk finds what all readers of a table need, the second one makes the nodes.
    PlanPtr prune(const PlanPtr& root)
    {
        m_root = root;
        const Needed all(root->schema.size(), true);
        (void)prune(root, all);
        m_scans.clear();
        return prune(root, all).plan;
    }

private:
    Pruned prune(const PlanPtr& node, const Needed& needed)
    {
        return std::visit([&](const auto& step) { return pruneStep(step, node, needed); }, node->step);
    }

    Pruned pruneStep(const ScanNode& scan, const PlanPtr&, const Needed& needed)
    {
        std::set<std::size_t>& columns = m_needed[scan.table.get()];
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i])
                columns.insert(scan.columns[i]);
        }
        addOwnNeeds(*scan.table, columns);
        ScanNode node;
        node.table = scan.table;
        node.columns.assign(columns.begin(), columns.end());
        if (scan.table->watermark)
            node.watermark = renumbered(scan.table->watermark->expression, node.columns);
        Pruned result;
        result.places.assign(scan.columns.size(), gone);
        Schema schema;
        for (std::size_t i = 0; i < node.columns.size(); ++i) {
            const TableColumn& column = scan.table->columns[node.columns[i]];
            schema.push_back({column.name, column.type});
            result.places[node.columns[i]] = i; // the binder's scans read all columns in order
        }
        PlanPtr& shared = m_scans[scan.table.get()];
        if (!shared || shared->schema.size() != schema.size())
            shared = nodeOf(std::move(node), std::move(schema));
        result.plan = shared;
        return result;
    }

    /// What the watermark and computed columns read.
    static void addOwnNeeds(const TableDefinition& table, std::set<std::size_t>& columns)
    {
        Needed needed(table.columns.size());
        if (table.watermark) {
            needed[table.watermark->column] = true;
            need(needed, table.watermark->expression);
        }
        for (const std::size_t column : columns)
            needed[column] = true;
        Needed inputs = needed; // computed columns use stored columns only
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i])
                need(inputs, table.columns[i].expression);
        }
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i])
                columns.insert(i);
        }
    }

    Pruned pruneStep(const FilterNode& filter, const PlanPtr&, Needed needed)
    {
        need(needed, filter.predicate);
        Pruned input = prune(filter.input, needed);
        const Schema schema = input.plan->schema;
        input.plan = nodeOf(FilterNode{input.plan, moved(filter.predicate, input.places)}, schema);
        return input;
    }

    Pruned pruneStep(const WindowNode& window, const PlanPtr& node, Needed needed)
    {
        needed.resize(window.input->schema.size());
        needed[window.timeColumn] = true;
        need(needed, window.partition);
        Pruned input = prune(window.input, needed);
        WindowNode made = window;
        made.input = input.plan;
        made.timeColumn = input.places[window.timeColumn];
        move(made.partition, input.places);
        return appended(std::move(made), std::move(input), node, 3);
    }

    /// A node that puts `count` columns behind those of its input.
    template <typename Node>
    static Pruned appended(Node made, Pruned input, const PlanPtr& former, std::size_t count)
    {
        Schema schema = input.plan->schema;
        const std::size_t first = former->schema.size() - count;
        input.places.resize(first);
        for (std::size_t i = 0; i < count; ++i) {
            input.places.push_back(schema.size());
            schema.push_back(former->schema[first + i]);
        }
        return {nodeOf(std::move(made), std::move(schema)), std::move(input.places)};
    }

    /// Where the calls of an aggregation stand in its output.
    struct CallPlaces
    {
        std::size_t first = 0;
        std::size_t count = 0;
        bool contains(std::size_t place) const { return place >= first && place < first + count; }
    };

    /// Calls of an aggregation whose results somebody reads; `first` is the place of the first one.
    static std::vector<AggregateCall> usedCalls(
        const std::vector<AggregateCall>& calls, const Needed& needed, std::size_t first)
    {
        std::vector<AggregateCall> used;
        for (std::size_t i = 0; i < calls.size(); ++i) {
            if (needed[first + i])
                used.push_back(calls[i]);
        }
        return used;
    }

    /// Schema and places of an aggregation that keeps everything but unused calls.
    static Schema withoutUnused(
        const Schema& former, const Needed& needed, const CallPlaces& calls, std::vector<std::size_t>& places)
    {
        Schema schema;
        for (std::size_t i = 0; i < former.size(); ++i) {
            const bool unused = calls.contains(i) && !needed[i];
            places.push_back(unused ? gone : schema.size());
            if (!unused)
                schema.push_back(former[i]);
        }
        return schema;
    }

    Pruned pruneStep(const WindowAggregateNode& aggregate, const PlanPtr& node, const Needed& needed)
    {
        WindowAggregateNode made = aggregate;
        const std::size_t first = 3 + aggregate.keys.size();
        made.calls = usedCalls(aggregate.calls, needed, first);
        Needed below = none(aggregate.input);
        below[aggregate.window.start] = true;
        below[aggregate.window.end] = true;
        for (const ExpressionPtr& key : aggregate.keys)
            need(below, key);
        need(below, made.calls);
        const Pruned input = withoutPicking(prune(aggregate.input, below));
        made.input = input.plan;
        move(made.window, input.places);
        for (ExpressionPtr& key : made.keys)
            key = moved(key, input.places);
        move(made.calls, input.places);
        Pruned result;
        Schema schema = withoutUnused(node->schema, needed, {first, aggregate.calls.size()}, result.places);
        result.plan = nodeOf(std::move(made), std::move(schema));
        return result;
    }

    Pruned pruneStep(const GroupAggregateNode& aggregate, const PlanPtr& node, const Needed& needed)
    {
        GroupAggregateNode made = aggregate;
        made.calls = usedCalls(aggregate.calls, needed, aggregate.keys.size());
        Needed below = none(aggregate.input);
        for (const ExpressionPtr& key : aggregate.keys)
            need(below, key);
        need(below, made.calls);
        const Pruned input = withoutPicking(prune(aggregate.input, below));
        made.input = input.plan;
        for (ExpressionPtr& key : made.keys)
            key = moved(key, input.places);
        move(made.calls, input.places);
        Pruned result;
        Schema schema =
            withoutUnused(node->schema, needed, {aggregate.keys.size(), aggregate.calls.size()}, result.places);
        result.plan = nodeOf(std::move(made), std::move(schema));
        return result;
    }

    Pruned pruneStep(const WindowTopNNode& top, const PlanPtr& node, Needed needed)
    {
        needed.resize(top.input->schema.size());
        needed[top.window.start] = true;
        needed[top.window.end] = true;
        need(needed, top.partition);
        for (const SortKey& key : top.order)
            needed[key.column] = true;
        Pruned input = prune(top.input, needed);
        WindowTopNNode made = top;
        made.input = input.plan;
        move(made.window, input.places);
        move(made.partition, input.places);
        for (SortKey& key : made.order)
            key.column = input.places[key.column];
        return appended(std::move(made), std::move(input), node, 1);
    }

    Pruned pruneStep(const OverNode& over, const PlanPtr& node, const Needed& needed)
    {
        const std::size_t first = over.input->schema.size();
        OverNode made = over;
        made.calls = usedCalls(over.calls, needed, first);
        Needed below(needed.begin(), needed.begin() + static_cast<std::ptrdiff_t>(first));
        below[over.timeColumn] = true;
        need(below, over.partition);
        need(below, made.calls);
        Pruned input = prune(over.input, below);
        made.input = input.plan;
        made.timeColumn = input.places[over.timeColumn];
        move(made.partition, input.places);
        move(made.calls, input.places);
        Schema schema = input.plan->schema;
        for (std::size_t i = 0; i < over.calls.size(); ++i) {
            input.places.resize(first + i);
            input.places.push_back(needed[first + i] ? schema.size() : gone);
            if (needed[first + i])
                schema.push_back(node->schema[first + i]);
        }
        return {nodeOf(std::move(made), std::move(schema)), std::move(input.places)};
    }

    struct Sides
    {
        Pruned left;
        Pruned right;
        std::vector<std::size_t> places; ///< of the left columns followed by the right ones
    };

    /// Both inputs of a join; `more` adds what the join itself reads.
    template <typename Node, typename More>
    Sides sides(const Node& join, const Needed& needed, const More& more)
    {
        const std::size_t border = join.left->schema.size();
        Needed both = needed;
        both.resize(border + join.right->schema.size());
        need(both, join.condition);
        for (const JoinKey& key : join.keys) {
            both[key.left] = true;
            both[border + key.right] = true;
        }
        more(both, border);
        const auto middle = both.begin() + static_cast<std::ptrdiff_t>(border);
        Sides sides;
        sides.left = prune(join.left, Needed(both.begin(), middle));
        sides.right = prune(join.right, Needed(middle, both.end()));
        sides.places = sides.left.places;
        for (const std::size_t place : sides.right.places)
            sides.places.push_back(place == gone ? gone : place + sides.left.plan->schema.size());
        return sides;
    }

    template <typename Node>
    static Pruned joined(Node made, const Sides& sides, const Schema& former)
    {
        made.left = sides.left.plan;
        made.right = sides.right.plan;
        for (JoinKey& key : made.keys) {
            key.left = sides.left.places[key.left];
            key.right = sides.right.places[key.right];
        }
        made.condition = moved(made.condition, sides.places);
        Schema schema = made.left->schema;
        const bool both = made.kind != JoinKind::Semi && made.kind != JoinKind::Anti;
        if (both)
            schema.insert(schema.end(), made.right->schema.begin(), made.right->schema.end());
        Pruned result;
        result.places = sides.places;
        result.places.resize(former.size());
        for (std::size_t i = 0; i < former.size(); ++i) { // types as the join leaves them
            if (result.places[i] != gone)
                schema[result.places[i]] = former[i];
        }
        result.plan = nodeOf(std::move(made), std::move(schema));
        return result;
    }

    Pruned pruneStep(const WindowJoinNode& join, const PlanPtr& node, const Needed& needed)
    {
        const Sides both = sides(join, needed, [&](Needed& columns, std::size_t border) {
            for (const std::size_t column : {join.leftWindow.start, join.leftWindow.end,
                     border + join.rightWindow.start, border + join.rightWindow.end})
                columns[column] = true;
        });
        WindowJoinNode made = join;
        move(made.leftWindow, both.left.places);
        move(made.rightWindow, both.right.places);
        return joined(std::move(made), both, node->schema);
    }

    Pruned pruneStep(const IntervalJoinNode& join, const PlanPtr& node, const Needed& needed)
    {
        const Sides both = sides(join, needed, [&](Needed& columns, std::size_t border) {
            columns[join.leftTime] = true;
            columns[border + join.rightTime] = true;
        });
        IntervalJoinNode made = join;
        made.leftTime = both.left.places[join.leftTime];
        made.rightTime = both.right.places[join.rightTime];
        return joined(std::move(made), both, node->schema);
    }

    Pruned pruneStep(const ProjectNode& project, const PlanPtr& node, const Needed& needed)
    {
        Needed below = none(project.input);
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (needed[i])
                need(below, project.expressions[i]);
        }
        const Pruned input = prune(project.input, below);
        ProjectNode made;
        made.input = input.plan;
        Pruned result;
        result.places.assign(needed.size(), gone);
        Schema schema;
        for (std::size_t i = 0; i < needed.size(); ++i) {
            if (!needed[i])
                continue;
            result.places[i] = schema.size();
            schema.push_back(node->schema[i]);
            made.expressions.push_back(moved(project.expressions[i], input.places));
        }
        made = merged(std::move(made));
        // Below the root nobody sees a projection that changes nothing.
        const bool seen = node == m_root;
        result.plan = seen || !keepsAll(made) ? nodeOf(std::move(made), std::move(schema)) : made.input;
        return result;
    }

    /// An aggregation reads past a projection that only picks columns.
    static Pruned withoutPicking(Pruned input)
    {
        const PlanPtr plan = input.plan;
        const auto* project = std::get_if<ProjectNode>(&plan->step);
        if (!project || !onlyColumns(*project))
            return input;
        for (std::size_t& place : input.places)
            place = place == gone ? gone : project->expressions[place]->column;
        input.plan = project->input;
        return input;
    }

    static bool keepsAll(const ProjectNode& project)
    {
        if (project.expressions.size() != project.input->schema.size())
            return false;
        for (std::size_t i = 0; i < project.expressions.size(); ++i) {
            const Expression& expression = *project.expressions[i];
            if (expression.kind != Expression::Kind::Column || expression.column != i)
                return false;
        }
        return true;
    }

    static bool onlyColumns(const ProjectNode& project)
    {
        return std::all_of(project.expressions.begin(), project.expressions.end(),
            [](const ExpressionPtr& one) { return one->kind == Expression::Kind::Column; });
    }

    /// A projection over one that only picks columns is one projection.
    static ProjectNode merged(ProjectNode project)
    {
        while (const auto* inner = std::get_if<ProjectNode>(&project.input->step)) {
            if (!onlyColumns(*inner))
                break;
            for (ExpressionPtr& expression : project.expressions)
                expression = substituted(expression, inner->expressions);
            project.input = PlanPtr(inner->input);
        }
        return project;
    }

    PlanPtr m_root;
    std::map<const TableDefinition*, std::set<std::size_t>> m_needed;
    std::map<const TableDefinition*, PlanPtr> m_scans;
};

} // namespace

PlanPtr pruned(const PlanPtr& plan)
{
    return Pruner().prune(plan);
}

} // namespace weir::sql
