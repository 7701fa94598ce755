// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verify_text.h"

#include "app/cli/output.h"
#include "app/session/byte_size.h"

namespace weir::cli {

namespace {

struct ReasonWords
{
    GapReason reason;
    const char* words;
};

constexpr ReasonWords reasonWords[] = {{GapReason::Control, "control records"}, {GapReason::Aborted, "aborted"},
    {GapReason::Compacted, "compacted"}, {GapReason::Retention, "removed by retention"},
    {GapReason::Undecodable, "undecodable"}, {GapReason::Filtered, "filtered by the user"},
    {GapReason::Dropped, "dropped by the budget"}, {GapReason::NotTold, "not told by the source"}};

/// "900 filtered by the user, 3 not told by the source"
std::string holesText(const capture::LedgerInterval& ledger)
{
    std::string text;
    for (const ReasonWords& one : reasonWords) {
        if (const std::int64_t holes = ledger.hole(one.reason); holes > 0)
            text += (text.empty() ? "" : ", ") + grouped(holes) + " " + one.words;
    }
    return text;
}

std::string tableOf(const capture::VerifyReport& report)
{
    std::vector<std::vector<std::string>> rows{
        {"partition", "segments", "size", "batches", "records", "from", "to", "not there"}};
    for (const capture::VerifiedPartition& one : report.partitions) {
        const bool empty = one.end == one.begin;
        rows.push_back({one.name.text(), std::to_string(one.segments), byteSizeText(one.bytes), grouped(one.batches),
            grouped(one.records), empty ? "" : std::to_string(one.begin), empty ? "" : std::to_string(one.end - 1),
            holesText(one.ledger)});
    }
    return alignedTable(rows, {false, true, true, true, true, true, true, false});
}

std::string ledgerJson(const capture::LedgerInterval& ledger)
{
    std::string json = "{\"first\":" + std::to_string(ledger.first) + ",\"end\":" + std::to_string(ledger.end)
        + ",\"stored\":" + std::to_string(ledger.stored);
    for (std::size_t i = 0; i < capture::gapReasonCount; ++i) {
        if (ledger.holes[i] > 0)
            json += ",\"" + std::string(capture::gapReasonName(static_cast<GapReason>(i)))
                + "\":" + std::to_string(ledger.holes[i]);
    }
    return json + "}";
}

std::string partitionJson(const capture::VerifiedPartition& one)
{
    std::string json = "{\"topic\":" + jsonString(one.name.topic)
        + ",\"partition\":" + std::to_string(one.name.partition.value) + ",\"segments\":" + std::to_string(one.segments)
        + ",\"bytes\":" + std::to_string(one.bytes) + ",\"batches\":" + std::to_string(one.batches)
        + ",\"records\":" + std::to_string(one.records) + ",\"controlBatches\":" + std::to_string(one.controlBatches)
        + ",\"transactionalBatches\":" + std::to_string(one.transactionalBatches)
        + ",\"begin\":" + std::to_string(one.begin) + ",\"end\":" + std::to_string(one.end);
    if (one.ledger.end > one.ledger.first)
        json += ",\"ledger\":" + ledgerJson(one.ledger);
    return json + "}";
}

template <typename List, typename ToJson>
std::string listJson(const List& list, ToJson toJson)
{
    std::string json = "[";
    for (const auto& one : list)
        json += (json.size() > 1 ? "," : "") + toJson(one);
    return json + "]";
}

} // namespace

std::string verifyText(const capture::VerifyReport& report, const std::string& folder)
{
    std::string text = tableOf(report);
    for (const capture::Finding& finding : report.findings)
        text += std::string(finding.isWrong ? "WRONG  " : "note   ") + finding.where + ": " + finding.what + "\n";
    if (report.findingsLeftOut > 0)
        text += "WRONG  " + grouped(report.findingsLeftOut) + " more like these.\n";
    if (!report.cleanupNote.empty())
        text += "note   " + report.cleanupNote + ".\n";
    const char* kind = report.isCapture ? "capture" : "log folder";
    return text + folder + ": this " + kind + (report.isIntact() ? " is intact.\n" : " is damaged.\n");
}

std::string verifyJson(const capture::VerifyReport& report, const std::string& folder)
{
    return "{\"folder\":" + jsonString(folder) + ",\"intact\":" + (report.isIntact() ? "true" : "false")
        + ",\"capture\":" + (report.isCapture ? "true" : "false")
        + ",\"partitions\":" + listJson(report.partitions, partitionJson) + ",\"findings\":"
        + listJson(report.findings,
            [](const capture::Finding& finding) {
                return "{\"wrong\":" + std::string(finding.isWrong ? "true" : "false")
                    + ",\"where\":" + jsonString(finding.where) + ",\"what\":" + jsonString(finding.what) + "}";
            })
        + ",\"findingsLeftOut\":" + std::to_string(report.findingsLeftOut) + "}";
}

std::string recoverText(const capture::RecoverReport& report, const std::string& folder)
{
    std::string text = "saved  " + grouped(report.records) + " records in " + grouped(report.batches) + " batches, "
        + byteSizeText(report.bytes) + "\n";
    for (const std::string& damage : report.damages)
        text += "met    " + damage + "\n";
    for (const capture::LostRange& lost : report.lost)
        text += "lost   " + lost.partition.text() + ": offsets " + std::to_string(lost.first) + " to "
            + std::to_string(lost.end - 1) + "\n";
    if (report.lost.empty())
        text += "lost   nothing that is known of\n";
    return text + verifyText(report.verified, folder);
}

std::string recoverJson(const capture::RecoverReport& report, const std::string& folder)
{
    return "{\"records\":" + std::to_string(report.records) + ",\"batches\":" + std::to_string(report.batches)
        + ",\"bytes\":" + std::to_string(report.bytes) + ",\"lost\":"
        + listJson(report.lost,
            [](const capture::LostRange& lost) {
                return "{\"topic\":" + jsonString(lost.partition.topic)
                    + ",\"partition\":" + std::to_string(lost.partition.partition.value)
                    + ",\"first\":" + std::to_string(lost.first) + ",\"end\":" + std::to_string(lost.end) + "}";
            })
        + ",\"damages\":" + listJson(report.damages, [](const std::string& damage) { return jsonString(damage); })
        + ",\"verified\":" + verifyJson(report.verified, folder) + "}";
}

} // namespace weir::cli
