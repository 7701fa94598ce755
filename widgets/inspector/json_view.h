// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inspector/fold_list.h"
#include "widgets/inspector/inspector_lines.h"
#include "widgets/inspector/line_view.h"

namespace weir::inspector {

/// The dissection of a record, or any JSON: field, type, value, bytes. Only visible lines are painted; folding and
/// choosing by bytes are linear in the number of lines and quick for a million. GUI thread only.
class JsonView : public LineView
{
    Q_OBJECT
public:
    explicit JsonView(QWidget* parent = nullptr);

    void setLines(std::vector<InspectorLine> lines);
    const std::vector<InspectorLine>& lines() const { return m_lines; }
    /// One line in place of the tree while there is none.
    void setEmptyText(const QString& text);

    int currentLine() const { return m_current; } ///< index into lines(), -1: none
    /// Unfolds what hides it and shows it. Does not emit bytesChosen().
    void setCurrentLine(int line);
    /// Chooses the innermost node that covers these bytes of the layer; false if none does. Does not emit.
    bool selectBytes(int layer, const ByteSpan& bytes);

    bool isFolded(int line) const { return m_folds.isFolded(line); }
    void setFolded(int line, bool folded);
    void setAllFolded(bool folded);
    int shownLines() const { return m_folds.shown(); }

    /// "key<TAB>value" of the current line.
    QString currentText() const;

signals:
    void currentLineChanged(int line);
    /// The user chose a node that has bytes.
    void bytesChosen(int layer, const weir::inspector::ByteSpan& bytes);
    void lineMenuRequested(int line, const QPoint& globalPosition);

protected:
    qint64 lineCount() const override;
    int headHeight() const override;
    void paintLines(QPainter& painter, qint64 first, int count) override;
    void paintHead(QPainter& painter) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Columns
    {
        int type = 0, value = 0, bytes = 0, end = 0; ///< left edges in pixels; end: right edge of bytes
    };
    Columns columns() const;
    void paintLine(QPainter& painter, const QRect& rect, int line) const;
    void paintField(QPainter& painter, const QRect& rect, int line) const;
    void choose(int line, bool byUser);
    bool walk(int key);
    int indentOf(int line) const;

    std::vector<InspectorLine> m_lines;
    FoldList m_folds;
    QString m_emptyText;
    int m_current = -1;
};

} // namespace weir::inspector
