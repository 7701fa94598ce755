// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/document_file.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

namespace weir {

namespace {

constexpr qint64 maxDocumentBytes = 16 << 20;
constexpr auto kindKey = "weir";
constexpr auto versionKey = "version";

Error errorAt(const QString& path, ErrorKind kind, const QString& message)
{
    return Error{kind, message.toStdString(), path.toStdString()};
}

Result<void> checkHead(const QJsonObject& document, const DocumentKind& kind, const QString& path)
{
    const QJsonValue name = document.value(kindKey);
    if (name.toString() != kind.name)
        return errorAt(
            path, ErrorKind::Corrupt, QStringLiteral("this is no Weir document of kind \"%1\"").arg(kind.name));
    const QJsonValue version = document.value(versionKey);
    if (!version.isDouble() || version.toInt(-1) < 1)
        return errorAt(path, ErrorKind::Corrupt, QStringLiteral("its version is missing or no number"));
    if (version.toInt() > kind.version) {
        return errorAt(path, ErrorKind::Unsupported,
            QStringLiteral("a newer Weir wrote it (version %1; this one reads up to %2)")
                .arg(version.toInt())
                .arg(kind.version));
    }
    return {};
}

} // namespace

Result<QJsonObject> readDocument(const QString& path, const DocumentKind& kind)
{
    QFile file(path);
    if (!file.exists())
        return errorAt(path, ErrorKind::NotFound, QStringLiteral("no such file"));
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return errorAt(path, ErrorKind::Io, QStringLiteral("it cannot be opened: %1").arg(file.errorString()));
    const QByteArray bytes = file.read(maxDocumentBytes + 1);
    if (bytes.size() > maxDocumentBytes)
        return errorAt(path, ErrorKind::ResourceLimit, QStringLiteral("it is larger than 16 MiB"));

    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &fault);
    if (fault.error != QJsonParseError::NoError) {
        return errorAt(path, ErrorKind::Corrupt,
            QStringLiteral("it is no JSON: %1 at byte %2").arg(fault.errorString()).arg(fault.offset));
    }
    if (!document.isObject())
        return errorAt(path, ErrorKind::Corrupt, QStringLiteral("it is JSON, but no object"));
    if (const Result<void> head = checkHead(document.object(), kind, path); !head)
        return head.error();
    return document.object();
}

Result<void> writeDocument(const QString& path, const DocumentKind& kind, QJsonObject body)
{
    body.insert(kindKey, kind.name);
    body.insert(versionKey, kind.version);
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return errorAt(path, ErrorKind::Io, QStringLiteral("its folder cannot be made"));
    QSaveFile file(path);
    file.setDirectWriteFallback(false);
    if (!file.open(QIODevice::WriteOnly))
        return errorAt(path, ErrorKind::Io, QStringLiteral("it cannot be written: %1").arg(file.errorString()));
    file.write(QJsonDocument(body).toJson(QJsonDocument::Indented));
    if (!file.commit())
        return errorAt(path, ErrorKind::Io, QStringLiteral("it cannot be written: %1").arg(file.errorString()));
    return {};
}

Result<QString> keepAside(const QString& path)
{
    const QString stamp = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmss"));
    const QString base = QStringLiteral("%1.kept-aside-%2").arg(path, stamp);
    QString target = base;
    for (int number = 2; QFileInfo::exists(target) && number < 1000; ++number)
        target = QStringLiteral("%1-%2").arg(base).arg(number);
    if (!QFile::rename(path, target))
        return errorAt(path, ErrorKind::Io, QStringLiteral("it cannot be renamed"));
    return target;
}

} // namespace weir
