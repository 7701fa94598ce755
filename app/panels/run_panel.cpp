// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/run_panel.h"

#include "app/panels/notice_bar.h"
#include "app/panels/read_form.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int pullMs = 250;

} // namespace

RunPanel::RunPanel(const PanelContext& context, QString connection, const Words& words, QWidget* parent)
    : TabPanel(parent), m_context(context), m_connection(std::move(connection))
{
    auto* bar = new QFrame(this);
    style::setRole(bar, style::Role::Bar);
    m_bar = new QHBoxLayout(bar);
    m_bar->setContentsMargins(10, 6, 10, 6);
    m_bar->addStretch(1);
    m_progress = style::label({}, style::Role::Secondary);
    m_bar->addWidget(m_progress);
    m_notice = new NoticeBar;
    m_form = new ReadForm(this);
    m_report = new QPlainTextEdit;
    m_report->setReadOnly(true);
    m_report->setAccessibleName(words.report);
    m_report->setPlaceholderText(words.hint);
    style::setRole(m_report, style::Role::Data);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(m_notice);
    layout->addWidget(m_form);
    layout->addWidget(m_report, 1);
    m_pull.setInterval(pullMs);
    connect(&m_pull, &QTimer::timeout, this, &RunPanel::pull);
}

void RunPanel::setBody(QWidget* body)
{
    constexpr int reportLines = 5;
    m_report->setMaximumHeight(reportLines * m_report->fontMetrics().lineSpacing());
    static_cast<QVBoxLayout*>(layout())->addWidget(body, 1);
}

QPushButton* RunPanel::addButton(const QIcon& icon, const QString& text, const QString& tip)
{
    auto* button = new QPushButton(icon, text);
    button->setToolTip(tip);
    m_bar->insertWidget(static_cast<int>(m_buttons.size()), button);
    m_buttons.append(button);
    return button;
}

void RunPanel::nameBy(QLineEdit* topics)
{
    m_topics = topics;
    connect(topics, &QLineEdit::textChanged, this, &TabPanel::titleChanged);
}

QString RunPanel::topics() const
{
    return m_topics->text();
}

QList<QWidget*> RunPanel::panes() const
{
    return {m_topics, m_buttons.value(0), m_report};
}

void RunPanel::tell(style::State state, const QString& text)
{
    m_notice->tell(state, text);
}

void RunPanel::clearNotice()
{
    m_notice->clear();
}

void RunPanel::append(const QString& line)
{
    m_report->appendPlainText(line);
}

void RunPanel::report(const QStringList& lines, const QString& brief)
{
    // A text that is set anew loses its selection.
    const QString text = lines.join(QLatin1Char('\n'));
    if (text != m_report->toPlainText())
        m_report->setPlainText(text);
    m_progress->setText(brief);
}

QStringList RunPanel::paceLines(const DrainSnapshot& drain)
{
    return {tr("Rate            %1").arg(format::rate(drain.recordsPerSecond)),
        tr("Behind the end  %1 records").arg(format::grouped(drain.behind()))};
}

QStringList RunPanel::problemLines(const DrainSnapshot& drain)
{
    QStringList lines;
    for (const SourceState& source : drain.sources) {
        for (const Problem& problem : source.problems)
            lines.append(tr("Problem         %1").arg(QString::fromStdString(problem.text)));
    }
    return lines;
}

void RunPanel::begin()
{
    m_phase = Phase::Starting;
    m_report->setPlainText(tr("Opening %1 …").arg(topics()));
    showButtons();
}

void RunPanel::begun(const Result<void>& opened)
{
    m_phase = opened ? Phase::Running : Phase::Idle;
    if (opened) {
        m_pull.start();
        pull();
    } else {
        m_report->clear();
        tell(opened.error());
    }
    showButtons();
}

void RunPanel::pull()
{
    if (!isRunning())
        return;
    const DrainSnapshot drain = showProgress();
    if (drain.ended && m_phase == Phase::Running)
        ended(drain);
}

void RunPanel::conclude(std::function<Result<void>()> finish)
{
    if (m_phase != Phase::Running)
        return;
    m_phase = Phase::Ending;
    showButtons();
    m_context.background.run(this, std::move(finish), [this](const Result<void>& finished) {
        showProgress();
        concluded(finished);
        leave();
    });
}

void RunPanel::leave()
{
    m_pull.stop();
    m_phase = Phase::Idle;
    forgetRun();
    showButtons();
}

} // namespace weir
