// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/search/byte_pattern.h"

#include <re2/re2.h>

#include <cstring>

namespace weir::search {

namespace {

constexpr std::int64_t expressionMemory = 16 << 20; ///< of a compiled pattern with its automata

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

int digitOf(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

Error unusable(const std::string& why)
{
    return {ErrorKind::InvalidInput, why, "pattern"};
}

} // namespace

class BytePattern::Expression
{
public:
    Expression(std::string_view pattern, const re2::RE2::Options& options) : m_expression(piece(pattern), options) { }
    bool ok() const { return m_expression.ok(); }
    const std::string& fault() const { return m_expression.error(); }
    bool isIn(std::string_view bytes) const { return re2::RE2::PartialMatch(piece(bytes), m_expression); }
    std::optional<PatternPlace> find(std::string_view bytes, std::size_t from) const
    {
        re2::StringPiece found;
        if (!m_expression.Match(piece(bytes), from, bytes.size(), re2::RE2::UNANCHORED, &found, 1))
            return std::nullopt;
        return PatternPlace{static_cast<std::size_t>(found.data() - bytes.data()), found.size()};
    }

private:
    re2::RE2 m_expression;
};

BytePattern::BytePattern(PatternSpec spec) : m_spec(std::move(spec)) { }

BytePattern::~BytePattern() = default;

Result<std::shared_ptr<const BytePattern>> BytePattern::compile(const PatternSpec& spec)
{
    if (spec.text.empty())
        return unusable("nothing to look for was given.");
    std::shared_ptr<BytePattern> pattern(new BytePattern(spec));
    if (spec.kind == PatternKind::Bytes) {
        const auto bytes = bytesOfHex(spec.text);
        if (!bytes)
            return unusable("'" + spec.text + "' are no bytes. Give pairs of hexadecimal digits: 00 00 29 6f.");
        pattern->m_needle = *bytes;
        return std::shared_ptr<const BytePattern>(std::move(pattern));
    }
    if (spec.kind == PatternKind::Text && !spec.ignoreCase) {
        pattern->m_needle = spec.text;
        return std::shared_ptr<const BytePattern>(std::move(pattern));
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(expressionMemory);
    options.set_case_sensitive(!spec.ignoreCase);
    options.set_literal(spec.kind == PatternKind::Text);
    pattern->m_expression = std::make_unique<Expression>(spec.text, options);
    if (!pattern->m_expression->ok())
        return unusable("the pattern cannot be run: " + pattern->m_expression->fault() + ".");
    return std::shared_ptr<const BytePattern>(std::move(pattern));
}

bool BytePattern::isIn(std::string_view bytes) const
{
    if (m_expression)
        return m_expression->isIn(bytes);
    return ::memmem(bytes.data(), bytes.size(), m_needle.data(), m_needle.size()) != nullptr;
}

std::optional<PatternPlace> BytePattern::find(std::string_view bytes, std::size_t from) const
{
    if (from > bytes.size())
        return std::nullopt;
    if (m_expression)
        return m_expression->find(bytes, from);
    const void* found = ::memmem(bytes.data() + from, bytes.size() - from, m_needle.data(), m_needle.size());
    if (!found)
        return std::nullopt;
    return PatternPlace{static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()), m_needle.size()};
}

bool BytePattern::matches(const RecordBatch& batch, std::size_t row) const
{
    if (m_spec.inValue && isIn(batch.value(row)))
        return true;
    if (m_spec.inKey && isIn(batch.key(row)))
        return true;
    for (std::size_t h = 0; m_spec.inHeaders && h < batch.headerCount(row); ++h) {
        const Header header = batch.header(row, h);
        if (isIn(header.name) || isIn(header.value))
            return true;
    }
    return false;
}

void BytePattern::select(const RecordBatch& batch, std::vector<std::uint32_t>& rows) const
{
    for (std::size_t row = 0; row < batch.size(); ++row) {
        if (matches(batch, row))
            rows.push_back(static_cast<std::uint32_t>(row));
    }
}

std::optional<std::string> bytesOfHex(std::string_view digits)
{
    std::string bytes;
    int high = -1;
    for (const char c : digits) {
        if (c == ' ' && high < 0)
            continue;
        const int digit = digitOf(c);
        if (digit < 0)
            return std::nullopt;
        if (high >= 0)
            bytes.push_back(static_cast<char>(high * 16 + digit));
        high = high < 0 ? digit : -1;
    }
    return high < 0 && !bytes.empty() ? std::optional(std::move(bytes)) : std::nullopt;
}

} // namespace weir::search
