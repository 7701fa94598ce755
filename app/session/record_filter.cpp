// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/record_filter.h"

#include "app/engine/pipeline/scan_stage.h"
#include "app/engine/sql/script.h"

#include <algorithm>
#include <numeric>

namespace weir {

namespace {

using search::BytePattern;
using search::PredicateScope;
using search::RecordFilter;
using search::RecordFilterFactory;
using search::RecordFilterFactoryPtr;
using search::Selected;
using Program = std::shared_ptr<const query::QueryProgram>;

/// What one thread asks of a batch by SQL.
class SqlCondition
{
public:
    explicit SqlCondition(Program program)
        : m_program(std::move(program)), m_scan(m_program->scans.front()), m_stage(m_scan),
          m_needsValue(std::any_of(m_scan.decoded.begin(), m_scan.decoded.end(),
              [](const DecodedColumn& column) { return column.origin == DecodedOrigin::Field; }))
    { }

    Selected select(const RecordBatchPtr& batch)
    {
        query::RowEvaluator evaluator(m_program->context);
        EventBatch events = m_stage.run(batch, 0, evaluator);
        Selected selected;
        if (m_needsValue) {
            for (const RowError& error : events.errors)
                selected.undecided.push_back(error.row);
        } else {
            events.selection = {}; // a value that is not asked for does not matter
        }
        evaluator.run(m_scan.before, events);
        for (const sql::EvaluationFailure& failure : evaluator.failures())
            selected.undecided.push_back(failure.row);
        events.forEachSelected([&selected](std::uint32_t row) { selected.rows.push_back(row); });
        std::vector<std::uint32_t>& undecided = selected.undecided;
        std::sort(undecided.begin(), undecided.end());
        undecided.erase(std::unique(undecided.begin(), undecided.end()), undecided.end());
        return selected;
    }

private:
    const Program m_program;
    const query::ScanProgram& m_scan;
    query::ScanStage m_stage;
    const bool m_needsValue;
};

struct Condition
{
    Program program; ///< null: no SQL
    std::shared_ptr<const BytePattern> pattern; ///< null: none
    PredicateScope scope;
};

/// Looks at bytes first, and decodes what is left.
class ConditionFilter final : public RecordFilter
{
public:
    explicit ConditionFilter(std::shared_ptr<const Condition> condition) : m_condition(std::move(condition))
    {
        if (m_condition->program)
            m_sql.emplace(m_condition->program);
    }

    Selected select(const RecordBatchPtr& batch) override
    {
        const bool all = m_condition->scope.need.isNothing() && !m_condition->pattern;
        if (all)
            return m_sql ? m_sql->select(batch) : everyRow(*batch);
        m_candidates.clear();
        for (std::size_t row = 0; row < batch->size(); ++row) {
            if (m_condition->scope.need.mayMatch(*batch, row)
                && (!m_condition->pattern || m_condition->pattern->matches(*batch, row)))
                m_candidates.push_back(static_cast<std::uint32_t>(row));
        }
        if (!m_sql || m_candidates.empty())
            return {m_candidates, {}};
        return m_candidates.size() > batch->size() / 2 ? amongCandidates(batch) : ofCandidates(batch);
    }

private:
    static Selected everyRow(const RecordBatch& batch)
    {
        Selected selected;
        selected.rows.resize(batch.size());
        std::iota(selected.rows.begin(), selected.rows.end(), 0U);
        return selected;
    }

    Selected amongCandidates(const RecordBatchPtr& batch)
    {
        Selected selected = m_sql->select(batch);
        const auto isOut = [this](std::uint32_t row) {
            return !std::binary_search(m_candidates.begin(), m_candidates.end(), row);
        };
        std::erase_if(selected.rows, isOut);
        std::erase_if(selected.undecided, isOut);
        return selected;
    }

    /// Copying a few records costs less than decoding all the others.
    Selected ofCandidates(const RecordBatchPtr& batch)
    {
        Selected selected = m_sql->select(copyOf(*batch, m_candidates, nullptr));
        for (std::vector<std::uint32_t>* rows : {&selected.rows, &selected.undecided}) {
            for (std::uint32_t& row : *rows)
                row = m_candidates[row];
        }
        return selected;
    }

    const std::shared_ptr<const Condition> m_condition;
    std::optional<SqlCondition> m_sql;
    std::vector<std::uint32_t> m_candidates;
};

class ConditionFactory final : public RecordFilterFactory
{
public:
    explicit ConditionFactory(Condition condition) : m_condition(std::make_shared<Condition>(std::move(condition))) { }
    std::unique_ptr<RecordFilter> make() const override { return std::make_unique<ConditionFilter>(m_condition); }
    const PredicateScope& scope() const override { return m_condition->scope; }

private:
    std::shared_ptr<const Condition> m_condition;
};

FilterVerdict refused(Error error)
{
    FilterVerdict verdict;
    verdict.error = std::move(error);
    return verdict;
}

/// Places count from the user's first word on: the text before it ends with its line.
sql::Diagnostic inWhere(sql::Diagnostic diagnostic, const std::string& before, std::size_t length)
{
    const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    auto& span = diagnostic.span;
    span.line = span.line > lines ? span.line - lines : 1;
    span.offset -= std::min<decltype(span.offset)>(span.offset, static_cast<decltype(span.offset)>(before.size()));
    span.offset = std::min<decltype(span.offset)>(span.offset, static_cast<decltype(span.offset)>(length));
    return diagnostic;
}

Error wrongFilter(const sql::Diagnostic& diagnostic, const std::string& where)
{
    const std::string line =
        where.find('\n') == std::string::npos ? "" : "line " + std::to_string(diagnostic.span.line) + ", ";
    return {ErrorKind::InvalidInput, diagnostic.message,
        "filter, " + line + "column " + std::to_string(diagnostic.span.column)};
}

FilterVerdict judgeWhere(const FilterTable& table, const std::string& where, Condition& condition)
{
    FilterVerdict verdict;
    const std::string before = table.ddl() + "SELECT 1 FROM records WHERE (\n";
    const sql::Script script = sql::compileScript(before + where + "\n)");
    for (const sql::Diagnostic& diagnostic : script.diagnostics) {
        if (diagnostic.severity == sql::Severity::Error)
            verdict.problems.push_back(inWhere(diagnostic, before, where.size()));
    }
    if (!verdict.problems.empty()) {
        verdict.error = wrongFilter(verdict.problems.front(), where);
        return verdict;
    }
    if (script.queries.size() != 1)
        return refused({ErrorKind::InvalidInput, "is no condition. Write one as behind WHERE.", "filter"});
    auto program = query::makeProgram(script.queries.front());
    if (!program)
        return refused(program.error());
    const query::ScanProgram& scan = (*program)->scans.front();
    if ((*program)->scans.size() != 1 || !(*program)->stages.empty() || scan.aggregation)
        return refused({ErrorKind::InvalidInput, "may look at one record at a time only: no subqueries, no aggregates.",
            "filter"});
    condition.program = std::move(*program);
    if (!scan.before.empty() && scan.computed.empty()) {
        if (const auto* step = std::get_if<query::FilterStep>(&scan.before.front()))
            condition.scope = search::scopeOf(*step->predicate, scan.decoded, condition.program->context.timeZone);
    }
    return verdict;
}

} // namespace

FilterVerdict judgeFilter(const FilterTable& table, const SearchTerms& terms, Prefilter prefilter)
{
    Condition condition;
    FilterVerdict verdict;
    if (!terms.where.empty())
        verdict = judgeWhere(table, terms.where, condition);
    if (terms.pattern && !verdict.error) {
        auto pattern = BytePattern::compile(*terms.pattern);
        if (!pattern)
            return refused(pattern.error());
        condition.pattern = *pattern;
    }
    if (prefilter == Prefilter::Off)
        condition.scope.need = {};
    if (!verdict.error)
        verdict.filter = std::make_shared<ConditionFactory>(std::move(condition));
    return verdict;
}

Result<RecordFilterFactoryPtr> compileFilter(
    Cluster& cluster, const std::string& topic, const SearchTerms& terms, const Clock& clock)
{
    auto table = terms.where.empty() ? Result(FilterTable::of({}, 0)) : FilterTable::sampled(cluster, topic, clock);
    if (!table)
        return table.error();
    FilterVerdict verdict = judgeFilter(**table, terms, Prefilter::Off);
    if (verdict.error)
        return *verdict.error;
    return verdict.filter;
}

TriedFilter tryFilter(const FilterTable& table, const RecordFilterFactory& filter)
{
    TriedFilter tried;
    const auto one = filter.make();
    for (const RecordBatchPtr& batch : table.sample()) {
        const Selected selected = one->select(batch);
        tried.records += batch->size();
        tried.matching += selected.rows.size();
        tried.undecided += selected.undecided.size();
    }
    return tried;
}

} // namespace weir
