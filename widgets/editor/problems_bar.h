// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/editor/editor_types.h"

#include <QWidget>

namespace weir::editor {

/// Under the text: the problems in words, then one line with their number and the cursor's place.
class ProblemsBar : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsBar(QWidget* parent);

    void setProblems(const std::vector<EditorProblem>& problems);
    void setCursor(int line, int column);
    void setStatusText(const QString& text);
    QString statusText() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void clicked(int problem);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    int shownProblems() const;
    int heightOf(const EditorProblem& problem) const;
    void paintProblem(QPainter& painter, const QRect& rect, const EditorProblem& problem) const;
    void paintStatus(QPainter& painter, const QRect& rect) const;

    std::vector<EditorProblem> m_problems;
    QString m_status;
    int m_line = 1;
    int m_column = 1;
};

} // namespace weir::editor
