// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/dashboard_panel.h"

#include "app/panels/latency_field_dialog.h"
#include "widgets/dashboard/dashboard_grid.h"
#include "widgets/dashboard/state_pill.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace weir {

namespace {

struct Range
{
    const char* name;
    int seconds;
};
constexpr Range ranges[] = {{QT_TRANSLATE_NOOP("weir::DashboardPanel", "last minute"), 60},
    {QT_TRANSLATE_NOOP("weir::DashboardPanel", "last 5 min"), 300},
    {QT_TRANSLATE_NOOP("weir::DashboardPanel", "last 15 min"), 900},
    {QT_TRANSLATE_NOOP("weir::DashboardPanel", "last hour"), 3600}};

constexpr int pullMs = 100;
constexpr int stepMs = 250; ///< time itself moves the picture, this often
constexpr int columns = 3;
constexpr int mostInTwoColumns = 4;

dashboard::GridCell cellOf(const QString& id, const PanelPlace& place)
{
    return {id, place.row, place.column, place.rows, place.columns};
}

} // namespace

DashboardPanel::DashboardPanel(const PanelContext& context, DashboardDocument document, QWidget* parent)
    : TabPanel(parent), m_context(context), m_document(std::move(document))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    m_stack = new QStackedWidget(this);
    m_grid = new dashboard::DashboardGrid(m_stack);
    QLabel* none =
        style::label(tr("This dashboard has no panel. Add one above, or with \"Add to dashboard\" in a query."),
            style::Role::Secondary);
    none->setAlignment(Qt::AlignCenter);
    m_stack->addWidget(m_grid);
    m_stack->addWidget(none);
    layout->addWidget(m_stack, 1);
    connect(m_grid, &dashboard::DashboardGrid::panelMenuRequested, this, &DashboardPanel::panelMenu);
    connect(m_grid, &dashboard::DashboardGrid::cellsChanged, this, &DashboardPanel::savePanels);
    for (const DashboardPanelDocument& panel : m_document.panels)
        show(panel);
    restorePlaces();
    showState();
    auto* space = new QShortcut(QKeySequence(Qt::Key_Space), this, this, &DashboardPanel::togglePause);
    space->setContext(Qt::WidgetWithChildrenShortcut);
}

QWidget* DashboardPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    m_name = style::label(m_document.name, style::Role::Strong);
    layout->addWidget(m_name);
    layout->addSpacing(12);
    layout->addWidget(style::label(tr("Range"), style::Role::Secondary));
    m_range = new QComboBox;
    m_range->setAccessibleName(tr("How much time the panels show"));
    for (const Range& range : ranges) {
        m_range->addItem(tr(range.name), range.seconds);
        if (range.seconds == m_document.rangeSeconds)
            m_range->setCurrentIndex(m_range->count() - 1);
    }
    connect(m_range, &QComboBox::activated, this, [this] {
        m_document.rangeSeconds = m_range->currentData().toInt();
        emit edited(m_document);
        pull();
    });
    m_state = new dashboard::StatePill;
    m_pause = new QPushButton;
    m_pause->setToolTip(tr("Hold the picture still (Space). Reading goes on."));
    connect(m_pause, &QPushButton::clicked, this, &DashboardPanel::togglePause);
    m_linked = new QPushButton(style::icon(style::Icon::Link), tr("Linked cursor"));
    m_linked->setCheckable(true);
    m_linked->setChecked(m_document.linkedCursor);
    connect(m_linked, &QPushButton::toggled, this, [this](bool on) {
        m_document.linkedCursor = on;
        moveCursor(std::nullopt);
        emit edited(m_document);
    });
    m_cursor = style::label({}, style::Role::Data);
    m_add = new QPushButton(style::icon(style::Icon::Plus), tr("Add panel"));
    connect(m_add, &QPushButton::clicked, this, &DashboardPanel::addMenu);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_range, m_state, m_pause, m_linked, m_cursor})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(m_add);
    return bar;
}

void DashboardPanel::createView(Shown& shown)
{
    shown.view = makeDashboardView(m_context, shown.document, m_grid);
    if (!shown.view)
        return;
    shown.view->frame()->setMenuVisible(true);
    m_grid->addPanel(shown.id, shown.view->frame());
    connect(shown.view, &DashboardView::cursorMoved, this, &DashboardPanel::moveCursor);
    const QPointer<DashboardView> view = shown.view;
    m_context.frames.add(view->frame(),
        {[this, view] { return generationOf(view); },
            [this, view] {
                if (view && !m_paused)
                    view->pull(moment());
            },
            pullMs});
}

void DashboardPanel::show(const DashboardPanelDocument& panel)
{
    Shown shown{QStringLiteral("panel-%1").arg(m_nextId++), panel};
    m_grid->setColumns(m_shown.size() + 1 <= mostInTwoColumns ? 2 : columns);
    createView(shown);
    if (shown.view) {
        m_shown.push_back(shown);
    } else {
        m_unknown.append(panel);
        m_context.log.add(LogLevel::Warning, m_document.name,
            tr("A panel of the kind '%1' belongs to another version; it is kept in the document.").arg(panel.kind));
    }
    m_stack->setCurrentIndex(m_shown.empty() ? 1 : 0);
}

void DashboardPanel::restorePlaces()
{
    std::vector<dashboard::GridCell> cells;
    for (const Shown& one : m_shown) {
        if (one.document.place.row >= 0)
            cells.push_back(cellOf(one.id, one.document.place));
    }
    if (!cells.empty())
        m_grid->setCells(cells);
    m_stack->setCurrentIndex(m_shown.empty() ? 1 : 0);
}

/// Takes places over from the grid, and the panels into the document.
void DashboardPanel::savePanels()
{
    m_document.panels.clear();
    for (Shown& one : m_shown) {
        for (const dashboard::GridCell& cell : m_grid->cells()) {
            if (cell.id == one.id)
                one.document.place = {cell.row, cell.column, cell.rowSpan, cell.columnSpan};
        }
        m_document.panels.append(one.document);
    }
    m_document.panels += m_unknown;
    emit edited(m_document);
}

void DashboardPanel::addPanel(const DashboardPanelDocument& panel)
{
    show(panel);
    savePanels();
}

void DashboardPanel::removePanel(std::size_t index)
{
    const Shown gone = m_shown[index];
    m_shown.erase(m_shown.begin() + static_cast<std::ptrdiff_t>(index));
    delete gone.view;
    m_grid->removePanel(gone.id);
    m_stack->setCurrentIndex(m_shown.empty() ? 1 : 0);
    savePanels();
}

void DashboardPanel::changePanel(std::size_t index, const DashboardPanelDocument& panel)
{
    Shown& shown = m_shown[index];
    const std::vector<dashboard::GridCell> cells = m_grid->cells();
    delete shown.view;
    m_grid->removePanel(shown.id);
    shown.document = panel;
    createView(shown);
    m_grid->setCells(cells);
    savePanels();
    pull();
}

void DashboardPanel::rename(const QString& name)
{
    m_document.name = name;
    m_name->setText(name);
    emit edited(m_document);
    emit titleChanged();
}

std::optional<TabDocument> DashboardPanel::tab() const
{
    return TabDocument{QStringLiteral("dashboard"), {}, m_document.id, {}};
}

QList<QWidget*> DashboardPanel::panes() const
{
    QList<QWidget*> panes;
    for (const Shown& one : m_shown)
        panes.append(one.view->frame()->body());
    if (panes.isEmpty())
        panes.append(m_add);
    return panes;
}

void DashboardPanel::panelMenu(const QString& id, const QPoint& globalPos)
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(), [&](const Shown& one) { return one.id == id; });
    if (found == m_shown.end())
        return;
    const auto index = static_cast<std::size_t>(found - m_shown.begin());
    QMenu menu;
    menu.addAction(style::icon(style::Icon::Edit), tr("Rename…"), this, [this, index] { renamePanel(index); });
    if (found->document.kind == QLatin1String("latency"))
        menu.addAction(
            style::icon(style::Icon::Clock), tr("Measure from…"), this, [this, index] { chooseLatencyField(index); });
    if (found->document.kind == QLatin1String("query")) {
        addColumnMenu(menu, index);
        menu.addAction(style::icon(style::Icon::Query), tr("Open as query"), this,
            [this, panel = found->document] { emit queryRequested(panel); });
    }
    menu.addSeparator();
    menu.addAction(style::icon(style::Icon::Delete), tr("Remove panel"), this, [this, index] { removePanel(index); });
    menu.exec(globalPos);
}

void DashboardPanel::addColumnMenu(QMenu& menu, std::size_t index)
{
    const QStringList names = m_shown[index].view->columns();
    if (names.size() < 2)
        return;
    QMenu* plot = menu.addMenu(style::icon(style::Icon::Plot), tr("Plot"));
    for (const QString& name : names) {
        plot->addAction(name, this, [this, index, name] {
            DashboardPanelDocument changed = m_shown[index].document;
            changed.plotColumn = name;
            changePanel(index, changed);
        });
    }
}

void DashboardPanel::renamePanel(std::size_t index)
{
    DashboardPanelDocument& document = m_shown[index].document;
    const QString name = m_context.prompts.askName(this, tr("Rename panel"), m_shown[index].view->frame()->title());
    if (name.isEmpty())
        return;
    document.title = name;
    m_shown[index].view->frame()->setTitle(document.title);
    savePanels();
}

void DashboardPanel::chooseLatencyField(std::size_t index)
{
    const DashboardPanelDocument& before = m_shown[index].document;
    LatencyFieldDialog dialog(m_context, {before.connection, before.topic, before.latencyField}, this);
    if (dialog.exec() != QDialog::Accepted || dialog.field() == before.latencyField)
        return;
    DashboardPanelDocument changed = before;
    changed.latencyField = dialog.field();
    changePanel(index, changed);
}

void DashboardPanel::addMenu()
{
    const std::vector<ConnectionState> states = m_context.connections.states();
    QMenu menu;
    const auto open = std::count_if(states.begin(), states.end(), [](const auto& state) { return state.snapshot; });
    for (const ConnectionState& state : states) {
        if (!state.snapshot)
            continue;
        QMenu* to = open > 1 ? menu.addMenu(state.document.name) : &menu;
        offerPanels(*to, state.document.id, *state.snapshot);
    }
    if (open == 0)
        menu.addAction(tr("No connection is open"))->setEnabled(false);
    menu.exec(m_add->mapToGlobal(QPoint(0, m_add->height())));
}

void DashboardPanel::offerPanels(QMenu& menu, const QString& connection, const ClusterSnapshot& cluster)
{
    const auto offer = [&](QMenu* to, const QString& text, const QString& kind, const QString& topic) {
        to->addAction(text, this, [this, kind, connection, topic] {
            DashboardPanelDocument panel;
            panel.kind = kind;
            panel.connection = connection;
            panel.topic = topic;
            addPanel(panel);
        });
    };
    offer(&menu, tr("Throughput by topic"), QStringLiteral("throughput"), {});
    offer(&menu, tr("Consumer lag by group"), QStringLiteral("lag"), {});
    QMenu* latency = menu.addMenu(tr("Latency of"));
    for (const TopicRate& topic : cluster.topics) {
        if (!topic.internal)
            offer(latency, QString::fromStdString(topic.name), QStringLiteral("latency"),
                QString::fromStdString(topic.name));
    }
    latency->setEnabled(!latency->isEmpty());
}

std::uint64_t DashboardPanel::generationOf(const DashboardView* view) const
{
    if (!view || m_paused)
        return 0;
    return static_cast<std::uint64_t>(now() / stepMs) + view->generation();
}

/// Empty when its panels look at several.
QString DashboardPanel::connectionId() const
{
    QString id;
    for (const Shown& one : m_shown) {
        if (!id.isEmpty() && one.document.connection != id)
            return {};
        id = one.document.connection;
    }
    return id;
}

EpochMs DashboardPanel::now() const
{
    return m_context.connections.now(connectionId());
}

DashboardMoment DashboardPanel::moment() const
{
    const EpochMs end = now();
    return {{end - std::int64_t{1000} * m_document.rangeSeconds, end}};
}

void DashboardPanel::pull()
{
    if (m_paused)
        return;
    for (const Shown& one : m_shown)
        one.view->pull(moment());
}

void DashboardPanel::togglePause()
{
    m_paused = !m_paused;
    m_pausedAt = now();
    showState();
    pull();
}

void DashboardPanel::showState()
{
    m_pause->setText(m_paused ? tr("Go on") : tr("Pause"));
    m_pause->setIcon(style::icon(m_paused ? style::Icon::Play : style::Icon::Pause));
    if (m_paused)
        m_state->setState(style::State::Paused, tr("Paused at %1").arg(format::time(m_pausedAt)));
    else
        m_state->setState(style::State::Live);
}

void DashboardPanel::moveCursor(std::optional<std::int64_t> timeMs)
{
    m_cursor->setText(timeMs ? format::time(*timeMs) : QString());
    for (const Shown& one : m_shown) {
        if (one.view != sender() && (m_document.linkedCursor || !timeMs))
            one.view->setCursor(timeMs);
    }
}

QStringList DashboardPanel::summary() const
{
    QStringList lines;
    for (const Shown& one : m_shown)
        lines.append(one.view->summary());
    return lines;
}

} // namespace weir
