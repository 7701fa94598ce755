// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/regex_functions.h"

#include <re2/re2.h>

#include <cctype>
#include <map>
#include <memory>
#include <vector>

namespace weir::sql {

namespace {

constexpr std::size_t keptPatterns = 64; ///< of a thread; patterns out of columns could be any number

re2::StringPiece piece(std::string_view text)
{
    return {text.data(), text.size()};
}

std::unique_ptr<re2::RE2> compile(std::string_view pattern)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    return std::make_unique<re2::RE2>(piece(pattern), options);
}

/// Null if it cannot be run.
const re2::RE2* compiled(std::string_view pattern)
{
    thread_local std::map<std::string, std::unique_ptr<re2::RE2>, std::less<>> kept;
    auto found = kept.find(pattern);
    if (found == kept.end()) {
        if (kept.size() >= keptPatterns)
            kept.clear();
        found = kept.emplace(std::string(pattern), compile(pattern)).first;
    }
    return found->second->ok() ? found->second.get() : nullptr;
}

bool isSpecial(char c)
{
    return std::string_view("[]()|^-+*_%?{}").find(c) != std::string_view::npos;
}

/// "[:ALPHA:]" at `at` inside of brackets, in small letters; empty if there is none.
std::string namedClass(std::string_view pattern, std::size_t at)
{
    if (pattern.substr(at, 2) != "[:")
        return {};
    const std::size_t end = pattern.find(":]", at + 2);
    if (end == std::string_view::npos)
        return {};
    std::string name(pattern.substr(at, end + 2 - at));
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name == "[:whitespace:]" ? "[:space:]" : name;
}

} // namespace

std::string patternFault(std::string_view pattern)
{
    const auto tried = compile(pattern);
    return tried->ok() ? std::string() : tried->error();
}

std::optional<bool> regexMatches(std::string_view text, std::string_view pattern)
{
    const re2::RE2* regex = compiled(pattern);
    if (!regex)
        return std::nullopt;
    return re2::RE2::PartialMatch(piece(text), *regex);
}

std::optional<bool> regexIs(std::string_view text, std::string_view pattern)
{
    const re2::RE2* regex = compiled(pattern);
    if (!regex)
        return std::nullopt;
    return re2::RE2::FullMatch(piece(text), *regex);
}

std::optional<std::string> regexExtract(std::string_view text, std::string_view pattern, std::int64_t group)
{
    const re2::RE2* regex = compiled(pattern);
    if (!regex || group < 0 || group > regex->NumberOfCapturingGroups())
        return std::nullopt;
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(group) + 1);
    if (!regex->Match(
            piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
        return std::nullopt;
    const re2::StringPiece& wanted = groups.back();
    if (!wanted.data())
        return std::nullopt; // a group that took no part in the match
    return std::string(wanted.data(), wanted.size());
}

std::optional<std::string> regexReplace(std::string_view text, std::string_view pattern, std::string_view replacement)
{
    const re2::RE2* regex = compiled(pattern);
    if (!regex)
        return std::nullopt;
    std::string plain;
    for (const char c : replacement) {
        if (c == '\\')
            plain += '\\';
        plain += c;
    }
    std::string result(text);
    re2::RE2::GlobalReplace(&result, *regex, plain);
    return result;
}

std::string similarPattern(std::string_view pattern, char escape)
{
    std::string regex;
    bool bracketed = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char c = pattern[at];
        if (escape != 0 && c == escape && at + 1 < pattern.size()) {
            ++at;
            if (isSpecial(pattern[at]) || std::string_view(".$\\").find(pattern[at]) != std::string_view::npos)
                regex += '\\';
            regex += pattern[at];
        } else if (bracketed) {
            const std::string named = namedClass(pattern, at);
            regex += named.empty() ? std::string(1, c) : named;
            at += named.empty() ? 0 : pattern.find(":]", at) + 1 - at;
            bracketed = !named.empty() || c != ']';
        } else if (c == '%') {
            regex += "(?s:.*)";
        } else if (c == '_') {
            regex += '.';
        } else if (c == '.' || c == '$' || c == '\\') {
            regex += '\\';
            regex += c;
        } else {
            regex += c;
            bracketed = c == '[';
        }
    }
    return regex;
}

} // namespace weir::sql
