// SPDX-License-Identifier: GPL-3.0-or-later
// The types of ExpressionParser: what stands in CREATE TABLE and CAST.
#include "app/engine/sql/expression_parser.h"

#include "app/engine/sql/words.h"

#include <charconv>

namespace weir::sql {

namespace {

LogicalType plain(TypeKind kind)
{
    LogicalType type;
    type.kind = kind;
    return type;
}

} // namespace

/// "(n)" if it stands here, else `fallback`.
std::int32_t ExpressionParser::length(std::int32_t fallback)
{
    if (!m_tokens.acceptSymbol("("))
        return fallback;
    const Token& token = m_tokens.peek();
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
    if (token.tokenClass != TokenClass::Number || error != std::errc() || end != token.text.data() + token.text.size())
        m_tokens.fail("expected a whole number, found " + m_tokens.here() + ".");
    m_tokens.take();
    m_tokens.expectSymbol(")", "behind the length of the type");
    return value;
}

LogicalType ExpressionParser::decimalType()
{
    LogicalType type = types::decimal(10, 0);
    if (!m_tokens.acceptSymbol("("))
        return type;
    const auto number = [this](const char* what) {
        const Token& token = m_tokens.peek();
        std::int32_t value = 0;
        const auto parsed = std::from_chars(token.text.data(), token.text.data() + token.text.size(), value);
        if (token.tokenClass != TokenClass::Number || parsed.ec != std::errc() || value > 38)
            m_tokens.fail(
                std::string("expected the ") + what + " of DECIMAL, 38 at most, found " + m_tokens.here() + ".");
        m_tokens.take();
        return value;
    };
    type.precision = number("precision");
    if (m_tokens.acceptSymbol(","))
        type.scale = number("scale");
    if (type.precision < 1 || type.scale > type.precision)
        m_tokens.fail("a DECIMAL has a precision of 1 to 38 and a scale of 0 to the precision.");
    m_tokens.expectSymbol(")", "behind the scale of DECIMAL");
    return type;
}

LogicalType ExpressionParser::timeType(bool timestamp)
{
    if (!timestamp) {
        length(0); // Flink makes every TIME(p) a TIME(0)
        return types::time();
    }
    const std::int32_t precision = length(6);
    if (precision < 0 || precision > 9)
        m_tokens.fail("a TIMESTAMP has 0 to 9 digits behind the second.");
    if (m_tokens.acceptWords({"WITHOUT", "TIME", "ZONE"}))
        return types::timestamp(precision);
    if (m_tokens.acceptWords({"WITH", "LOCAL", "TIME", "ZONE"}))
        return types::timestampLtz(precision);
    return types::timestamp(precision);
}

/// A field's or element's type, with its nullability.
LogicalType ExpressionParser::fieldType()
{
    LogicalType field = type();
    if (m_tokens.acceptWords({"NOT", "NULL"}))
        field.nullable = false;
    else
        m_tokens.acceptWord("NULL");
    return field;
}

/// ROW<name type, …>, or with parentheses; a comment may stand behind a type.
LogicalType ExpressionParser::rowType()
{
    const bool angled = m_tokens.acceptSymbol("<");
    if (!angled)
        m_tokens.expectSymbol("(", "or < behind ROW");
    const std::string_view end = angled ? ">" : ")";
    auto fields = std::make_shared<std::vector<RowField>>();
    do {
        if (m_tokens.isSymbol(end))
            break;
        const std::string name = m_tokens.expectName("the name of a field").text;
        fields->push_back({name, fieldType()});
        if (m_tokens.peek().tokenClass == TokenClass::String)
            m_tokens.take();
    } while (m_tokens.acceptSymbol(","));
    m_tokens.expectSymbol(end, "behind the fields of ROW");
    LogicalType row = plain(TypeKind::Row);
    row.children = std::move(fields);
    return row;
}

/// ROW, ARRAY, MAP, MULTISET; the kind is Null where none stands here.
LogicalType ExpressionParser::nestedType()
{
    if (m_tokens.acceptWord("ROW"))
        return rowType();
    LogicalType nested;
    if (m_tokens.acceptWord("ARRAY"))
        nested.kind = TypeKind::Array;
    else if (m_tokens.acceptWord("MAP"))
        nested.kind = TypeKind::Map;
    else if (m_tokens.acceptWord("MULTISET"))
        nested.kind = TypeKind::Multiset;
    else
        return nested;
    m_tokens.expectSymbol("<", "in front of the type of the elements");
    auto parts = std::make_shared<std::vector<RowField>>();
    parts->push_back({nested.kind == TypeKind::Map ? "key" : "element", fieldType()});
    if (nested.kind == TypeKind::Map) {
        m_tokens.expectSymbol(",", "between the types of key and value");
        parts->push_back({"value", fieldType()});
    }
    m_tokens.expectSymbol(">", "behind the type of the elements");
    nested.children = std::move(parts);
    return nested;
}

LogicalType ExpressionParser::type()
{
    const TokenStream::Depth depth(m_tokens);
    LogicalType whole = nestedType();
    if (whole.kind == TypeKind::Null)
        whole = plainType();
    while (m_tokens.isWord("ARRAY") || m_tokens.isWord("MULTISET")) { // INT ARRAY is ARRAY<INT>
        LogicalType outer = plain(m_tokens.isWord("ARRAY") ? TypeKind::Array : TypeKind::Multiset);
        m_tokens.take();
        outer.children = std::make_shared<std::vector<RowField>>(1, RowField{"element", whole});
        whole = std::move(outer);
    }
    return whole;
}

LogicalType ExpressionParser::plainType()
{
    struct Simple
    {
        std::string_view word;
        TypeKind kind;
    };
    static constexpr Simple simple[] = {{"BOOLEAN", TypeKind::Boolean}, {"TINYINT", TypeKind::TinyInt},
        {"SMALLINT", TypeKind::SmallInt}, {"INT", TypeKind::Int}, {"INTEGER", TypeKind::Int},
        {"BIGINT", TypeKind::BigInt}, {"FLOAT", TypeKind::Float}, {"DATE", TypeKind::Date}};
    for (const Simple& one : simple) {
        if (m_tokens.acceptWord(one.word))
            return plain(one.kind);
    }
    if (m_tokens.acceptWord("DOUBLE")) {
        m_tokens.acceptWord("PRECISION");
        return types::float64();
    }
    if (m_tokens.acceptWord("DECIMAL") || m_tokens.acceptWord("DEC") || m_tokens.acceptWord("NUMERIC"))
        return decimalType();
    if (m_tokens.acceptWord("STRING"))
        return types::string();
    if (m_tokens.acceptWord("BYTES"))
        return types::bytes();
    struct Sized
    {
        std::string_view word;
        TypeKind kind;
    };
    static constexpr Sized sized[] = {{"VARCHAR", TypeKind::Varchar}, {"CHAR", TypeKind::Char},
        {"VARBINARY", TypeKind::Varbinary}, {"BINARY", TypeKind::Binary}};
    for (const Sized& one : sized) {
        if (m_tokens.acceptWord(one.word)) {
            LogicalType type = plain(one.kind);
            type.precision = length(1);
            return type;
        }
    }
    if (m_tokens.acceptWord("TIMESTAMP_LTZ"))
        return types::timestampLtz(length(6));
    if (m_tokens.acceptWord("TIMESTAMP"))
        return timeType(true);
    if (m_tokens.acceptWord("TIME"))
        return timeType(false);
    std::vector<std::string> known{"BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL",
        "STRING", "VARCHAR", "CHAR", "BYTES", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "ROW", "ARRAY", "MAP",
        "MULTISET"};
    m_tokens.fail("expected a type, found " + m_tokens.here() + ".", didYouMean(m_tokens.peek().text, known));
}

} // namespace weir::sql
