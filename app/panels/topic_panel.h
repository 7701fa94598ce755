// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/filtered_rows.h"
#include "app/models/topic_rows.h"
#include "app/panels/read_form.h"
#include "app/panels/tab_panel.h"
#include "app/panels/topic_reader.h"
#include "app/session/time_bins.h"
#include "app/session/value_condition.h"
#include "widgets/tables/row_table.h"

class QLabel;
class QPushButton;

namespace weir {
namespace dashboard {
class StatePill;
} // namespace dashboard
namespace plots {
class HistogramStrip;
struct Span;
} // namespace plots
namespace tables {
class RecordTable;
} // namespace tables
class FilterLine;
class FindBar;
class NoticeBar;
class PositionBar;
class RecordPanel;
class SavedFilters;

/// One topic: what of it is read, its state, a filter, records over time, the records, and one of them in full.
class TopicPanel : public TabPanel
{
    Q_OBJECT
public:
    /// `view` is what tab()->view was.
    TopicPanel(const PanelContext& context, const TabDocument& tab, QWidget* parent = nullptr);
    ~TopicPanel() override;

    style::Icon icon() const override { return style::Icon::Topic; }
    QString title() const override { return m_topic; }
    QString connectionId() const override { return m_connectionId; }
    std::optional<TabDocument> tab() const override;
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    const QString& topic() const { return m_topic; }
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const { return m_reader->snapshot(); }
    /// The topic, with what the view holds of it.
    ReadForm::Asked asked(bool takesView) const { return {m_connectionId, m_topic, m_reader->rows(), takesView}; }

    /// All there are; those of the topic are offered.
    void setSavedFilters(const QList<FilterDocument>& filters);

public slots:
    void togglePause();
    void followNewest();
    void focusFilter();
    void find();
    void goToPlace(); ///< lets the user type where to read from
    void findNext(bool forward);
    /// Reads the topic anew, from its beginning to its end, and keeps what the filter lets through.
    void searchTopic();

signals:
    void filterSaved(const weir::FilterDocument& filter);
    void filterRemoved(const QString& id);
    void captureRequested(const ReadForm::Asked& asked);
    void exportRequested(const ReadForm::Asked& asked);
    void queryRequested(const QString& connectionId, const QString& topic);
    /// The user wants the connection of this panel opened.
    void connectRequested(const QString& connectionId);

private:
    /// What the filter is asked of.
    enum class Scope { View, Topic };

    // Set-up: topic_panel.cpp.
    QWidget* createBar();
    QWidget* createFilterBar();
    QWidget* createBody();
    void connectTable();
    void createKeys();
    void restoreView(const QJsonObject& view);

    // What is read, and which of it is shown: topic_panel.cpp.
    void open();
    void readAnew();
    void askFieldsIfDue();
    void takeRows();
    void showRows();
    void applyFilter();
    void chooseFilter(const QString& sql);
    void copySearchCommand() const;
    void countRange();
    void arrangeColumns();
    void showColumns();
    void addColumn(const JsonFieldPath& path);
    void addHeaderColumn(const QString& name);
    void readBrushed(const plots::Span& range);
    void readUnbrushed();

    // What is told of it: topic_panel_state.cpp.
    void pull();
    std::uint64_t generation() const;
    void showState();
    void showPhase();
    void showCounts(const TopicFeedSnapshot& snapshot);
    std::optional<plots::Span> searchedTime(const SeriesLevel& level) const;
    QString filteredText(const TopicFeedSnapshot& snapshot) const;
    void showHistogram(const TopicFeedSnapshot& snapshot);
    void showFollowing(bool following);
    QString liveText(const TopicFeedSnapshot& snapshot) const;
    QString pausedText() const;

    // One record: topic_panel_menu.cpp.
    void showRecord(qint64 row);
    StoredRow recordAt(qint64 row) const;
    void showMenu(const tables::TableCellAt& cell, const QPoint& place);
    void filterByCell(ValueComparison comparison);
    void addConditions(QMenu& menu, const std::string& equal, const std::string& notEqual);
    void addCopies(QMenu& menu, const StoredRow& record);
    std::string conditionFor(
        const tables::TableCellAt& cell, const StoredRow& record, ValueComparison comparison) const;

    PanelContext m_context;
    QString m_connectionId;
    QString m_topic;
    TopicReader* m_reader;
    Scope m_scope = Scope::View;
    std::shared_ptr<FilteredRows> m_filtered; ///< null: all rows are shown
    std::shared_ptr<const RowStore> m_shown;
    std::shared_ptr<TopicRows> m_rows;
    TopicColumns m_fields;
    bool m_fieldsChosen = false; ///< by the user, rather than by a sample
    std::uint64_t m_asking = 0; ///< questions for fields so far
    bool m_isAsking = false;
    qint64 m_sampled = 0; ///< rows that the fields are told from
    std::optional<TimeBins> m_bins; ///< of the whole topic; nullopt: not counted yet, or it cannot be
    std::shared_ptr<std::atomic<bool>> m_countCancelled;
    std::uint64_t m_binChanges = 0;
    std::optional<std::pair<QString, QString>> m_beforeBrush; ///< from and until, while a stretch is brushed
    QJsonObject m_columns; ///< as the user arranged them; empty: as they come
    EpochMs m_pausedAt = 0;
    qint64 m_pausedEnd = 0; ///< rows there were when the view was paused
    qint64 m_awaited = -1; ///< row to show in full when it has been read

    PositionBar* m_position = nullptr;
    FilterLine* m_filter = nullptr;
    SavedFilters* m_saved = nullptr;
    FindBar* m_find = nullptr;
    QPushButton* m_search = nullptr;
    dashboard::StatePill* m_state = nullptr;
    QLabel* m_count = nullptr;
    QLabel* m_malformed = nullptr;
    QPushButton* m_pause = nullptr;
    NoticeBar* m_notice = nullptr;
    plots::HistogramStrip* m_histogram = nullptr;
    tables::RecordTable* m_table = nullptr;
    RecordPanel* m_record = nullptr;
};

} // namespace weir
