// SPDX-License-Identifier: GPL-3.0-or-later
// What a topic panel does with one record: shows it in full, offers what can be done with a value of it.
#include "app/panels/filter_line.h"
#include "app/panels/record_copy.h"
#include "app/panels/record_panel.h"
#include "app/panels/topic_panel.h"
#include "app/session/rows_text.h"
#include "widgets/style/format.h"
#include "widgets/tables/record_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

namespace weir {

namespace {

constexpr std::size_t mostCopied = std::size_t{64} << 20; ///< bytes

void copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace

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

/// Of whole records: those that are selected.
void TopicPanel::addRowCopies(QMenu& menu)
{
    const qint64 rows = m_table->selectionCount();
    QMenu* as = menu.addMenu(rows > 1 ? tr("Copy %1 records as").arg(format::grouped(rows)) : tr("Copy record as"));
    as->addAction(tr("JSON Lines"), this, [this] { copyRows(exporter::Format::JsonLines); });
    as->addAction(tr("CSV"), this, [this] { copyRows(exporter::Format::Csv); });
    as->addAction(tr("raw values"), this, [this] { copyRows(exporter::Format::Raw); });
}

/// Away from this thread: rows may have to be read from the disk.
void TopicPanel::copyRows(exporter::Format format)
{
    const qint64 wanted = m_table->selectionCount();
    if (!m_shown || wanted == 0)
        return;
    const ChosenRows chosen{m_shown->rows(), m_table->selectionFirst(), wanted};
    m_context.background.run(
        this, [chosen, format] { return textOfRows(chosen, format, mostCopied); },
        [this, wanted](const Result<RowsText>& text) {
            if (!text) {
                m_context.log.add(LogLevel::Error, title(), QString::fromStdString(text.error().text()));
                return;
            }
            copy(QString::fromStdString(text->text));
            m_context.log.add(text->rows < wanted ? LogLevel::Warning : LogLevel::Info, title(),
                tr("Copied %1 of %2 records.").arg(format::grouped(text->rows), format::grouped(wanted)));
        });
}

/// Marks, comments, comparisons.
void TopicPanel::addNotes(QMenu& menu, const StoredRow& record)
{
    const MarkDocument* mark = markOf(placeOf(*record.batch, record.index));
    menu.addAction(style::icon(style::Icon::Star), mark ? tr("Remove the mark (Ctrl+M)") : tr("Mark (Ctrl+M)"), this,
        &TopicPanel::toggleMark);
    menu.addAction(tr("Comment…"), this, &TopicPanel::commentRecord);
    addComparisons(*menu.addMenu(tr("Compare")));
    menu.addSeparator();
}

void TopicPanel::showCopyMenu()
{
    const StoredRow record = currentRecord();
    if (!record.isHere())
        return;
    QMenu menu;
    addCopies(menu, record);
    addRowCopies(menu);
    menu.exec(m_table->mapToGlobal(QPoint(m_table->width() / 4, m_table->height() / 4)));
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
    if (record.isHere() && record.batch->key(record.index))
        menu.addAction(style::icon(style::Icon::Key), tr("Follow this key"), this, &TopicPanel::followKey);
    if (record.isHere())
        addNotes(menu, record);
    const qint64 first = m_table->selectionFirst();
    const qint64 rows = m_table->selectionCount();
    QAction* lines = menu.addAction(rows > 1 ? tr("Copy %1 rows").arg(format::grouped(rows)) : tr("Copy row"), this,
        [this, first, rows] { copy(m_table->textOf(first, rows)); });
    lines->setShortcut(QKeySequence::Copy);
    if (record.isHere()) {
        addCopies(menu, record);
        addRowCopies(menu);
    }
    menu.exec(place);
}

} // namespace weir
