// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"
#include "app/cli/output.h"
#include "app/cli/read_options.h"
#include "app/cli/record_printer.h"
#include "app/cli/watch.h"
#include "app/session/kept_hits.h"
#include "app/session/search_run.h"

#include <cstdio>
#include <filesystem>
#include <limits>

namespace weir::cli {

namespace {

struct SearchOptions
{
    std::vector<std::string> topics;
    ReadOptions read;
    std::string where;
    std::string text;
    std::string bytes;
    std::string regex;
    std::string in = "key,value,headers";
    bool ignoreCase = false;
    bool everyPartition = false;
    std::int64_t count = std::numeric_limits<std::int64_t>::max();
    bool countOnly = false;
    bool undecided = false;
    bool raw = false;
    std::string sort;
    bool latest = false;

    /// Whether hits have to wait for the others.
    bool isArranged() const { return !sort.empty() || latest; }
};

Error wrongOption(const char* option, const std::string& why)
{
    return {ErrorKind::InvalidInput, why, option};
}

Result<void> choosePlaces(const std::string& in, search::PatternSpec& spec)
{
    spec.inKey = spec.inValue = spec.inHeaders = false;
    for (std::size_t begin = 0; begin <= in.size();) {
        const std::size_t end = std::min(in.find(',', begin), in.size());
        const std::string place = in.substr(begin, end - begin);
        if (place != "key" && place != "value" && place != "headers")
            return wrongOption("--in", "'" + place + "' is no place. Give key, value or headers, with commas between.");
        spec.inKey |= place == "key";
        spec.inValue |= place == "value";
        spec.inHeaders |= place == "headers";
        begin = end + 1;
    }
    return {};
}

Result<SearchTerms> termsOf(const SearchOptions& options)
{
    SearchTerms terms{options.where, {}};
    search::PatternSpec spec;
    int given = 0;
    const auto take = [&](const std::string& text, search::PatternKind kind) {
        if (text.empty())
            return;
        ++given;
        spec.kind = kind;
        spec.text = text;
    };
    take(options.text, search::PatternKind::Text);
    take(options.bytes, search::PatternKind::Bytes);
    take(options.regex, search::PatternKind::Regex);
    if (given > 1)
        return wrongOption("search", "give one of --text, --bytes and --regex.");
    if (given == 0 && terms.where.empty() && !options.isArranged())
        return wrongOption("search",
            "say what to look for: --where SQL, --text, --bytes or --regex; or what to make of all records: --sort, "
            "--latest.");
    if (given == 0)
        return terms;
    spec.ignoreCase = options.ignoreCase;
    if (auto chosen = choosePlaces(options.in, spec); !chosen)
        return chosen.error();
    terms.pattern = spec;
    return terms;
}

Result<SearchRequest> requestOf(const SearchOptions& options)
{
    SearchRequest request;
    auto terms = termsOf(options);
    if (!terms)
        return terms.error();
    request.terms = std::move(*terms);
    request.routing = options.everyPartition ? KeyRouting::Ignored : KeyRouting::Believed;
    auto topics = requestsOf(options.read, options.topics);
    if (!topics)
        return topics.error();
    request.topics = std::move(*topics);
    return request;
}

Result<ShownChoice> choiceOf(const SearchOptions& options)
{
    ShownChoice choice;
    choice.latestPerKey = options.latest;
    if (options.latest && !options.sort.empty())
        return wrongOption("--latest", "the newest of each key come in the order of their keys: leave --sort away.");
    if (options.isArranged() && options.countOnly)
        return wrongOption("--count-only", "a count has no order: leave --sort and --latest away.");
    if (options.sort.empty())
        return choice;
    auto order = search::RowOrder::parse(options.sort);
    if (!order)
        return wrongOption("--sort", order.error().message);
    choice.order = std::move(*order);
    return choice;
}

/// Prints hits until there are enough.
class HitPrinter
{
public:
    HitPrinter(const SearchOptions& options, DataWriter& out)
        : m_options(options), m_out(out), m_printer(options.raw ? PrintedAs::Values : PrintedAs::JsonLines, out),
          m_left(options.count)
    { }

    Result<bool> take(const RecordBatchPtr& batch, std::vector<std::uint32_t> rows)
    {
        if (static_cast<std::int64_t>(rows.size()) > m_left)
            rows.resize(static_cast<std::size_t>(m_left));
        m_left -= static_cast<std::int64_t>(rows.size());
        if (m_options.countOnly)
            return m_left > 0;
        return rows.empty() || (m_printer.print(batch, rows) && m_out.flush() && m_left > 0);
    }

    /// One of many: stdout is flushed when it is full.
    bool takeOne(const RecordBatchPtr& batch, std::uint32_t row)
    {
        return m_printer.print(batch, std::span(&row, 1)) && --m_left > 0;
    }

private:
    const SearchOptions& m_options;
    DataWriter& m_out;
    RecordPrinter m_printer;
    std::int64_t m_left;
};

std::string hitsText(const SearchProgress& progress)
{
    return grouped(progress.hits) + " of " + grouped(progress.drain.records) + " records match";
}

void printJson(const SearchRun& run, const SearchProgress& last)
{
    std::string topics;
    for (const SearchedTopic& topic : run.topics()) {
        std::string partitions;
        for (std::size_t i = topic.firstSource; i < topic.endSource; ++i) {
            for (const PartitionPosition& at : last.drain.sources[i].partitions)
                partitions += (partitions.empty() ? "" : ",") + std::string("{\"partition\":")
                    + std::to_string(at.partition.value) + ",\"from\":" + std::to_string(at.start)
                    + ",\"end\":" + std::to_string(at.next) + ",\"complete\":" + (at.ended ? "true" : "false") + "}";
        }
        std::string reasons;
        for (const std::string& reason : topic.narrowed.reasons)
            reasons += (reasons.empty() ? "" : ",") + jsonString(reason);
        topics += (topics.empty() ? "" : ",") + std::string("{\"topic\":") + jsonString(topic.topic)
            + ",\"allPartitions\":" + std::to_string(topic.narrowed.allPartitions) + ",\"searched\":[" + partitions
            + "],\"narrowedTo\":[" + reasons + "]}";
    }
    std::fprintf(stderr,
        "{\"matches\":%llu,\"searched\":%llu,\"undecided\":%llu,\"missing\":%lld,\"complete\":%s,\"topics\":[%s]}\n",
        static_cast<unsigned long long>(last.hits), static_cast<unsigned long long>(last.drain.records),
        static_cast<unsigned long long>(last.undecided), static_cast<long long>(last.missing),
        last.isComplete() ? "true" : "false", topics.c_str());
}

void tellEnd(const SearchRun& run, const SearchProgress& last, bool json)
{
    if (json) {
        printJson(run, last);
        return;
    }
    std::fprintf(stderr, "%s.\n", hitsText(last).c_str());
    for (const std::string& line : coverageLines(run, last))
        std::fprintf(stderr, "%s\n", line.c_str());
    std::fprintf(stderr, "%s\n", completenessText(last).c_str());
}

/// What becomes of hits: they are printed as they come, or kept to be arranged.
class HitTarget
{
public:
    HitTarget(const SearchOptions& options, DataWriter& out) : m_options(options), m_printer(options, out) { }

    Result<void> open(Cluster& cluster, const SearchRequest& request, const Clock& clock)
    {
        if (!m_options.isArranged())
            return {};
        const auto choice = choiceOf(m_options);
        const std::filesystem::path folder = std::filesystem::temp_directory_path() / "weir-cli-rows";
        auto kept = KeptHits::open(cluster, request.topics, folder.string(), clock);
        if (!kept)
            return kept.error();
        m_choice = *choice;
        m_kept = std::move(*kept);
        return {};
    }

    Result<bool> take(const RecordBatchPtr& batch, const search::Selected& selected)
    {
        std::vector<std::uint32_t> rows = m_options.undecided ? selected.kept() : selected.rows;
        if (!m_kept)
            return m_printer.take(batch, std::move(rows));
        const auto added = m_kept->add(batch, rows);
        return added ? Result<bool>(true) : Result<bool>(added.error());
    }

    /// When all hits are there.
    Result<void> finish()
    {
        if (!m_kept)
            return {};
        return m_kept->handOut(
            m_choice, [] { return interrupted(); },
            [this](const RecordBatchPtr& batch, std::uint32_t row) { return m_printer.takeOne(batch, row); });
    }

private:
    const SearchOptions& m_options;
    HitPrinter m_printer;
    ShownChoice m_choice;
    std::unique_ptr<KeptHits> m_kept; ///< null: nothing is arranged
};

ExitCode codeOf(const SearchProgress& last, const Result<void>& finished, const DataWriter& out)
{
    if (last.drain.failure || !finished)
        return ExitCode::Failed;
    const bool whole = last.isComplete() || (last.enough && last.missing == 0 && last.undecided == 0);
    return whole || out.readerLeft() ? ExitCode::Done : ExitCode::Incomplete;
}

ExitCode search(Environment& environment, const SearchOptions& options)
{
    const auto request = requestOf(options);
    if (!request)
        return refuse(request.error());
    if (const auto choice = choiceOf(options); !choice)
        return refuse(choice.error());
    const auto cluster = openCluster(environment);
    if (!cluster)
        return ExitCode::Failed;
    DataWriter out;
    HitTarget target(options, out);
    if (auto opened = target.open(*cluster, *request, environment.clock); !opened)
        return refuse(opened.error());
    auto run = SearchRun::start(
        *cluster, *request,
        [&target](
            const RecordBatchPtr& batch, const search::Selected& selected) { return target.take(batch, selected); },
        environment.clock);
    if (!run)
        return refuse(run.error());
    watch(**run, topicsText(options.topics), hitsText, [&out] { return out.readerLeft(); });
    const SearchProgress last = (*run)->progress();
    const Result<void> finished = last.drain.failure ? Result<void>() : target.finish();
    if (!finished)
        complain(finished.error().text());
    if (options.countOnly)
        out.line(std::to_string(last.hits));
    const ExitCode code = out.finish(codeOf(last, finished, out));
    tellEnd(**run, last, environment.options.json);
    environment.kept.push_back(std::shared_ptr<SearchRun>(std::move(*run)));
    return code;
}

} // namespace

void addSearch(CommandLine& line)
{
    const auto options = std::make_shared<SearchOptions>();
    VerbOptions verb = line.addVerb("search", "Print the records of topics that match, and say how much was searched",
        [options](Environment& environment) { return search(environment, *options); });
    verb.connection("What was searched as a JSON object on stderr");
    verb.memory();
    verb.requiredTexts("topics", options->topics, "Topics to look through");
    addReadOptions(verb, options->read);
    verb.text("--where", options->where,
        "SQL as behind WHERE: over the fields of JSON values, topic, partition, offset, timestamp, key and headers");
    verb.text("--text", options->text, "Records that hold this text");
    verb.text("--bytes", options->bytes, "Records that hold these bytes, in hexadecimal: \"00 00 29\"");
    verb.text("--regex", options->regex, "Records that match this regular expression (RE2)");
    verb.text("--in", options->in, "Where --text, --bytes and --regex look");
    verb.flag("--ignore-case", options->ignoreCase, "Of --text and --regex: A is a");
    verb.number("--count", options->count, "Stop after so many matches", {1});
    verb.flag("--count-only", options->countOnly, "Print only how many records match");
    verb.flag("--undecided", options->undecided, "Print records too that may match and could not be decoded");
    verb.flag("--every-partition", options->everyPartition,
        "With key = '…': search all partitions, not only the one where producers put such a key");
    verb.flag("--raw", options->raw, "Only the value's bytes, one line each");
    verb.text("--sort", options->sort,
        "Print in this order, over all topics, once all are read: time, key, size, partition, offset, header:NAME or a "
        "field as in customer.id; with ' desc' behind it the other way round");
    verb.flag("--latest", options->latest, "Print only the newest of each key, in the order in which keys came");
}

} // namespace weir::cli
