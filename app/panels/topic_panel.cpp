// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/topic_panel.h"

#include "app/panels/filter_line.h"
#include "app/panels/find_bar.h"
#include "app/panels/notice_bar.h"
#include "app/panels/position_bar.h"
#include "app/panels/range_count.h"
#include "app/panels/record_panel.h"
#include "app/panels/saved_filters.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/plots/histogram_strip.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"
#include "widgets/tables/record_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {

TopicPanel::TopicPanel(const PanelContext& context, const TabDocument& tab, QWidget* parent)
    : TabPanel(parent), m_context(context), m_connectionId(tab.connection), m_topics(tab.name),
      m_reader(new TopicReader(context, this)), m_range(new RangeCount(context, this))
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
    m_context.log.clearCondition(m_connectionId + QLatin1Char('/') + topic());
    m_find->setRows(nullptr, nullptr);
    m_table->setRows(nullptr); // what looks through rows ends at the reaper, and nobody else holds it
}

QString TopicPanel::title() const
{
    return m_title.isEmpty() ? m_topics.join(QStringLiteral(" + ")) : m_title;
}

ReadForm::Asked TopicPanel::asked(bool takesView) const
{
    ReadForm::Asked asked{m_connectionId, m_topics.join(QStringLiteral(", ")), m_reader->rows(), takesView, {}};
    if (!m_shown)
        return asked;
    const std::shared_ptr<const RowStore>& rows = m_shown->rows();
    if (m_table->selectionCount() > 1)
        asked.chosen = {rows, m_table->selectionFirst(), m_table->selectionCount()};
    else if (rows != m_shown->all())
        asked.chosen = {rows, rows->firstRow(), rows->endRow() - rows->firstRow()};
    return asked;
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
    connect(query, &QToolButton::clicked, this, [this] { emit queryRequested(m_connectionId, topic()); });
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
    m_saved = new SavedFilters(m_context.prompts, topic());
    connect(m_saved, &SavedFilters::chosen, this, &TopicPanel::chooseFilter);
    connect(m_saved, &SavedFilters::saved, this, &TopicPanel::filterSaved);
    connect(m_saved, &SavedFilters::removed, this, &TopicPanel::filterRemoved);
    connect(m_saved, &SavedFilters::commandRequested, this, &TopicPanel::copySearchCommand);
    layout->addWidget(m_filter, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_count, m_malformed, m_search, m_saved, createMore()})
        layout->addWidget(widget);
    return bar;
}

/// What else can be done with the view.
QWidget* TopicPanel::createMore()
{
    auto* more = style::iconButton(style::icon(style::Icon::More), tr("Topics, order, notes"));
    more->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(more);
    more->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillMore(*menu);
    });
    return more;
}

void TopicPanel::fillMore(QMenu& menu)
{
    menu.addAction(style::icon(style::Icon::Plus), tr("Read another topic with it…"), this,
        [this] { emit topicWanted(m_connectionId); });
    for (const QString& topic : m_topics) {
        if (m_topics.size() > 1)
            menu.addAction(tr("Without %1").arg(topic), this, [this, topic] { removeTopic(topic); });
    }
    menu.addSeparator();
    const auto choice = [&](const QString& text, bool on, auto call) {
        QAction* action = menu.addAction(text, this, call);
        action->setCheckable(true);
        action->setChecked(on);
    };
    choice(tr("Rows as they came"), !m_order && !m_latest, [this] { sortBy({}); });
    choice(tr("Rows by time"), m_order == search::RowOrder{}, [this] { setOrder(search::RowOrder{}); });
    choice(tr("Only the newest of each key"), m_latest, [this] { setLatestPerKey(!m_latest); });
    menu.addSeparator();
    menu.addAction(
        style::icon(style::Icon::Warning), tr("Expert notes"), this, [this] { emit notesRequested(asked(false)); });
    menu.addAction(tr("Next problem (F8)"), this, [this] { nextProblem(true); });
    menu.addAction(tr("Back (Alt+Left)"), this, &TopicPanel::goBack);
    menu.addAction(tr("Forward (Alt+Right)"), this, &TopicPanel::goForward);
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

void TopicPanel::connectTable()
{
    connect(m_table, &tables::RowTable::currentRowChanged, this, &TopicPanel::showRecord);
    connect(m_table, &tables::RowTable::followingChanged, this, &TopicPanel::showFollowing);
    connect(m_table, &tables::RowTable::cellMenuRequested, this, &TopicPanel::showMenu);
    connect(m_table, &tables::RowTable::sortRequested, this, &TopicPanel::sortBy);
    connect(m_table, &tables::RowTable::columnsArranged, this, [this] { m_columns = m_table->saveState().toJson(); });
    connect(m_table, &tables::RowTable::copied, this, [this](qint64 rows, qint64 selected) {
        if (rows < selected)
            m_context.log.add(LogLevel::Warning, topic(),
                tr("Only the first %1 of %2 rows were copied.").arg(format::grouped(rows), format::grouped(selected)));
    });
    connect(m_record, &RecordPanel::followKeyRequested, this, &TopicPanel::followKey);
    connect(m_record, &RecordPanel::comparisonsRequested, this, [this](QMenu* menu) { addComparisons(*menu); });
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
    key(m_table, Qt::Key_C, [this] { showCopyMenu(); });
    key(m_table, Qt::Key_F, [this] { filterByCell(ValueComparison::Equal); });
    key(m_table, QKeySequence(QStringLiteral("Shift+F")), [this] { filterByCell(ValueComparison::NotEqual); });
    key(this, QKeySequence(QStringLiteral("Ctrl+M")), [this] { toggleMark(); });
    key(this, Qt::Key_F8, [this] { nextProblem(true); });
    key(this, QKeySequence(QStringLiteral("Shift+F8")), [this] { nextProblem(false); });
    key(this, QKeySequence(QStringLiteral("Alt+Left")), [this] { goBack(); });
    key(this, QKeySequence(QStringLiteral("Alt+Right")), [this] { goForward(); });
    key(this, QKeySequence(QStringLiteral("Ctrl+G")), [this] { goToPlace(); });
    key(this, QKeySequence(QStringLiteral("Ctrl+/")), [this] { focusFilter(); });
    key(this, QKeySequence::Find, [this] { find(); });
    key(this, Qt::Key_F3, [this] { findNext(true); });
    key(this, QKeySequence(QStringLiteral("Shift+F3")), [this] { findNext(false); });
}

QList<QWidget*> TopicPanel::panes() const
{
    return QList<QWidget*>{m_filter, m_table} + m_record->panes();
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

} // namespace weir
