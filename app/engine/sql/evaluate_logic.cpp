// SPDX-License-Identifier: GPL-3.0-or-later
// AND, OR, CASE and COALESCE: what stands behind a decision is computed only for the rows that need it, since it may
// fail for the others. And the tests IS … and NOT.
#include "app/engine/sql/evaluation.h"

namespace weir::sql {

namespace {

enum class Truth : std::uint8_t { False, True, Unknown };

Truth truthOf(const Column& column, std::uint32_t row)
{
    if (column.isNull(row))
        return Truth::Unknown;
    return column.values<std::uint8_t>()[row] != 0 ? Truth::True : Truth::False;
}

void store(Column& column, std::uint32_t row, Truth truth)
{
    column.values<std::uint8_t>()[row] = truth == Truth::True ? 1 : 0;
    if (truth == Truth::Unknown)
        column.setNull(row);
}

Column evaluateCase(const Expression& call, const Selection& rows, Evaluation& run)
{
    Column result(call.type, run.rowCount());
    Selection open = rows;
    for (std::size_t i = 0; i + 1 < call.arguments.size(); i += 2) {
        const Column& condition = run.column(*call.arguments[i], open);
        Selection taken{false, {}};
        Selection left{false, {}};
        run.each(open,
            [&](std::uint32_t row) { (truthOf(condition, row) == Truth::True ? taken : left).rows.push_back(row); });
        const Column& value = run.column(*call.arguments[i + 1], taken);
        run.each(taken, [&](std::uint32_t row) { copyValue(value, result, row); });
        open = std::move(left);
    }
    const Column& otherwise = run.column(*call.arguments.back(), open);
    run.each(open, [&](std::uint32_t row) { copyValue(otherwise, result, row); });
    return result;
}

Column evaluateCoalesce(const Expression& call, const Selection& rows, Evaluation& run)
{
    Column result(call.type, run.rowCount());
    Selection open = rows;
    for (const ExpressionPtr& argument : call.arguments) {
        const Column& value = run.column(*argument, open);
        Selection left{false, {}};
        run.each(open, [&](std::uint32_t row) {
            if (value.isNull(row))
                left.rows.push_back(row);
            else
                copyValue(value, result, row);
        });
        open = std::move(left);
    }
    run.each(open, [&](std::uint32_t row) { result.setNull(row); });
    return result;
}

} // namespace

Column evaluateLogic(const Expression& call, const Selection& rows, Evaluation& run)
{
    // AND is decided by the first FALSE, OR by the first TRUE; an unknown waits for what comes.
    const Truth decisive = call.function == Function::And ? Truth::False : Truth::True;
    const Truth neutral = call.function == Function::And ? Truth::True : Truth::False;
    Column result(call.type, run.rowCount());
    run.each(rows, [&](std::uint32_t row) { store(result, row, neutral); });
    Selection open = rows;
    for (const ExpressionPtr& argument : call.arguments) {
        const Column& side = run.column(*argument, open);
        Selection left{false, {}};
        run.each(open, [&](std::uint32_t row) {
            const Truth truth = truthOf(side, row);
            if (truth == decisive) {
                result.validity().appendValid(row);
                result.values<std::uint8_t>()[row] = truth == Truth::True ? 1 : 0;
                return;
            }
            if (truth == Truth::Unknown)
                result.setNull(row);
            left.rows.push_back(row);
        });
        open = std::move(left);
    }
    return result;
}

Column evaluateChoice(const Expression& call, const Selection& rows, Evaluation& run)
{
    return call.function == Function::Case ? evaluateCase(call, rows, run) : evaluateCoalesce(call, rows, run);
}

Column evaluateTest(const Expression& call, const Arguments& arguments, const Selection& rows, Evaluation& run)
{
    const Column& operand = *arguments.front();
    Column result(call.type, run.rowCount());
    auto& values = result.values<std::uint8_t>();
    run.each(rows, [&](std::uint32_t row) {
        switch (call.function) {
        case Function::IsNull:
            values[row] = operand.isNull(row) ? 1 : 0;
            break;
        case Function::IsNotNull:
            values[row] = operand.isNull(row) ? 0 : 1;
            break;
        case Function::IsTrue:
            values[row] = truthOf(operand, row) == Truth::True ? 1 : 0;
            break;
        case Function::IsNotTrue:
            values[row] = truthOf(operand, row) == Truth::True ? 0 : 1;
            break;
        case Function::IsFalse:
            values[row] = truthOf(operand, row) == Truth::False ? 1 : 0;
            break;
        case Function::IsNotFalse:
            values[row] = truthOf(operand, row) == Truth::False ? 0 : 1;
            break;
        default: { // NOT
            const Truth truth = truthOf(operand, row);
            store(result, row, truth == Truth::Unknown ? truth : truth == Truth::True ? Truth::False : Truth::True);
        }
        }
    });
    return result;
}

} // namespace weir::sql
