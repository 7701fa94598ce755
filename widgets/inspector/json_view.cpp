// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/json_view.h"

#include "widgets/inspector/line_text.h"
#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace weir::inspector {

using style::Theme;

namespace {

constexpr int padding = 8;
constexpr int step = 16; ///< of indentation
constexpr int deepest = 40; ///< indentation ends here, so that hostile nesting stays readable

QColor valueColor(ValueClass valueClass)
{
    const style::Colors& color = Theme::current().color;
    switch (valueClass) {
    case ValueClass::Null:
    case ValueClass::Note:
        return color.text.muted;
    case ValueClass::Error:
        return color.state.error;
    case ValueClass::Container:
        return color.text.secondary;
    case ValueClass::Plain:
    case ValueClass::String:
    case ValueClass::Number:
    case ValueClass::Boolean:
        break;
    }
    return color.text.primary;
}

QString bytesText(const ByteSpan& bytes)
{
    if (bytes.isEmpty())
        return {};
    if (bytes.length() == 1)
        return QString::number(bytes.first);
    return QString::number(bytes.first) + QChar(0x2013) + QString::number(bytes.end - 1);
}

} // namespace

JsonView::JsonView(QWidget* parent) : LineView(parent)
{
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Dissection"));
    linesChanged();
}

void JsonView::setLines(std::vector<InspectorLine> lines)
{
    m_lines = std::move(lines);
    m_folds.reset(m_lines);
    const int before = std::exchange(m_current, -1);
    linesChanged();
    if (before != -1)
        emit currentLineChanged(-1);
}

void JsonView::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

qint64 JsonView::lineCount() const
{
    return m_folds.shown();
}

int JsonView::headHeight() const
{
    return Theme::rowHeight(Theme::sizes().height.tableHeader, Theme::fonts().ui);
}

void JsonView::setCurrentLine(int line)
{
    choose(std::clamp(line, -1, static_cast<int>(m_lines.size()) - 1), false);
}

void JsonView::choose(int line, bool byUser)
{
    const bool changed = line != std::exchange(m_current, line);
    if (line >= 0) {
        if (!m_folds.isShown(line)) {
            m_folds.reveal(line);
            linesChanged();
        }
        showLine(m_folds.shownAt(line));
    }
    viewport()->update();
    if (changed)
        emit currentLineChanged(line);
    if (!byUser || line < 0)
        return;
    const InspectorLine& chosen = m_lines[static_cast<std::size_t>(line)];
    if (!chosen.bytes.isEmpty())
        emit bytesChosen(chosen.layer, chosen.bytes);
}

bool JsonView::selectBytes(int layer, const ByteSpan& bytes)
{
    int best = -1;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const InspectorLine& line = m_lines[i];
        if (line.layer != layer || line.bytes.isEmpty() || !line.bytes.contains(bytes))
            continue;
        // Later lines of equal length are deeper or as good.
        if (best < 0 || line.bytes.length() <= m_lines[static_cast<std::size_t>(best)].bytes.length())
            best = static_cast<int>(i);
    }
    if (best < 0)
        return false;
    choose(best, false);
    return true;
}

void JsonView::setFolded(int line, bool folded)
{
    m_folds.setFolded(line, folded);
    // What was chosen inside of the folded part is not on screen any more: its nearest shown ancestor takes over.
    if (m_current >= 0 && !m_folds.isShown(m_current)) {
        m_current = m_folds.lineAt(m_folds.shownAt(m_current));
        emit currentLineChanged(m_current);
    }
    linesChanged();
}

void JsonView::setAllFolded(bool folded)
{
    m_folds.setAllFolded(folded);
    if (m_current >= 0)
        m_current = m_folds.lineAt(m_folds.shownAt(m_current));
    linesChanged();
}

QString JsonView::currentText() const
{
    if (m_current < 0)
        return {};
    const InspectorLine& line = m_lines[static_cast<std::size_t>(m_current)];
    return line.key + QLatin1Char('\t') + line.value;
}

int JsonView::indentOf(int line) const
{
    return padding + std::clamp(m_lines[static_cast<std::size_t>(line)].depth, 0, deepest) * step;
}

JsonView::Columns JsonView::columns() const
{
    const int width = viewport()->width();
    const int bytes = QFontMetrics(Theme::fonts().data).horizontalAdvance(QLatin1Char('0')) * 11 + padding;
    Columns columns;
    columns.end = width - padding;
    columns.bytes = std::max(width - bytes, 0);
    columns.type = static_cast<int>(columns.bytes * 0.32);
    columns.value = static_cast<int>(columns.bytes * 0.62);
    return columns;
}

void JsonView::paintHead(QPainter& painter)
{
    const style::Colors& color = Theme::current().color;
    const QRect head(0, 0, viewport()->width(), headHeight());
    painter.fillRect(head, color.bg.header);
    painter.setPen(color.border.normal);
    painter.drawLine(head.bottomLeft(), head.bottomRight());
    const Columns at = columns();
    painter.setFont(Theme::fonts().ui);
    painter.setPen(color.text.secondary);
    paintElided(painter, {padding, 0, at.type - padding, head.height()}, tr("Field"), Qt::AlignLeft);
    paintElided(painter, {at.type, 0, at.value - at.type, head.height()}, tr("Type"), Qt::AlignLeft);
    paintElided(painter, {at.value, 0, at.bytes - at.value, head.height()}, tr("Value"), Qt::AlignLeft);
    paintElided(painter, {at.bytes, 0, at.end - at.bytes, head.height()}, tr("Bytes"), Qt::AlignRight);
}

void JsonView::paintLines(QPainter& painter, qint64 first, int count)
{
    if (m_lines.empty()) {
        painter.setFont(Theme::fonts().ui);
        painter.setPen(Theme::current().color.text.secondary);
        painter.drawText(viewport()->rect().adjusted(padding, headHeight() + padding, -padding, 0),
            Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
        return;
    }
    for (qint64 shown = first; shown < first + count; ++shown)
        paintLine(painter, rectOf(shown), m_folds.lineAt(static_cast<int>(shown)));
}

void JsonView::paintLine(QPainter& painter, const QRect& rect, int line) const
{
    const style::Colors& color = Theme::current().color;
    const InspectorLine& content = m_lines[static_cast<std::size_t>(line)];
    const bool selected = line == m_current;
    if (selected)
        painter.fillRect(rect, hasFocus() ? color.selection.bg : color.selection.inactive);
    else if (m_folds.shownAt(line) % 2 != 0)
        painter.fillRect(rect, color.bg.wellAlt);
    const auto ink = [&](const QColor& otherwise) { return selected ? color.selection.text : otherwise; };
    paintField(painter, rect, line);
    const Columns at = columns();
    painter.setFont(Theme::fonts().ui);
    painter.setPen(ink(color.text.secondary));
    paintElided(
        painter, {at.type, rect.top(), at.value - at.type - padding, rect.height()}, content.type, Qt::AlignLeft);
    painter.setFont(content.valueClass == ValueClass::Null ? Theme::fonts().dataItalic : Theme::fonts().data);
    painter.setPen(ink(valueColor(content.valueClass)));
    paintElided(
        painter, {at.value, rect.top(), at.bytes - at.value - padding, rect.height()}, content.value, Qt::AlignLeft);
    painter.setFont(Theme::fonts().data);
    painter.setPen(ink(color.text.secondary));
    painter.drawText(QRect(at.bytes, rect.top(), at.end - at.bytes, rect.height()),
        Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip, bytesText(content.bytes));
}

void JsonView::paintField(QPainter& painter, const QRect& rect, int line) const
{
    const style::Colors& color = Theme::current().color;
    const InspectorLine& content = m_lines[static_cast<std::size_t>(line)];
    const QColor ink = line == m_current ? color.selection.text : color.text.primary;
    const int left = indentOf(line);
    if (content.foldable && m_folds.hasChildren(line)) {
        const int side = Theme::sizes().icon.chevron;
        const QRectF place(left, rect.top() + (rect.height() - side) / 2, side, side);
        style::paintIcon(painter, place, m_folds.isFolded(line) ? style::Icon::ChevronRight : style::Icon::ChevronDown,
            line == m_current ? color.selection.text : color.text.secondary);
    }
    const int text = left + Theme::sizes().icon.chevron + 2;
    painter.setFont(content.strong ? Theme::fonts().dataStrong : Theme::fonts().data);
    painter.setPen(ink);
    paintElided(
        painter, {text, rect.top(), columns().type - text - padding, rect.height()}, content.key, Qt::AlignLeft);
}

bool JsonView::walk(int key)
{
    if (m_folds.shown() == 0)
        return false;
    const int shown = m_current < 0 ? -1 : m_folds.shownAt(m_current);
    const int page = std::max(visibleLines() - 1, 1);
    int next = shown;
    switch (key) {
    case Qt::Key_Up:
        next = shown - 1;
        break;
    case Qt::Key_Down:
        next = shown + 1;
        break;
    case Qt::Key_PageUp:
        next = shown - page;
        break;
    case Qt::Key_PageDown:
        next = shown + page;
        break;
    case Qt::Key_Home:
        next = 0;
        break;
    case Qt::Key_End:
        next = m_folds.shown() - 1;
        break;
    default:
        return false;
    }
    choose(m_folds.lineAt(std::clamp(next, 0, m_folds.shown() - 1)), true);
    return true;
}

void JsonView::keyPressEvent(QKeyEvent* event)
{
    if (walk(event->key()))
        return;
    if (event->matches(QKeySequence::Copy) && m_current >= 0) {
        QGuiApplication::clipboard()->setText(currentText());
    } else if (event->key() == Qt::Key_Left && m_current >= 0) {
        if (m_folds.hasChildren(m_current) && !m_folds.isFolded(m_current))
            setFolded(m_current, true);
        else if (const int above = m_folds.parent(m_current); above >= 0)
            choose(above, true);
    } else if (event->key() == Qt::Key_Right && m_current >= 0) {
        if (m_folds.isFolded(m_current))
            setFolded(m_current, false);
        else if (m_folds.hasChildren(m_current))
            choose(m_current + 1, true);
    } else {
        event->ignore();
    }
}

void JsonView::mousePressEvent(QMouseEvent* event)
{
    const QPoint at = event->position().toPoint();
    const qint64 shown = lineAtY(at.y());
    if (shown < topLine() || shown >= m_folds.shown())
        return;
    const int line = m_folds.lineAt(static_cast<int>(shown));
    const int left = indentOf(line);
    const bool onChevron = at.x() >= left - 4 && at.x() < left + Theme::sizes().icon.chevron + 2;
    if (onChevron && m_folds.hasChildren(line) && event->button() == Qt::LeftButton)
        setFolded(line, !m_folds.isFolded(line));
    else
        choose(line, true);
}

void JsonView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const qint64 shown = lineAtY(event->position().toPoint().y());
    if (shown < topLine() || shown >= m_folds.shown())
        return;
    const int line = m_folds.lineAt(static_cast<int>(shown));
    if (m_folds.hasChildren(line))
        setFolded(line, !m_folds.isFolded(line));
}

void JsonView::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_current >= 0)
        emit lineMenuRequested(m_current, event->globalPos());
}

} // namespace weir::inspector
