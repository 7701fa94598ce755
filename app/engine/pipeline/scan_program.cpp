// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/scan_program.h"

#include "app/engine/decode/json_decoder.h"
#include "app/engine/sql/column_use.h"
#include "app/engine/sql/duration.h"

namespace weir::query {

namespace {

Error unsupported(const std::string& what)
{
    return {ErrorKind::Unsupported, what, {}};
}

Result<void> addColumn(const sql::ScanNode& scan, std::size_t place, ScanProgram& program)
{
    const sql::TableColumn& column = scan.table->columns[scan.columns[place]];
    if (column.origin == sql::ColumnOrigin::Computed) {
        program.computed.push_back({place, sql::renumbered(column.expression, scan.columns)});
        return {};
    }
    DecodedColumn decoded{column.name, column.type, DecodedOrigin::Field, column.name};
    if (column.origin == sql::ColumnOrigin::Metadata) {
        const auto origin = TableDecoder::metadataOrigin(column.metadataKey);
        if (!origin)
            return unsupported("Metadata column '" + column.name + "' reads '" + column.metadataKey
                + "', which is not offered. Offered are topic, partition, headers, leader-epoch, offset, timestamp and "
                  "timestamp-type");
        decoded.origin = *origin;
    } else if (scan.table->isReadFromKey(scan.columns[place])) {
        decoded.origin = DecodedOrigin::Key;
        decoded.field = column.name.substr(scan.table->key->prefix);
    }
    const bool isRaw = decoded.origin == DecodedOrigin::Key && program.format.key == KeyFormat::Raw;
    if (isRaw && !canReadRawAs(column.type))
        return unsupported("Column '" + column.name + "' has type " + column.type.text()
            + ", which a raw key cannot be: it is text, bytes, BOOLEAN, FLOAT, DOUBLE or an integer");
    if (!isRaw && !canReadJsonAs(column.type))
        return unsupported("Column '" + column.name + "' has type " + column.type.text()
            + ", which JSON has no form for: the keys of a MAP must be text. Leave it out of the query");
    program.decoded.push_back(std::move(decoded));
    program.decodedPlaces.push_back(place);
    return {};
}

JsonOptions jsonOptions(const sql::TableDefinition& table, const std::string& prefix)
{
    JsonOptions json;
    json.ignoreParseErrors = table.option(prefix + "ignore-parse-errors") == "true";
    json.failOnMissingField = table.option(prefix + "fail-on-missing-field") == "true";
    if (table.option(prefix + "timestamp-format.standard") == "ISO-8601")
        json.timestampStandard = TimestampStandard::Iso8601;
    return json;
}

RecordFormat formatOf(const sql::TableDefinition& table)
{
    RecordFormat format;
    format.value = jsonOptions(table, table.jsonPrefix());
    if (!table.key)
        return format;
    format.key = table.option("key.format") == "raw" ? KeyFormat::Raw : KeyFormat::Json;
    format.jsonKey = jsonOptions(table, "key.json.");
    format.rawKey.littleEndian = table.option("key.raw.endianness") == "little-endian";
    return format;
}

Result<void> readOptions(ScanProgram& program)
{
    const sql::TableDefinition& table = *program.table;
    // Sources without watermark push-down have Flink's watermark operator, which starts at 0.
    if (table.option("connector") == "filesystem")
        program.watermarkFloor = 0;
    const std::string idle = table.option("scan.watermark.idle-timeout");
    if (idle.empty())
        return {};
    const auto timeout = sql::parseDuration(idle);
    if (!timeout)
        return Error{ErrorKind::InvalidInput,
            "'scan.watermark.idle-timeout' is '" + idle + "', which is no duration. Write '30s'", {}};
    program.idleTimeout = *timeout;
    return {};
}

} // namespace

Result<ScanProgram> makeScan(const sql::ScanNode& scan, const Schema& schema)
{
    ScanProgram program;
    program.table = scan.table;
    program.format = formatOf(*scan.table);
    program.scanSchema = schema;
    program.output = schema;
    program.watermark = scan.watermark;
    for (std::size_t place = 0; place < scan.columns.size(); ++place) {
        const Result<void> added = addColumn(scan, place, program);
        if (!added)
            return added.error();
    }
    const Result<void> read = readOptions(program);
    if (!read)
        return read.error();
    return program;
}

} // namespace weir::query
