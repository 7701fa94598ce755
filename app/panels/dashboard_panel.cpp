// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/dashboard_panel.h"

#include "widgets/dashboard/dashboard_grid.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace weir {

namespace {

struct Range
{
    const char* name;
    int seconds;
};
constexpr Range ranges[] = {{QT_TR_NOOP("last minute"), 60}, {QT_TR_NOOP("last 5 min"), 300},
    {QT_TR_NOOP("last 15 min"), 900}, {QT_TR_NOOP("last hour"), 3600}};

constexpr int pullMs = 100;
constexpr int columns = 3;

} // namespace

DashboardPanel::DashboardPanel(const PanelContext& context, DashboardDocument document, QWidget* parent)
    : QWidget(parent), m_context(context), m_document(std::move(document)), m_grid(new dashboard::DashboardGrid)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createBar());
    layout->addWidget(m_grid, 1);
    m_grid->setColumns(m_document.panels.size() <= 4 ? 2 : columns);
    connect(m_grid, &dashboard::DashboardGrid::panelMenuRequested, this, &DashboardPanel::panelMenu);
    for (const DashboardPanelDocument& panel : m_document.panels)
        show(panel);
    m_context.frames.add(this, {[this] { return generation(); }, [this] { pull(); }, pullMs});
    auto* space = new QShortcut(QKeySequence(Qt::Key_Space), this, this, &DashboardPanel::togglePause);
    space->setContext(Qt::WidgetWithChildrenShortcut);
}

QWidget* DashboardPanel::createBar()
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(10, 6, 10, 6);
    layout->addWidget(style::label(m_document.name, style::Role::Strong));
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
    layout->addWidget(m_range);
    m_pause = new QPushButton(style::icon(style::Icon::Pause), tr("Pause"));
    m_pause->setToolTip(tr("Hold the picture still (Space). Reading goes on."));
    connect(m_pause, &QPushButton::clicked, this, &DashboardPanel::togglePause);
    layout->addWidget(m_pause);
    m_linked = new QPushButton(style::icon(style::Icon::Link), tr("Linked cursor"));
    m_linked->setCheckable(true);
    m_linked->setChecked(m_document.linkedCursor);
    connect(m_linked, &QPushButton::toggled, this, [this](bool on) {
        m_document.linkedCursor = on;
        moveCursor(std::nullopt);
        emit edited(m_document);
    });
    layout->addWidget(m_linked);
    layout->addStretch(1);
    auto* add = new QPushButton(style::icon(style::Icon::Plus), tr("Add panel"));
    connect(add, &QPushButton::clicked, this, &DashboardPanel::addMenu);
    layout->addWidget(add);
    return bar;
}

void DashboardPanel::show(const DashboardPanelDocument& panel)
{
    DashboardView* view = makeDashboardView(m_context, panel, m_grid);
    if (!view) {
        m_context.log.add(LogLevel::Warning, m_document.name,
            tr("A panel of the kind '%1' belongs to another version; it is kept in the document.").arg(panel.kind));
        return;
    }
    const QString id = QStringLiteral("panel-%1").arg(m_nextId++);
    view->frame()->setMenuVisible(true);
    m_grid->addPanel(id, view->frame());
    connect(view, &DashboardView::cursorMoved, this, &DashboardPanel::moveCursor);
    m_shown.push_back({id, panel, view});
}

void DashboardPanel::addPanel(const DashboardPanelDocument& panel)
{
    m_document.panels.append(panel);
    show(panel);
    emit edited(m_document);
}

void DashboardPanel::removePanel(const QString& id)
{
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        if (m_shown[i].id != id)
            continue;
        delete m_shown[i].view;
        m_grid->removePanel(id);
        m_shown.erase(m_shown.begin() + static_cast<std::ptrdiff_t>(i));
        break;
    }
    m_document.panels.clear();
    for (const Shown& one : m_shown)
        m_document.panels.append(one.document);
    emit edited(m_document);
}

void DashboardPanel::panelMenu(const QString& id, const QPoint& globalPos)
{
    QMenu menu;
    menu.addAction(style::icon(style::Icon::Delete), tr("Remove panel"), this, [this, id] { removePanel(id); });
    menu.exec(globalPos);
}

void DashboardPanel::addMenu()
{
    QString connection;
    const std::shared_ptr<Session> session = m_context.connections.first(&connection);
    QMenu menu;
    const auto offer = [&](const QString& text, const QString& kind, const QString& topic) {
        menu.addAction(text, this, [this, kind, connection, topic] {
            DashboardPanelDocument panel;
            panel.kind = kind;
            panel.connection = connection;
            panel.topic = topic;
            addPanel(panel);
        });
    };
    if (!session) {
        menu.addAction(tr("Connect to a cluster first"))->setEnabled(false);
    } else {
        offer(tr("Throughput by topic"), QStringLiteral("throughput"), {});
        offer(tr("Consumer lag by group"), QStringLiteral("lag"), {});
        for (const TopicRate& topic : session->monitor().snapshot()->topics) {
            const QString name = QString::fromStdString(topic.name);
            if (!topic.internal)
                offer(tr("Latency of %1").arg(name), QStringLiteral("latency"), name);
        }
    }
    menu.exec(QCursor::pos());
}

std::uint64_t DashboardPanel::generation() const
{
    if (m_paused)
        return 0;
    // Time itself moves the picture: a new column every tenth of a second at most.
    std::uint64_t sum = static_cast<std::uint64_t>(m_context.connections.clock().wallMs() / 250);
    for (const Shown& one : m_shown)
        sum += one.view->generation();
    return sum;
}

void DashboardPanel::pull()
{
    if (m_paused)
        return;
    const std::int64_t now = m_context.connections.clock().wallMs();
    const DashboardMoment moment{{now - std::int64_t{1000} * m_document.rangeSeconds, now}};
    for (const Shown& one : m_shown)
        one.view->pull(moment);
}

void DashboardPanel::togglePause()
{
    m_paused = !m_paused;
    m_pause->setText(m_paused ? tr("Go on") : tr("Pause"));
    m_pause->setIcon(style::icon(m_paused ? style::Icon::Play : style::Icon::Pause));
    pull();
}

void DashboardPanel::moveCursor(std::optional<std::int64_t> timeMs)
{
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
