// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/utf8_places.h"

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <limits>

namespace weir::editor {

namespace {

bool continues(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Whether a line ends with this byte; of \r\n it is the second.
bool endsLine(QByteArrayView utf8, qint64 at)
{
    return utf8[at] == '\n' || (utf8[at] == '\r' && (at + 1 >= utf8.size() || utf8[at + 1] != '\n'));
}

bool isEnd(char byte)
{
    return byte == '\n' || byte == '\r';
}

qsizetype indentation(const QByteArray& line)
{
    qsizetype blank = 0;
    while (blank < line.size() && (line[blank] == ' ' || line[blank] == '\t'))
        ++blank;
    return blank;
}

bool isBlank(const QByteArray& line)
{
    return line.trimmed().isEmpty();
}

} // namespace

Place placeOf(QByteArrayView utf8, qint64 offset)
{
    offset = std::clamp<qint64>(offset, 0, utf8.size());
    while (offset > 0 && offset < utf8.size() && continues(utf8[offset]))
        --offset;
    Place place;
    for (qint64 at = 0; at < offset; ++at) {
        if (endsLine(utf8, at))
            place = {place.line + 1, 1};
        else if (!continues(utf8[at]))
            ++place.column;
    }
    return place;
}

qint64 offsetOf(QByteArrayView utf8, Place place)
{
    qint64 at = 0;
    for (int line = 1; line < place.line; ++at) {
        if (at >= utf8.size())
            return utf8.size();
        line += endsLine(utf8, at);
    }
    for (int column = 1; column < place.column && at < utf8.size() && !isEnd(utf8[at]); ++column) {
        ++at;
        while (at < utf8.size() && continues(utf8[at]))
            ++at;
    }
    return at;
}

std::pair<qint64, qint64> wholeLines(QByteArrayView utf8, qint64 begin, qint64 end)
{
    begin = std::clamp<qint64>(begin, 0, utf8.size());
    end = std::clamp<qint64>(end, begin, utf8.size());
    if (end > begin && endsLine(utf8, end - 1))
        --end;
    while (begin > 0 && !isEnd(utf8[begin - 1]))
        --begin;
    while (end < utf8.size() && !isEnd(utf8[end]))
        ++end;
    return {begin, std::max(begin, end)};
}

QByteArray toggledComment(const QByteArray& lines)
{
    QList<QByteArray> list = lines.split('\n');
    bool allCommented = true;
    qsizetype least = std::numeric_limits<qsizetype>::max();
    for (const QByteArray& line : list) {
        if (isBlank(line))
            continue;
        least = std::min(least, indentation(line));
        allCommented = allCommented && line.mid(indentation(line), 2) == "--";
    }
    for (QByteArray& line : list) {
        if (isBlank(line))
            continue;
        if (allCommented) {
            const qsizetype at = indentation(line);
            line.remove(at, line.mid(at, 3) == "-- " ? 3 : 2);
        } else {
            line.insert(least, "-- ");
        }
    }
    return list.join('\n');
}

} // namespace weir::editor
