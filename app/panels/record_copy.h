// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/record_batch.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <string_view>

namespace weir {

/// Records as text for the clipboard. Only the first `copyLimit` bytes of a value: the menu says so where it is more.
constexpr std::size_t copyLimit = std::size_t{4} << 20;

QString copyText(const std::optional<std::string_view>& bytes); ///< as UTF-8; null is an empty text
QString copyHex(const std::optional<std::string_view>& bytes); ///< "7B 22"
QString copyBase64(const std::optional<std::string_view>& bytes);
/// {"topic":…,"partition":…,"offset":…,"timestamp":…,"key":…,"value":…}: what is valid JSON stands as it is.
QString copyJson(const RecordBatch& batch, std::size_t index);
/// A command line that prints this record again.
QString copyCommand(const RecordBatch& batch, std::size_t index, const QString& bootstrapServers);
/// One that searches topics; `order` as --sort takes it, may be empty.
QString searchCommand(
    const QStringList& topics, const QString& bootstrapServers, const QString& where, const QString& order);
/// What copyCommand() gives, for kcat.
QString copyKcat(const RecordBatch& batch, std::size_t index, const QString& bootstrapServers);

} // namespace weir
