// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/topic_panel.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/record_lines.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/inspector/field_list.h"
#include "widgets/inspector/hex_view.h"
#include "widgets/inspector/json_view.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"
#include "widgets/tables/record_table.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr std::int64_t histogramMs = 15 * 60'000;

StartPosition startOf(int choice)
{
    switch (choice) {
    case 0:
        return FromLast{1000};
    case 1:
        return FromEnd{};
    default:
        return FromBeginning{};
    }
}

} // namespace

TopicPanel::TopicPanel(const PanelContext& context, QString connectionId, QString topic, QWidget* parent)
    : QWidget(parent), m_context(context), m_connectionId(std::move(connectionId)), m_topic(std::move(topic))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    layout->addWidget(createBody(), 1);
    m_context.frames.add(this,
        {[this] { return m_feed ? m_feed->snapshot()->generation + 1 : std::uint64_t{0}; }, [this] { pull(); }, 0});
    openFeed();
}

TopicPanel::~TopicPanel()
{
    Reaper::instance().take(std::move(m_feed));
}

QWidget* TopicPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    layout->addWidget(style::label(tr("From"), style::Role::Secondary));
    m_from = new QComboBox;
    m_from->setAccessibleName(tr("Where to start reading"));
    m_from->addItems({tr("last 1,000 of each partition"), tr("now, only what comes"), tr("beginning")});
    connect(m_from, &QComboBox::activated, this, &TopicPanel::openFeed);
    layout->addWidget(m_from);
    auto* query = new QPushButton(style::icon(style::Icon::Query), tr("Query this topic"));
    connect(query, &QPushButton::clicked, this, [this] { emit queryRequested(m_connectionId, m_topic); });
    layout->addWidget(query);
    layout->addStretch(1);
    m_count = style::label({}, style::Role::Secondary);
    layout->addWidget(m_count);
    m_state = new dashboard::StatePill;
    m_state->setState(style::State::Connecting);
    layout->addWidget(m_state);
    m_pause = new QPushButton(style::icon(style::Icon::Pause), tr("Pause"));
    m_pause->setToolTip(tr("Stop following the newest record (Space). Reading goes on."));
    connect(m_pause, &QPushButton::clicked, this, &TopicPanel::togglePause);
    layout->addWidget(m_pause);
    return bar;
}

QWidget* TopicPanel::createBody()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    auto* upper = new QWidget;
    auto* layout = new QVBoxLayout(upper);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_histogram = new plots::HistogramStrip;
    m_table = new tables::RecordTable;
    m_table->setEmptyText(tr("%1 has no records here yet. Waiting for the first one.").arg(m_topic));
    layout->addWidget(m_histogram);
    layout->addWidget(m_table, 1);
    split->addWidget(upper);
    split->addWidget(createInspector());
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    connect(m_table, &tables::RowTable::currentRowChanged, this, &TopicPanel::showRecord);
    auto* space = new QShortcut(QKeySequence(Qt::Key_Space), m_table, this, &TopicPanel::togglePause);
    space->setContext(Qt::WidgetShortcut);
    return split;
}

QWidget* TopicPanel::createInspector()
{
    auto* split = new QSplitter(Qt::Horizontal);
    m_json = new inspector::JsonView;
    m_json->setEmptyText(tr("Select a record to see it in full."));
    split->addWidget(m_json);
    auto* right = new QWidget;
    auto* layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_layers = new QTabBar;
    for (const QString& name : {tr("Value"), tr("Key"), tr("Headers")})
        m_layers->addTab(name);
    m_hex = new inspector::HexView;
    m_hex->setEmptyText(tr("no bytes"));
    m_fields = new inspector::FieldList;
    layout->addWidget(m_layers);
    layout->addWidget(m_hex, 1);
    layout->addWidget(m_fields);
    split->addWidget(right);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    connect(m_layers, &QTabBar::currentChanged, this, &TopicPanel::showLayer);
    connect(m_json, &inspector::JsonView::bytesChosen, this,
        [this](int, const inspector::ByteSpan& bytes) { m_hex->setSelection(bytes); });
    connect(m_hex, &inspector::HexView::selectionChanged, this,
        [this](const inspector::ByteSpan& bytes) { m_json->selectBytes(m_layers->currentIndex(), bytes); });
    return split;
}

void TopicPanel::openFeed()
{
    const std::shared_ptr<Session> session = m_context.connections.session(m_connectionId);
    if (!session) {
        m_failure = tr("This connection is not open.");
        m_state->setState(style::State::NotConnected);
        return;
    }
    Reaper::instance().take(std::move(m_feed));
    m_state->setState(style::State::Connecting);
    ReadRequest request;
    request.topic = m_topic.toStdString();
    request.start = startOf(m_from->currentIndex());
    request.stop = Unbounded{};
    const auto work = [session, request]() -> Result<std::shared_ptr<TopicFeed>> {
        TopicFeedOptions options;
        options.rowStoreBytes = session->budget()->limit() / 4;
        auto feed = session->openFeed(request, options);
        if (!feed)
            return feed.error();
        return std::shared_ptr<TopicFeed>(std::move(*feed));
    };
    m_context.background.run(
        this, work, [this](Result<std::shared_ptr<TopicFeed>> feed) { feedOpened(std::move(feed)); });
}

void TopicPanel::feedOpened(Result<std::shared_ptr<TopicFeed>> feed)
{
    if (!feed) {
        m_failure = QString::fromStdString(feed.error().text());
        m_state->setState(style::State::Failed, m_failure);
        m_context.log.add(LogLevel::Error, m_topic, m_failure);
        return;
    }
    m_failure.clear();
    m_feed = std::move(*feed);
    m_rows = std::make_shared<TopicRows>(m_feed->rows());
    m_table->setRows(m_rows);
    pull();
}

std::shared_ptr<const TopicFeedSnapshot> TopicPanel::snapshot() const
{
    return m_feed ? m_feed->snapshot() : nullptr;
}

void TopicPanel::pull()
{
    const auto snapshot = this->snapshot();
    if (!snapshot)
        return;
    m_table->refresh();
    showState(*snapshot);
    showHistogram(*snapshot);
}

void TopicPanel::showState(const TopicFeedSnapshot& snapshot)
{
    m_count->setText(
        tr("%1 records, %2, %3 malformed")
            .arg(format::grouped(static_cast<std::int64_t>(snapshot.records)), format::rate(snapshot.recordsPerSecond),
                format::grouped(static_cast<std::int64_t>(snapshot.undecodable))));
    const QString key = m_connectionId + QLatin1Char('/') + m_topic;
    if (!snapshot.state.problems.empty()) {
        const QString text = QString::fromStdString(snapshot.state.problems.front().text);
        m_state->setState(style::State::Stale, text);
        m_context.log.setCondition(key, m_topic, text);
        return;
    }
    m_context.log.clearCondition(key);
    if (!m_table->isFollowing())
        m_state->setState(style::State::Paused);
    else
        m_state->setState(style::State::Live);
}

void TopicPanel::showHistogram(const TopicFeedSnapshot& snapshot)
{
    if (!snapshot.arrivals || snapshot.arrivals->levels.empty())
        return;
    plots::HistogramData data;
    const std::int64_t now = std::max(m_context.connections.clock().wallMs(), snapshot.arrivals->newest);
    const SeriesLevel& level = snapshot.arrivals->levelFor(histogramMs, std::max(m_histogram->width() / 6, 60));
    data.binMs = level.widthMs;
    data.range = {now - histogramMs, now};
    for (std::size_t i = 0; i < level.bins.size(); ++i) {
        const std::int64_t time = level.origin + static_cast<std::int64_t>(i) * level.widthMs;
        if (level.bins[i].count > 0 && time + level.widthMs >= data.range.beginMs)
            data.all.push_back({time, static_cast<double>(level.bins[i].count)});
    }
    data.fillingFromMs = now / level.widthMs * level.widthMs;
    m_histogram->setData(std::move(data));
    m_histogram->refresh();
}

void TopicPanel::togglePause()
{
    m_table->setFollowing(!m_table->isFollowing());
    m_pause->setText(m_table->isFollowing() ? tr("Pause") : tr("Follow"));
    m_pause->setIcon(style::icon(m_table->isFollowing() ? style::Icon::Pause : style::Icon::Play));
    pull();
}

void TopicPanel::followNewest()
{
    m_table->setFollowing(true);
}

void TopicPanel::showRecord(qint64 row)
{
    m_record = {};
    if (row >= 0 && m_feed) {
        auto stored = m_feed->rows()->read(row, 1);
        if (stored && !stored->empty())
            m_record = stored->front();
    }
    showLayer();
}

void TopicPanel::showLayer()
{
    if (!m_record.batch) {
        m_json->setLines({});
        m_hex->setBytes({});
        m_fields->setRows({});
        return;
    }
    const RecordBatch& batch = *m_record.batch;
    const auto layer = static_cast<Layer>(m_layers->currentIndex());
    m_fields->setRows(recordFields(batch, m_record.index));
    m_fields->setVisible(true);
    const auto bytes = layer == Layer::Key ? batch.key(m_record.index)
        : layer == Layer::Value            ? batch.value(m_record.index)
                                           : std::optional<std::string_view>();
    m_json->setLines(
        layer == Layer::Headers ? headerLines(batch, m_record.index) : valueLines(bytes, m_layers->currentIndex()));
    // The view asks for what it shows; the batch is kept alive by the lookup itself.
    const std::string_view shown = bytes.value_or(std::string_view());
    m_hex->setSource(static_cast<qint64>(shown.size()), [batch = m_record.batch, shown](qint64 offset, qint64 count) {
        const std::string_view part = shown.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(count));
        return QByteArray(part.data(), static_cast<qsizetype>(part.size()));
    });
}

} // namespace weir
