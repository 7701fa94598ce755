// SPDX-License-Identifier: GPL-3.0-or-later
// What a topic panel does with one record: shows it in full, offers what can be done with a value of it.
#include "app/panels/filter_line.h"
#include "app/panels/record_copy.h"
#include "app/panels/record_panel.h"
#include "app/panels/topic_panel.h"
#include "widgets/style/format.h"
#include "widgets/tables/record_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace weir {

namespace {

void copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace

StoredRow TopicPanel::recordAt(qint64 row) const
{
    if (row < 0 || !m_shown)
        return {};
    auto stored = m_shown->read(row, 1, TopicRows::patience);
    return stored && !stored->empty() ? stored->front() : StoredRow();
}

void TopicPanel::showRecord(qint64 row)
{
    const StoredRow record = recordAt(row);
    m_awaited = record.absence == RowAbsence::Loading && !record.isHere() ? row : -1;
    m_record->showRecord(record);
}

/// Empty where the cell is nothing that a filter can name.
std::string TopicPanel::conditionFor(
    const tables::TableCellAt& cell, const StoredRow& record, ValueComparison comparison) const
{
    const FilterTable* const table = m_filter->table().get();
    if (!table || !record.isHere())
        return {};
    const RecordBatch& batch = *record.batch;
    if (const TopicField* field = m_rows->fieldOf(cell.columnId)) {
        const auto values =
            jsonFieldsOf(batch.value(record.index).value_or(std::string_view()), std::span(&field->path, 1));
        return fieldCondition(*table, field->path, values.front(), comparison);
    }
    const std::string column = cell.columnId == QLatin1String("time") ? "timestamp" : cell.columnId.toStdString();
    return recordCondition(*table, column, batch, record.index, comparison);
}

/// Each writes into the filter line, so that the user sees what was done and can change it.
void TopicPanel::addConditions(QMenu& menu, const std::string& equal, const std::string& notEqual)
{
    const QString words = QString::fromStdString(equal);
    menu.addAction(style::icon(style::Icon::Filter), tr("Filter by this value (F)"), this, [this, words] {
        m_filter->addCondition(words);
        m_filter->apply();
    });
    menu.addAction(tr("Exclude this value (Shift+F)"), this, [this, other = QString::fromStdString(notEqual)] {
        m_filter->addCondition(other);
        m_filter->apply();
    });
    menu.addAction(tr("Prepare as a filter"), this, [this, words] {
        m_filter->addCondition(words);
        m_filter->focusText();
    });
    menu.addAction(tr("Copy as SQL condition"), this, [words] { copy(words); });
    menu.addSeparator();
}

void TopicPanel::addCopies(QMenu& menu, const StoredRow& record)
{
    const auto add = [this](QMenu* to, const QString& name, auto text) {
        to->addAction(name, this, [text] { copy(text()); });
    };
    const auto value = record.batch->value(record.index);
    const QString cut = value && value->size() > copyLimit
        ? tr(" (the first %1)").arg(format::bytes(static_cast<double>(copyLimit)))
        : QString();
    add(&menu, tr("Copy value") + cut, [record] { return copyText(record.batch->value(record.index)); });
    add(&menu, tr("Copy key"), [record] { return copyText(record.batch->key(record.index)); });
    QMenu* as = menu.addMenu(tr("Copy as"));
    add(as, tr("JSON") + cut, [record] { return copyJson(*record.batch, record.index); });
    add(as, tr("hex") + cut, [record] { return copyHex(record.batch->value(record.index)); });
    add(as, tr("Base64") + cut, [record] { return copyBase64(record.batch->value(record.index)); });
    const QString servers = m_context.connections.document(m_connectionId).bootstrapServers;
    add(as, tr("weir-cli command"), [record, servers] { return copyCommand(*record.batch, record.index, servers); });
    add(as, tr("kcat command"), [record, servers] { return copyKcat(*record.batch, record.index, servers); });
}

/// By the cell that was last clicked.
void TopicPanel::filterByCell(ValueComparison comparison)
{
    const tables::TableCellAt cell = m_table->currentCell();
    const std::string condition = conditionFor(cell, recordAt(cell.row), comparison);
    if (condition.empty())
        return;
    m_filter->addCondition(QString::fromStdString(condition));
    m_filter->apply();
}

void TopicPanel::showMenu(const tables::TableCellAt& cell, const QPoint& place)
{
    const StoredRow record = recordAt(cell.row);
    QMenu menu;
    const std::string equal = conditionFor(cell, record, ValueComparison::Equal);
    if (!equal.empty())
        addConditions(menu, equal, conditionFor(cell, record, ValueComparison::NotEqual));
    if (const std::string key = record.isHere() && m_filter->table() && record.batch->key(record.index)
            ? recordCondition(*m_filter->table(), "key", *record.batch, record.index, ValueComparison::Equal)
            : std::string();
        !key.empty())
        menu.addAction(style::icon(style::Icon::Key), tr("Follow this key through the topic"), this, [this, key] {
            m_filter->setText(QString::fromStdString(key));
            searchTopic();
        });
    const qint64 first = m_table->selectionFirst();
    const qint64 rows = m_table->selectionCount();
    QAction* lines = menu.addAction(rows > 1 ? tr("Copy %1 rows").arg(format::grouped(rows)) : tr("Copy row"), this,
        [this, first, rows] { copy(m_table->textOf(first, rows)); });
    lines->setShortcut(QKeySequence::Copy);
    if (record.isHere())
        addCopies(menu, record);
    menu.exec(place);
}

} // namespace weir
