// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/connect_steps.h"

#include "widgets/style/icons.h"
#include "widgets/style/roles.h"
#include "widgets/style/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int barWidth = 4;
constexpr int nameWidth = 130;

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

QString tookText(const kafka::TestStep& step)
{
    switch (step.outcome) {
    case kafka::StepOutcome::Running:
        return QObject::tr("running");
    case kafka::StepOutcome::NotTried:
        return QObject::tr("not tried");
    default:
        return QObject::tr("%1 ms").arg(step.took.count());
    }
}

/// The findings of a failed step stand behind it.
class ErrorBar final : public QWidget
{
public:
    ErrorBar() { setFixedWidth(barWidth); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter(this).fillRect(rect(), style::Theme::current().color.state.error);
    }
};

} // namespace

ConnectSteps::ConnectSteps(QWidget* parent) : QFrame(parent)
{
    style::setRole(this, style::Role::Well);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QFrame;
    style::setRole(head, style::Role::PanelHead);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(10, 4, 10, 4);
    row->addWidget(style::label(tr("Test"), style::Role::Strong));
    row->addStretch(1);
    m_outcome = style::label({}, style::Role::Caption);
    row->addWidget(m_outcome);
    layout->addWidget(head);
    auto* steps = new QWidget;
    m_steps = new QVBoxLayout(steps);
    m_steps->setContentsMargins(0, 4, 0, 4);
    m_steps->setSpacing(0);
    layout->addWidget(steps, 1);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(10, 6, 10, 6);
    QLabel* note = style::label(
        tr("Each step runs once. Nothing is written to the cluster, and nothing is saved yet."), style::Role::Caption);
    note->setWordWrap(true);
    foot->addWidget(note, 1);
    m_copy = new QPushButton(style::icon(style::Icon::Copy), tr("Copy report"));
    style::setRole(m_copy, style::Role::Flat);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    foot->addWidget(m_copy);
    layout->addLayout(foot);
    showUntried(tr("not tried"));
}

QString ConnectSteps::outcome() const
{
    return m_outcome->text();
}

void ConnectSteps::showUntried(const QString& outcome)
{
    show(kafka::untriedReport());
    m_outcome->setText(outcome);
    m_copy->hide();
}

void ConnectSteps::show(const kafka::TestReport& report)
{
    m_report = report;
    while (QLayoutItem* item = m_steps->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    int number = 0;
    QString outcome = tr("running");
    bool failed = false;
    for (const kafka::TestStep& step : report.steps) {
        addStep(step, ++number);
        if (step.outcome != kafka::StepOutcome::Failed)
            continue;
        failed = true;
        addFindings(step);
        outcome = tr("Failed at step %1, %2").arg(number).arg(QString::fromStdString(step.name));
    }
    m_steps->addStretch(1);
    if (report.passed)
        outcome = report.version.empty() ? tr("passed") : tr("passed, %1").arg(QString::fromStdString(report.version));
    style::setRole(m_outcome, failed ? style::Role::Error : report.passed ? style::Role::Ok : style::Role::Caption);
    m_outcome->setText(outcome);
    m_copy->setVisible(failed || report.passed);
}

void ConnectSteps::addStep(const kafka::TestStep& step, int number)
{
    const bool failed = step.outcome == kafka::StepOutcome::Failed;
    const bool tried = failed || step.outcome == kafka::StepOutcome::Passed;
    auto* row = new QFrame;
    if (failed)
        style::setRole(row, style::Role::ErrorBox);
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(10, 4, 10, 4);
    auto* glyph = new QLabel;
    const int side = style::Theme::sizes().icon.normal;
    glyph->setPixmap(style::icon(glyphOf(step.outcome), tintOf(step.outcome)).pixmap(side, side));
    line->addWidget(glyph);
    line->addWidget(style::label(QString::number(number), style::Role::Caption));
    QLabel* name = style::label(QString::fromStdString(step.name),
        failed      ? style::Role::Error
            : tried ? style::Role::Strong
                    : style::Role::Secondary);
    name->setMinimumWidth(nameWidth);
    line->addWidget(name);
    QLabel* finding =
        style::label(QString::fromStdString(step.finding), failed ? style::Role::Error : style::Role::Data);
    finding->setWordWrap(true);
    line->addWidget(finding, 1);
    line->addWidget(style::label(tookText(step), style::Role::Caption));
    m_steps->addWidget(row);
}

void ConnectSteps::addFindings(const kafka::TestStep& step)
{
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(new ErrorBar);
    auto* words = new QVBoxLayout;
    words->setContentsMargins(32, 6, 10, 8);
    for (const std::string& detail : step.details)
        words->addWidget(style::label(QString::fromStdString(detail), style::Role::Data));
    QLabel* remedy = style::label(tr("What to do: %1").arg(QString::fromStdString(step.whatToDo)));
    remedy->setWordWrap(true);
    words->addWidget(remedy);
    row->addLayout(words, 1);
    m_steps->addWidget(box);
}

QString ConnectSteps::text() const
{
    QStringList lines{tr("Connection test: %1").arg(m_outcome->text())};
    int number = 0;
    for (const kafka::TestStep& step : m_report.steps) {
        QString finding = QString::fromStdString(step.finding);
        lines.append(QStringLiteral("%1 %2: ").arg(++number).arg(QString::fromStdString(step.name))
            + (finding.isEmpty() ? QString() : finding + QStringLiteral(", ")) + tookText(step));
        for (const std::string& detail : step.details)
            lines.append(QStringLiteral("    ") + QString::fromStdString(detail));
        if (!step.whatToDo.empty())
            lines.append(tr("    What to do: %1").arg(QString::fromStdString(step.whatToDo)));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace weir
