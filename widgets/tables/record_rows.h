// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace weir::tables {

/// What a text means to the eye; the theme turns it into a colour.
enum class Tone : std::uint8_t {
    Primary,
    Secondary,
    Muted,
    Null, ///< muted italics
    Ok,
    Warn,
    Error,
    Info,
    Stale,
    Provisional,
    Accent,
};

/// The small picture in the glyph column or in front of a cell's text. Never alone: a row says the same in words.
enum class RowGlyph : std::uint8_t {
    None,
    DecodeFailure,
    Tombstone,
    Control,
    Missing, ///< a range that was evicted, compacted or never received
    Final,
    Provisional,
    Marked,
};

/// One column of a table. `id` is stable and what is saved; `name` is shown.
struct TableColumn
{
    QString id;
    QString name;
    QString caption; ///< type or unit, in caption size; may be empty
    int width = 100; ///< first width in pixels at 96 dpi
    bool number = false; ///< right-aligned, and widened rather than elided
    bool field = false; ///< a message with MessageSpan::Fields covers it
    bool hidden = false; ///< at first
    bool dataFont = true; ///< fixed font; false: the font of the desktop
    bool fills = false; ///< takes the room that the others leave, until the user arranges the columns
};

struct TableCell
{
    QString text; ///< plain text; control characters are painted as spaces
    Tone tone = Tone::Primary;
    RowGlyph glyph = RowGlyph::None; ///< in front of the text
    bool italic = false;
};

/// Which columns a row's message covers; the others show their cells.
enum class MessageSpan : std::uint8_t {
    None,
    Fields, ///< from the first visible column with `field` on, as far as such columns stand side by side
    AfterFirst, ///< all but the first visible column
    All,
};

enum class RowTint : std::uint8_t { None, Error, Warn, Ok, Info, Accent, Stale, Provisional };

/// One row as it is to be painted.
struct TableRow
{
    RowGlyph glyph = RowGlyph::None;
    RowTint tint = RowTint::None;
    MessageSpan span = MessageSpan::None;
    bool boundary = false; ///< a dashed line above: what follows is not final
    Tone leadTone = Tone::Muted; ///< of messageLead and messageTrail
    Tone messageTone = Tone::Muted;
    bool messageItalic = false;
    RowGlyph messageGlyph = RowGlyph::None; ///< in front of the message
    QString messageLead; ///< strong, in front of the message
    QString message; ///< full-width words: evicted, decode failure, tombstone
    QString messageTrail; ///< right-aligned at the end of the span, fixed font
    std::vector<TableCell> cells; ///< in the order of columns(); may be shorter
};

/// Rows by 64-bit numbers, as a table asks for them. Called on the GUI thread only and must not block; a row that is
/// not at hand yet is a message row. Row numbers are absolute: what is evicted at the front keeps its number.
class RecordRows
{
public:
    virtual ~RecordRows() = default;
    virtual qint64 firstRow() const = 0;
    virtual qint64 endRow() const = 0; ///< one past the last
    virtual const std::vector<TableColumn>& columns() const = 0;
    /// The rows [first, first + count), which lie in [firstRow(), endRow()) at the time of the call. Fewer if rows went
    /// away meanwhile.
    virtual std::vector<TableRow> rows(qint64 first, int count) const = 0;
    /// The same to be copied: may take a moment for rows that are not at hand.
    virtual std::vector<TableRow> rowsToCopy(qint64 first, int count) const { return rows(first, count); }
};

} // namespace weir::tables
