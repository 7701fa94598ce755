// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/record/result.h"

#include <QJsonObject>
#include <QString>

namespace weir {

/// What a document says it is. `version` is the newest that this program reads and the one that it writes.
struct DocumentKind
{
    QString name;
    int version = 1;
};

/// A document whose head is right. NotFound when there is no such file; Unsupported when a newer Weir wrote it; Corrupt
/// when it is no JSON object of this kind; ResourceLimit beyond 16 MiB.
Result<QJsonObject> readDocument(const QString& path, const DocumentKind& kind);

/// Writes `body` with the head of `kind` in front, atomically; folders are made as needed.
Result<void> writeDocument(const QString& path, const DocumentKind& kind, QJsonObject body);

/// Renames a file that cannot be used, so that it is neither lost nor overwritten. Returns the new path.
Result<QString> keepAside(const QString& path);

} // namespace weir
