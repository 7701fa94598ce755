// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/topic_rows.h"
#include "app/panels/read_form.h"
#include "app/panels/tab_panel.h"
#include "app/panels/topic_reader.h"
#include "widgets/tables/row_table.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace weir {
namespace dashboard {
class StatePill;
} // namespace dashboard
namespace plots {
class HistogramStrip;
} // namespace plots
namespace tables {
class RecordTable;
} // namespace tables
class NoticeBar;
class RecordPanel;

/// One topic: where to start, its state, records over time, the records, and one of them in full.
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

public slots:
    void togglePause();
    void followNewest();

signals:
    void captureRequested(const ReadForm::Asked& asked);
    void exportRequested(const ReadForm::Asked& asked);
    void queryRequested(const QString& connectionId, const QString& topic);
    /// The user wants the connection of this panel opened.
    void connectRequested(const QString& connectionId);

private:
    QWidget* createBar();
    QWidget* createBody();
    void createKeys();
    void restoreView(const QJsonObject& view);
    void open();
    void takeRows();
    void pull();
    void showState();
    void showCounts(const TopicFeedSnapshot& snapshot);
    void showHistogram(const TopicFeedSnapshot& snapshot);
    void showFollowing(bool following);
    void showRecord(qint64 row);
    void showMenu(const tables::TableCellAt& cell, const QPoint& place);
    StoredRow recordAt(qint64 row) const;
    QString liveText(const TopicFeedSnapshot& snapshot) const;
    QString pausedText() const;

    PanelContext m_context;
    QString m_connectionId;
    QString m_topic;
    TopicReader* m_reader;
    std::shared_ptr<TopicRows> m_rows;
    QJsonObject m_columns; ///< as the user arranged them; empty: as they come
    EpochMs m_pausedAt = 0;
    qint64 m_pausedEnd = 0; ///< rows there were when the view was paused
    qint64 m_awaited = -1; ///< row to show in full when it has been read

    QComboBox* m_from = nullptr;
    QComboBox* m_isolation = nullptr;
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
