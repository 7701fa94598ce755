// SPDX-License-Identifier: GPL-3.0-or-later
// How a topic panel goes from record to record: found ones, marked ones, problems, back and forward, a key's others.
#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/notice_bar.h"
#include "app/panels/position_bar.h"
#include "app/panels/record_panel.h"
#include "app/panels/topic_panel.h"
#include "app/session/position.h"
#include "widgets/style/format.h"
#include "widgets/tables/record_table.h"

#include <QMenu>

namespace weir {

namespace {

constexpr qint64 soughtForMs = 20'000; ///< that a record is awaited while something is read
constexpr qsizetype mostOffered = 8; ///< marked records to compare with
constexpr std::size_t rowsAtOnce = 4096; ///< that are asked whether they match

QString textOf(const RecordPlace& place)
{
    return QString::fromStdString(place.partition.topic + " " + place.text());
}

/// The next row behind `from` that is a match, in the order in which rows are shown; -1: there is none.
qint64 nextMatch(const PickedRows& rows, const FindBar& find, qint64 from, bool forward)
{
    const qint64 first = rows.firstRow();
    const qint64 end = rows.endRow();
    for (qint64 row = forward ? from + 1 : from - 1; row >= first && row < end;) {
        const qint64 begin = forward ? row : std::max(first, row - static_cast<qint64>(rowsAtOnce) + 1);
        std::vector<std::int64_t> asked = rows.rowsOf(
            begin, std::min<std::size_t>(rowsAtOnce, static_cast<std::size_t>((forward ? end : row + 1) - begin)));
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const std::size_t at = forward ? i : asked.size() - 1 - i;
            if (find.isMatch(asked[at]))
                return begin + static_cast<qint64>(at);
        }
        row = forward ? begin + static_cast<qint64>(std::max<std::size_t>(1, asked.size())) : begin - 1;
    }
    return -1;
}

} // namespace

StoredRow TopicPanel::recordAt(qint64 row) const
{
    if (row < 0 || !m_shown)
        return {};
    auto stored = m_shown->rows()->read(row, 1, TopicRows::patience);
    return stored && !stored->empty() ? stored->front() : StoredRow();
}

StoredRow TopicPanel::currentRecord() const
{
    return recordAt(m_table->currentRow());
}

void TopicPanel::showRecord(qint64 row)
{
    if (row >= 0)
        m_sought.reset(); // the user, or what was sought, is there
    const StoredRow record = recordAt(row);
    m_awaited = record.absence == RowAbsence::Loading && !record.isHere() ? row : -1;
    const rows::OrderedRows* ordered = m_shown ? m_shown->ordered() : nullptr;
    m_anchor = ordered && row >= 0 ? ordered->entryAt(row) : std::nullopt;
    m_orderSeen = ordered ? ordered->generation() : 0;
    const StoredRow before = m_record->record();
    if (before.isHere() && record.isHere())
        m_previous = placeOf(*before.batch, before.index);
    m_record->showRecord(record);
}

/// Rows that found their places meanwhile moved the others: who is selected stays, and stays where it is on screen.
void TopicPanel::keepPlace()
{
    const rows::OrderedRows* ordered = m_shown ? m_shown->ordered() : nullptr;
    if (!ordered || ordered->generation() == m_orderSeen)
        return;
    m_orderSeen = ordered->generation();
    if (m_anchor && m_table->currentRow() >= 0)
        m_table->shiftRows(ordered->placeOf(*m_anchor) - m_table->currentRow());
}

ViewPlace TopicPanel::currentPlace() const
{
    const StoredRow record = m_record->record();
    return {m_reading,
        record.isHere() && m_table->currentRow() >= 0 ? std::optional(placeOf(*record.batch, record.index))
                                                      : std::nullopt};
}

void TopicPanel::leavePlace()
{
    m_history.leave(currentPlace());
}

void TopicPanel::goBack()
{
    goTo(m_history.back(currentPlace()));
}

void TopicPanel::goForward()
{
    goTo(m_history.forward(currentPlace()));
}

void TopicPanel::goTo(const std::optional<ViewPlace>& place)
{
    if (!place)
        return;
    m_goesBack = true;
    m_sought.reset();
    if (place->view != m_reading) {
        m_table->setCurrentRow(-1);
        restoreReading(place->view);
        emit titleChanged();
        m_table->setFollowing(!place->record && !m_position->isBounded());
        open();
    }
    m_goesBack = false;
    if (place->record) {
        m_sought = Sought{*place->record};
        seek();
    }
}

void TopicPanel::goToRecord(const RecordPlace& place)
{
    leavePlace();
    m_sought = Sought{place, true};
    m_table->setFollowing(false);
    if (m_shown)
        seek(); // else when there are rows
}

/// Asks the rows for the record, away from this thread.
void TopicPanel::seek()
{
    if (!m_sought || m_sought->asking || !m_shown)
        return;
    struct Found
    {
        std::int64_t row = -1;
        std::int64_t shown = -1;
        bool upToDate = false;
    };
    m_sought->asking = true;
    m_context.background.run(
        this,
        [shown = m_shown, place = m_sought->place] {
            Found found;
            found.upToDate = shown->isUpToDate();
            found.row = findRow(*shown->all(), place).value_or(-1);
            found.shown = found.row >= 0 ? shown->fromAll(found.row) : -1;
            return found;
        },
        [this, asked = m_shown.get(), place = m_sought->place](const Found& found) {
            if (!m_sought || m_sought->place != place)
                return;
            m_sought->asking = false;
            if (asked == m_shown.get())
                foundSought(found.row, found.shown, found.upToDate);
        });
}

void TopicPanel::foundSought(std::int64_t row, std::int64_t shown, bool upToDate)
{
    if (shown >= 0) {
        if (m_shown->toAll(shown) == row) // else places have changed meanwhile: it is asked again
            m_table->setCurrentRow(shown);
        return;
    }
    const bool isHidden = row >= 0 && upToDate;
    const bool hides = m_filter->filter() || m_latest;
    if (isHidden && m_sought->firm && hides) {
        m_latest = false;
        m_filter->clear();
        if (m_scope == Scope::View)
            showRows();
    } else if (row < 0 && m_sought->firm && !m_sought->readAround) {
        m_sought->readAround = true;
        readAround(m_sought->place);
    } else if (isHidden || (m_sought->since.isValid() && m_sought->since.hasExpired(soughtForMs))) {
        m_sought.reset();
    } else if (!m_sought->since.isValid()) {
        m_sought->since.start();
    }
}

/// Reads on from the time of the record, in all partitions.
void TopicPanel::readAround(const RecordPlace& place)
{
    const auto session = m_context.connections.session(m_connectionId);
    if (!session)
        return;
    m_context.background.run(
        this, [session, place] { return readRecord(*session->cluster(), place); },
        [this, place](const Result<StoredRow>& record) {
            if (!m_sought || m_sought->place != place)
                return;
            if (!record) {
                m_sought.reset();
                m_context.log.add(LogLevel::Warning, textOf(place), QString::fromStdString(record.error().text()));
                return;
            }
            const bool timed = record->batch->timestampType(record->index) != TimestampType::NotAvailable;
            m_scope = Scope::View;
            if (timed)
                m_position->setFrom(QString::fromStdString(positionText(record->batch->timestamp(record->index))));
            else
                m_position->setFrom(QStringLiteral("@") + QString::number(place.offset));
            m_position->setUntil(QStringLiteral("never"));
            m_table->setFollowing(false);
            open();
        });
}

void TopicPanel::findNext(bool forward)
{
    if (!m_shown || !m_find->hasMatches())
        return;
    const qint64 from = m_table->currentRow() >= 0 ? m_table->currentRow() : m_table->topRow() - 1;
    const PickedRows* arranged = m_shown->ordered();
    if (!arranged)
        arranged = m_shown->latest();
    qint64 row = arranged ? nextMatch(*arranged, *m_find, from, forward) : m_find->matchFrom(from, forward);
    if (arranged && row < 0) // from the other end
        row = nextMatch(*arranged, *m_find, forward ? arranged->firstRow() - 1 : arranged->endRow(), forward);
    if (row < 0)
        return;
    leavePlace();
    m_table->setCurrentRow(row);
}

void TopicPanel::nextProblem(bool forward)
{
    m_problems.look();
    m_pendingProblem = forward;
    goToPendingProblem();
}

void TopicPanel::goToPendingProblem()
{
    if (!m_shown || !m_problems.isLooking() || m_askingProblem)
        return;
    const bool forward = *m_pendingProblem;
    const qint64 current = m_table->currentRow() >= 0 ? m_table->currentRow() : m_table->topRow() - 1;
    m_askingProblem = true;
    m_context.background.run(
        this,
        [found = m_problems.found(), shown = m_shown, current, forward] {
            const bool all = found->progress().upToDate;
            const std::int64_t from = current < 0 ? -1 : shown->toAll(current);
            return std::pair(weir::nextProblem(*found, *shown, from, forward), all);
        },
        [this, asked = m_shown.get(), forward](const std::pair<std::int64_t, bool>& answer) {
            m_askingProblem = false;
            const auto [row, all] = answer;
            if (asked != m_shown.get() || m_pendingProblem != forward || (row < 0 && !all))
                return; // asked again when more was looked at
            m_pendingProblem.reset();
            if (row < 0) {
                m_context.log.add(LogLevel::Info, title(),
                    forward ? tr("No problem behind this row: no value that cannot be decoded, no missing range.")
                            : tr("No problem before this row: no value that cannot be decoded, no missing range."));
                return;
            }
            leavePlace();
            m_table->setCurrentRow(row);
        });
}

const MarkDocument* TopicPanel::markOf(const RecordPlace& place) const
{
    for (const MarkDocument& mark : m_marks) {
        if (mark.topic.toStdString() == place.partition.topic && mark.partition == place.partition.partition.value
            && mark.offset == place.offset)
            return &mark;
    }
    return nullptr;
}

namespace {

MarkDocument markFor(const RecordPlace& place, const QString& connectionId, bool temporary)
{
    MarkDocument mark;
    mark.connection = connectionId;
    mark.topic = QString::fromStdString(place.partition.topic);
    mark.partition = place.partition.partition.value;
    mark.offset = place.offset;
    mark.temporary = temporary;
    return mark;
}

} // namespace

void TopicPanel::toggleMark()
{
    const StoredRow record = currentRecord();
    if (!record.isHere())
        return;
    const RecordPlace place = placeOf(*record.batch, record.index);
    if (const MarkDocument* mark = markOf(place))
        emit markRemoved(mark->id);
    else
        emit markSaved(markFor(place, m_connectionId, m_context.connections.document(m_connectionId).temporary));
}

void TopicPanel::commentRecord()
{
    const StoredRow record = currentRecord();
    if (!record.isHere())
        return;
    const RecordPlace place = placeOf(*record.batch, record.index);
    const MarkDocument* known = markOf(place);
    MarkDocument mark =
        known ? *known : markFor(place, m_connectionId, m_context.connections.document(m_connectionId).temporary);
    const QString comment = m_context.prompts.askName(this, tr("Comment to %1").arg(textOf(place)), mark.comment);
    if (comment.isEmpty())
        return;
    mark.comment = comment;
    emit markSaved(mark);
}

/// All records of the key, over all partitions and the topics that are looked at, by time.
void TopicPanel::followKey()
{
    const StoredRow record = m_record->record();
    if (!record.isHere() || !record.batch->key(record.index) || !m_filter->table())
        return;
    const std::string condition =
        recordCondition(*m_filter->table(), "key", *record.batch, record.index, ValueComparison::Equal);
    const std::string_view key = record.batch->key(record.index)->substr(0, 40);
    QJsonObject view{{QStringLiteral("from"), QStringLiteral("beginning")},
        {QStringLiteral("until"), QStringLiteral("never")}, {QStringLiteral("scope"), QStringLiteral("topic")},
        {QStringLiteral("filter"), QString::fromStdString(condition)},
        {QStringLiteral("order"), QStringLiteral("time")},
        {QStringLiteral("title"), tr("key %1").arg(QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size())))}};
    if (m_topics.size() > 1)
        view.insert(QStringLiteral("topics"), QJsonArray::fromStringList(m_topics));
    emit viewRequested({QStringLiteral("topic"), m_connectionId, topic(), view});
}

void TopicPanel::compareWithBefore()
{
    const StoredRow record = m_record->record();
    const auto session = m_context.connections.session(m_connectionId);
    if (!record.isHere() || !session)
        return;
    m_context.background.run(
        this,
        [session, record] {
            const std::atomic<bool> goesOn{false};
            return recordBefore(
                *session->cluster(), placeOf(*record.batch, record.index), record.batch->key(record.index), goesOn);
        },
        [this, record](const Result<StoredRow>& before) {
            if (before)
                m_record->compare(*before, record);
            else
                m_context.log.add(LogLevel::Warning, title(), QString::fromStdString(before.error().text()));
        });
}

void TopicPanel::compareWith(const RecordPlace& other)
{
    const StoredRow record = m_record->record();
    const auto session = m_context.connections.session(m_connectionId);
    if (!record.isHere() || !session)
        return;
    m_context.background.run(
        this, [session, other] { return readRecord(*session->cluster(), other); },
        [this, record](const Result<StoredRow>& before) {
            if (before)
                m_record->compare(*before, record);
            else
                m_context.log.add(LogLevel::Warning, title(), QString::fromStdString(before.error().text()));
        });
}

void TopicPanel::addComparisons(QMenu& menu)
{
    const StoredRow record = m_record->record();
    if (!record.isHere())
        return;
    const RecordPlace place = placeOf(*record.batch, record.index);
    QAction* before = menu.addAction(tr("With the record before of this key"), this, &TopicPanel::compareWithBefore);
    before->setEnabled(record.batch->key(record.index).has_value());
    if (m_previous && *m_previous != place)
        menu.addAction(tr("With the one looked at before: %1").arg(textOf(*m_previous)), this,
            [this, other = *m_previous] { compareWith(other); });
    qsizetype offered = 0;
    for (const MarkDocument& mark : m_marks) {
        const RecordPlace other{{mark.topic.toStdString(), PartitionId{mark.partition}}, mark.offset};
        if (other == place || offered == mostOffered)
            continue;
        ++offered;
        menu.addAction(style::icon(style::Icon::Star), tr("With %1 %2").arg(textOf(other), mark.comment).trimmed(),
            this, [this, other] { compareWith(other); });
    }
    if (m_record->isComparing())
        menu.addAction(tr("End the comparison"), m_record, &RecordPanel::endComparison);
}

} // namespace weir
