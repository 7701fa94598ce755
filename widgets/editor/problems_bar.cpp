// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/problems_bar.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace weir::editor {

using style::Theme;

namespace {

constexpr int padding = 10;
constexpr int gap = 8;
constexpr int mostShown = 3;
constexpr int flags = Qt::AlignVCenter | Qt::TextSingleLine;

struct SeverityLook
{
    style::Icon icon;
    QColor color;
    QColor tint;
};

SeverityLook lookOf(ProblemSeverity severity)
{
    const style::Colors& color = Theme::current().color;
    switch (severity) {
    case ProblemSeverity::Error:
        return {style::Icon::Error, color.state.error, color.state.errorTint};
    case ProblemSeverity::Warning:
        return {style::Icon::Warning, color.state.warn, color.state.warnTint};
    case ProblemSeverity::Note:
        break;
    }
    return {style::Icon::Info, color.state.info, color.state.infoTint};
}

int lineHeight()
{
    return QFontMetrics(Theme::fonts().ui).height();
}

int statusHeight()
{
    return Theme::rowHeight(Theme::sizes().height.tableHeader, Theme::fonts().ui);
}

QString counted(qsizetype count, const QString& one, const QString& many)
{
    return QString::number(count) + QLatin1Char(' ') + (count == 1 ? one : many);
}

QString elided(const QFont& font, const QString& text, int width)
{
    QString line = text.left(1000);
    line.replace(QLatin1Char('\n'), QLatin1Char(' '));
    return QFontMetrics(font).elidedText(line, Qt::ElideRight, std::max(width, 0));
}

} // namespace

ProblemsBar::ProblemsBar(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Problems"));
}

void ProblemsBar::setProblems(const std::vector<EditorProblem>& problems)
{
    m_problems = problems;
    setAccessibleDescription(statusText());
    updateGeometry();
    update();
}

void ProblemsBar::setCursor(int line, int column)
{
    m_line = line;
    m_column = column;
    update();
}

void ProblemsBar::setStatusText(const QString& text)
{
    m_status = text;
    update();
}

QString ProblemsBar::statusText() const
{
    if (!m_status.isEmpty())
        return m_status;
    if (m_problems.empty())
        return tr("No problems");
    const auto number = [this](ProblemSeverity severity) {
        return std::count_if(m_problems.begin(), m_problems.end(),
            [severity](const EditorProblem& problem) { return problem.severity == severity; });
    };
    QStringList parts;
    if (const auto errors = number(ProblemSeverity::Error))
        parts += counted(errors, tr("error"), tr("errors"));
    if (const auto warnings = number(ProblemSeverity::Warning))
        parts += counted(warnings, tr("warning"), tr("warnings"));
    if (const auto notes = number(ProblemSeverity::Note))
        parts += counted(notes, tr("note"), tr("notes"));
    const auto hidden = static_cast<qsizetype>(m_problems.size()) - shownProblems();
    if (hidden > 0)
        parts += tr("F8 goes to the next");
    return parts.join(QStringLiteral(", "));
}

int ProblemsBar::shownProblems() const
{
    return std::min(static_cast<int>(m_problems.size()), mostShown);
}

int ProblemsBar::heightOf(const EditorProblem& problem) const
{
    return gap + lineHeight() * (problem.hint.isEmpty() ? 1 : 2) + gap;
}

QSize ProblemsBar::sizeHint() const
{
    int height = statusHeight();
    for (int i = 0; i < shownProblems(); ++i)
        height += heightOf(m_problems[static_cast<std::size_t>(i)]);
    return {200, height};
}

QSize ProblemsBar::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

void ProblemsBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    int y = 0;
    for (int i = 0; i < shownProblems(); ++i) {
        const EditorProblem& problem = m_problems[static_cast<std::size_t>(i)];
        paintProblem(painter, QRect(0, y, width(), heightOf(problem)), problem);
        y += heightOf(problem);
    }
    paintStatus(painter, QRect(0, y, width(), height() - y));
}

void ProblemsBar::paintProblem(QPainter& painter, const QRect& rect, const EditorProblem& problem) const
{
    const style::Colors& color = Theme::current().color;
    const SeverityLook look = lookOf(problem.severity);
    painter.fillRect(rect, look.tint);
    const int side = Theme::sizes().icon.inlined;
    const int height = lineHeight();
    const QRectF glyph(padding, rect.top() + gap + (height - side) / 2, side, side);
    style::paintIcon(painter, glyph, look.icon, look.color);
    QRect line(padding + side + gap, rect.top() + gap, 0, height);
    line.setRight(rect.right() - padding);
    const QString place = QStringLiteral("%1:%2").arg(problem.line).arg(problem.column);
    painter.setFont(Theme::fonts().data);
    painter.setPen(look.color);
    painter.drawText(line, flags, place);
    line.setLeft(line.left() + QFontMetrics(Theme::fonts().data).horizontalAdvance(place) + gap);
    painter.setFont(Theme::fonts().strong);
    painter.setPen(color.text.primary);
    painter.drawText(line, flags, elided(Theme::fonts().strong, problem.message, line.width()));
    if (problem.hint.isEmpty())
        return;
    painter.setFont(Theme::fonts().ui);
    painter.setPen(color.text.secondary);
    painter.drawText(line.translated(0, height), flags, elided(Theme::fonts().ui, problem.hint, line.width()));
}

void ProblemsBar::paintStatus(QPainter& painter, const QRect& rect) const
{
    const style::Colors& color = Theme::current().color;
    painter.fillRect(rect, color.bg.chrome);
    painter.setPen(color.border.normal);
    painter.drawLine(rect.topLeft(), rect.topRight());
    const int side = Theme::sizes().icon.inlined;
    const QRectF glyph(padding, rect.top() + (rect.height() - side) / 2, side, side);
    if (m_problems.empty()) {
        style::paintIcon(painter, glyph, style::Icon::Check, color.state.ok);
    } else {
        const auto worst = std::min_element(m_problems.begin(), m_problems.end(),
            [](const EditorProblem& a, const EditorProblem& b) { return a.severity < b.severity; });
        const SeverityLook look = lookOf(worst->severity);
        style::paintIcon(painter, glyph, look.icon, look.color);
    }
    const QString place = tr("Ln %1, Col %2").arg(m_line).arg(m_column);
    const QString right = place + QStringLiteral("    ") + tr("Ctrl+Space completes");
    painter.setFont(Theme::fonts().ui);
    painter.setPen(color.text.secondary);
    const QRect line = rect.adjusted(padding, 0, -padding, 0);
    painter.drawText(line, flags | Qt::AlignRight, right);
    painter.setPen(color.text.primary);
    const int room = line.width() - side - gap - QFontMetrics(Theme::fonts().ui).horizontalAdvance(right) - gap;
    painter.drawText(line.adjusted(side + gap, 0, 0, 0), flags, elided(Theme::fonts().ui, statusText(), room));
}

void ProblemsBar::mousePressEvent(QMouseEvent* event)
{
    int y = 0;
    for (int i = 0; i < shownProblems(); ++i) {
        y += heightOf(m_problems[static_cast<std::size_t>(i)]);
        if (event->position().y() < y) {
            emit clicked(i);
            return;
        }
    }
}

} // namespace weir::editor
