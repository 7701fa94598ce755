// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/topic_panel.h"

#include "app/panels/notice_bar.h"
#include "app/panels/record_copy.h"
#include "app/panels/record_panel.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/record_table.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr std::int64_t minuteMs = 60'000;
constexpr std::int64_t histogramMs = 15 * minuteMs;

struct Start
{
    const char* key; ///< in documents
    const char* name;
    std::int64_t minutesAgo; ///< 0: no time
};
constexpr Start starts[] = {{"last", QT_TRANSLATE_NOOP("weir::TopicPanel", "last 1,000 of each partition"), 0},
    {"end", QT_TRANSLATE_NOOP("weir::TopicPanel", "now, only what comes"), 0},
    {"5min", QT_TRANSLATE_NOOP("weir::TopicPanel", "5 min ago"), 5},
    {"1h", QT_TRANSLATE_NOOP("weir::TopicPanel", "1 h ago"), 60},
    {"1d", QT_TRANSLATE_NOOP("weir::TopicPanel", "1 d ago"), 24 * 60},
    {"beginning", QT_TRANSLATE_NOOP("weir::TopicPanel", "beginning"), 0}};

StartPosition startOf(const QString& key, EpochMs now)
{
    for (const Start& start : starts) {
        if (key == QLatin1String(start.key) && start.minutesAgo > 0)
            return FromTime{now - start.minutesAgo * minuteMs};
    }
    if (key == QLatin1String("end"))
        return FromEnd{};
    if (key == QLatin1String("beginning"))
        return FromBeginning{};
    return FromLast{1000};
}

QString count(std::uint64_t number)
{
    return format::grouped(static_cast<std::int64_t>(number));
}

void choose(QComboBox* box, const QString& key)
{
    box->setCurrentIndex(std::max(0, box->findData(key)));
}

} // namespace

TopicPanel::TopicPanel(const PanelContext& context, const TabDocument& tab, QWidget* parent)
    : TabPanel(parent), m_context(context), m_connectionId(tab.connection), m_topic(tab.name),
      m_reader(new TopicReader(context, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    m_notice = new NoticeBar;
    layout->addWidget(m_notice);
    layout->addWidget(createBody(), 1);
    createKeys();
    restoreView(tab.view);
    connect(m_reader, &TopicReader::opened, this, &TopicPanel::takeRows);
    connect(m_reader, &TopicReader::phaseChanged, this, &TopicPanel::pull);
    connect(m_notice, &NoticeBar::actionRequested, this, [this] {
        if (m_reader->phase() == TopicReader::Phase::NotConnected)
            emit connectRequested(m_connectionId);
        else
            open();
    });
    m_context.frames.add(this, {[this] { return m_reader->generation(); }, [this] { pull(); }, 0});
    open();
}

TopicPanel::~TopicPanel()
{
    m_context.log.clearCondition(m_connectionId + QLatin1Char('/') + m_topic);
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
    for (const Start& start : starts)
        m_from->addItem(tr(start.name), QString::fromLatin1(start.key));
    layout->addWidget(m_from);
    m_isolation = new QComboBox;
    m_isolation->setAccessibleName(tr("Isolation level"));
    m_isolation->setToolTip(tr("Read uncommitted shows records of open and aborted transactions too."));
    m_isolation->addItem(tr("read uncommitted"), QStringLiteral("read_uncommitted"));
    m_isolation->addItem(tr("read committed"), QStringLiteral("read_committed"));
    layout->addWidget(m_isolation);
    for (QComboBox* box : {m_from, m_isolation})
        connect(box, &QComboBox::activated, this, &TopicPanel::open);
    auto* query = new QPushButton(style::icon(style::Icon::Query), tr("Query this topic"));
    query->setToolTip(tr("Derive a table from the newest records and open a query over it"));
    connect(query, &QPushButton::clicked, this, [this] { emit queryRequested(m_connectionId, m_topic); });
    layout->addWidget(query);
    auto* capture = new QPushButton(style::icon(style::Icon::Save), tr("Capture…"));
    capture->setToolTip(tr("Write this topic to a folder, losslessly"));
    connect(capture, &QPushButton::clicked, this, [this] { emit captureRequested(asked(false)); });
    layout->addWidget(capture);
    auto* exporting = new QPushButton(style::icon(style::Icon::Export), tr("Export…"));
    exporting->setToolTip(tr("Write records to JSON Lines, CSV, SQLite, Avro or raw values"));
    connect(exporting, &QPushButton::clicked, this, [this] { emit exportRequested(asked(true)); });
    layout->addWidget(exporting);
    layout->addStretch(1);
    m_count = style::label({}, style::Role::Secondary);
    m_malformed = style::label({}, style::Role::Warn);
    m_malformed->setToolTip(tr("Values that are no JSON although the topic's values are. They stop nothing."));
    m_state = new dashboard::StatePill;
    m_pause = new QPushButton;
    m_pause->setToolTip(tr("Stop or go on following the newest record (Space, End). Reading goes on."));
    connect(m_pause, &QPushButton::clicked, this, &TopicPanel::togglePause);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_count, m_malformed, m_state, m_pause})
        layout->addWidget(widget);
    return bar;
}

QWidget* TopicPanel::createBody()
{
    auto* split = new QSplitter(Qt::Vertical, this);
    auto* upper = new QWidget(split);
    auto* layout = new QVBoxLayout(upper);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_histogram = new plots::HistogramStrip(upper);
    m_histogram->setBrushable(false);
    m_table = new tables::RecordTable(upper);
    layout->addWidget(m_histogram);
    layout->addWidget(m_table, 1);
    m_record = new RecordPanel(m_context.background, split);
    split->addWidget(upper);
    split->addWidget(m_record);
    split->setSizes({560, 360});
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    connect(m_table, &tables::RowTable::currentRowChanged, this, &TopicPanel::showRecord);
    connect(m_table, &tables::RowTable::followingChanged, this, &TopicPanel::showFollowing);
    connect(m_table, &tables::RowTable::cellMenuRequested, this, &TopicPanel::showMenu);
    connect(m_table, &tables::RowTable::columnsArranged, this, [this] { m_columns = m_table->saveState().toJson(); });
    connect(m_table, &tables::RowTable::copied, this, [this](qint64 rows, qint64 selected) {
        if (rows < selected)
            m_context.log.add(LogLevel::Warning, m_topic,
                tr("Only the first %1 of %2 rows were copied.").arg(format::grouped(rows), format::grouped(selected)));
    });
    showFollowing(true);
    return split;
}

void TopicPanel::createKeys()
{
    const auto key = [this](const QKeySequence& sequence, auto call) {
        auto* shortcut = new QShortcut(sequence, this, this, call);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    };
    key(Qt::Key_Space, &TopicPanel::togglePause);
    key(Qt::Key_End, &TopicPanel::followNewest);
}

void TopicPanel::restoreView(const QJsonObject& view)
{
    choose(m_from, view.value(QStringLiteral("from")).toString());
    choose(m_isolation, view.value(QStringLiteral("isolation")).toString());
    m_columns = view.value(QStringLiteral("table")).toObject();
}

std::optional<TabDocument> TopicPanel::tab() const
{
    QJsonObject view{{QStringLiteral("from"), m_from->currentData().toString()},
        {QStringLiteral("isolation"), m_isolation->currentData().toString()}};
    if (!m_columns.isEmpty())
        view.insert(QStringLiteral("table"), m_columns);
    return TabDocument{QStringLiteral("topic"), m_connectionId, m_topic, view};
}

QList<QWidget*> TopicPanel::panes() const
{
    return QList<QWidget*>{m_table} + m_record->panes();
}

void TopicPanel::open()
{
    TopicReader::Wanted wanted;
    wanted.connection = m_connectionId;
    wanted.request.topic = m_topic.toStdString();
    wanted.request.start = startOf(m_from->currentData().toString(), m_context.connections.now(m_connectionId));
    wanted.request.stop = Unbounded{};
    if (m_isolation->currentData().toString() == QLatin1String("read_committed"))
        wanted.request.isolation = IsolationLevel::ReadCommitted;
    m_reader->open(std::move(wanted));
}

void TopicPanel::toggleStream()
{
    if (m_reader->phase() == TopicReader::Phase::Stopped)
        open();
    else
        m_reader->stop();
}

void TopicPanel::takeRows()
{
    m_awaited = -1;
    m_rows = std::make_shared<TopicRows>(m_reader->rows());
    m_table->setRows(m_rows);
    if (!m_columns.isEmpty())
        m_table->restoreState(tables::TableState::fromJson(m_columns));
    pull();
}

void TopicPanel::pull()
{
    m_table->refresh();
    if (m_awaited >= 0)
        showRecord(m_awaited);
    showState();
    const auto snapshot = this->snapshot();
    if (!snapshot)
        return;
    showCounts(*snapshot);
    showHistogram(*snapshot);
}

void TopicPanel::showState()
{
    const auto snapshot = this->snapshot();
    const bool trouble =
        m_reader->phase() == TopicReader::Phase::Reading && snapshot && !snapshot->state.problems.empty();
    const QString key = m_connectionId + QLatin1Char('/') + m_topic;
    m_table->setEmptyText(tr("%1 has no records here. Waiting for the first one.").arg(m_topic));
    if (trouble) {
        const QString text = QString::fromStdString(snapshot->state.problems.front().text);
        m_context.log.setCondition(key, m_topic, text);
        m_state->setState(style::State::Stale);
        m_notice->tell(style::State::Stale, text);
        return;
    }
    if (snapshot && snapshot->rows.trouble) {
        const QString text =
            tr("Not all rows can be scrolled back to. %1").arg(QString::fromStdString(snapshot->rows.trouble->text()));
        m_context.log.setCondition(key, m_topic, text);
        m_notice->tell(style::State::Reduced, text);
    } else {
        m_context.log.clearCondition(key);
        m_notice->clear();
    }
    switch (m_reader->phase()) {
    case TopicReader::Phase::NotConnected:
        m_table->setEmptyText(tr("No records: the connection is not open."));
        m_state->setState(style::State::NotConnected);
        m_notice->tell(style::State::NotConnected, tr("The connection of this view is not open."),
            m_context.connections.contains(m_connectionId) ? tr("Connect") : QString());
        break;
    case TopicReader::Phase::Opening:
        m_table->setEmptyText(tr("Opening %1 …").arg(m_topic));
        m_state->setState(style::State::Connecting);
        break;
    case TopicReader::Phase::Failed:
        m_table->setEmptyText(tr("%1 could not be opened.").arg(m_topic));
        m_state->setState(style::State::Failed);
        m_notice->tell(style::State::Failed,
            tr("%1 Weir tries again every %2.").arg(m_reader->failure(), format::duration(TopicReader::retryMs)),
            tr("Retry now"));
        break;
    case TopicReader::Phase::Stopped:
        m_state->setState(style::State::Paused, tr("Stopped, the rows stay"));
        m_notice->tell(style::State::Paused, tr("Nothing is read any more (Ctrl+E)."), tr("Read again"));
        break;
    case TopicReader::Phase::Reading:
        if (snapshot && snapshot->ended)
            m_state->setState(style::State::Final, tr("All read, to the end"));
        else if (m_table->isFollowing() || !snapshot)
            m_state->setState(style::State::Live, snapshot ? liveText(*snapshot) : QString());
        else
            m_state->setState(style::State::Paused, pausedText());
        break;
    }
}

QString TopicPanel::liveText(const TopicFeedSnapshot& snapshot) const
{
    std::int64_t behind = 0;
    for (const PartitionPosition& position : snapshot.state.partitions)
        behind += position.high >= 0 ? std::max<std::int64_t>(0, position.high - position.next) : 0;
    if (!m_context.connections.document(m_connectionId).capture.isEmpty())
        return tr("As it came, %1 still to read").arg(format::grouped(behind));
    if (behind == 0)
        return tr("Live, at the end");
    return tr("Live, %1 behind the end").arg(format::grouped(behind));
}

QString TopicPanel::pausedText() const
{
    const qint64 newer = m_rows ? std::max<qint64>(0, m_rows->endRow() - m_pausedEnd) : 0;
    return tr("Paused at %1, %2 newer rows").arg(format::time(m_pausedAt), format::grouped(newer));
}

void TopicPanel::showCounts(const TopicFeedSnapshot& snapshot)
{
    m_count->setText(tr("%1 records, %2").arg(count(snapshot.records), format::rate(snapshot.recordsPerSecond)));
    m_count->setToolTip(snapshot.firstRow > 0 || snapshot.rows.dropped > 0
            ? tr("Rows before %1 left the buffer; %2 were dropped because the disk was too slow")
                  .arg(format::grouped(snapshot.firstRow), count(snapshot.rows.dropped))
            : QString());
    m_malformed->setText(snapshot.undecodable > 0 ? tr("%1 malformed").arg(count(snapshot.undecodable)) : QString());
    m_malformed->setVisible(snapshot.undecodable > 0);
}

void TopicPanel::showHistogram(const TopicFeedSnapshot& snapshot)
{
    if (!snapshot.arrivals || snapshot.arrivals->levels.empty())
        return;
    plots::HistogramData data;
    // A capture ends with its newest record, not now.
    const bool isLive = m_context.connections.document(m_connectionId).capture.isEmpty();
    const std::int64_t now = isLive ? std::max(m_context.connections.clock().wallMs(), snapshot.arrivals->newest)
                                    : snapshot.arrivals->newest;
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
}

void TopicPanel::followNewest()
{
    m_table->setCurrentRow(-1);
    m_table->setFollowing(true);
}

void TopicPanel::showFollowing(bool following)
{
    m_pausedAt = m_context.connections.clock().wallMs();
    m_pausedEnd = m_rows ? m_rows->endRow() : 0;
    m_pause->setText(following ? tr("Pause") : tr("Follow"));
    m_pause->setIcon(style::icon(following ? style::Icon::Pause : style::Icon::Play));
    if (m_rows)
        showState();
}

StoredRow TopicPanel::recordAt(qint64 row) const
{
    if (row < 0 || !m_reader->rows())
        return {};
    auto stored = m_reader->rows()->read(row, 1, TopicRows::patience);
    return stored && !stored->empty() ? stored->front() : StoredRow();
}

void TopicPanel::showRecord(qint64 row)
{
    const StoredRow record = recordAt(row);
    m_awaited = record.absence == RowAbsence::Loading && !record.isHere() ? row : -1;
    m_record->showRecord(record);
}

void TopicPanel::showMenu(const tables::TableCellAt& cell, const QPoint& place)
{
    const StoredRow record = recordAt(cell.row);
    QMenu menu;
    const auto add = [&](QMenu* to, const QString& name, const QString& key, auto text) {
        QAction* action = to->addAction(name, this, [text] { QGuiApplication::clipboard()->setText(text()); });
        action->setShortcut(QKeySequence(key));
    };
    const qint64 first = m_table->selectionFirst();
    const qint64 rows = m_table->selectionCount();
    add(&menu, rows > 1 ? tr("Copy %1 rows").arg(format::grouped(rows)) : tr("Copy row"), QStringLiteral("Ctrl+C"),
        [this, first, rows] { return m_table->textOf(first, rows); });
    if (record.isHere()) {
        const RecordBatch& batch = *record.batch;
        const auto value = batch.value(record.index);
        const QString cut = value && value->size() > copyLimit
            ? tr(" (the first %1)").arg(format::bytes(static_cast<double>(copyLimit)))
            : QString();
        add(&menu, tr("Copy value") + cut, {}, [record] { return copyText(record.batch->value(record.index)); });
        add(&menu, tr("Copy key"), {}, [record] { return copyText(record.batch->key(record.index)); });
        QMenu* as = menu.addMenu(tr("Copy as"));
        add(as, tr("JSON") + cut, {}, [record] { return copyJson(*record.batch, record.index); });
        add(as, tr("hex") + cut, {}, [record] { return copyHex(record.batch->value(record.index)); });
        add(as, tr("Base64") + cut, {}, [record] { return copyBase64(record.batch->value(record.index)); });
        const QString servers = m_context.connections.document(m_connectionId).bootstrapServers;
        add(as, tr("weir-cli command"), {},
            [record, servers] { return copyCommand(*record.batch, record.index, servers); });
    }
    menu.exec(place);
}

} // namespace weir
