// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/topic_rows.h"
#include "app/panels/problem_marks.h"
#include "app/panels/read_form.h"
#include "app/panels/tab_panel.h"
#include "app/panels/topic_reader.h"
#include "app/panels/view_history.h"
#include "app/session/value_condition.h"
#include "widgets/tables/row_table.h"

#include <QElapsedTimer>

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
class RangeCount;
class RecordPanel;
class SavedFilters;

/// A topic, or several together: what is read, its state, a filter, records over time, the records, and one of them in
/// full.
class TopicPanel : public TabPanel
{
    Q_OBJECT
public:
    /// `view` is what tab()->view was.
    TopicPanel(const PanelContext& context, const TabDocument& tab, QWidget* parent = nullptr);
    ~TopicPanel() override;

    style::Icon icon() const override { return style::Icon::Topic; }
    QString title() const override;
    QString connectionId() const override { return m_connectionId; }
    std::optional<TabDocument> tab() const override;
    QList<QWidget*> panes() const override;
    void toggleStream() override;

    const QString& topic() const { return m_topics.front(); } ///< the first
    const QStringList& topics() const { return m_topics; }
    /// Whether it is just a topic: not what was made of one, as a key that is followed.
    bool isPlain() const { return m_title.isEmpty() && m_topics.size() == 1; }
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const { return m_reader->snapshot(); }
    /// The topics, with what the view holds of them.
    ReadForm::Asked asked(bool takesView) const;

    /// All there are; those of the topic are offered, and colour its rows.
    void setSavedFilters(const QList<FilterDocument>& filters);
    /// All there are; those of the topics are shown.
    void setMarks(const QList<MarkDocument>& marks);
    /// Shows the record: among what was read, or by reading on from its time.
    void goToRecord(const RecordPlace& place);
    /// Reads another topic together with those there are.
    void addTopic(const QString& topic);
    void removeTopic(const QString& topic);

public slots:
    void togglePause();
    void followNewest();
    void focusFilter();
    void find();
    void goToPlace(); ///< lets the user type where to read from
    void findNext(bool forward);
    /// Reads the topic anew, from its beginning to its end, and keeps what the filter lets through.
    void searchTopic();
    /// By a column, or "time"; the other way round where rows stand so already, then as they came. "": as they came.
    void sortBy(const QString& column);
    void setLatestPerKey(bool on);
    void goBack();
    void goForward();
    void toggleMark();
    void commentRecord();
    void nextProblem(bool forward);
    void followKey();
    void compareWithBefore();
    void showCopyMenu();
    /// The selected records as text, on the clipboard.
    void copyRows(exporter::Format format);

signals:
    void filterSaved(const weir::FilterDocument& filter);
    void filterRemoved(const QString& id);
    void markSaved(const weir::MarkDocument& mark);
    void markRemoved(const QString& id);
    /// The user wants to choose a topic of the connection; addTopic() takes it.
    void topicWanted(const QString& connectionId);
    void marksWanted(); ///< setMarks() anew: the topics are others
    /// The user wants another view opened.
    void viewRequested(const weir::TabDocument& tab);
    void notesRequested(const ReadForm::Asked& asked);
    void captureRequested(const ReadForm::Asked& asked);
    void exportRequested(const ReadForm::Asked& asked);
    void queryRequested(const QString& connectionId, const QString& topic);
    /// The user wants the connection of this panel opened.
    void connectRequested(const QString& connectionId);

private:
    /// What the filter is asked of.
    enum class Scope { View, Topic };
    /// A record to select as soon as it is among the rows that are shown.
    struct Sought
    {
        RecordPlace place;
        bool firm = false; ///< everything that hides it gives way; else it is given up
        bool readAround = false; ///< reading went to it already
        bool asking = false; ///< the rows are being asked
        QElapsedTimer since = {}; ///< since it was not there first
    };

    // Set-up: topic_panel.cpp.
    QWidget* createBar();
    QWidget* createFilterBar();
    QWidget* createBody();
    void connectTable();
    void createKeys();
    QWidget* createMore();
    void fillMore(QMenu& menu);

    // What is read, and which of it is shown: topic_panel_view.cpp.
    QJsonObject reading() const;
    void restoreReading(const QJsonObject& view);
    QJsonObject view() const;
    void restoreView(const QJsonObject& view);
    void noteReading();
    void open();
    void changeTopics(const QStringList& topics);
    void setOrder(std::optional<search::RowOrder> order);
    RowsNeed rowsNeed() const;
    void showMarks();
    void showColours();
    void readAnew();
    std::size_t partitionsOfTopic() const;
    void askFieldsIfDue();
    void takeRows();
    void showRows();
    void applyFilter();
    void chooseFilter(const QString& sql);
    void copySearchCommand() const;
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
    void showProblems(const TopicFeedSnapshot& snapshot);
    QString arrangedText() const;
    std::optional<plots::Span> searchedTime(const SeriesLevel& level) const;
    QString filteredText(const TopicFeedSnapshot& snapshot) const;
    void showHistogram(const TopicFeedSnapshot& snapshot);
    void showFollowing(bool following);
    QString liveText(const TopicFeedSnapshot& snapshot) const;
    QString pausedText() const;

    // Going from record to record: topic_panel_places.cpp.
    void showRecord(qint64 row);
    StoredRow recordAt(qint64 row) const;
    StoredRow currentRecord() const;
    void keepPlace();
    ViewPlace currentPlace() const;
    void leavePlace();
    void goTo(const std::optional<ViewPlace>& place);
    void seek();
    void foundSought(std::int64_t row, std::int64_t shown, bool upToDate);
    void readAround(const RecordPlace& place);
    void goToPendingProblem();
    const MarkDocument* markOf(const RecordPlace& place) const;
    void compareWith(const RecordPlace& other);
    void addComparisons(QMenu& menu);

    // What can be done with one record: topic_panel_menu.cpp.
    void showMenu(const tables::TableCellAt& cell, const QPoint& place);
    void filterByCell(ValueComparison comparison);
    void addConditions(QMenu& menu, const std::string& equal, const std::string& notEqual);
    void addCopies(QMenu& menu, const StoredRow& record);
    void addRowCopies(QMenu& menu);
    void addNotes(QMenu& menu, const StoredRow& record);
    std::string conditionFor(
        const tables::TableCellAt& cell, const StoredRow& record, ValueComparison comparison) const;

    PanelContext m_context;
    QString m_connectionId;
    QStringList m_topics; ///< never empty
    QString m_title; ///< empty: the topics
    TopicReader* m_reader;
    Scope m_scope = Scope::View;
    std::shared_ptr<ShownRows> m_shown; ///< null: nothing was read yet
    std::uint64_t m_showings = 0; ///< times that the shown rows became others
    std::shared_ptr<TopicRows> m_rows;
    bool m_latest = false; ///< only the newest of each key
    std::optional<search::RowOrder> m_order; ///< nullopt: as they came
    std::optional<rows::OrderEntry> m_anchor; ///< who is selected among ordered rows
    std::uint64_t m_orderSeen = 0; ///< generation of the order whose places are on screen
    TopicColumns m_fields;
    bool m_fieldsChosen = false; ///< by the user, rather than by a sample
    std::uint64_t m_asking = 0; ///< questions for fields so far
    bool m_isAsking = false;
    qint64 m_sampled = 0; ///< rows that the fields are told from
    RangeCount* m_range;
    ProblemMarks m_problems;
    std::uint64_t m_problemsSeen = 0;
    ViewHistory m_history;
    QJsonObject m_reading; ///< what is in force of reading()
    bool m_goesBack = false; ///< or forward
    std::optional<Sought> m_sought;
    bool m_askingProblem = false;
    std::optional<bool> m_pendingProblem; ///< whether it is the next one; nullopt: none is asked for
    std::optional<RecordPlace> m_previous; ///< looked at before the one that is
    QList<MarkDocument> m_marks; ///< of the topics
    QList<FilterDocument> m_filters; ///< of the topic
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
