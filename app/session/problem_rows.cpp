// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/problem_rows.h"

#include "app/engine/pipeline/json_check.h"

namespace weir {

namespace {

class ProblemFilter final : public search::RecordFilter
{
public:
    search::Selected select(const RecordBatchPtr& batch) override
    {
        search::Selected selected;
        for (std::uint32_t row = 0; row < batch->size(); ++row) {
            if (const auto value = batch->value(row); value && isBrokenJson(*value))
                selected.rows.push_back(row);
        }
        return selected;
    }
};

class ProblemFactory final : public search::RecordFilterFactory
{
public:
    std::unique_ptr<search::RecordFilter> make() const override { return std::make_unique<ProblemFilter>(); }
    const search::PredicateScope& scope() const override { return m_scope; }
    bool choosesMissing() const override { return true; }

private:
    search::PredicateScope m_scope;
};

} // namespace

bool isBrokenJson(std::string_view value)
{
    return value.starts_with('{') && jsonShape(value) == JsonShape::Invalid;
}

search::RecordFilterFactoryPtr problemRows()
{
    return std::make_shared<ProblemFactory>();
}

} // namespace weir
