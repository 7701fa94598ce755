// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/topic_panel.h"

#include "app/engine/pipeline/reaper.h"
#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/notice_bar.h"
#include "app/panels/position_bar.h"
#include "app/panels/record_copy.h"
#include "app/panels/record_panel.h"
#include "app/panels/saved_filters.h"
#include "app/session/position.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/record_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr std::size_t columnsAtFirst = 9; ///< of the fields that a sample tells

const QString filterKey = QStringLiteral("filter"); // in documents
const QString scopeKey = QStringLiteral("scope");
const QString fieldsKey = QStringLiteral("fields");
const QString headersKey = QStringLiteral("headers");
const QString tableKey = QStringLiteral("table");
const QString wholeTopic = QStringLiteral("topic");

bool standsRight(const LogicalType& type)
{
    return type.isNumeric() || type.isTimestamp();
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
    layout->addWidget(createFilterBar());
    m_find = new FindBar;
    layout->addWidget(m_find);
    m_notice = new NoticeBar;
    layout->addWidget(m_notice);
    layout->addWidget(createBody(), 1);
    createKeys();
    restoreView(tab.view);
    connect(m_reader, &TopicReader::opened, this, &TopicPanel::takeRows);
    connect(m_reader, &TopicReader::phaseChanged, this, &TopicPanel::pull);
    connect(m_filter, &FilterLine::applied, this, &TopicPanel::applyFilter);
    connect(m_filter, &FilterLine::searchRequested, this, &TopicPanel::searchTopic);
    connect(m_position, &PositionBar::changed, this, &TopicPanel::readAnew);
    connect(m_find, &FindBar::nextRequested, this, &TopicPanel::findNext);
    connect(m_find, &FindBar::closed, this, [this] { m_table->setFocus(); });
    connect(m_notice, &NoticeBar::actionRequested, this, [this] {
        if (m_reader->phase() == TopicReader::Phase::NotConnected)
            emit connectRequested(m_connectionId);
        else
            open();
    });
    m_context.frames.add(this, {[this] { return generation(); }, [this] { pull(); }, 0});
    open();
}

TopicPanel::~TopicPanel()
{
    m_context.log.clearCondition(m_connectionId + QLatin1Char('/') + m_topic);
    if (m_countCancelled)
        *m_countCancelled = true;
    m_table->setRows(nullptr);
    if (m_filtered)
        Reaper::instance().take(std::move(m_filtered));
}

QWidget* TopicPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_position = new PositionBar;
    layout->addWidget(m_position, 1);
    m_state = new dashboard::StatePill;
    m_pause = new QPushButton;
    m_pause->setToolTip(tr("Stop or go on following the newest record (Space, End). Reading goes on."));
    connect(m_pause, &QPushButton::clicked, this, &TopicPanel::togglePause);
    layout->addWidget(m_state);
    layout->addWidget(m_pause);
    const auto add = [layout](style::Icon icon, const QString& text, const QString& hint) {
        auto* button = new QPushButton(style::icon(icon), text);
        button->setToolTip(hint);
        layout->addWidget(button);
        return button;
    };
    auto* query = style::iconButton(style::icon(style::Icon::Query),
        tr("Query this topic: derive a table from the newest records and open a query over it"));
    layout->addWidget(query);
    connect(query, &QToolButton::clicked, this, [this] { emit queryRequested(m_connectionId, m_topic); });
    connect(add(style::Icon::Save, tr("Capture…"), tr("Write this topic to a folder, losslessly")),
        &QPushButton::clicked, this, [this] { emit captureRequested(asked(false)); });
    connect(add(style::Icon::Export, tr("Export…"), tr("Write records to JSON Lines, CSV, SQLite, Avro or raw values")),
        &QPushButton::clicked, this, [this] { emit exportRequested(asked(true)); });
    return bar;
}

QWidget* TopicPanel::createFilterBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_filter = new FilterLine;
    m_count = style::label({}, style::Role::Secondary);
    m_malformed = style::label({}, style::Role::Warn);
    m_malformed->setToolTip(tr("Values that are no JSON although the topic's values are. They stop nothing."));
    m_search = new QPushButton(style::icon(style::Icon::Search), tr("Search topic"));
    m_search->setToolTip(
        tr("Read the whole topic at full speed, from its beginning to its end, and keep only what matches"));
    connect(m_search, &QPushButton::clicked, this, &TopicPanel::searchTopic);
    m_saved = new SavedFilters(m_context.prompts, m_topic);
    connect(m_saved, &SavedFilters::chosen, this, &TopicPanel::chooseFilter);
    connect(m_saved, &SavedFilters::saved, this, &TopicPanel::filterSaved);
    connect(m_saved, &SavedFilters::removed, this, &TopicPanel::filterRemoved);
    connect(m_saved, &SavedFilters::commandRequested, this, &TopicPanel::copySearchCommand);
    layout->addWidget(m_filter, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_count, m_malformed, m_search, m_saved})
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
    m_table = new tables::RecordTable(upper);
    layout->addWidget(m_histogram);
    layout->addWidget(m_table, 1);
    m_record = new RecordPanel(m_context.background, split);
    split->addWidget(upper);
    split->addWidget(m_record);
    split->setSizes({560, 360});
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    connectTable();
    connect(m_histogram, &plots::HistogramStrip::brushed, this, &TopicPanel::readBrushed);
    connect(m_histogram, &plots::HistogramStrip::brushCleared, this, &TopicPanel::readUnbrushed);
    showFollowing(true);
    return split;
}

void TopicPanel::readBrushed(const plots::Span& range)
{
    if (!m_beforeBrush)
        m_beforeBrush = {m_position->from(), m_position->until()};
    m_position->setFrom(QString::fromStdString(positionText(range.beginMs)));
    m_position->setUntil(QString::fromStdString(positionText(range.endMs)));
    readAnew();
}

/// Back to what was read before there was a brush.
void TopicPanel::readUnbrushed()
{
    if (!m_beforeBrush)
        return;
    m_position->setFrom(m_beforeBrush->first);
    m_position->setUntil(m_beforeBrush->second);
    m_beforeBrush.reset();
    readAnew();
}

void TopicPanel::connectTable()
{
    connect(m_table, &tables::RowTable::currentRowChanged, this, &TopicPanel::showRecord);
    connect(m_table, &tables::RowTable::followingChanged, this, &TopicPanel::showFollowing);
    connect(m_table, &tables::RowTable::cellMenuRequested, this, &TopicPanel::showMenu);
    connect(m_table, &tables::RowTable::columnsArranged, this, [this] { m_columns = m_table->saveState().toJson(); });
    connect(m_table, &tables::RowTable::copied, this, [this](qint64 rows, qint64 selected) {
        if (rows < selected)
            m_context.log.add(LogLevel::Warning, m_topic,
                tr("Only the first %1 of %2 rows were copied.").arg(format::grouped(rows), format::grouped(selected)));
    });
    connect(m_record, &RecordPanel::columnRequested, this, &TopicPanel::addColumn);
    connect(m_record, &RecordPanel::headerColumnRequested, this, &TopicPanel::addHeaderColumn);
    connect(m_record, &RecordPanel::conditionsRequested, this,
        [this](QMenu* menu, const JsonFieldPath& path, const JsonFieldText& value) {
            if (!m_filter->table())
                return;
            addConditions(*menu, fieldCondition(*m_filter->table(), path, value, ValueComparison::Equal),
                fieldCondition(*m_filter->table(), path, value, ValueComparison::NotEqual));
        });
}

void TopicPanel::createKeys()
{
    const auto key = [this](QWidget* owner, const QKeySequence& sequence, auto call) {
        auto* shortcut = new QShortcut(sequence, owner, this, call);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    };
    // Plain keys belong to the data, so that they can be typed elsewhere.
    for (QWidget* data : std::initializer_list<QWidget*>{m_table, m_record, m_histogram}) {
        key(data, Qt::Key_Space, [this] { togglePause(); });
        key(data, Qt::Key_End, [this] { followNewest(); });
        key(data, Qt::Key_Slash, [this] { focusFilter(); });
    }
    key(m_table, Qt::Key_F, [this] { filterByCell(ValueComparison::Equal); });
    key(m_table, QKeySequence(QStringLiteral("Shift+F")), [this] { filterByCell(ValueComparison::NotEqual); });
    key(this, QKeySequence(QStringLiteral("Ctrl+G")), [this] { goToPlace(); });
    key(this, QKeySequence(QStringLiteral("Ctrl+/")), [this] { focusFilter(); });
    key(this, QKeySequence::Find, [this] { find(); });
    key(this, Qt::Key_F3, [this] { findNext(true); });
    key(this, QKeySequence(QStringLiteral("Shift+F3")), [this] { findNext(false); });
}

void TopicPanel::restoreView(const QJsonObject& view)
{
    m_position->restore(view);
    m_columns = view.value(tableKey).toObject();
    m_fieldsChosen = view.contains(fieldsKey);
    for (const QJsonValue& field : view.value(fieldsKey).toArray()) {
        if (auto path = JsonFieldPath::parse(field.toString().toStdString()))
            m_fields.fields.push_back({std::move(*path), {}, false});
    }
    for (const QJsonValue& header : view.value(headersKey).toArray())
        m_fields.headers.push_back(header.toString());
    const QString filter = view.value(filterKey).toString();
    if (filter.isEmpty())
        return;
    m_filter->setText(filter);
    m_filter->apply(); // as soon as the fields are known
    if (view.value(scopeKey).toString() == wholeTopic)
        m_scope = Scope::Topic;
}

std::optional<TabDocument> TopicPanel::tab() const
{
    QJsonObject view = m_position->toJson();
    if (!m_columns.isEmpty())
        view.insert(tableKey, m_columns);
    if (m_fieldsChosen) {
        QJsonArray fields;
        for (const TopicField& field : m_fields.fields)
            fields.append(QString::fromStdString(field.path.text()));
        view.insert(fieldsKey, fields);
    }
    if (!m_fields.headers.empty()) {
        QJsonArray headers;
        for (const QString& name : m_fields.headers)
            headers.append(name);
        view.insert(headersKey, headers);
    }
    if (!m_filter->filterText().isEmpty()) {
        view.insert(filterKey, m_filter->filterText());
        if (m_scope == Scope::Topic)
            view.insert(scopeKey, wholeTopic);
    }
    return TabDocument{QStringLiteral("topic"), m_connectionId, m_topic, view};
}

QList<QWidget*> TopicPanel::panes() const
{
    return QList<QWidget*>{m_filter, m_table} + m_record->panes();
}

void TopicPanel::open()
{
    auto request = m_position->request(m_topic, m_context.connections.now(m_connectionId));
    if (!request) {
        m_notice->tell(style::State::Failed, QString::fromStdString(request.error().text()));
        return;
    }
    TopicReader::Wanted wanted;
    wanted.connection = m_connectionId;
    wanted.request = std::move(*request);
    if (m_scope == Scope::Topic)
        wanted.options.filter = m_filter->filter();
    m_reader->open(std::move(wanted));
}

void TopicPanel::readAnew()
{
    m_table->setFollowing(!m_position->isBounded());
    open();
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
    ++m_asking; // what is still asked is of other rows
    m_isAsking = false;
    if (m_scope == Scope::View) // matching records say less of the topic than those before
        m_sampled = 0;
    showRows();
    countRange();
}

/// Records over time of the whole topic, whatever part of it is read; finer as the answers come.
void TopicPanel::countRange()
{
    if (m_countCancelled)
        *m_countCancelled = true;
    m_countCancelled = std::make_shared<std::atomic<bool>>(false);
    const auto session = m_context.connections.session(m_connectionId);
    if (!session)
        return;
    TimeBinsWanted wanted;
    wanted.topic = m_topic.toStdString();
    wanted.until = m_context.connections.now(m_connectionId);
    const auto cancelled = m_countCancelled;
    const auto show = [this, cancelled](TimeBins bins) {
        if (*cancelled)
            return;
        m_bins = std::move(bins);
        ++m_binChanges;
    };
    const auto post = m_context.background.poster(this);
    m_context.background.run(
        this,
        [session, wanted, cancelled, post, show] {
            return countByTime(*session->cluster(), wanted, *cancelled,
                [&](const TimeBins& bins) { post([show, bins] { show(bins); }); });
        },
        [this, show](Result<TimeBins> bins) {
            if (bins)
                show(std::move(*bins));
            else if (bins.error().kind != ErrorKind::Unsupported)
                m_context.log.add(LogLevel::Warning, m_topic,
                    tr("Records over time could not be counted. %1").arg(QString::fromStdString(bins.error().text())));
        });
}

/// What the filter may name and which columns there are: the newest rows tell, and tell again while they are few.
void TopicPanel::askFieldsIfDue()
{
    const auto rows = m_reader->rows();
    const qint64 there = rows ? rows->endRow() - rows->firstRow() : 0;
    const bool due = there > 0
        && (m_sampled == 0 || (m_sampled < static_cast<qint64>(FilterTable::sampledRows) && there >= 4 * m_sampled));
    if (m_isAsking || !due)
        return;
    m_isAsking = true;
    m_sampled = there;
    m_context.background.run(
        this, [rows] { return FilterTable::ofRows(*rows); },
        [this, number = ++m_asking](std::shared_ptr<const FilterTable> table) {
            if (number != m_asking)
                return;
            m_isAsking = false;
            m_filter->setTable(std::move(table));
            arrangeColumns();
        });
}

/// The fields of the sample, with their types; those that the user chose stay.
void TopicPanel::arrangeColumns()
{
    const Schema& fields = m_filter->table()->fields().fields;
    const TopicColumns before = m_fields;
    if (!m_fieldsChosen) {
        m_fields.fields.clear();
        for (std::size_t i = 0; i < std::min(fields.size(), columnsAtFirst); ++i)
            m_fields.fields.push_back({JsonFieldPath{{{fields[i].name, std::nullopt}}}, {}, false});
    }
    for (TopicField& shown : m_fields.fields) {
        for (const RowField& field : fields) {
            if (shown.path.steps.size() != 1 || shown.path.steps.front().name != field.name)
                continue;
            shown.caption = QString::fromStdString(field.type.asNullable().text());
            shown.number = standsRight(field.type);
        }
    }
    if (m_rows && !(m_fields == before))
        showColumns();
}

void TopicPanel::showColumns()
{
    m_rows->show(m_fields);
    m_table->refresh();
    if (!m_columns.isEmpty())
        m_table->restoreState(tables::TableState::fromJson(m_columns));
}

void TopicPanel::addColumn(const JsonFieldPath& path)
{
    for (const TopicField& field : m_fields.fields) {
        if (field.path == path)
            return;
    }
    m_fields.fields.push_back({path, {}, false});
    m_fieldsChosen = true;
    if (m_filter->table())
        arrangeColumns();
}

void TopicPanel::addHeaderColumn(const QString& name)
{
    if (std::find(m_fields.headers.begin(), m_fields.headers.end(), name) != m_fields.headers.end())
        return;
    m_fields.headers.push_back(name);
    if (m_rows)
        showColumns();
}

/// All rows that were read, or those of them that the filter lets through. Who looked at a matching row looks at it
/// still among all of them.
void TopicPanel::showRows()
{
    const auto all = m_reader->rows();
    if (!all)
        return;
    qint64 current = m_table->currentRow();
    if (current >= 0 && m_filtered)
        current = m_filtered->rowOf(std::min<qint64>(current, m_filtered->endRow() - 1));
    const auto session = m_context.connections.session(m_connectionId);
    const bool filters = m_scope == Scope::View && m_filter->filter();
    const std::shared_ptr<FilteredRows> before = std::move(m_filtered);
    if (filters)
        m_filtered = std::make_shared<FilteredRows>(all, m_filter->filter(), session ? session->budget() : nullptr);
    m_shown = m_filtered ? std::static_pointer_cast<const RowStore>(m_filtered) : all;
    m_awaited = -1;
    const bool follows = m_table->isFollowing() && !m_position->isBounded();
    m_rows = std::make_shared<TopicRows>(m_shown);
    m_table->setRows(m_rows);
    m_table->setFollowing(follows);
    showColumns();
    m_find->setRows(m_shown, session ? session->budget() : nullptr);
    if (before && !filters && current >= 0 && current < all->endRow())
        m_table->setCurrentRow(current);
    if (before)
        Reaper::instance().take(before);
    pull();
}

void TopicPanel::setSavedFilters(const QList<FilterDocument>& filters)
{
    m_saved->setFilters(filters);
}

void TopicPanel::chooseFilter(const QString& sql)
{
    m_filter->setText(sql);
    m_filter->apply();
}

void TopicPanel::copySearchCommand() const
{
    QGuiApplication::clipboard()->setText(searchCommand(
        m_topic, m_context.connections.document(m_connectionId).bootstrapServers, m_filter->filterText()));
}

void TopicPanel::applyFilter()
{
    m_saved->setCurrent(m_filter->filterText());
    if (m_scope == Scope::Topic) { // what was not kept has to be read again
        if (!m_filter->filter())
            m_scope = Scope::View;
        open();
        return;
    }
    showRows();
}

void TopicPanel::searchTopic()
{
    m_scope = Scope::Topic;
    m_position->setFrom(QStringLiteral("beginning"));
    m_position->setUntil(QStringLiteral("end"));
    m_table->setFollowing(false);
    const bool same = m_filter->filter() && m_filter->text() == m_filter->filterText();
    if (same) {
        open();
    } else if (m_filter->text().isEmpty() || !m_filter->apply()) {
        m_scope = Scope::View;
        m_filter->focusText();
        m_notice->tell(style::State::Failed, tr("Say what to look for in the filter line, then search."));
    }
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

void TopicPanel::focusFilter()
{
    m_filter->focusText();
}

void TopicPanel::goToPlace()
{
    m_position->focusFrom();
}

void TopicPanel::find()
{
    m_find->open();
}

void TopicPanel::findNext(bool forward)
{
    const qint64 current = m_table->currentRow();
    const qint64 row = m_find->matchFrom(current >= 0 ? current : m_table->topRow() - 1, forward);
    if (row >= 0)
        m_table->setCurrentRow(row);
}

} // namespace weir
