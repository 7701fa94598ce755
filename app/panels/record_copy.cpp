// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/record_copy.h"

#include "app/engine/pipeline/json_check.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace weir {

namespace {

QByteArray bytesOf(const std::optional<std::string_view>& bytes)
{
    const std::string_view cut = bytes.value_or(std::string_view()).substr(0, copyLimit);
    return {cut.data(), static_cast<qsizetype>(cut.size())};
}

QString quoted(const QString& text)
{
    const QString list = QString::fromUtf8(QJsonDocument(QJsonArray{text}).toJson(QJsonDocument::Compact));
    return list.mid(1, list.size() - 2);
}

/// One whole JSON container is not quoted; text, and JSON with something behind it, is.
QString jsonOf(const std::optional<std::string_view>& bytes)
{
    if (!bytes)
        return QStringLiteral("null");
    const QByteArray text = bytesOf(bytes);
    QJsonParseError fault;
    if (jsonShape(*bytes) == JsonShape::Container)
        QJsonDocument::fromJson(text, &fault);
    else
        fault.error = QJsonParseError::IllegalValue;
    const QString shown = QString::fromUtf8(text);
    return fault.error == QJsonParseError::NoError ? shown : quoted(shown);
}

/// For a shell: in single quotes unless it is plain.
QString shellWord(QString word)
{
    const bool plain = std::all_of(word.begin(), word.end(),
        [](QChar c) { return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringLiteral("._-:,/@").contains(c); });
    if (plain && !word.isEmpty())
        return word;
    return QLatin1Char('\'') + word.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

} // namespace

QString copyText(const std::optional<std::string_view>& bytes)
{
    return QString::fromUtf8(bytesOf(bytes));
}

QString copyHex(const std::optional<std::string_view>& bytes)
{
    return QString::fromLatin1(bytesOf(bytes).toHex(' ').toUpper());
}

QString copyBase64(const std::optional<std::string_view>& bytes)
{
    return QString::fromLatin1(bytesOf(bytes).toBase64());
}

QString copyJson(const RecordBatch& batch, std::size_t index)
{
    const bool timed = batch.timestampType(index) != TimestampType::NotAvailable;
    return QStringLiteral("{\"topic\":") + quoted(QString::fromStdString(batch.topic()))
        + QStringLiteral(",\"partition\":") + QString::number(batch.partition().value) + QStringLiteral(",\"offset\":")
        + QString::number(batch.offset(index)) + QStringLiteral(",\"timestamp\":")
        + (timed ? QString::number(batch.timestamp(index)) : QStringLiteral("null")) + QStringLiteral(",\"key\":")
        + jsonOf(batch.key(index)) + QStringLiteral(",\"value\":") + jsonOf(batch.value(index)) + QLatin1Char('}');
}

QString copyCommand(const RecordBatch& batch, std::size_t index, const QString& bootstrapServers)
{
    return QStringLiteral("weir-cli tail ") + shellWord(QString::fromStdString(batch.topic())) + QStringLiteral(" -b ")
        + shellWord(bootstrapServers) + QStringLiteral(" --partition ") + QString::number(batch.partition().value)
        + QStringLiteral(" --from @") + QString::number(batch.offset(index)) + QStringLiteral(" --count 1");
}

QString searchCommand(
    const QStringList& topics, const QString& bootstrapServers, const QString& where, const QString& order)
{
    QString command = QStringLiteral("weir-cli search");
    for (const QString& topic : topics)
        command += QLatin1Char(' ') + shellWord(topic);
    command += QStringLiteral(" -b ") + shellWord(bootstrapServers) + QStringLiteral(" --where ") + shellWord(where);
    return order.isEmpty() ? command : command + QStringLiteral(" --sort ") + shellWord(order);
}

QString copyKcat(const RecordBatch& batch, std::size_t index, const QString& bootstrapServers)
{
    return QStringLiteral("kcat -C -e -b ") + shellWord(bootstrapServers) + QStringLiteral(" -t ")
        + shellWord(QString::fromStdString(batch.topic())) + QStringLiteral(" -p ")
        + QString::number(batch.partition().value) + QStringLiteral(" -o ") + QString::number(batch.offset(index))
        + QStringLiteral(" -c 1");
}

} // namespace weir
