// SPDX-License-Identifier: GPL-3.0-or-later
// What a topic panel reads, and which of it is shown, in what order and with which columns.
#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/notice_bar.h"
#include "app/panels/position_bar.h"
#include "app/panels/range_count.h"
#include "app/panels/record_copy.h"
#include "app/panels/saved_filters.h"
#include "app/panels/topic_panel.h"
#include "app/session/position.h"
#include "widgets/plots/plot_data.h"
#include "widgets/tables/record_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>

namespace weir {

namespace {

constexpr std::size_t columnsAtFirst = 9; ///< of the fields that a sample tells

const QString filterKey = QStringLiteral("filter"); // in documents
const QString scopeKey = QStringLiteral("scope");
const QString fieldsKey = QStringLiteral("fields");
const QString headersKey = QStringLiteral("headers");
const QString tableKey = QStringLiteral("table");
const QString topicsKey = QStringLiteral("topics");
const QString titleKey = QStringLiteral("title");
const QString orderKey = QStringLiteral("order");
const QString latestKey = QStringLiteral("latestPerKey");
const QString wholeTopic = QStringLiteral("topic");

bool standsRight(const LogicalType& type)
{
    return type.isNumeric() || type.isTimestamp();
}

/// Columns of a table that rows can be ordered by.
bool isSortable(const QString& column)
{
    const QStringList names{QStringLiteral("time"), QStringLiteral("topic"), QStringLiteral("partition"),
        QStringLiteral("offset"), QStringLiteral("key"), QStringLiteral("value"), QStringLiteral("size")};
    return names.contains(column) || column.startsWith(QLatin1String("field:"))
        || column.startsWith(QLatin1String("header:"));
}

tables::RowTint tintOf(const QString& colour)
{
    const std::pair<const char*, tables::RowTint> tints[] = {{"error", tables::RowTint::Error},
        {"warn", tables::RowTint::Warn}, {"ok", tables::RowTint::Ok}, {"info", tables::RowTint::Info},
        {"accent", tables::RowTint::Accent}, {"stale", tables::RowTint::Stale}};
    for (const auto& [name, tint] : tints) {
        if (colour == QLatin1String(name))
            return tint;
    }
    return tables::RowTint::None;
}

} // namespace

/// What is read and how it is shown, without the columns.
QJsonObject TopicPanel::reading() const
{
    QJsonObject view = m_position->toJson();
    if (!m_filter->filterText().isEmpty()) {
        view.insert(filterKey, m_filter->filterText());
        if (m_scope == Scope::Topic)
            view.insert(scopeKey, wholeTopic);
    }
    if (m_topics.size() > 1)
        view.insert(topicsKey, QJsonArray::fromStringList(m_topics));
    if (m_order)
        view.insert(orderKey, QString::fromStdString(m_order->text()));
    if (m_latest)
        view.insert(latestKey, true);
    return view;
}

/// Reads nothing yet.
void TopicPanel::restoreReading(const QJsonObject& view)
{
    m_position->restore(view);
    const QStringList topics = view.value(topicsKey).toVariant().toStringList();
    m_topics = topics.isEmpty() ? QStringList{topic()} : topics;
    m_order.reset();
    if (const auto order = search::RowOrder::parse(view.value(orderKey).toString().toStdString()))
        m_order = *order;
    m_latest = view.value(latestKey).toBool();
    const QString filter = view.value(filterKey).toString();
    const bool whole = !filter.isEmpty() && view.value(scopeKey).toString() == wholeTopic;
    m_scope = whole ? Scope::Topic : Scope::View;
    const QSignalBlocker quiet(m_filter);
    m_filter->setText(filter);
    m_filter->apply(); // as soon as the fields are known
}

QJsonObject TopicPanel::view() const
{
    QJsonObject view = reading();
    if (!m_title.isEmpty())
        view.insert(titleKey, m_title);
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
    return view;
}

void TopicPanel::restoreView(const QJsonObject& view)
{
    restoreReading(view);
    m_title = view.value(titleKey).toString();
    m_columns = view.value(tableKey).toObject();
    m_fieldsChosen = view.contains(fieldsKey);
    for (const QJsonValue& field : view.value(fieldsKey).toArray()) {
        if (auto path = JsonFieldPath::parse(field.toString().toStdString()))
            m_fields.fields.push_back({std::move(*path), {}, false});
    }
    for (const QJsonValue& header : view.value(headersKey).toArray())
        m_fields.headers.push_back(header.toString());
}

std::optional<TabDocument> TopicPanel::tab() const
{
    return TabDocument{QStringLiteral("topic"), m_connectionId, topic(), view()};
}

void TopicPanel::open()
{
    TopicReader::Wanted wanted;
    wanted.connection = m_connectionId;
    for (const QString& topic : m_topics) {
        auto request = m_position->request(topic, m_context.connections.now(m_connectionId));
        if (!request) {
            m_notice->tell(style::State::Failed, QString::fromStdString(request.error().text()));
            return;
        }
        wanted.requests.push_back(std::move(*request));
    }
    if (m_scope == Scope::Topic) {
        wanted.options.filter = m_filter->filter();
        wanted.keys = m_filter->table();
    }
    noteReading();
    m_reader->open(std::move(wanted));
}

/// What was in force before can be come back to.
void TopicPanel::noteReading()
{
    const QJsonObject now = reading();
    if (now == m_reading)
        return;
    if (!m_reading.isEmpty() && !m_goesBack)
        leavePlace();
    m_reading = now;
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

void TopicPanel::addTopic(const QString& topic)
{
    if (topic.isEmpty() || m_topics.contains(topic))
        return;
    if (m_topics.size() == 1 && !m_order)
        m_order = search::RowOrder{}; // the records of several are merged by time
    changeTopics(m_topics + QStringList{topic});
}

void TopicPanel::removeTopic(const QString& topic)
{
    QStringList left = m_topics;
    if (left.size() > 1 && left.removeAll(topic) > 0)
        changeTopics(left);
}

void TopicPanel::changeTopics(const QStringList& topics)
{
    m_topics = topics;
    m_sampled = 0; // the others have other fields
    emit titleChanged();
    emit marksWanted();
    open();
}

RowsNeed TopicPanel::rowsNeed() const
{
    const auto session = m_context.connections.session(m_connectionId);
    return session ? RowsNeed{session->budget(), session->liveBuffers()} : RowsNeed{};
}

void TopicPanel::takeRows()
{
    ++m_asking; // what is still asked is of other rows
    m_isAsking = false;
    if (m_scope == Scope::View || !m_filter->table()) // matching records say less of the topic than those before
        m_sampled = 0;
    m_problems.setRows(m_reader->rows(), rowsNeed().budget);
    showRows();
    m_range->count(m_connectionId, m_topics);
}

/// 0: not known, or there are several topics.
std::size_t TopicPanel::partitionsOfTopic() const
{
    const auto session = m_context.connections.session(m_connectionId);
    if (!session || m_topics.size() > 1)
        return 0;
    for (const TopicRate& topic : session->monitor().snapshot()->topics) {
        if (topic.name == m_topics.front().toStdString())
            return topic.partitions;
    }
    return 0;
}

/// What the filter may name and which columns there are: the newest rows tell, and tell again while they are few.
void TopicPanel::askFieldsIfDue()
{
    const auto rows = m_reader->rows();
    const qint64 there = rows ? rows->endRow() - rows->firstRow() : 0;
    constexpr auto few = static_cast<qint64>(FilterTable::sampledRows);
    const bool due = m_sampled < few ? there > m_sampled : m_sampled < 16 * few && there >= 4 * m_sampled;
    if (m_isAsking || !due)
        return;
    m_isAsking = true;
    m_sampled = there;
    m_context.background.run(
        this, [rows, partitions = partitionsOfTopic()] { return FilterTable::ofRows(*rows, partitions); },
        [this, number = ++m_asking](std::shared_ptr<const FilterTable> table) {
            if (number != m_asking)
                return;
            m_isAsking = false;
            m_filter->setTable(std::move(table));
            showColours();
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
    m_fields.topic = m_topics.size() > 1;
    m_fields.comment =
        std::any_of(m_marks.begin(), m_marks.end(), [](const MarkDocument& mark) { return !mark.comment.isEmpty(); });
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

/// All rows that were read, or those that are chosen of them, in their order. Who looked at a record looks at it still.
void TopicPanel::showRows()
{
    const auto all = m_reader->rows();
    if (!all)
        return;
    if (const StoredRow current = currentRecord(); current.isHere() && !m_sought)
        m_sought = Sought{placeOf(*current.batch, current.index)};
    ShownChoice choice;
    choice.filter = m_scope == Scope::View ? m_filter->filter() : nullptr;
    choice.latestPerKey = m_latest;
    choice.order = m_order;
    const std::shared_ptr<ShownRows> before = std::move(m_shown); // goes when nobody else holds its rows
    m_shown = std::make_shared<ShownRows>(all, choice, rowsNeed());
    ++m_showings;
    m_awaited = -1;
    m_anchor.reset();
    const bool endIsNewest = !m_latest && (!m_order || *m_order == search::RowOrder{});
    const bool follows = m_table->isFollowing() && !m_position->isBounded() && endIsNewest;
    m_rows = std::make_shared<TopicRows>(m_shown->rows());
    m_table->setRows(m_rows);
    m_table->setFollowing(follows);
    const std::string sorted =
        m_order && !m_latest ? search::RowOrder{m_order->by, m_order->header, m_order->field}.text() : "";
    m_table->setSorted(QString::fromStdString(sorted), m_order && m_order->descending);
    showColumns();
    showMarks();
    showColours();
    m_find->setRows(m_shown->filteredOrAll(), rowsNeed().budget);
    noteReading();
    pull();
}

void TopicPanel::sortBy(const QString& column)
{
    if (column.isEmpty()) {
        setOrder(std::nullopt);
        return;
    }
    if (!isSortable(column))
        return;
    if (m_latest) {
        m_context.log.add(LogLevel::Info, topic(), tr("The newest of each key stand in the order in which keys came."));
        return;
    }
    search::RowOrder order = *search::RowOrder::parse(column.toStdString());
    if (m_order == order) {
        order.descending = true;
        setOrder(order);
        return;
    }
    order.descending = true;
    const bool wasDescending = m_order == order;
    order.descending = false;
    setOrder(wasDescending ? std::nullopt : std::optional(order));
}

void TopicPanel::setOrder(std::optional<search::RowOrder> order)
{
    m_latest = false;
    m_order = std::move(order);
    showRows();
}

void TopicPanel::setLatestPerKey(bool on)
{
    m_latest = on;
    if (on)
        m_order.reset();
    showRows();
}

void TopicPanel::setSavedFilters(const QList<FilterDocument>& filters)
{
    m_saved->setFilters(filters);
    m_filters.clear();
    for (const FilterDocument& filter : filters) {
        if (filter.topic == topic())
            m_filters.append(filter);
    }
    showColours();
}

/// Where a condition cannot be understood, its rows have no colour; its button says why when it is pressed.
void TopicPanel::showColours()
{
    if (!m_rows || !m_filter->table())
        return;
    std::vector<RowColour> colours;
    for (const FilterDocument& filter : m_filters) {
        const tables::RowTint tint = tintOf(filter.colour);
        if (tint == tables::RowTint::None)
            continue;
        if (const FilterVerdict verdict = judgeFilter(*m_filter->table(), {filter.sql.toStdString(), {}});
            verdict.filter)
            colours.push_back({verdict.filter, tint});
    }
    m_rows->setColours(colours);
    m_table->refresh();
}

void TopicPanel::setMarks(const QList<MarkDocument>& marks)
{
    m_marks.clear();
    for (const MarkDocument& mark : marks) {
        if (mark.connection == m_connectionId && m_topics.contains(mark.topic))
            m_marks.append(mark);
    }
    if (!m_rows)
        return;
    showColumns();
    showMarks();
}

void TopicPanel::showMarks()
{
    RecordMarks marks;
    for (const MarkDocument& mark : m_marks)
        marks[{{mark.topic.toStdString(), PartitionId{mark.partition}}, mark.offset}] = mark.comment;
    m_rows->setMarks(std::move(marks));
    m_table->refresh();
}

void TopicPanel::chooseFilter(const QString& sql)
{
    m_filter->setText(sql);
    m_filter->apply();
}

void TopicPanel::copySearchCommand() const
{
    const QString servers = m_context.connections.document(m_connectionId).bootstrapServers;
    const QString order = m_order ? QString::fromStdString(m_order->text()) : QString();
    QGuiApplication::clipboard()->setText(searchCommand(m_topics, servers, m_filter->filterText(), order));
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

} // namespace weir
