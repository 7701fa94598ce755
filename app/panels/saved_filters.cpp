// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/saved_filters.h"

#include "widgets/style/icons.h"
#include "widgets/style/roles.h"

#include <array>

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace weir {

namespace {

constexpr int mostButtons = 4; ///< side by side; the star's menu has all of them

struct Colour
{
    const char* key; ///< in documents
    QString name;
};

std::array<Colour, 7> colours()
{
    return {{{"", QObject::tr("No colour")}, {"error", QObject::tr("Red")}, {"warn", QObject::tr("Amber")},
        {"ok", QObject::tr("Green")}, {"info", QObject::tr("Indigo")}, {"accent", QObject::tr("Blue")},
        {"stale", QObject::tr("Grey")}}};
}

} // namespace

SavedFilters::SavedFilters(const Prompts& prompts, QString topic, QWidget* parent)
    : QWidget(parent), m_prompts(prompts), m_topic(std::move(topic))
{
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(6);
    m_star = style::iconButton(style::icon(style::Icon::Star), tr("Saved filters"));
    m_star->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_star);
    m_star->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        QAction* naming = menu->addAction(tr("Save this filter as…"), this, &SavedFilters::save);
        QAction* command = menu->addAction(tr("Copy as weir-cli command"), this, &SavedFilters::commandRequested);
        naming->setEnabled(!m_current.isEmpty());
        command->setEnabled(!m_current.isEmpty());
        if (!m_filters.isEmpty())
            menu->addSeparator();
        for (const FilterDocument& filter : m_filters)
            menu->addAction(filter.name, this, [this, sql = filter.sql] { emit chosen(sql); });
    });
    m_layout->addWidget(m_star);
}

void SavedFilters::setFilters(const QList<FilterDocument>& filters)
{
    m_filters.clear();
    for (const FilterDocument& filter : filters) {
        if (filter.topic == m_topic)
            m_filters.append(filter);
    }
    qDeleteAll(m_buttons);
    m_buttons.clear();
    for (const FilterDocument& filter : m_filters) {
        auto* button = new QPushButton(style::icon(style::Icon::Filter), filter.name);
        button->setToolTip(filter.sql);
        button->setCheckable(true);
        button->setContextMenuPolicy(Qt::CustomContextMenu);
        button->setVisible(m_buttons.size() < mostButtons);
        connect(button, &QPushButton::clicked, this,
            [this, sql = filter.sql](bool on) { emit chosen(on ? sql : QString()); });
        connect(button, &QPushButton::customContextMenuRequested, this,
            [this, filter, button](const QPoint& place) { showMenu(filter, button->mapToGlobal(place)); });
        m_layout->insertWidget(static_cast<int>(m_buttons.size()), button);
        m_buttons.append(button);
    }
    showChecked();
}

void SavedFilters::setCurrent(const QString& sql)
{
    m_current = sql;
    showChecked();
}

void SavedFilters::showChecked()
{
    for (qsizetype i = 0; i < m_buttons.size(); ++i)
        m_buttons[i]->setChecked(!m_current.isEmpty() && m_filters[i].sql == m_current);
}

void SavedFilters::save()
{
    FilterDocument filter;
    filter.topic = m_topic;
    filter.sql = m_current;
    filter.name = m_prompts.askName(this, tr("Name of the filter"), m_current.left(24)).trimmed();
    if (!filter.name.isEmpty())
        emit saved(filter);
}

void SavedFilters::showMenu(const FilterDocument& filter, const QPoint& place)
{
    QMenu menu;
    menu.addAction(style::icon(style::Icon::Edit), tr("Rename…"), this, [this, filter] {
        FilterDocument renamed = filter;
        renamed.name = m_prompts.askName(this, tr("Name of the filter"), filter.name).trimmed();
        if (!renamed.name.isEmpty())
            emit saved(renamed);
    });
    QMenu* colour = menu.addMenu(tr("Colour of its rows"));
    for (const Colour& one : colours()) {
        QAction* action = colour->addAction(one.name, this, [this, filter, key = QString::fromLatin1(one.key)] {
            FilterDocument coloured = filter;
            coloured.colour = key;
            emit saved(coloured);
        });
        action->setCheckable(true);
        action->setChecked(filter.colour == QLatin1String(one.key));
    }
    menu.addAction(style::icon(style::Icon::Delete), tr("Remove"), this, [this, filter] { emit removed(filter.id); });
    menu.exec(place);
}

} // namespace weir
