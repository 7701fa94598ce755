// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/row_table.h"

#include "widgets/style/theme.h"
#include "widgets/tables/mark_scroll_bar.h"
#include "widgets/tables/table_header.h"

#include <QEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QTimer>

#include <algorithm>

namespace weir::tables {

using style::Theme;

namespace {

/// The head of the glyph column, which has no words.
class HeadCorner : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent*) override
    {
        const style::Colors& color = Theme::current().color;
        QPainter painter(this);
        painter.fillRect(rect(), color.bg.header);
        painter.setPen(color.border.normal);
        painter.drawLine(rect().bottomLeft(), rect().bottomRight());
        painter.drawLine(rect().topRight(), rect().bottomRight());
    }
};

} // namespace

RowTable::RowTable(HeaderLines lines, bool glyphColumn, QWidget* parent)
    : QAbstractScrollArea(parent), m_header(new TableHeader(lines == HeaderLines::Two, this)),
      m_bar(new MarkScrollBar(Qt::Vertical, this)), m_corner(new HeadCorner(this)), m_painter(glyphColumn)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setVerticalScrollBar(m_bar);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Records"));
    connect(m_header, &TableHeader::laidOut, this, [this] {
        updateSideways();
        viewport()->update();
    });
    connect(m_header, &TableHeader::arranged, this, &RowTable::columnsArranged);
    connect(m_header, &TableHeader::sectionClicked, this,
        [this](int logical) { emit sortRequested(m_header->columns()[static_cast<std::size_t>(logical)].id); });
    connect(&style::ThemeSwitch::instance(), &style::ThemeSwitch::changed, this, [this] { applyTheme(); });
    watchBars();
    applyTheme();
}

RowTable::~RowTable() = default;

void RowTable::watchBars()
{
    connect(m_bar, &QScrollBar::actionTriggered, this, [this](int action) {
        // With more rows than bar units a step of the bar would skip rows: steps are counted in rows, drags by the bar.
        qint64 step = 0;
        if (action == QAbstractSlider::SliderSingleStepAdd || action == QAbstractSlider::SliderSingleStepSub)
            step = 1;
        else if (action == QAbstractSlider::SliderPageStepAdd || action == QAbstractSlider::SliderPageStepSub)
            step = std::max(visibleRows(), 1);
        const bool up = action == QAbstractSlider::SliderSingleStepSub || action == QAbstractSlider::SliderPageStepSub;
        if (step == 0)
            return;
        scrolledByUser(m_top + (up ? -step : step));
        m_bar->setSliderPosition(m_bar->value());
    });
    connect(m_bar, &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_settingBar)
            scrolledByUser(m_span.toTop(value));
    });
}

void RowTable::applyTheme()
{
    m_painter.refresh();
    placeHeader();
    updateRange();
    m_header->update();
    m_header->viewport()->update();
    m_corner->update();
    m_bar->update();
    viewport()->update();
}

void RowTable::placeHeader()
{
    const int height = m_header->heightNeeded();
    setViewportMargins(0, height, 0, 0);
    const int left = m_painter.glyphWidth();
    const QRect place = viewport()->geometry();
    m_corner->setGeometry(place.left(), place.top() - height, left, height);
    m_corner->setVisible(left > 0);
    // The head covers the place above the scroll bar too.
    m_header->setGeometry(
        place.left() + left, place.top() - height, std::max(width() - place.left() - left, 0), height);
    updateSideways();
}

void RowTable::fillWidth()
{
    const QScopedValueRollback filling(m_filling, true);
    m_header->fill(std::max(viewport()->width() - m_painter.glyphWidth(), 0));
}

void RowTable::updateSideways()
{
    if (!m_filling)
        fillWidth();
    const int room = std::max(viewport()->width() - m_painter.glyphWidth(), 0);
    horizontalScrollBar()->setRange(0, std::max(m_header->length() - room, 0));
    horizontalScrollBar()->setPageStep(room);
    horizontalScrollBar()->setSingleStep(20);
    m_header->setOffset(horizontalScrollBar()->value());
}

void RowTable::setRows(std::shared_ptr<const RecordRows> rows)
{
    m_rows = std::move(rows);
    m_current = m_anchor = -1;
    m_currentColumn = -1;
    m_top = 0;
    setErrorMarks({});
    refresh();
    emit currentRowChanged(-1);
    setFollowing(true);
}

void RowTable::refresh()
{
    m_header->setColumns(m_rows ? m_rows->columns() : std::vector<TableColumn>());
    updateRange();
    if (m_current >= 0 && (!m_rows || m_current >= m_rows->endRow()))
        select(-1, false);
    viewport()->update();
}

void RowTable::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

int RowTable::visibleRows() const
{
    return viewport()->height() / m_painter.rowHeight();
}

qint64 RowTable::maxTop() const
{
    if (!m_rows)
        return 0;
    return std::max(m_rows->firstRow(), m_rows->endRow() - std::max(visibleRows(), 1));
}

void RowTable::updateRange()
{
    m_span = {m_rows ? m_rows->firstRow() : 0, maxTop()};
    {
        const QScopedValueRollback setting(m_settingBar, true);
        m_bar->setRange(0, m_span.barMaximum());
        const qint64 rows = m_rows ? std::max<qint64>(m_rows->endRow() - m_rows->firstRow(), 1) : 1;
        const double share = std::min(1.0, double(visibleRows()) / double(rows));
        m_bar->setPageStep(std::max(1, static_cast<int>(share * (double(m_span.barMaximum()) + visibleRows()))));
    }
    setTop(m_following ? m_span.last : m_top);
    placeMarks();
}

void RowTable::setTop(qint64 top)
{
    m_top = std::clamp(top, m_span.first, m_span.last);
    const QScopedValueRollback setting(m_settingBar, true);
    // While the user holds the handle it stays under the pointer.
    if (!m_bar->isSliderDown())
        m_bar->setValue(m_span.toBar(m_top));
    viewport()->update();
}

void RowTable::scrolledByUser(qint64 top)
{
    const qint64 before = m_top;
    setTop(top);
    if (m_top < before)
        setFollowing(false);
    else if (m_top == m_span.last && m_current < 0)
        setFollowing(true);
}

void RowTable::scrollTo(qint64 row)
{
    if (row < m_top)
        setTop(row);
    else if (row >= m_top + std::max(visibleRows(), 1))
        setTop(row - std::max(visibleRows(), 1) + 1);
}

void RowTable::setFollowing(bool on)
{
    if (on)
        setTop(m_span.last);
    if (m_following == on)
        return;
    m_following = on;
    emit followingChanged(on);
}

void RowTable::setErrorMarks(std::vector<qint64> rows)
{
    m_marks = std::move(rows);
    std::sort(m_marks.begin(), m_marks.end());
    placeMarks();
}

void RowTable::placeMarks()
{
    std::vector<double> places;
    const qint64 first = m_rows ? m_rows->firstRow() : 0;
    const qint64 count = m_rows ? m_rows->endRow() - first : 0;
    for (const qint64 row : m_marks) {
        if (row >= first && row - first < count)
            places.push_back(double(row - first) / double(count));
    }
    m_bar->setMarks(std::move(places));
}

void RowTable::setSorted(const QString& columnId, bool descending)
{
    m_header->setSorted(columnId, descending);
}

TableState RowTable::saveState() const
{
    return m_header->state();
}

void RowTable::restoreState(const TableState& state)
{
    m_header->arrange(state);
}

std::vector<VisibleColumn> RowTable::visibleColumns() const
{
    return m_header->visibleColumns(m_painter.glyphWidth());
}

std::vector<TableRow> RowTable::rowsOnScreen(qint64 first, int count) const
{
    if (!m_rows)
        return {};
    const qint64 begin = std::max(first, m_rows->firstRow());
    const qint64 end = std::min(first + count, m_rows->endRow());
    return begin < end ? m_rows->rows(begin, static_cast<int>(end - begin)) : std::vector<TableRow>();
}

void RowTable::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    const int height = m_painter.rowHeight();
    const std::vector<TableRow> rows = rowsOnScreen(m_top, viewport()->height() / height + 1);
    const std::vector<VisibleColumn> visible = visibleColumns();
    const qint64 chosenEnd = selectionFirst() + selectionCount();
    int y = 0;
    for (std::size_t i = 0; i < rows.size(); ++i, y += height) {
        const qint64 number = m_top + static_cast<qint64>(i);
        RowLook look{QRect(0, y, viewport()->width(), height)};
        look.alternate = number % 2 != 0;
        look.current = number == m_current;
        look.selected = m_current >= 0 && number >= selectionFirst() && number < chosenEnd;
        look.focused = hasFocus();
        m_painter.paint(painter, look, rows[i], m_header->columns(), visible);
    }
    painter.fillRect(QRect(0, y, viewport()->width(), viewport()->height() - y), Theme::current().color.bg.well);
    if (rows.empty())
        paintEmpty(painter);
    widenNumbers();
}

void RowTable::paintEmpty(QPainter& painter)
{
    painter.setFont(Theme::fonts().ui);
    painter.setPen(Theme::current().color.text.secondary);
    const QRect room = viewport()->rect().adjusted(16, 12, -16, -12);
    painter.drawText(room, Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
}

void RowTable::widenNumbers()
{
    const std::vector<int> wanted = m_painter.takeWanted();
    if (std::all_of(wanted.begin(), wanted.end(), [](int width) { return width == 0; }))
        return;
    // Not while painting: a changed head repaints the rows.
    QTimer::singleShot(0, this, [this, wanted] {
        const int columns = std::min(static_cast<int>(wanted.size()), m_header->count());
        for (int column = 0; column < columns; ++column) {
            const int width = wanted[static_cast<std::size_t>(column)];
            if (!m_header->isSectionHidden(column) && width > m_header->sectionSize(column))
                m_header->widen(column, width);
        }
    });
}

bool RowTable::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::LayoutRequest)
        placeHeader();
    return QAbstractScrollArea::viewportEvent(event);
}

void RowTable::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    placeHeader();
    updateRange();
}

void RowTable::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyTheme();
}

void RowTable::scrollContentsBy(int dx, int)
{
    if (dx == 0)
        return;
    m_header->setOffset(horizontalScrollBar()->value());
    viewport()->update();
}

} // namespace weir::tables
