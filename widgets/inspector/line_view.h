// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>

namespace weir::inspector {

/// A scroll area of equally high lines that paints only those in view, with a fixed head above. Up to 2^31 lines.
class LineView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit LineView(QWidget* parent);

    qint64 topLine() const;
    int visibleLines() const; ///< whole lines that fit
    void showLine(qint64 line); ///< moves as little as possible
    int lineHeight() const { return m_lineHeight; }

protected:
    virtual qint64 lineCount() const = 0;
    virtual int headHeight() const { return 0; }
    virtual int contentWidth() const { return 0; } ///< 0: never scrolls sideways
    virtual void paintLines(QPainter& painter, qint64 first, int count) = 0;
    virtual void paintHead(QPainter& painter);

    /// Number or text of lines changed.
    void linesChanged();
    qint64 lineAtY(int y) const; ///< may be -1 (above) or lineCount() and more
    QRect rectOf(qint64 line) const; ///< in viewport pixels
    void setLineHeightToken(int pixels);

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void measure();

    int m_lineToken = 22;
    int m_lineHeight = 22;
    bool m_ready = false; ///< lineCount() may be asked: not while the base is being made
};

} // namespace weir::inspector
