// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/topic_rows.h"
#include "app/panels/panel_context.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTabBar;

namespace weir {
namespace dashboard {
class StatePill;
} // namespace dashboard
namespace inspector {
class FieldList;
class HexView;
class JsonView;
} // namespace inspector
namespace plots {
class HistogramStrip;
} // namespace plots
namespace tables {
class RecordTable;
} // namespace tables

/// One topic: where to start, its state, records over time, the records, and one of them in full.
class TopicPanel : public QWidget
{
    Q_OBJECT
public:
    TopicPanel(const PanelContext& context, QString connectionId, QString topic, QWidget* parent = nullptr);
    ~TopicPanel() override;

    const QString& topic() const { return m_topic; }
    const QString& connectionId() const { return m_connectionId; }
    std::shared_ptr<const TopicFeedSnapshot> snapshot() const;

public slots:
    void togglePause();
    void followNewest();

signals:
    void queryRequested(const QString& connectionId, const QString& topic);

private:
    enum class Layer { Value, Key, Headers };

    QWidget* createBar();
    QWidget* createBody();
    QWidget* createInspector();
    void openFeed();
    void feedOpened(Result<std::shared_ptr<TopicFeed>> feed);
    void pull();
    void showState(const TopicFeedSnapshot& snapshot);
    void showHistogram(const TopicFeedSnapshot& snapshot);
    void showRecord(qint64 row);
    void showLayer();

    PanelContext m_context;
    QString m_connectionId;
    QString m_topic;
    std::shared_ptr<TopicFeed> m_feed;
    std::shared_ptr<TopicRows> m_rows;
    StoredRow m_record; ///< the one in the inspector
    QString m_failure;

    QComboBox* m_from = nullptr;
    dashboard::StatePill* m_state = nullptr;
    QLabel* m_count = nullptr;
    QPushButton* m_pause = nullptr;
    plots::HistogramStrip* m_histogram = nullptr;
    tables::RecordTable* m_table = nullptr;
    inspector::JsonView* m_json = nullptr;
    inspector::HexView* m_hex = nullptr;
    inspector::FieldList* m_fields = nullptr;
    QTabBar* m_layers = nullptr;
};

} // namespace weir
