// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/words.h"

#include "app/engine/sql/script.h"

#include <algorithm>
#include <unordered_set>

namespace weir::sql {

namespace {

using WordSet = std::unordered_set<std::string_view>;

const WordSet& keywordSet()
{
    static const WordSet set(keywords().begin(), keywords().end());
    return set;
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

} // namespace

std::string upper(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return result;
}

bool equalsIgnoreCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && upper(a) == upper(b);
}

bool isKeyword(std::string_view word)
{
    return word.size() < 32 && keywordSet().contains(upper(word));
}

bool isFunctionName(std::string_view word)
{
    const auto& names = functionNames();
    return word.size() < 40 && std::find(names.begin(), names.end(), upper(word)) != names.end();
}

bool isMissingFunction(std::string_view word)
{
    static const WordSet missing{"LOG10", "LOG2", "LN", "EXP", "LOG", "SIN", "SINH", "COS", "TAN", "TANH", "COT",
        "ASIN", "ACOS", "ATAN", "ATAN2", "COSH", "DEGREES", "RADIANS", "PI", "E", "RAND", "RAND_INTEGER", "UUID", "BIN",
        "HEX", "UNHEX", "IS_ALPHA", "IS_DECIMAL", "IS_DIGIT", "REGEXP_COUNT", "REGEXP_INSTR", "REGEXP_SUBSTR",
        "REGEXP_EXTRACT_ALL", "FROM_BASE64", "TO_BASE64", "ASCII", "CHR", "ENCODE", "DECODE", "PARSE_URL", "URL_ENCODE",
        "URL_DECODE", "SPLIT", "STR_TO_MAP", "SUBSTRING_INDEX", "TRANSLATE", "OVERLAY", "STARTSWITH", "ENDSWITH", "ELT",
        "PRINTF", "JSON_OBJECT", "JSON_ARRAY", "JSON_STRING", "JSON_QUOTE", "JSON_UNQUOTE", "JSON_OBJECTAGG",
        "JSON_ARRAYAGG", "ARRAY_JOIN", "ARRAY_AGG", "ARRAY_DISTINCT", "ARRAY_MAX", "ARRAY_MIN", "ARRAY_SORT",
        "MAP_ENTRIES", "TIMESTAMPADD", "TO_DATE", "FROM_UNIXTIME", "UNIX_TIMESTAMP", "CONVERT_TZ", "NOW",
        "CURRENT_ROW_TIMESTAMP", "CURRENT_WATERMARK", "PROCTIME", "TYPEOF", "GROUP_ID", "COLLECT", "LAG", "LEAD",
        "NTILE", "CUME_DIST", "PERCENT_RANK"};
    return word.size() < 32 && missing.contains(upper(word));
}

std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates)
{
    constexpr std::size_t longest = 64;
    const std::string* best = nullptr;
    std::size_t bestDistance = name.size() / 3 + 2;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > longest || name.size() > longest)
            continue;
        const std::size_t distance = editDistance(upper(name), upper(candidate));
        if (distance < bestDistance) {
            bestDistance = distance;
            best = &candidate;
        }
    }
    return best ? "did you mean " + *best + "?" : std::string();
}

const std::vector<std::string_view>& keywords()
{
    static const std::vector<std::string_view> words{"ALL", "AND", "AS", "ASC", "BETWEEN", "BIGINT", "BINARY",
        "BOOLEAN", "BY", "BYTES", "CASE", "CAST", "CHAR", "COMMENT", "CREATE", "CROSS", "CUBE", "CUMULATE", "CURRENT",
        "DATA", "DATE", "DAY", "DAYS", "DECIMAL", "DESC", "DESCRIPTOR", "DISTINCT", "DOUBLE", "DROP", "ELSE", "END",
        "ENFORCED", "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FALSE", "FILTER", "FLOAT", "FOLLOWING", "FOR", "FROM",
        "FULL", "GAP", "GROUP", "GROUPING", "HAVING", "HOP", "HOUR", "HOURS", "IF", "IN", "INNER", "INSERT", "INT",
        "INTEGER", "INTERSECT", "INTERVAL", "INTO", "IS", "JOIN", "KEY", "LEFT", "LIKE", "LIMIT", "METADATA", "MINUTE",
        "MINUTES", "MONTH", "NATURAL", "NOT", "NULL", "NUMERIC", "ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION",
        "PRECEDING", "PRECISION", "PRIMARY", "RANGE", "RESET", "RIGHT", "ROLLUP", "ROW", "ROWS", "SECOND", "SECONDS",
        "SELECT", "SESSION", "SET", "SETS", "SIZE", "SLIDE", "SMALLINT", "STEP", "STRING", "TABLE", "TEMPORARY", "THEN",
        "TIME", "TIMECOL", "TIMESTAMP", "TIMESTAMP_LTZ", "TINYINT", "TO", "TRUE", "TRY_CAST", "TUMBLE", "UNBOUNDED",
        "UNION", "UNKNOWN", "USING", "VALUES", "VARBINARY", "VARCHAR", "VIEW", "VIRTUAL", "WATERMARK", "WHEN", "WHERE",
        "WINDOW", "WITH", "YEAR"};
    return words;
}

const std::vector<std::string_view>& functionNames()
{
    static const std::vector<std::string_view> names{"ABS", "APPROX_COUNT_DISTINCT", "APPROX_PERCENTILE",
        "APPROX_TOP_K", "ARRAY_CONTAINS", "AVG", "BTRIM", "CARDINALITY", "CAST", "CEIL", "CEILING", "CHARACTER_LENGTH",
        "CHAR_LENGTH", "COALESCE", "CONCAT", "CONCAT_WS", "COUNT", "DATE_FORMAT", "DAYOFMONTH", "DAYOFWEEK",
        "DAYOFYEAR", "ELEMENT", "EXTRACT", "FIRST_VALUE", "FLOOR", "GREATEST", "GROUPING", "GROUPING_ID", "HOUR", "IF",
        "IFNULL", "INITCAP", "INSTR", "JSON_EXISTS", "JSON_QUERY", "JSON_VALUE", "LAST_VALUE", "LEAST", "LEFT",
        "LISTAGG", "LOCATE", "LOWER", "LPAD", "LTRIM", "MAP_KEYS", "MAP_VALUES", "MAX", "MD5", "MIN", "MINUTE", "MOD",
        "MONTH", "NULLIF", "PERCENTILE", "POSITION", "POWER", "QUARTER", "REGEXP", "REGEXP_EXTRACT", "REGEXP_REPLACE",
        "REPEAT", "REPLACE", "REVERSE", "RIGHT", "ROUND", "ROW_NUMBER", "RPAD", "RTRIM", "SECOND", "SHA1", "SHA2",
        "SHA224", "SHA256", "SHA384", "SHA512", "SIGN", "SPLIT_INDEX", "SQRT", "STDDEV", "STDDEV_POP", "STDDEV_SAMP",
        "SUBSTR", "SUBSTRING", "SUM", "TIMESTAMPDIFF", "TO_TIMESTAMP", "TO_TIMESTAMP_LTZ", "TRIM", "TRUNCATE",
        "TRY_CAST", "UPPER", "VARIANCE", "VAR_POP", "VAR_SAMP", "WEEK", "YEAR"};
    return names;
}

} // namespace weir::sql
