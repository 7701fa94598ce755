// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/find_bar.h"

#include "app/engine/pipeline/reaper.h"
#include "app/session/record_filter.h"
#include "widgets/style/format.h"
#include "widgets/style/icons.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace weir {

namespace {

constexpr int looksAfterMs = 200; ///< without a key

} // namespace

FindBar::FindBar(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 4, 10, 4);
    layout->setSpacing(8);
    layout->addWidget(style::label(tr("Find"), style::Role::Secondary));
    m_edit = new QLineEdit;
    style::setRole(m_edit, style::Role::Data);
    m_edit->setAccessibleName(tr("Text, bytes or pattern to find"));
    m_edit->setClearButtonEnabled(true);
    layout->addWidget(m_edit, 1);
    m_kind = new QComboBox;
    m_kind->setAccessibleName(tr("What is typed"));
    m_kind->addItem(tr("text"), static_cast<int>(search::PatternKind::Text));
    m_kind->addItem(tr("bytes in hex"), static_cast<int>(search::PatternKind::Bytes));
    m_kind->addItem(tr("regular expression"), static_cast<int>(search::PatternKind::Regex));
    layout->addWidget(m_kind);
    m_place = new QComboBox;
    m_place->setAccessibleName(tr("Where to look"));
    m_place->addItem(tr("key, value, headers"));
    m_place->addItem(tr("key"));
    m_place->addItem(tr("value"));
    m_place->addItem(tr("headers"));
    layout->addWidget(m_place);
    m_case = new QToolButton;
    m_case->setText(QStringLiteral("Aa"));
    m_case->setCheckable(true);
    m_case->setChecked(true);
    m_case->setToolTip(tr("Match case"));
    m_case->setAccessibleName(tr("Match case"));
    layout->addWidget(m_case);
    auto* before = style::iconButton(style::icon(style::Icon::ArrowUp), tr("Previous match (Shift+F3)"));
    auto* next = style::iconButton(style::icon(style::Icon::ArrowDown), tr("Next match (F3)"));
    auto* close = style::iconButton(style::icon(style::Icon::Close), tr("Close (Esc)"));
    m_count = style::label({}, style::Role::Secondary);
    for (QWidget* widget : std::initializer_list<QWidget*>{before, next, m_count, close})
        layout->addWidget(widget);
    m_pause.setSingleShot(true);
    m_pause.setInterval(looksAfterMs);
    connect(&m_pause, &QTimer::timeout, this, &FindBar::look);
    connect(m_edit, &QLineEdit::textChanged, this, [this] { m_pause.start(); });
    connect(m_kind, &QComboBox::activated, this, &FindBar::look);
    connect(m_place, &QComboBox::activated, this, &FindBar::look);
    connect(m_case, &QToolButton::toggled, this, &FindBar::look);
    connect(before, &QToolButton::clicked, this, [this] { emit nextRequested(false); });
    connect(next, &QToolButton::clicked, this, [this] { emit nextRequested(true); });
    connect(close, &QToolButton::clicked, this, [this] {
        hide();
        emit closed();
    });
    hide();
}

FindBar::~FindBar()
{
    forget();
}

/// Ending a search waits for the batch that it looks at.
void FindBar::forget()
{
    if (m_found)
        Reaper::instance().take(std::exchange(m_found, nullptr));
}

void FindBar::setRows(std::shared_ptr<const RowStore> rows, std::shared_ptr<MemoryBudget> budget)
{
    m_rows = std::move(rows);
    m_budget = std::move(budget);
    forget();
    if (isVisible())
        look();
}

void FindBar::open()
{
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
    if (!m_found)
        look();
}

void FindBar::look()
{
    m_pause.stop();
    forget();
    m_goesToFirst = false;
    if (m_edit->text().isEmpty() || !m_rows) {
        m_count->clear();
        return;
    }
    const int place = m_place->currentIndex(); // 0: all of them
    SearchTerms terms;
    terms.pattern = search::PatternSpec{static_cast<search::PatternKind>(m_kind->currentData().toInt()),
        m_edit->text().toStdString(), !m_case->isChecked(), place == 0 || place == 1, place == 0 || place == 2,
        place == 0 || place == 3};
    const FilterVerdict verdict = judgeFilter(*FilterTable::of({}, 0), terms);
    style::setRole(m_count, verdict.filter ? style::Role::Secondary : style::Role::Error);
    if (!verdict.filter) {
        m_count->setText(QString::fromStdString(verdict.error->message));
        return;
    }
    m_found = std::make_shared<FilteredRows>(m_rows, verdict.filter, m_budget);
    m_goesToFirst = true;
    refresh();
}

void FindBar::refresh()
{
    if (!m_found)
        return;
    const FilterProgress progress = m_found->progress();
    const QString matches = format::grouped(progress.matching);
    m_count->setText(progress.upToDate
            ? tr("%1 of %2 rows match").arg(matches, format::grouped(progress.asked))
            : tr("%1 match, %2 rows looked at so far").arg(matches, format::grouped(progress.asked)));
    if (m_goesToFirst && progress.matching > 0) {
        m_goesToFirst = false;
        emit nextRequested(true);
    }
}

qint64 FindBar::matchFrom(qint64 row, bool forward) const
{
    if (!hasMatches())
        return -1;
    const std::int64_t first = m_found->firstRow();
    const std::int64_t end = m_found->endRow();
    std::int64_t match = forward ? m_found->matchingFrom(row + 1) : m_found->matchingFrom(row) - 1;
    if (match >= end)
        match = first;
    if (match < first)
        match = end - 1;
    return m_found->rowOf(match);
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_pause.isActive())
            look();
        else
            emit nextRequested((event->modifiers() & Qt::ShiftModifier) == 0);
        break;
    case Qt::Key_Escape:
        hide();
        emit closed();
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace weir
