// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/notes_panel.h"

#include "widgets/style/format.h"
#include "widgets/style/icons.h"

#include <QHeaderView>
#include <QSet>
#include <QTreeWidget>

namespace weir {

namespace {

enum Columns { KindColumn, CountColumn, TextColumn, ColumnCount };
enum Roles { PartitionRole = Qt::UserRole, OffsetRole };

style::Icon iconOf(expert::NoteLevel level)
{
    return level == expert::NoteLevel::Error  ? style::Icon::Error
        : level == expert::NoteLevel::Warning ? style::Icon::Warning
                                              : style::Icon::Info;
}

style::Tint tintOf(expert::NoteLevel level)
{
    return level == expert::NoteLevel::Error  ? style::Tint::Error
        : level == expert::NoteLevel::Warning ? style::Tint::Warn
                                              : style::Tint::Info;
}

QTreeWidgetItem* placeItem(const expert::NotePlace& place)
{
    auto* item = new QTreeWidgetItem;
    item->setText(KindColumn, QStringLiteral("%1@%2").arg(place.partition.value).arg(place.offset));
    item->setText(TextColumn, QString::fromStdString(place.detail));
    item->setData(KindColumn, PartitionRole, place.partition.value);
    item->setData(KindColumn, OffsetRole, static_cast<qint64>(place.offset));
    return item;
}

} // namespace

NotesPanel::NotesPanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent)
    : ReportPanel(context, asked,
        {tr("Expert notes"), tr("Gaps, duplicates, order, schema changes, records that cannot be decoded.")},
        tr("Look"), parent)
{
    m_list = new QTreeWidget;
    m_list->setColumnCount(ColumnCount);
    m_list->setHeaderLabels({tr("Note"), tr("Count"), tr("What")});
    m_list->setAccessibleName(tr("Expert notes"));
    m_list->setUniformRowHeights(true);
    m_list->header()->setSectionResizeMode(KindColumn, QHeaderView::Interactive);
    m_list->setColumnWidth(KindColumn, 260);
    m_list->setColumnWidth(CountColumn, 100);
    m_list->setToolTip(tr("Return or a double click on a place goes to the record"));
    connect(m_list, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) { activate(item); });
    setBody(m_list);
    begin(asked);
}

QString NotesPanel::title() const
{
    return topics().isEmpty() ? tr("Expert notes") : tr("Notes on %1").arg(topics());
}

QList<QWidget*> NotesPanel::panes() const
{
    return ReportPanel::panes() + QList<QWidget*>{m_list};
}

ReportPanel::Opener NotesPanel::opener() const
{
    return [](Cluster& cluster, const ReadRequest& request) -> Result<std::shared_ptr<ReportRun>> {
        auto run = NotesRun::start(cluster, request, SystemClock::instance());
        if (!run)
            return run.error();
        return std::shared_ptr<ReportRun>(std::move(*run));
    };
}

QStringList NotesPanel::foundLines(const ReportRun& run)
{
    const auto notes = static_cast<const NotesRun&>(run).notes();
    const std::vector<expert::StreamNote> found = notes->notes();
    m_topic = run.topic();
    if (notes != m_shown)
        showNotes(found);
    m_shown = notes;
    return {found.empty()
            ? tr("Nothing remarkable so far.")
            : tr("%1 notes, worst first. Return or a double click on a place goes to the record.").arg(found.size())};
}

/// What was open stays open, and so does what is chosen.
void NotesPanel::showNotes(const std::vector<expert::StreamNote>& notes)
{
    QSet<QString> open;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        if (m_list->topLevelItem(i)->isExpanded())
            open.insert(m_list->topLevelItem(i)->text(KindColumn));
    }
    m_list->clear();
    for (const expert::StreamNote& note : notes) {
        auto* item = new QTreeWidgetItem(m_list);
        item->setIcon(KindColumn, style::icon(iconOf(note.level), tintOf(note.level)));
        item->setText(KindColumn,
            QStringLiteral("%1: %2").arg(
                QString::fromUtf8(expert::nameOf(note.level)), QString::fromUtf8(expert::nameOf(note.kind))));
        item->setText(CountColumn, format::grouped(static_cast<qint64>(note.count)));
        item->setTextAlignment(CountColumn, Qt::AlignRight | Qt::AlignVCenter);
        item->setText(TextColumn, QString::fromStdString(note.text));
        for (const expert::NotePlace& place : note.places)
            item->addChild(placeItem(place));
        item->setExpanded(open.contains(item->text(KindColumn)));
    }
}

void NotesPanel::activate(QTreeWidgetItem* item)
{
    const QVariant partition = item->data(KindColumn, PartitionRole);
    if (!partition.isValid()) {
        item->setExpanded(!item->isExpanded());
        return;
    }
    emit recordRequested(
        connectionId(), {{m_topic, PartitionId{partition.toInt()}}, item->data(KindColumn, OffsetRole).toLongLong()});
}

} // namespace weir
