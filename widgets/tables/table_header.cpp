// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/table_header.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStandardItemModel>

#include <algorithm>

namespace weir::tables {

using style::Theme;

namespace {

constexpr int padding = 8;
constexpr int narrowest = 24;

bool sameShape(const TableColumn& a, const TableColumn& b)
{
    return a.id == b.id && a.name == b.name && a.caption == b.caption && a.number == b.number && a.field == b.field
        && a.dataFont == b.dataFont;
}

} // namespace

TableHeader::TableHeader(bool twoLines, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent), m_model(new QStandardItemModel(this)), m_twoLines(twoLines)
{
    setModel(m_model);
    setSectionsMovable(true);
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(narrowest);
    setStretchLastSection(false);
    setSectionResizeMode(QHeaderView::Interactive);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Columns"));
    connect(this, &QHeaderView::sectionResized, this, [this] { changed(); });
    connect(this, &QHeaderView::sectionMoved, this, [this] { changed(); });
}

void TableHeader::changed()
{
    if (m_applying)
        return;
    m_changedByUser = true;
    m_arranged = true;
    emit laidOut();
}

void TableHeader::setColumns(const std::vector<TableColumn>& columns)
{
    if (std::equal(columns.begin(), columns.end(), m_columns.begin(), m_columns.end(), sameShape))
        return;
    TableState kept = state();
    {
        const QScopedValueRollback applying(m_applying, true);
        m_columns = columns;
        m_model->clear();
        m_model->setColumnCount(static_cast<int>(columns.size()));
        for (int i = 0; i < count(); ++i) {
            const TableColumn& column = m_columns[static_cast<std::size_t>(i)];
            m_model->setHeaderData(i, Qt::Horizontal, column.name);
            m_model->setHeaderData(i, Qt::Horizontal, column.caption, Qt::ToolTipRole);
            resizeSection(i, column.width);
            setSectionHidden(i, column.hidden);
        }
        if (!m_arranged)
            keepWidths(kept);
    }
    if (m_arranged)
        restore(kept);
    emit laidOut();
}

/// Columns that nobody arranged stand as they come; those that numbers widened stay wide.
void TableHeader::keepWidths(const TableState& state)
{
    for (const TableState::Column& before : state.columns) {
        for (int i = 0; i < count(); ++i) {
            const TableColumn& column = m_columns[static_cast<std::size_t>(i)];
            if (column.id == before.id && !column.fills && !isSectionHidden(i) && !before.hidden)
                resizeSection(i, std::max(before.width, column.width));
        }
    }
}

int TableHeader::heightNeeded() const
{
    const int name = QFontMetrics(Theme::fonts().ui).height();
    if (!m_twoLines)
        return std::max(Theme::sizes().height.tableHeader, name + 4);
    return std::max(Theme::sizes().height.tableHeaderTwoLine, name + QFontMetrics(Theme::fonts().caption).height() + 4);
}

std::vector<VisibleColumn> TableHeader::visibleColumns(int left) const
{
    std::vector<VisibleColumn> visible;
    for (int visual = 0; visual < count(); ++visual) {
        const int logical = logicalIndex(visual);
        if (!isSectionHidden(logical))
            visible.push_back({logical, left + sectionViewportPosition(logical), sectionSize(logical)});
    }
    return visible;
}

TableState TableHeader::state() const
{
    TableState state;
    for (int visual = 0; visual < count(); ++visual) {
        const int logical = logicalIndex(visual);
        const bool hidden = isSectionHidden(logical);
        // A hidden section says size 0; its width is what it would have when shown again.
        int width = sectionSize(logical);
        if (hidden)
            width = std::max(m_model->horizontalHeaderItem(logical)->data(Qt::UserRole).toInt(), narrowest);
        state.columns.push_back({m_columns[static_cast<std::size_t>(logical)].id, width, hidden});
    }
    return state;
}

void TableHeader::arrange(const TableState& state)
{
    m_arranged = true;
    restore(state);
}

void TableHeader::restore(const TableState& state)
{
    const QScopedValueRollback applying(m_applying, true);
    int place = 0;
    for (const TableState::Column& wanted : state.columns) {
        const auto found = std::find_if(m_columns.begin(), m_columns.end(),
            [&wanted](const TableColumn& column) { return column.id == wanted.id; });
        if (found == m_columns.end())
            continue;
        const int logical = static_cast<int>(found - m_columns.begin());
        setSectionHidden(logical, false);
        resizeSection(logical, std::max(wanted.width, narrowest));
        m_model->horizontalHeaderItem(logical)->setData(wanted.width, Qt::UserRole);
        setSectionHidden(logical, wanted.hidden);
        moveSection(visualIndex(logical), place++);
    }
    if (count() > 0 && shownCount() == 0)
        setSectionHidden(logicalIndex(0), false);
    emit laidOut();
}

void TableHeader::fill(int room)
{
    if (m_arranged)
        return;
    std::vector<int> filling;
    for (int i = 0; i < count(); ++i) {
        const TableColumn& column = m_columns[static_cast<std::size_t>(i)];
        if (column.fills && !isSectionHidden(i))
            filling.push_back(i);
        else
            room -= sectionSize(i);
    }
    const QScopedValueRollback applying(m_applying, true);
    for (const int i : filling)
        resizeSection(
            i, std::max(room / static_cast<int>(filling.size()), m_columns[static_cast<std::size_t>(i)].width));
    if (!filling.empty())
        emit laidOut();
}

void TableHeader::widen(int column, int width)
{
    const QScopedValueRollback applying(m_applying, true);
    resizeSection(column, width);
    emit laidOut();
}

int TableHeader::shownCount() const
{
    return count() - hiddenSectionCount();
}

void TableHeader::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(viewport()->rect(), Theme::current().color.bg.header);
    }
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    painter.setPen(Theme::current().color.border.normal);
    painter.drawLine(0, viewport()->height() - 1, viewport()->width(), viewport()->height() - 1);
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const
{
    if (!rect.isValid() || logicalIndex < 0 || logicalIndex >= static_cast<int>(m_columns.size()))
        return;
    const style::Colors& color = Theme::current().color;
    painter->save();
    painter->setClipRect(rect);
    painter->fillRect(rect, color.bg.header);
    painter->setPen(color.border.normal);
    painter->drawLine(rect.topRight(), rect.bottomRight());
    paintWords(*painter, rect.adjusted(padding, 0, -padding, 0), m_columns[static_cast<std::size_t>(logicalIndex)]);
    painter->restore();
}

void TableHeader::setSorted(const QString& columnId, bool descending)
{
    m_sorted = columnId;
    m_descending = descending;
    viewport()->update();
}

/// The arrow of the column that rows are ordered by; gives the room that is left.
QRect TableHeader::paintArrow(QPainter& painter, const QRect& rect) const
{
    const int side = Theme::sizes().icon.inlined;
    const QRectF place(rect.right() - side + 1, rect.top() + (rect.height() - side) / 2.0, side, side);
    const style::Icon icon = m_descending ? style::Icon::ArrowDown : style::Icon::ArrowUp;
    style::paintIcon(painter, place, icon, Theme::current().color.text.primary);
    return rect.adjusted(0, 0, -side - 2, 0);
}

void TableHeader::paintWords(QPainter& painter, const QRect& whole, const TableColumn& column) const
{
    const style::Colors& color = Theme::current().color;
    const bool sorted = !m_sorted.isEmpty() && column.id == m_sorted;
    const QRect rect = sorted ? paintArrow(painter, whole) : whole;
    const QFont& nameFont = sorted ? Theme::fonts().strong : Theme::fonts().ui;
    const QFontMetrics name(nameFont);
    const QFontMetrics caption(Theme::fonts().caption);
    const int side = column.number ? Qt::AlignRight : Qt::AlignLeft;
    QRect nameRect = rect;
    QRect captionRect = rect;
    if (m_twoLines) {
        const int top = rect.top() + (rect.height() - name.height() - caption.height()) / 2;
        nameRect = QRect(rect.left(), top, rect.width(), name.height());
        captionRect = QRect(rect.left(), top + name.height(), rect.width(), caption.height());
    } else if (!column.caption.isEmpty()) {
        const int captionWidth = caption.horizontalAdvance(column.caption) + 7;
        const int nameWidth = std::min(name.horizontalAdvance(column.name) + 1, rect.width());
        const int shift = column.number ? std::max(rect.width() - nameWidth - captionWidth, 0) : 0;
        nameRect = QRect(rect.left() + shift, rect.top(), nameWidth, rect.height());
        captionRect.setLeft(nameRect.right() + 6);
    }
    painter.setFont(nameFont);
    painter.setPen(sorted ? color.text.primary : color.text.secondary);
    painter.drawText(nameRect, side | Qt::AlignVCenter | Qt::TextSingleLine,
        name.elidedText(column.name, Qt::ElideRight, nameRect.width()));
    painter.setFont(Theme::fonts().caption);
    painter.setPen(color.text.muted);
    if (captionRect.width() > 8)
        painter.drawText(captionRect, (m_twoLines ? side : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
            caption.elidedText(column.caption, Qt::ElideRight, captionRect.width()));
}

void TableHeader::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int visual = 0; visual < count(); ++visual) {
        const int logical = logicalIndex(visual);
        QAction* action = menu->addAction(m_columns[static_cast<std::size_t>(logical)].name);
        action->setCheckable(true);
        action->setChecked(!isSectionHidden(logical));
        // The last visible column stays: a table without columns would have no head to bring them back with.
        action->setEnabled(isSectionHidden(logical) || shownCount() > 1);
        connect(action, &QAction::toggled, this, [this, logical](bool on) {
            if (!on)
                m_model->horizontalHeaderItem(logical)->setData(sectionSize(logical), Qt::UserRole);
            setSectionHidden(logical, !on);
            m_arranged = true;
            emit laidOut();
            emit arranged();
        });
    }
    menu->popup(event->globalPos());
}

void TableHeader::mouseReleaseEvent(QMouseEvent* event)
{
    QHeaderView::mouseReleaseEvent(event);
    if (std::exchange(m_changedByUser, false))
        emit arranged();
}

} // namespace weir::tables
