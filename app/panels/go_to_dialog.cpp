// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/go_to_dialog.h"

#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace weir {

namespace {

constexpr int most = 200; ///< shown; more is for more letters

/// Smaller is better; -1: does not match.
int rankOf(const QString& name, const QStringList& words)
{
    int rank = 0;
    for (const QString& word : words) {
        const qsizetype at = name.indexOf(word, 0, Qt::CaseInsensitive);
        if (at < 0)
            return -1;
        rank += at == 0 ? 0 : name[at - 1].isLetterOrNumber() ? 2 : 1;
    }
    return rank;
}

} // namespace

GoToDialog::GoToDialog(std::vector<GoToEntry> entries, const QString& prompt, QWidget* parent)
    : QDialog(parent, Qt::Popup), m_entries(std::move(entries)), m_field(new QLineEdit), m_list(new QListWidget)
{
    style::setRole(this, style::Role::Dialog);
    setAccessibleName(prompt);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    m_field->setPlaceholderText(prompt);
    layout->addWidget(m_field);
    layout->addWidget(m_list);
    const int side = style::Theme::sizes().icon.normal;
    m_list->setIconSize({side, side});
    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &GoToDialog::fill);
    connect(m_list, &QListWidget::itemClicked, this, &GoToDialog::choose);
    resize(640, 420);
    if (parent)
        move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, 60)));
    fill({});
    m_field->setFocus();
}

void GoToDialog::fill(const QString& text)
{
    const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    std::vector<std::pair<int, std::size_t>> matches;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (const int rank = rankOf(m_entries[i].name, words); rank >= 0)
            matches.emplace_back(rank, i);
    }
    std::stable_sort(matches.begin(), matches.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    m_list->clear();
    for (std::size_t i = 0; i < std::min<std::size_t>(matches.size(), most); ++i) {
        const GoToEntry& entry = m_entries[matches[i].second];
        const QString caption = entry.caption.isEmpty() ? QString() : QStringLiteral("    ") + entry.caption;
        auto* item = new QListWidgetItem(style::icon(entry.icon), entry.name + caption, m_list);
        item->setData(Qt::UserRole, static_cast<qulonglong>(matches[i].second));
    }
    m_list->setCurrentRow(0);
}

void GoToDialog::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return;
    m_chosen = m_entries[static_cast<std::size_t>(item->data(Qt::UserRole).toULongLong())].go;
    accept();
}

bool GoToDialog::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QDialog::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentRow();
    if (key == Qt::Key_Down)
        m_list->setCurrentRow(std::min(row + 1, m_list->count() - 1));
    else if (key == Qt::Key_Up)
        m_list->setCurrentRow(std::max(row - 1, 0));
    else if (key == Qt::Key_Return || key == Qt::Key_Enter)
        choose();
    else
        return QDialog::eventFilter(watched, event);
    return true;
}

} // namespace weir
