// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/models/cell_text.h"

#include "app/engine/event/row_text.h"
#include "widgets/style/format.h"

#include <QDateTime>
#include <QTimeZone>

#include <charconv>
#include <cmath>

namespace weir {

namespace {

const QChar minus(0x2212);

QString doubleText(double value, bool single)
{
    if (std::isnan(value))
        return QStringLiteral("NaN");
    if (std::isinf(value))
        return value < 0 ? QStringLiteral("-Infinity") : QStringLiteral("Infinity");
    char buffer[64];
    const std::to_chars_result end = single
        ? std::to_chars(std::begin(buffer), std::end(buffer), static_cast<float>(value))
        : std::to_chars(std::begin(buffer), std::end(buffer), value);
    return QString::fromLatin1(buffer, end.ptr - buffer);
}

QString timestampText(Timestamp time, int precision)
{
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(time.millis, QTimeZone::utc());
    QString text = moment.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    if (precision <= 0)
        return text;
    const std::int64_t millis = ((time.millis % 1000) + 1000) % 1000;
    const QString digits = QStringLiteral("%1").arg(millis * 1'000'000 + time.nanos, 9, 10, QLatin1Char('0'));
    return text + QLatin1Char('.') + digits.left(precision);
}

QString dateText(std::int64_t days)
{
    return QDate(1970, 1, 1).addDays(days).toString(QStringLiteral("yyyy-MM-dd"));
}

QString integerText(const LogicalType& type, std::int64_t value, bool group)
{
    if (type.kind == TypeKind::Date)
        return dateText(value);
    if (type.kind == TypeKind::Time)
        return QTime(0, 0).addMSecs(static_cast<int>(value)).toString(QStringLiteral("HH:mm:ss"));
    return group ? format::grouped(value) : QString::number(value);
}

QString bytesText(std::string_view bytes)
{
    return QString::fromLatin1(QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex(' ').toUpper());
}

QString text(const Column& column, std::size_t row, bool group)
{
    const LogicalType& type = column.type();
    switch (physicalTypeOf(type)) {
    case PhysicalType::Bool:
        return column.values<std::uint8_t>()[row] != 0 ? QStringLiteral("TRUE") : QStringLiteral("FALSE");
    case PhysicalType::Int64:
        return integerText(type, column.values<std::int64_t>()[row], group);
    case PhysicalType::Float32:
        return doubleText(static_cast<double>(column.values<float>()[row]), true);
    case PhysicalType::Float64:
        return doubleText(column.values<double>()[row], false);
    case PhysicalType::Int128:
        return decimalText(column.values<Int128>()[row], type.scale, group);
    case PhysicalType::Timestamp:
        return timestampText(column.values<Timestamp>()[row], type.precision);
    case PhysicalType::String: {
        const std::string_view bytes = column.values<std::string_view>()[row];
        if (type.isBytes())
            return bytesText(bytes);
        if (type.isNested())
            return QString::fromStdString(cellText(column, row));
        return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    }
    }
    return {};
}

} // namespace

QString decimalText(Int128 unscaled, int scale, bool group)
{
    const bool negative = unscaled < 0;
    QString digits;
    for (Int128 rest = unscaled; rest != 0; rest /= 10)
        digits.prepend(QLatin1Char(static_cast<char>('0' + static_cast<int>(negative ? -(rest % 10) : rest % 10))));
    while (digits.size() <= scale)
        digits.prepend(QLatin1Char('0'));
    QString whole = digits.left(digits.size() - scale);
    if (group) {
        for (qsizetype i = whole.size() - 3; i > 0; i -= 3)
            whole.insert(i, QLatin1Char(','));
    }
    const QString sign = !negative ? QString() : group ? QString(minus) : QStringLiteral("-");
    return sign + whole + (scale > 0 ? QLatin1Char('.') + digits.right(scale) : QString());
}

std::optional<QString> shownText(const Column& column, std::size_t row)
{
    if (column.isNull(row))
        return std::nullopt;
    return text(column, row, true);
}

QString exactText(const Column& column, std::size_t row)
{
    return column.isNull(row) ? QStringLiteral("NULL") : text(column, row, false);
}

std::optional<double> cellNumber(const Column& column, std::size_t row)
{
    if (column.isNull(row) || !isPlottable(column.type()))
        return std::nullopt;
    switch (physicalTypeOf(column.type())) {
    case PhysicalType::Int64:
        return static_cast<double>(column.values<std::int64_t>()[row]);
    case PhysicalType::Float32:
        return static_cast<double>(column.values<float>()[row]);
    case PhysicalType::Float64:
        return column.values<double>()[row];
    case PhysicalType::Int128:
        return static_cast<double>(column.values<Int128>()[row]) / std::pow(10.0, column.type().scale);
    default:
        return std::nullopt;
    }
}

bool isPlottable(const LogicalType& type)
{
    return type.isNumeric();
}

} // namespace weir
