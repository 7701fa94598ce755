// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inspector/inspector_lines.h"
#include "widgets/inspector/line_view.h"

#include <functional>

namespace weir::inspector {

/// Bytes as hex and text: 16 a row, gap after 8, upper case, ruler on top. Asks only for the bytes in view. GUI thread.
class HexView : public LineView
{
    Q_OBJECT
public:
    explicit HexView(QWidget* parent = nullptr);

    /// Gives up to `count` bytes from `offset`; fewer at the end. Must not block.
    using Lookup = std::function<QByteArray(qint64 offset, qint64 count)>;
    void setBytes(const QByteArray& bytes);
    void setSource(qint64 size, Lookup lookup);
    qint64 size() const { return m_size; }
    /// Drawn muted: framing in front of the payload.
    void setFraming(const ByteSpan& framing);
    /// One line in place of bytes while there are none ("null", "empty").
    void setEmptyText(const QString& text);

    const ByteSpan& selection() const { return m_selection; }
    /// Marks and shows bytes; clamped to the size. Does not emit.
    void setSelection(const ByteSpan& selection);
    /// "04 61 9E" of the selected bytes, at most `copyLimit` of them.
    QString selectedHex() const;
    static constexpr qint64 copyLimit = 16 * 1024 * 1024;

    /// Byte under a point of the viewport in either column, -1: none.
    qint64 byteAt(const QPoint& position) const;

signals:
    /// The user selected bytes.
    void selectionChanged(const weir::inspector::ByteSpan& selection);
    void bytesMenuRequested(const weir::inspector::ByteSpan& selection, const QPoint& globalPosition);

protected:
    qint64 lineCount() const override;
    int headHeight() const override;
    int contentWidth() const override;
    void paintLines(QPainter& painter, qint64 first, int count) override;
    void paintHead(QPainter& painter) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Places
    {
        qreal cell = 0; ///< width of a character
        qreal hex = 0; ///< left edge of byte 0
        qreal text = 0; ///< left edge of character 0
        int digits = 4; ///< of the offset
    };
    Places places() const;
    static qreal hexX(const Places& places, int column);
    void paintMarked(QPainter& painter, qint64 line, const QRect& rect) const;
    void paintBytes(QPainter& painter, const QRect& rect, qint64 line, const QByteArray& bytes) const;
    void moveTo(qint64 byte, bool extend);

    Lookup m_lookup;
    qint64 m_size = 0;
    ByteSpan m_framing;
    ByteSpan m_selection;
    QString m_emptyText;
    qint64 m_anchor = -1;
    qint64 m_caret = -1;
};

} // namespace weir::inspector
