// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/query_program.h"

#include "app/engine/sql/column_use.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace weir::query {

namespace {

/// True if `expression` reads a column in [first, end).
bool reads(const sql::ExpressionPtr& expression, std::size_t first, std::size_t end)
{
    if (!expression)
        return false;
    if (expression->kind == sql::Expression::Kind::Column)
        return expression->column >= first && expression->column < end;
    return std::any_of(expression->arguments.begin(), expression->arguments.end(),
        [&](const sql::ExpressionPtr& argument) { return reads(argument, first, end); });
}

Error unsupported(const std::string& what)
{
    return {ErrorKind::Unsupported, what, {}};
}

window::SliceAssigner slicesOf(const sql::WindowNode& node)
{
    if (node.kind == sql::WindowKind::Hop)
        return window::SliceAssigner::hop(node.sizeMs, node.stepMs, node.offsetMs);
    if (node.kind == sql::WindowKind::Cumulate)
        return window::SliceAssigner::cumulate(node.sizeMs, node.stepMs, node.offsetMs);
    return window::SliceAssigner::tumble(node.sizeMs, node.offsetMs);
}

/// Walks a plan from its scan to its root.
class ProgramBuilder
{
public:
    explicit ProgramBuilder(const sql::QueryPlan& plan) : m_plan(plan) { }

    Result<std::shared_ptr<const QueryProgram>> build()
    {
        m_program->name = "query at line " + std::to_string(m_plan.span.line);
        m_program->context.timeZone = m_plan.timeZone;
        m_program->output = m_plan.root->schema;
        const Result<void> done = add(*m_plan.root);
        if (!done)
            return done.error();
        return std::shared_ptr<const QueryProgram>(m_program);
    }

private:
    Result<void> add(const sql::PlanNode& node)
    {
        return std::visit([&](const auto& step) { return addStep(step, node.schema); }, node.step);
    }

    std::vector<Step>& steps() { return m_program->aggregation ? m_program->after : m_program->before; }

    Result<void> addStep(const sql::ScanNode& scan, const Schema& schema)
    {
        m_program->table = scan.table;
        m_program->scanSchema = schema;
        m_program->watermark = scan.watermark;
        for (std::size_t place = 0; place < scan.columns.size(); ++place) {
            const Result<void> added = addColumn(scan, place);
            if (!added)
                return added;
        }
        return readOptions();
    }

    Result<void> addColumn(const sql::ScanNode& scan, std::size_t place)
    {
        const sql::TableColumn& column = scan.table->columns[scan.columns[place]];
        if (column.type.kind == TypeKind::Null || physicalTypeOf(column.type) == PhysicalType::Nested)
            return unsupported("Column '" + column.name + "' has type " + column.type.text()
                + ", which cannot be decoded yet. Leave it out of the query");
        if (column.origin == sql::ColumnOrigin::Computed) {
            m_program->computed.push_back({place, sql::renumbered(column.expression, scan.columns)});
            return {};
        }
        DecodedColumn decoded{column.name, column.type, DecodedOrigin::Field};
        if (column.origin == sql::ColumnOrigin::Metadata) {
            const auto origin = TableDecoder::metadataOrigin(column.metadataKey);
            if (!origin)
                return unsupported("Metadata column '" + column.name + "' reads '" + column.metadataKey
                    + "', which is not offered. Offered are partition, offset, timestamp, timestamp-type and topic");
            decoded.origin = *origin;
        }
        m_program->decoded.push_back(std::move(decoded));
        m_program->decodedPlaces.push_back(place);
        return {};
    }

    Result<void> readOptions()
    {
        const sql::TableDefinition& table = *m_program->table;
        const auto json = [&table](const std::string& name) {
            return table.option("json." + name, table.option("value.json." + name));
        };
        m_program->json.ignoreParseErrors = json("ignore-parse-errors") == "true";
        m_program->json.failOnMissingField = json("fail-on-missing-field") == "true";
        if (json("timestamp-format.standard") == "ISO-8601")
            m_program->json.timestampStandard = TimestampStandard::Iso8601;
        // Sources without watermark push-down have Flink's watermark operator, which starts at 0.
        if (table.option("connector") == "filesystem")
            m_program->watermarkFloor = 0;
        const std::string idle = table.option("scan.watermark.idle-timeout");
        if (idle.empty())
            return {};
        const auto timeout = parseDuration(idle);
        if (!timeout)
            return Error{ErrorKind::InvalidInput,
                "'scan.watermark.idle-timeout' is '" + idle + "', which is no duration. Write '30s'", {}};
        m_program->idleTimeout = *timeout;
        return {};
    }

    Result<void> addStep(const sql::FilterNode& filter, const Schema&)
    {
        const Result<void> input = add(*filter.input);
        if (input)
            steps().emplace_back(std::in_place_type<FilterStep>, FilterStep{filter.predicate});
        return input;
    }

    Result<void> addStep(const sql::ProjectNode& project, const Schema& schema)
    {
        const Result<void> input = add(*project.input);
        if (input)
            steps().emplace_back(std::in_place_type<ProjectStep>, ProjectStep{project.expressions, schema});
        return input;
    }

    template <typename Node>
    Result<void> addStep(const Node&, const Schema&)
    {
        return unsupported("This query is understood, but cannot run here");
    }

    Result<void> addStep(const sql::WindowNode& node, const Schema& schema)
    {
        const Result<void> input = add(*node.input);
        if (!input)
            return input;
        if (m_program->aggregation || m_window)
            return unsupported("A window over the result of a window is not supported yet");
        const LogicalType& time = node.input->schema[node.timeColumn].type;
        if (time.kind == TypeKind::TimestampLtz && m_plan.timeZone != "UTC")
            return unsupported(
                "Windows over TIMESTAMP_LTZ are aligned in UTC only. SET 'table.local-time-zone' = 'UTC'");
        // Without an aggregation the window columns are shown; with one, most queries never read them.
        if (node.kind == sql::WindowKind::Session)
            return unsupported("SESSION windows cannot run here");
        m_window = WindowStep{slicesOf(node), node.timeColumn, true, schema};
        m_windowStep = m_program->before.size();
        m_program->before.emplace_back(std::in_place_type<WindowStep>, *m_window);
        return {};
    }

    Result<void> addStep(const sql::WindowAggregateNode& node, const Schema& schema)
    {
        const Result<void> input = add(*node.input);
        if (!input)
            return input;
        if (!m_window || m_program->aggregation)
            return unsupported("An aggregation needs one window below it");
        Aggregation aggregation{m_window->slices, m_window->timeColumn, node.keys, {}, {}, {}, nullptr, schema, false};
        aggregation.groupingSets = node.groupingSets;
        auto spec = std::make_shared<window::SliceSpec>();
        for (const sql::ExpressionPtr& key : node.keys) {
            if (physicalTypeOf(key->type) == PhysicalType::Nested)
                return unsupported("Grouping by " + key->type.text() + " is not supported yet");
            spec->keys.push_back(node.groupingSets.empty() ? key->type : key->type.asNullable());
        }
        if (!node.groupingSets.empty())
            spec->keys.push_back(types::bigInt().notNull());
        for (const sql::AggregateCall& call : node.calls) {
            spec->aggregates.push_back(call.spec);
            if (!aggregate::canAggregate(spec->aggregates.back()))
                return unsupported("An aggregate over " + call.argument->type.text() + " is not supported yet");
            aggregation.arguments.push_back(call.argument);
            aggregation.filters.push_back(call.filter);
            aggregation.orderMatters |= aggregate::dependsOnOrder(spec->aggregates.back());
        }
        aggregation.spec = std::move(spec);
        std::get<WindowStep>(m_program->before[m_windowStep]).columnsRead = readsWindow(aggregation);
        m_program->aggregation = std::move(aggregation);
        return {};
    }

    bool readsWindow(const Aggregation& aggregation) const
    {
        const std::size_t end = m_window->schema.size();
        const std::size_t first = end - 3;
        const auto any = [&](const std::vector<sql::ExpressionPtr>& all) {
            return std::any_of(all.begin(), all.end(), [&](const auto& one) { return reads(one, first, end); });
        };
        bool found = any(aggregation.keys) || any(aggregation.arguments) || any(aggregation.filters);
        for (std::size_t i = m_windowStep + 1; i < m_program->before.size(); ++i) {
            const auto* filter = std::get_if<FilterStep>(&m_program->before[i]);
            found = found || !filter || reads(filter->predicate, first, end);
        }
        return found;
    }

    const sql::QueryPlan& m_plan;
    std::shared_ptr<QueryProgram> m_program = std::make_shared<QueryProgram>();
    std::optional<WindowStep> m_window;
    std::size_t m_windowStep = 0;
};

} // namespace

Result<std::shared_ptr<const QueryProgram>> makeProgram(const sql::QueryPlan& plan)
{
    return ProgramBuilder(plan).build();
}

std::optional<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || number < 0 || number > std::int64_t{1} << 40)
        return std::nullopt;
    const char* unit = parsed.ptr;
    while (unit != end && *unit == ' ')
        ++unit;
    static const std::map<std::string_view, std::int64_t> units{{"", 1}, {"ms", 1}, {"milli", 1}, {"millis", 1},
        {"millisecond", 1}, {"milliseconds", 1}, {"s", 1000}, {"sec", 1000}, {"secs", 1000}, {"second", 1000},
        {"seconds", 1000}, {"m", 60'000}, {"min", 60'000}, {"minute", 60'000}, {"minutes", 60'000}, {"h", 3'600'000},
        {"hour", 3'600'000}, {"hours", 3'600'000}, {"d", 86'400'000}, {"day", 86'400'000}, {"days", 86'400'000}};
    const auto found = units.find(std::string_view(unit, static_cast<std::size_t>(end - unit)));
    if (found == units.end())
        return std::nullopt;
    return std::chrono::milliseconds(number * found->second);
}

} // namespace weir::query
