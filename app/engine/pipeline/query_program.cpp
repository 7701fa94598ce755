// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_program.h"

#include "app/engine/pipeline/scan_program.h"
#include "app/engine/pipeline/stage_factory.h"
#include "app/engine/pipeline/windowed_chain.h"

#include <algorithm>
#include <map>

namespace weir::query {

namespace {

/// Where the rows of a plan node come out: of a scan or of a stage.
struct Outlet
{
    bool isScan = true;
    std::size_t index = 0;
};

/// Walks a plan from its scans to its root. A node with two readers is built once.
class ProgramBuilder
{
public:
    explicit ProgramBuilder(const sql::QueryPlan& plan) : m_plan(plan) { }

    Result<std::shared_ptr<const QueryProgram>> build()
    {
        m_program->name = "query at line " + std::to_string(m_plan.span.line);
        m_program->context.timeZone = m_plan.timeZone;
        Result<TimeZonePtr> zone = TimeZone::find(m_plan.timeZone);
        if (!zone)
            return zone.error();
        m_zone = window::WindowZone(std::move(*zone));
        m_program->output = m_plan.root->schema;
        countReaders(m_plan.root);
        const Result<Outlet> root = outletOf(m_plan.root);
        if (!root)
            return root.error();
        return std::shared_ptr<const QueryProgram>(m_program);
    }

private:
    void countReaders(const sql::PlanPtr& node)
    {
        if (++m_readers[node.get()] > 1)
            return;
        for (const sql::PlanPtr& input : sql::inputsOf(*node))
            countReaders(input);
    }

    Result<Outlet> outletOf(const sql::PlanPtr& node)
    {
        const auto known = m_outlets.find(node.get());
        if (known != m_outlets.end())
            return known->second;
        Result<Outlet> outlet = std::visit([&](const auto& step) { return build(step, *node); }, node->step);
        if (outlet)
            m_outlets.emplace(node.get(), *outlet);
        return outlet;
    }

    /// An outlet of `node`'s rows to which steps may be added: its own, or that of a stage which only passes them on.
    Result<Outlet> extensible(const sql::PlanPtr& node)
    {
        Result<Outlet> outlet = outletOf(node);
        if (!outlet || m_readers[node.get()] == 1)
            return outlet;
        StageProgram stage;
        stage.name = "rows";
        stage.output = node->schema;
        return addStage(std::move(stage), {*outlet});
    }

    Outlet addStage(StageProgram stage, const std::vector<Outlet>& inputs)
    {
        const std::size_t index = m_program->stages.size();
        stage.ports = inputs.size();
        for (std::size_t port = 0; port < inputs.size(); ++port)
            readersOf(inputs[port]).push_back({index, port});
        m_program->stages.push_back(std::move(stage));
        return {false, index};
    }

    std::vector<Reader>& readersOf(const Outlet& outlet)
    {
        return outlet.isScan ? m_program->scans[outlet.index].readers : m_program->stages[outlet.index].readers;
    }

    void addStep(const Outlet& outlet, Step step, const Schema& schema)
    {
        if (!outlet.isScan) {
            m_program->stages[outlet.index].after.push_back(std::move(step));
            m_program->stages[outlet.index].output = schema;
            return;
        }
        ScanProgram& scan = m_program->scans[outlet.index];
        (scan.aggregation ? scan.after : scan.before).push_back(std::move(step));
        scan.output = schema;
    }

    /// The columns that an operator reads, computed before it.
    void addOperands(const Outlet& outlet, const Operands& operands)
    {
        addStep(outlet, ProjectStep{operands.expressions, operands.schema}, operands.schema);
    }

    Result<Outlet> build(const sql::ScanNode& node, const sql::PlanNode& plan)
    {
        Result<ScanProgram> scan = makeScan(node, plan.schema);
        if (!scan)
            return scan.error();
        m_program->scans.push_back(std::move(*scan));
        return Outlet{true, m_program->scans.size() - 1};
    }

    Result<Outlet> build(const sql::FilterNode& node, const sql::PlanNode& plan)
    {
        const Result<Outlet> input = extensible(node.input);
        if (input)
            addStep(*input, FilterStep{node.predicate}, plan.schema);
        return input;
    }

    Result<Outlet> build(const sql::ProjectNode& node, const sql::PlanNode& plan)
    {
        const Result<Outlet> input = extensible(node.input);
        if (input)
            addStep(*input, ProjectStep{node.expressions, plan.schema}, plan.schema);
        return input;
    }

    /// The zone of the windows from which rows come: that of the query where their times are instants.
    window::WindowZone zoneOf(const sql::PlanNode& node) const
    {
        if (const auto* window = std::get_if<sql::WindowNode>(&node.step)) {
            const LogicalType& time = window->input->schema[window->timeColumn].type;
            return time.kind == TypeKind::TimestampLtz ? m_zone : window::WindowZone();
        }
        const std::vector<sql::PlanPtr> inputs = sql::inputsOf(node);
        return inputs.empty() ? window::WindowZone() : zoneOf(*inputs.front());
    }

    /// A window whose rows are shown, or read by something that needs the bounds of each.
    Result<Outlet> build(const sql::WindowNode& node, const sql::PlanNode& plan)
    {
        if (node.emitOnlyOnUpdate)
            return Error{ErrorKind::Unsupported,
                "EMITONLYONUPDATE is about the rows of an aggregation: it needs a GROUP BY window_start, window_end "
                "right "
                "over CUMULATE",
                {}};
        const Result<void> checked = checkWindowCount(node);
        if (!checked)
            return checked.error();
        const bool tumbles = node.kind == sql::WindowKind::Tumble;
        const Result<Outlet> input = tumbles ? extensible(node.input) : outletOf(node.input);
        if (!input)
            return input;
        if (tumbles) {
            addStep(*input, WindowStep{slicesOf(node), node.timeColumn, true, plan.schema, zoneOf(plan)}, plan.schema);
            return input;
        }
        return addStage(windowRowsStage(node, zoneOf(plan), plan.schema), {*input});
    }

    Result<Outlet> build(const sql::WindowAggregateNode& node, const sql::PlanNode& plan)
    {
        const Result<void> allowed = checkAggregates(node.calls);
        if (!allowed)
            return allowed.error();
        const std::optional<WindowedChain> chain =
            windowedChain(node, [this](const sql::PlanPtr& inner) { return m_readers[inner.get()] == 1; });
        if (chain && (chain->timeKept || !zoneOf(*node.input).shifts()))
            return aggregateChain(node, plan, *chain);
        return aggregateAttached(node, plan);
    }

    /// The window and its aggregation in one: its rows need no bounds.
    Result<Outlet> aggregateChain(
        const sql::WindowAggregateNode& node, const sql::PlanNode& plan, const WindowedChain& chain)
    {
        const Result<void> checked = checkWindowCount(*chain.window);
        if (!checked)
            return checked.error();
        const Result<Outlet> input = extensible(chain.window->input);
        if (!input)
            return input;
        const bool byWorkers = input->isScan && !m_program->scans[input->index].aggregation
            && chain.window->kind != sql::WindowKind::Session;
        const window::WindowZone zone = zoneOf(*node.input);
        const WindowStep window{
            slicesOf(*chain.window), chain.window->timeColumn, chain.columnsRead, chain.windowSchema, zone};
        addStep(*input, window, chain.windowSchema);
        for (const sql::PlanNode* step : chain.steps) {
            if (const auto* filter = std::get_if<sql::FilterNode>(&step->step))
                addStep(*input, FilterStep{filter->predicate}, step->schema);
            else
                addStep(*input, ProjectStep{std::get<sql::ProjectNode>(step->step).expressions, step->schema},
                    step->schema);
        }
        if (byWorkers) {
            ScanProgram& scan = m_program->scans[input->index];
            scan.aggregation = sliceAggregation(node, chain, zone, plan.schema);
            scan.output = plan.schema;
            return input;
        }
        const Operands operands = windowOperands(node, {chain.timeColumn});
        addOperands(*input, operands);
        return addAggregation(chainStage(node, chain, zone, operands, plan.schema), node, *input, operands);
    }

    Result<Outlet> aggregateAttached(const sql::WindowAggregateNode& node, const sql::PlanNode& plan)
    {
        const Result<Outlet> input = extensible(node.input);
        if (!input)
            return input;
        const Operands operands = windowOperands(node, {node.window.start, node.window.end});
        addOperands(*input, operands);
        return addAggregation(attachedStage(node, zoneOf(*node.input), operands, plan.schema), node, *input, operands);
    }

    Outlet addAggregation(
        StageProgram stage, const sql::WindowAggregateNode& node, Outlet input, const Operands& operands)
    {
        if (!node.groupingSets.empty())
            input = addStage(groupingSetsStage(node, operands), {input});
        const Outlet outlet = addStage(std::move(stage), {input});
        if (!node.groupingSets.empty()) // the set's number comes as a key; the plan wants it last
            addStep(outlet, groupingNumberLast(node, m_program->stages[outlet.index].given),
                m_program->stages[outlet.index].output);
        return outlet;
    }

    Result<Outlet> build(const sql::GroupAggregateNode& node, const sql::PlanNode& plan)
    {
        const Result<void> allowed = checkAggregates(node.calls);
        const Result<Outlet> input = allowed ? extensible(node.input) : Result<Outlet>(allowed.error());
        if (!input)
            return input;
        const Operands operands = groupOperands(node);
        addOperands(*input, operands);
        return addStage(groupStage(node, operands, plan.schema), {*input});
    }

    Result<Outlet> build(const sql::OverNode& node, const sql::PlanNode& plan)
    {
        const Result<void> allowed = checkAggregates(node.calls);
        const Result<Outlet> input = allowed ? extensible(node.input) : Result<Outlet>(allowed.error());
        if (!input)
            return input;
        const Operands operands = overOperands(node);
        addOperands(*input, operands);
        return addStage(overStage(node, operands, plan.schema), {*input});
    }

    Result<Outlet> build(const sql::WindowTopNNode& node, const sql::PlanNode& plan)
    {
        const Result<Outlet> input = outletOf(node.input);
        return input ? Result<Outlet>(addStage(topNStage(node, zoneOf(*node.input), plan.schema), {*input})) : input;
    }

    Result<Outlet> build(const sql::WindowJoinNode& node, const sql::PlanNode& plan)
    {
        return buildJoin(node, windowJoinStage(node, zoneOf(*node.left), plan.schema, m_program->context));
    }

    Result<Outlet> build(const sql::IntervalJoinNode& node, const sql::PlanNode& plan)
    {
        return buildJoin(node, intervalJoinStage(node, plan.schema, m_program->context));
    }

    template <typename Join>
    Result<Outlet> buildJoin(const Join& node, StageProgram stage)
    {
        const Result<Outlet> left = outletOf(node.left);
        if (!left)
            return left;
        const Result<Outlet> right = outletOf(node.right);
        if (!right)
            return right;
        return addStage(std::move(stage), {*left, *right});
    }

    const sql::QueryPlan& m_plan;
    window::WindowZone m_zone; ///< of the query
    std::shared_ptr<QueryProgram> m_program = std::make_shared<QueryProgram>();
    std::map<const sql::PlanNode*, std::size_t> m_readers;
    std::map<const sql::PlanNode*, Outlet> m_outlets;
};

} // namespace

Result<std::shared_ptr<const QueryProgram>> makeProgram(const sql::QueryPlan& plan)
{
    return ProgramBuilder(plan).build();
}

} // namespace weir::query
