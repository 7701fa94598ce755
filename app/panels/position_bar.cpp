// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/position_bar.h"

#include "app/session/position.h"
#include "widgets/style/roles.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

#include <algorithm>

namespace weir {

namespace {

const QString fromKey = QStringLiteral("from");
const QString untilKey = QStringLiteral("until");
const QString partitionsKey = QStringLiteral("partitions");
const QString isolationKey = QStringLiteral("isolation");
const QString committed = QStringLiteral("read_committed");
constexpr int widest = 200; ///< of a field: more room is of no use to it
constexpr std::int64_t mostPartitions = 100'000; ///< that a range may name

/// The words that an item of the list stands for, or those that were typed.
QString wordsOf(const QComboBox* box)
{
    const QString typed = box->currentText().trimmed();
    const int item = box->findText(typed);
    return item >= 0 ? box->itemData(item).toString() : typed;
}

void choose(QComboBox* box, const QString& words)
{
    const int item = box->findData(words);
    if (item >= 0)
        box->setCurrentIndex(item);
    else
        box->setEditText(words);
}

std::optional<std::int64_t> numberIn(const QString& text)
{
    bool ok = false;
    const qlonglong number = text.trimmed().toLongLong(&ok);
    return ok && number >= 0 && number <= INT32_MAX ? std::optional<std::int64_t>(number) : std::nullopt;
}

} // namespace

PositionBar::PositionBar(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(style::label(tr("From"), style::Role::Secondary));
    m_from = addChoice(tr("Where to start reading"),
        tr("Or type: -500 (the last 500 of each partition), -90m, 2026-03-12 14:08:00, @42, @0:42,3:7"), 11);
    m_from->addItem(tr("last 1,000 each"), QStringLiteral("-1000"));
    m_from->addItem(tr("now, only what comes"), QStringLiteral("end"));
    m_from->addItem(tr("5 min ago"), QStringLiteral("-5m"));
    m_from->addItem(tr("30 min ago"), QStringLiteral("-30m"));
    m_from->addItem(tr("1 h ago"), QStringLiteral("-1h"));
    m_from->addItem(tr("1 d ago"), QStringLiteral("-1d"));
    m_from->addItem(tr("beginning"), QStringLiteral("beginning"));
    layout->addWidget(style::label(tr("Until"), style::Role::Secondary));
    m_until = addChoice(tr("Where to stop reading"),
        tr("Or type: +500 (the first 500 of each partition), -5m, 2026-03-12 14:08:00, @42"), 8);
    m_until->addItem(tr("now, follow"), QStringLiteral("never"));
    m_until->addItem(tr("the end as it is now"), QStringLiteral("end"));
    m_until->addItem(tr("first 1,000 each"), QStringLiteral("+1000"));
    m_partitions = addChoice(tr("Which partitions"), tr("All, or type: 0, 3, 5-7"), 8);
    m_partitions->addItem(tr("all partitions"), QString());
    m_isolation = addChoice(tr("Isolation level"),
        tr("Isolation level: uncommitted shows records of open and aborted transactions too."), 10);
    m_isolation->setEditable(false);
    m_isolation->addItem(tr("uncommitted"), QStringLiteral("read_uncommitted"));
    m_isolation->addItem(tr("committed"), committed);
    for (QComboBox* box : {m_from, m_until})
        box->view()->setMinimumWidth(box->view()->sizeHintForColumn(0) + 24);
}

QComboBox* PositionBar::addChoice(const QString& name, const QString& hint, int characters)
{
    auto* box = new QComboBox;
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setCompleter(nullptr);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(characters);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    box->setMaximumWidth(widest);
    // The list may be wider than what it drops from, and the beginning of a place says most.
    connect(box, &QComboBox::currentTextChanged, box, [box] {
        if (box->lineEdit() && !box->lineEdit()->hasFocus())
            box->lineEdit()->home(false);
    });
    box->setAccessibleName(name);
    box->setToolTip(hint);
    connect(box, &QComboBox::activated, this, &PositionBar::changed);
    box->lineEdit()->installEventFilter(this);
    layout()->addWidget(box);
    return box;
}

/// Return, once: box and field would each tell of it.
bool PositionBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Return && key != Qt::Key_Enter)
        return QWidget::eventFilter(watched, event);
    emit changed();
    return true;
}

QString PositionBar::from() const
{
    return wordsOf(m_from);
}

QString PositionBar::until() const
{
    return wordsOf(m_until);
}

bool PositionBar::isBounded() const
{
    return until() != QLatin1String("never");
}

bool PositionBar::takesAllPartitions() const
{
    return wordsOf(m_partitions).isEmpty();
}

void PositionBar::focusFrom()
{
    m_from->setFocus(Qt::ShortcutFocusReason);
    m_from->lineEdit()->selectAll();
}

void PositionBar::setFrom(const QString& words)
{
    choose(m_from, words);
}

void PositionBar::setUntil(const QString& words)
{
    choose(m_until, words);
}

Result<ReadRequest> PositionBar::request(const QString& topic, EpochMs now) const
{
    ReadRequest request;
    request.topic = topic.toStdString();
    const auto start = parseStart(from().toStdString(), now);
    if (!start)
        return Error{ErrorKind::InvalidInput, start.error().message, "From"};
    const auto stop = parseStop(until().toStdString(), now);
    if (!stop)
        return Error{ErrorKind::InvalidInput, stop.error().message, "Until"};
    auto partitions = parsePartitions(wordsOf(m_partitions).toStdString());
    if (!partitions)
        return partitions.error();
    request.start = *start;
    request.stop = *stop;
    request.partitions = std::move(*partitions);
    if (m_isolation->currentData().toString() == committed)
        request.isolation = IsolationLevel::ReadCommitted;
    return request;
}

QJsonObject PositionBar::toJson() const
{
    return {{fromKey, from()}, {untilKey, until()}, {partitionsKey, wordsOf(m_partitions)},
        {isolationKey, m_isolation->currentData().toString()}};
}

void PositionBar::restore(const QJsonObject& view)
{
    // Words of another version are left out.
    const auto take = [&view](QComboBox* box, const QString& key, auto isUnderstood) {
        const QString words = view.value(key).toString();
        if (view.contains(key) && isUnderstood(words.toStdString()))
            choose(box, words);
    };
    take(m_from, fromKey, [](const std::string& words) { return parseStart(words, 0).ok(); });
    take(m_until, untilKey, [](const std::string& words) { return parseStop(words, 0).ok(); });
    take(m_partitions, partitionsKey, [](const std::string& words) { return parsePartitions(words).ok(); });
    m_isolation->setCurrentIndex(std::max(0, m_isolation->findData(view.value(isolationKey).toString())));
}

Result<std::vector<PartitionId>> parsePartitions(const std::string& text)
{
    std::vector<PartitionId> partitions;
    const Error wrong{ErrorKind::InvalidInput,
        "'" + text + "' are no partitions. Give their numbers: 0, 3, 5-7; nothing for all.", "Partitions"};
    for (const QString& part : QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const QStringList ends = part.split(QLatin1Char('-'));
        const auto first = numberIn(ends.front());
        const auto last = numberIn(ends.back());
        if (!first || !last || ends.size() > 2 || *last < *first || *last - *first > mostPartitions)
            return wrong;
        for (std::int64_t id = *first; id <= *last; ++id)
            partitions.push_back(PartitionId{static_cast<std::int32_t>(id)});
    }
    std::sort(partitions.begin(), partitions.end());
    partitions.erase(std::unique(partitions.begin(), partitions.end()), partitions.end());
    return partitions;
}

} // namespace weir
