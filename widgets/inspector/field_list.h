// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inspector/inspector_lines.h"
#include "widgets/inspector/line_view.h"

namespace weir::inspector {

/// A stretch of a value with its own look: "26–28" plain, "04 length 2," muted, "61 9E" accent.
struct FieldText
{
    enum class Look : std::uint8_t { Data, Words, Muted, Accent, Null, Warn, Error };
    QString text;
    Look look = Look::Data;
};

/// One row: name and value. A row without value is a heading.
struct FieldRow
{
    QString name;
    std::vector<FieldText> value {};
    ByteSpan bytes {}; ///< what it stands for, if anything
    int layer = 0;
};

/// Names and values of what is around a record: partition, offset, timestamp, headers. GUI thread only.
class FieldList : public LineView
{
    Q_OBJECT
public:
    explicit FieldList(QWidget* parent = nullptr);

    void setRows(std::vector<FieldRow> rows);
    const std::vector<FieldRow>& rows() const { return m_rows; }
    int currentRow() const { return m_current; }
    void setCurrentRow(int row);
    /// "name<TAB>value" of the row.
    QString textOf(int row) const;
    QSize sizeHint() const override; ///< high enough for all rows, up to twelve

signals:
    void currentRowChanged(int row);
    void rowMenuRequested(int row, const QPoint& globalPosition);

protected:
    qint64 lineCount() const override;
    void paintLines(QPainter& painter, qint64 first, int count) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void paintRow(QPainter& painter, const QRect& rect, int row, int names) const;
    int nameWidth() const;

    std::vector<FieldRow> m_rows;
    int m_current = -1;
};

} // namespace weir::inspector
