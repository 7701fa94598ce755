// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <utility>

namespace weir::editor {

/// A place in a text. Both count from 1, columns in code points.
struct Place
{
    int line = 1;
    int column = 1;
    bool operator==(const Place&) const = default;
};

/// Place of a byte of valid UTF-8; an offset inside of a character is that character's. Lines end with \\n, \\r\\n or
/// \\r. Offsets are clamped to the text.
Place placeOf(QByteArrayView utf8, qint64 offset);
/// First byte of the character at a place; columns behind the end of a line are its end, lines behind the last one the
/// end of the text.
qint64 offsetOf(QByteArrayView utf8, Place place);
/// Bytes of the whole lines that [begin, end) touches, without the last line's end. An end at the start of a line does
/// not touch that line.
std::pair<qint64, qint64> wholeLines(QByteArrayView utf8, qint64 begin, qint64 end);
/// Puts "-- " in front of every line that is not blank, at the least indentation among them; takes it away if all of
/// those have it.
QByteArray toggledComment(const QByteArray& lines);

} // namespace weir::editor
