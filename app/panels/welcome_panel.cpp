// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/welcome_panel.h"

#include "widgets/style/icons.h"
#include "widgets/style/roles.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int contentWidth = 932;
constexpr int cardHeight = 188;
constexpr int keyRow = 26;

struct Card
{
    style::Icon icon;
    QString title;
    QString text;
    QString button;
    QString key;
    bool primary;
};

QWidget* cardOf(const Card& card, QPushButton*& button)
{
    auto* frame = new QFrame;
    style::setRole(frame, card.primary ? style::Role::CardChosen : style::Role::Card);
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(18, 18, 18, 16);
    layout->setSpacing(12);
    frame->setMinimumHeight(cardHeight);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    auto* glyph = new QLabel;
    glyph->setPixmap(
        style::icon(card.icon, card.primary ? style::Tint::Accent : style::Tint::Secondary).pixmap(24, 24));
    head->addWidget(glyph);
    head->addWidget(style::label(card.title, style::Role::Heading));
    head->addStretch(1);
    layout->addLayout(head);
    QLabel* text = style::label(card.text, style::Role::Secondary);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    layout->addWidget(text, 1);
    auto* foot = new QHBoxLayout;
    button = new QPushButton(card.button);
    if (card.primary)
        style::setRole(button, style::Role::Primary);
    foot->addWidget(button);
    foot->addWidget(style::label(card.key, style::Role::Key));
    foot->addStretch(1);
    layout->addLayout(foot);
    return frame;
}

} // namespace

WelcomePanel::WelcomePanel(QWidget* parent) : TabPanel(parent)
{
    style::setRole(this, style::Role::Well);
    auto* outer = new QHBoxLayout(this);
    outer->addStretch(1);
    auto* column = new QWidget;
    column->setFixedWidth(contentWidth);
    auto* layout = new QVBoxLayout(column);
    layout->setSpacing(32);
    layout->addStretch(1);
    layout->addWidget(createHead());
    layout->addWidget(createCards());
    layout->addWidget(createKeys());
    layout->addWidget(createPromises());
    layout->addStretch(2);
    outer->addWidget(column);
    outer->addStretch(1);
}

QWidget* WelcomePanel::createHead()
{
    auto* head = new QWidget;
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    auto* logo = new QLabel;
    logo->setPixmap(style::logo(QSize(60, 45), devicePixelRatioF()));
    layout->addWidget(logo);
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(style::label(tr("Weir"), style::Role::Title));
    words->addWidget(style::label(tr("Measure what flows. Where do the events come from?"), style::Role::Secondary));
    layout->addLayout(words);
    layout->addStretch(1);
    return head;
}

QWidget* WelcomePanel::createCards()
{
    auto* cards = new QWidget;
    auto* layout = new QHBoxLayout(cards);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    QPushButton* button = nullptr;
    layout->addWidget(cardOf({style::Icon::Cluster, tr("Connect to a cluster"),
                                 tr("Kafka without TLS or login. Give one broker address; Weir finds the rest. It only "
                                    "reads."),
                                 tr("Connect…"), QStringLiteral("Ctrl+Shift+N"), true},
                          button),
        1);
    connect(button, &QPushButton::clicked, this, &WelcomePanel::connectRequested);
    m_connect = button;
    layout->addWidget(
        cardOf({style::Icon::Flask, tr("Try the built-in demo"),
                   tr("An order pipeline with orders, payments and shipments, and one consumer that falls "
                      "behind. No network needed."),
                   tr("Start the demo"), QStringLiteral("Ctrl+D"), false},
            button),
        1);
    connect(button, &QPushButton::clicked, this, &WelcomePanel::demoRequested);
    return cards;
}

QWidget* WelcomePanel::createKeys()
{
    auto* keys = new QWidget;
    auto* layout = new QGridLayout(keys);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(16);
    auto* head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(style::label(tr("Keys worth knowing"), style::Role::Strong));
    head->addWidget(style::label(tr("all of them: F1"), style::Role::Caption));
    head->addStretch(1);
    layout->addLayout(head, 0, 0, 1, 6);
    const std::pair<QString, const char*> list[] = {{tr("Go to a topic, query or dashboard"), "Ctrl+P"},
        {tr("New query"), "Ctrl+T"}, {tr("Pause or follow"), "Space"}, {tr("Any command"), "Ctrl+Shift+P"},
        {tr("Run the query"), "Ctrl+Return"}, {tr("Newest record"), "End"}, {tr("Switch tab"), "Ctrl+1…9"},
        {tr("Next pane"), "F6"}, {tr("Dark or light"), "Ctrl+Shift+L"}};
    int place = 0;
    for (const auto& [name, key] : list) {
        const int row = 1 + place / 3;
        const int column = place % 3 * 2;
        layout->addWidget(style::label(name, style::Role::Secondary), row, column);
        layout->addWidget(
            style::label(QString::fromUtf8(key), style::Role::Key), row, column + 1, Qt::AlignRight | Qt::AlignVCenter);
        layout->setColumnStretch(column, 1);
        layout->setRowMinimumHeight(row, keyRow);
        ++place;
    }
    return keys;
}

QWidget* WelcomePanel::createPromises()
{
    auto* promises = new QWidget;
    auto* layout = new QHBoxLayout(promises);
    layout->setContentsMargins(0, 0, 0, 0);
    const std::tuple<style::Icon, QString, QString> list[] = {
        {style::Icon::LockClosed, tr("Looking changes nothing"), tr("No group joined, no offset committed.")},
        {style::Icon::CheckCircle, tr("Numbers are true"), tr("A window's row is what Flink would emit.")},
        {style::Icon::Database, tr("Your data stays here"), tr("No account, no telemetry.")}};
    for (const auto& [icon, title, text] : list) {
        auto* glyph = new QLabel;
        glyph->setPixmap(style::icon(icon, style::Tint::Ok).pixmap(16, 16));
        auto* words = new QVBoxLayout;
        words->setSpacing(2);
        words->addWidget(style::label(title));
        words->addWidget(style::label(text, style::Role::Caption));
        layout->addWidget(glyph, 0, Qt::AlignTop);
        layout->addLayout(words, 1);
    }
    return promises;
}

} // namespace weir
