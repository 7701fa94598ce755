// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/report_panel.h"
#include "app/session/notes_run.h"
#include "app/session/record_place.h"

class QTreeWidget;
class QTreeWidgetItem;

namespace weir {

/// What is remarkable in a topic, worst first, each note with its places; one that is chosen is gone to.
class NotesPanel : public ReportPanel
{
    Q_OBJECT
public:
    NotesPanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent = nullptr);

    style::Icon icon() const override { return style::Icon::Warning; }
    QString title() const override;
    QList<QWidget*> panes() const override;
    QTreeWidget* list() const { return m_list; }

signals:
    void recordRequested(const QString& connectionId, const weir::RecordPlace& place);

protected:
    Opener opener() const override;
    QStringList foundLines(const ReportRun& run) override;

private:
    void showNotes(const std::vector<expert::StreamNote>& notes);
    void activate(QTreeWidgetItem* item);

    QTreeWidget* m_list = nullptr;
    std::shared_ptr<const expert::StreamNotes> m_shown;
    std::string m_topic; ///< of what is shown
};

} // namespace weir
