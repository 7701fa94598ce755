// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/completion_popup.h"

#include "widgets/style/icons.h"
#include "widgets/style/theme.h"

#include <QFontMetrics>
#include <QPainter>
#include <QScreen>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace weir::editor {

using style::Theme;

namespace {

constexpr int mostRows = 10;
constexpr int padding = 8;
constexpr int detailRole = Qt::UserRole;
constexpr int kindRole = Qt::UserRole + 1;

style::Icon iconOf(CompletionKind kind)
{
    switch (kind) {
    case CompletionKind::Keyword:
        return style::Icon::Query;
    case CompletionKind::Table:
        return style::Icon::Table;
    case CompletionKind::Column:
        return style::Icon::FieldText;
    case CompletionKind::Function:
        return style::Icon::Format;
    case CompletionKind::Option:
        return style::Icon::Settings;
    case CompletionKind::Type:
        return style::Icon::FieldBytes;
    }
    return style::Icon::Query;
}

int rowHeight()
{
    return Theme::rowHeight(Theme::sizes().height.row, Theme::fonts().data);
}

class ItemPainter : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, rowHeight()}; }
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const style::Colors& color = Theme::current().color;
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        painter->fillRect(option.rect, chosen ? color.selection.bg : color.bg.overlay);
        QRect rect = option.rect.adjusted(padding, 0, -padding, 0);
        const int side = Theme::sizes().icon.inlined;
        const QRectF glyph(rect.left(), rect.top() + (rect.height() - side) / 2, side, side);
        style::paintIcon(*painter, glyph, iconOf(static_cast<CompletionKind>(index.data(kindRole).toInt())),
            chosen ? color.selection.text : color.text.muted);
        rect.setLeft(rect.left() + side + padding);
        painter->setFont(Theme::fonts().data);
        painter->setPen(chosen ? color.selection.text : color.text.primary);
        painter->drawText(
            rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, index.data(Qt::DisplayRole).toString());
        painter->setFont(Theme::fonts().caption);
        painter->setPen(chosen ? color.selection.text : color.text.muted);
        painter->drawText(
            rect, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, index.data(detailRole).toString());
        painter->restore();
    }
};

} // namespace

CompletionPopup::CompletionPopup(QWidget* parent) : QListWidget(parent)
{
    setWindowFlags(Qt::ToolTip | Qt::FramelessWindowHint);
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setUniformItemSizes(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new ItemPainter(this));
    setAccessibleName(tr("Completions"));
    connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) { emit picked(item->text()); });
}

void CompletionPopup::showItems(const std::vector<CompletionItem>& items, const QRect& line)
{
    clear();
    for (const CompletionItem& item : items) {
        auto* row = new QListWidgetItem(item.text, this);
        row->setData(detailRole, item.detail);
        row->setData(kindRole, static_cast<int>(item.kind));
    }
    if (items.empty()) {
        hide();
        return;
    }
    setCurrentRow(0);
    place(line);
    show();
}

void CompletionPopup::place(const QRect& line)
{
    int widest = 160;
    const QFontMetrics words(Theme::fonts().data);
    const QFontMetrics details(Theme::fonts().caption);
    for (int row = 0; row < std::min(count(), 200); ++row)
        widest = std::max(widest,
            words.horizontalAdvance(item(row)->text())
                + details.horizontalAdvance(item(row)->data(detailRole).toString()));
    const int width =
        std::min(widest + 5 * padding + Theme::sizes().icon.inlined + Theme::sizes().width.scrollBar, 520);
    const int height = std::min(count(), mostRows) * rowHeight() + 2 * frameWidth();
    QRect area(line.left(), line.bottom() + 2, width, height);
    if (const QScreen* at = screen()) {
        const QRect room = at->availableGeometry();
        if (area.bottom() > room.bottom())
            area.moveBottom(line.top() - 2);
        if (area.right() > room.right())
            area.moveRight(room.right());
    }
    setGeometry(area);
}

void CompletionPopup::move(int rows)
{
    setCurrentRow(std::clamp(currentRow() + rows, 0, count() - 1));
}

QString CompletionPopup::chosen() const
{
    return currentItem() ? currentItem()->text() : QString();
}

} // namespace weir::editor
