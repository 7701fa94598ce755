// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/digest.h"
#include "app/engine/sql/function_call.h"
#include "app/engine/sql/regex_functions.h"
#include "app/engine/sql/syntax_error.h"

#include <algorithm>

namespace weir::sql {

namespace {

ExpressionPtr substring(Call& call)
{
    const std::string form = call.written.text + "(text, from [, count])";
    call.expect(call.count(2, 3) && call.type(0).isString(), form);
    for (std::size_t i = 1; i < call.arguments.size(); ++i)
        call.expect(call.type(i).isInteger(), form);
    return call.make(Function::Substring, nullableLike(types::string(), call.arguments));
}

ExpressionPtr textFunction(Call& call, Function function)
{
    call.expect(call.count(1, 1) && call.type(0).isString(), call.written.text + "(text)");
    return call.make(function, nullableLike(types::string(), call.arguments));
}

ExpressionPtr concat(Call& call)
{
    call.expect(!call.arguments.empty(), "CONCAT(text, …)");
    for (ExpressionPtr& argument : call.arguments) {
        if (!argument->type.isString())
            call.wrong("CONCAT(text, …)");
    }
    return call.make(Function::Concat, nullableLike(types::string(), call.arguments));
}

ExpressionPtr charLength(Call& call)
{
    call.expect(call.count(1, 1) && call.type(0).isString(), "CHAR_LENGTH(text)");
    return call.make(Function::CharLength, nullableLike(types::integer(), call.arguments));
}

/// Whether the types are those that `letters` say: s a text, i an integer number; those in small letters must be there.
bool typesAre(const Call& call, std::string_view letters, std::size_t least)
{
    if (!call.count(least, letters.size()))
        return false;
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        if (letters[i] == 's' ? !call.type(i).isString() : !call.type(i).isInteger())
            return false;
    }
    return true;
}

/// The result is NULL for arguments that the function can do nothing with, too.
ExpressionPtr nullableText(Call& call, Function function)
{
    return call.make(function, types::string());
}

ExpressionPtr plainText(Call& call, Function function)
{
    return call.make(function, nullableLike(types::string(), call.arguments));
}

/// CONCAT_WS leaves out texts that are NULL: only the separator makes the whole NULL.
ExpressionPtr concatWs(Call& call)
{
    const std::string form = "CONCAT_WS(separator, text, …)";
    call.expect(!call.arguments.empty(), form);
    for (std::size_t i = 0; i < call.arguments.size(); ++i)
        call.expect(call.type(i).isString(), form);
    return call.make(Function::ConcatWs, nullableLike(types::string(), call.arguments));
}

ExpressionPtr replace(Call& call)
{
    call.expect(typesAre(call, "sss", 3), "REPLACE(text, search, replacement)");
    return plainText(call, Function::Replace);
}

/// POSITION(sought IN text), LOCATE(sought, text [, from]).
ExpressionPtr position(Call& call)
{
    call.expect(typesAre(call, "ssi", 2),
        call.written.text == "POSITION" ? "POSITION(sought IN text)" : "LOCATE(sought, text [, from])");
    return call.make(Function::Position, nullableLike(types::integer(), call.arguments));
}

ExpressionPtr instr(Call& call)
{
    call.expect(typesAre(call, "ss", 2), "INSTR(text, sought)");
    std::swap(call.arguments[0], call.arguments[1]);
    return position(call);
}

ExpressionPtr part(Call& call, Function function)
{
    call.expect(typesAre(call, "si", 2), call.written.text + "(text, count)");
    return plainText(call, function);
}

ExpressionPtr pad(Call& call, Function function)
{
    call.expect(typesAre(call, "sis", 3), call.written.text + "(text, length, pad)");
    return nullableText(call, function);
}

/// The parser gives TRIM(LEADING 'x' FROM text) as (text, 'x') with the unit LEADING.
ExpressionPtr trim(Call& call)
{
    const std::string& name = call.written.text;
    call.expect(typesAre(call, "ss", 1),
        name == "TRIM" ? "TRIM([BOTH | LEADING | TRAILING] [characters FROM] text)" : name + "(text [, characters])");
    const bool leading = name == "LTRIM" || call.written.unit == "LEADING";
    const bool trailing = name == "RTRIM" || call.written.unit == "TRAILING";
    return plainText(call, leading ? Function::TrimLeading : trailing ? Function::TrimTrailing : Function::Trim);
}

/// A pattern that is written down is tried here: what this engine cannot run is an error and no NULL.
void checkPattern(const Call& call, std::size_t argument)
{
    const auto* pattern = std::get_if<std::string>(&call.arguments[argument]->literal);
    const std::string fault = pattern ? patternFault(*pattern) : std::string();
    if (!fault.empty())
        throw StatementError(call.arguments[argument]->span, "The pattern cannot be run: " + fault + ".",
            "Patterns run in linear time here: without lookaround and without references back to a group");
}

ExpressionPtr regexp(Call& call)
{
    call.expect(typesAre(call, "ss", 2), "REGEXP(text, pattern)");
    checkPattern(call, 1);
    return call.make(Function::RegexpMatches, nullableLike(types::boolean(), call.arguments));
}

ExpressionPtr regexpExtract(Call& call)
{
    call.expect(typesAre(call, "ssi", 2), "REGEXP_EXTRACT(text, pattern [, group])");
    checkPattern(call, 1);
    return nullableText(call, Function::RegexpExtract);
}

ExpressionPtr regexpReplace(Call& call)
{
    call.expect(typesAre(call, "sss", 3), "REGEXP_REPLACE(text, pattern, replacement)");
    checkPattern(call, 1);
    return nullableText(call, Function::RegexpReplace);
}

ExpressionPtr splitIndex(Call& call)
{
    call.expect(typesAre(call, "ssi", 3), "SPLIT_INDEX(text, separator, index)");
    return nullableText(call, Function::SplitIndex);
}

/// MD5, SHA1 … and SHA2(text, bits): hexadecimal digits.
ExpressionPtr digest(Call& call)
{
    const std::string& name = call.written.text;
    if (name == "SHA2") {
        call.expect(typesAre(call, "si", 2), "SHA2(text, 224 | 256 | 384 | 512)");
        return nullableText(call, Function::Digest);
    }
    call.expect(typesAre(call, "s", 1), name + "(text)");
    LogicalType type = types::string();
    type.kind = TypeKind::Char;
    type.precision = static_cast<std::int32_t>(digestBits(name) / 4);
    type = nullableLike(type, call.arguments);
    call.arguments.push_back(literalOf(digestBits(name), types::bigInt().notNull(), call.written.span));
    return call.make(Function::Digest, type);
}

} // namespace

const std::map<std::string, Resolver>& textResolvers()
{
    static const std::map<std::string, Resolver> table{{"CONCAT", concat}, {"CONCAT_WS", concatWs},
        {"CHAR_LENGTH", charLength}, {"CHARACTER_LENGTH", charLength}, {"SUBSTRING", substring}, {"SUBSTR", substring},
        {"UPPER", [](Call& c) { return textFunction(c, Function::Upper); }},
        {"LOWER", [](Call& c) { return textFunction(c, Function::Lower); }},
        {"REVERSE", [](Call& c) { return textFunction(c, Function::Reverse); }},
        {"INITCAP", [](Call& c) { return textFunction(c, Function::InitCap); }}, {"TRIM", trim}, {"LTRIM", trim},
        {"RTRIM", trim}, {"BTRIM", trim}, {"REPLACE", replace}, {"POSITION", position}, {"LOCATE", position},
        {"INSTR", instr}, {"LEFT", [](Call& c) { return part(c, Function::Left); }},
        {"RIGHT", [](Call& c) { return part(c, Function::Right); }},
        {"REPEAT", [](Call& c) { return part(c, Function::Repeat); }},
        {"LPAD", [](Call& c) { return pad(c, Function::LeftPad); }},
        {"RPAD", [](Call& c) { return pad(c, Function::RightPad); }}, {"REGEXP", regexp},
        {"REGEXP_EXTRACT", regexpExtract}, {"REGEXP_REPLACE", regexpReplace}, {"SPLIT_INDEX", splitIndex},
        {"MD5", digest}, {"SHA1", digest}, {"SHA224", digest}, {"SHA256", digest}, {"SHA384", digest},
        {"SHA512", digest}, {"SHA2", digest}};
    return table;
}

} // namespace weir::sql
