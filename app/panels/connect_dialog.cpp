// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connect_dialog.h"

#include "widgets/style/roles.h"
#include "widgets/style/state_look.h"
#include "widgets/style/theme.h"

#include <QButtonGroup>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace weir {

namespace {

QIcon chip(const QColor& colour)
{
    QPixmap pixmap(16, 16);
    pixmap.fill(colour);
    return QIcon(pixmap);
}

QFrame* box(style::Role role)
{
    auto* frame = new QFrame;
    style::setRole(frame, role);
    return frame;
}

style::Icon glyphOf(kafka::StepOutcome outcome)
{
    switch (outcome) {
    case kafka::StepOutcome::Passed:
        return style::Icon::CheckCircle;
    case kafka::StepOutcome::Failed:
        return style::Icon::Error;
    case kafka::StepOutcome::Running:
        return style::Icon::Refresh;
    case kafka::StepOutcome::NotTried:
        break;
    }
    return style::Icon::NotTried;
}

style::Tint tintOf(kafka::StepOutcome outcome)
{
    switch (outcome) {
    case kafka::StepOutcome::Passed:
        return style::Tint::Ok;
    case kafka::StepOutcome::Failed:
        return style::Tint::Error;
    default:
        return style::Tint::Muted;
    }
}

} // namespace

ConnectDialog::ConnectDialog(Background& background, QWidget* parent) : QDialog(parent), m_background(background)
{
    setWindowTitle(tr("New connection"));
    style::setRole(this, style::Role::Dialog);
    resize(980, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(12);
    layout->addWidget(style::label(tr("New connection"), style::Role::Heading));
    auto* columns = new QHBoxLayout;
    columns->setSpacing(24);
    columns->addWidget(createForm(), 1);
    columns->addWidget(createTest(), 1);
    layout->addLayout(columns, 1);
    layout->addWidget(createButtons());
    m_servers->setFocus();
}

ConnectDialog::~ConnectDialog()
{
    m_stop.request_stop();
}

QWidget* ConnectDialog::createForm()
{
    auto* form = new QWidget;
    auto* layout = new QFormLayout(form);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(12);
    m_servers = new QLineEdit(QStringLiteral("localhost:9092"));
    style::setRole(m_servers, style::Role::Data);
    layout->addRow(tr("Bootstrap servers"), m_servers);
    layout->addRow({}, style::label(tr("One address is enough. Plain Kafka only, for now."), style::Role::Caption));
    m_name = new QLineEdit;
    m_name->setPlaceholderText(tr("as it stands in the tree"));
    layout->addRow(tr("Name"), m_name);
    auto* colours = new QWidget;
    auto* colourRow = new QHBoxLayout(colours);
    colourRow->setContentsMargins(0, 0, 0, 0);
    colourRow->setSpacing(4);
    m_colours = new QButtonGroup(this);
    for (int i = 0; i < static_cast<int>(style::Theme::series().size()); ++i) {
        QToolButton* button =
            style::iconButton(chip(style::Theme::seriesLook(i).color), style::Theme::seriesLook(i).name);
        button->setCheckable(true);
        m_colours->addButton(button, i);
        colourRow->addWidget(button);
    }
    colourRow->addStretch(1);
    m_colours->button(0)->setChecked(true);
    layout->addRow(tr("Colour"), colours);
    m_groups = new QLineEdit;
    m_groups->setPlaceholderText(tr("billing, fulfilment"));
    layout->addRow(tr("Groups"), m_groups);
    layout->addRow(
        {}, style::label(tr("Only needed where the cluster lists no groups by itself."), style::Role::Caption));
    QFrame* lock = box(style::Role::OkBox);
    auto* lockLayout = new QVBoxLayout(lock);
    lockLayout->addWidget(style::label(tr("Read-only"), style::Role::Ok));
    lockLayout->addWidget(
        style::label(tr("Weir joins no group, commits no offset and writes no record."), style::Role::Caption));
    layout->addRow(lock);
    return form;
}

QWidget* ConnectDialog::createTest()
{
    QFrame* frame = box(style::Role::Well);
    auto* layout = new QVBoxLayout(frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    QFrame* head = box(style::Role::PanelHead);
    auto* headLayout = new QHBoxLayout(head);
    headLayout->setContentsMargins(10, 4, 10, 4);
    headLayout->addWidget(style::label(tr("Test"), style::Role::Strong));
    headLayout->addStretch(1);
    m_outcome = style::label(tr("not tried"), style::Role::Caption);
    headLayout->addWidget(m_outcome);
    layout->addWidget(head);
    auto* steps = new QWidget;
    m_steps = new QVBoxLayout(steps);
    m_steps->setContentsMargins(10, 8, 10, 8);
    m_steps->setSpacing(6);
    layout->addWidget(steps, 1);
    QLabel* note = style::label(tr("Each step runs once. Nothing is written to the cluster."), style::Role::Caption);
    note->setContentsMargins(10, 6, 10, 6);
    layout->addWidget(note);
    return frame;
}

QWidget* ConnectDialog::createButtons()
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"));
    auto* later = new QPushButton(tr("Save, connect later"));
    auto* connectNow = new QPushButton(tr("Test and connect"));
    style::setRole(connectNow, style::Role::Primary);
    connectNow->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(later, &QPushButton::clicked, this, &QDialog::accept);
    connect(connectNow, &QPushButton::clicked, this, &ConnectDialog::test);
    for (QPushButton* button : {cancel, later, connectNow})
        layout->addWidget(button);
    return row;
}

ConnectionDocument ConnectDialog::document() const
{
    ConnectionDocument document;
    document.bootstrapServers = m_servers->text().trimmed();
    document.name = m_name->text().trimmed().isEmpty() ? document.bootstrapServers : m_name->text().trimmed();
    document.colour = m_colours->checkedId();
    document.connectAtStart = m_connectNow;
    for (const QString& group : m_groups->text().split(QLatin1Char(','), Qt::SkipEmptyParts))
        document.namedGroups.append(group.trimmed());
    return document;
}

void ConnectDialog::test()
{
    if (m_testing)
        return;
    m_testing = true;
    kafka::KafkaSettings settings;
    settings.bootstrapServers = m_servers->text().trimmed().toStdString();
    const auto post = m_background.poster(this);
    const auto work = [this, settings, post, stop = m_stop.get_token()] {
        return kafka::testConnection(
            settings, [&](const kafka::TestReport& report) { post([this, report] { showReport(report); }); }, stop);
    };
    m_background.run(this, work, [this](const kafka::TestReport& report) {
        m_testing = false;
        showReport(report);
        if (report.passed) {
            m_connectNow = true;
            accept();
        }
    });
}

void ConnectDialog::showReport(const kafka::TestReport& report)
{
    while (QLayoutItem* item = m_steps->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int number = 0;
    QString outcome = tr("running");
    for (const kafka::TestStep& step : report.steps) {
        showStep(step, ++number);
        if (step.outcome == kafka::StepOutcome::Failed)
            outcome = tr("Failed at step %1, %2").arg(number).arg(QString::fromStdString(step.name));
    }
    m_steps->addStretch(1);
    m_outcome->setText(report.passed ? tr("passed, %1").arg(QString::fromStdString(report.version)) : outcome);
}

void ConnectDialog::showStep(const kafka::TestStep& step, int number)
{
    const bool failed = step.outcome == kafka::StepOutcome::Failed;
    QFrame* row = failed ? box(style::Role::ErrorBox) : new QFrame;
    auto* layout = new QVBoxLayout(row);
    layout->setContentsMargins(4, 2, 4, 2);
    auto* line = new QHBoxLayout;
    auto* glyph = new QLabel;
    glyph->setPixmap(style::icon(glyphOf(step.outcome), tintOf(step.outcome)).pixmap(16, 16));
    line->addWidget(glyph);
    line->addWidget(style::label(QString::number(number), style::Role::Caption));
    line->addWidget(style::label(QString::fromStdString(step.name), style::Role::Strong));
    QLabel* finding =
        style::label(QString::fromStdString(step.finding), failed ? style::Role::Error : style::Role::Data);
    finding->setWordWrap(true);
    line->addWidget(finding, 1);
    const bool tried = step.outcome == kafka::StepOutcome::Passed || failed;
    line->addWidget(style::label(tried ? tr("%1 ms").arg(step.took.count()) : tr("not tried"), style::Role::Caption));
    layout->addLayout(line);
    for (const std::string& detail : step.details)
        layout->addWidget(style::label(QString::fromStdString(detail), style::Role::Data));
    if (!step.whatToDo.empty()) {
        QLabel* remedy = style::label(tr("What to do: %1").arg(QString::fromStdString(step.whatToDo)));
        remedy->setWordWrap(true);
        layout->addWidget(remedy);
    }
    m_steps->addWidget(row);
}

} // namespace weir
