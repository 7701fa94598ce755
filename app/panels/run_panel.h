// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/reaper.h"
#include "app/engine/pipeline/source_drain.h"
#include "app/panels/panel_context.h"
#include "app/panels/tab_panel.h"
#include "widgets/style/state_look.h"

#include <QTimer>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace weir {

class NoticeBar;
class ReadForm;

/// A tab with a form, buttons and a report over something that runs for a while: what captures, exports and replays
/// have in common. It goes on while another tab is looked at.
class RunPanel : public TabPanel
{
    Q_OBJECT
public:
    QString connectionId() const override { return m_connection; }
    QList<QWidget*> panes() const override;

    bool isRunning() const { return m_phase == Phase::Running || m_phase == Phase::Ending; }

protected:
    enum class Phase : std::uint8_t { Idle, Starting, Running, Ending };
    struct Words
    {
        QString report; ///< what the report is called
        QString hint; ///< in an empty report
    };

    RunPanel(const PanelContext& context, QString connection, const Words& words, QWidget* parent);

    /// Below the report, which then takes no more room than it needs. Once.
    void setBody(QWidget* body);
    /// Behind the buttons there are.
    QPushButton* addButton(const QIcon& icon, const QString& text, const QString& tip = {});
    ReadForm* form() const { return m_form; }
    /// The field that names topics, and the title.
    void nameBy(QLineEdit* topics);
    QString topics() const;
    Phase phase() const { return m_phase; }
    bool isIdle() const { return m_phase == Phase::Idle; }

    void tell(style::State state, const QString& text);
    void tell(const Error& error) { tell(style::State::Failed, QString::fromStdString(error.text())); }
    void clearNotice();
    void append(const QString& line);
    /// `brief` stands in the bar.
    void report(const QStringList& lines, const QString& brief);
    /// Rate, distance to the end: what stands below the first line of each report.
    static QStringList paceLines(const DrainSnapshot& drain);
    static QStringList problemLines(const DrainSnapshot& drain);

    /// Opens a run away from this thread and shows it from then on.
    template <typename Run>
    void open(std::function<Result<std::shared_ptr<Run>>()> opener, std::shared_ptr<Run>& into)
    {
        begin();
        m_context.background.run(this, std::move(opener), [this, &into](const Result<std::shared_ptr<Run>>& run) {
            if (run)
                into = *run;
            begun(run ? Result<void>() : Result<void>(run.error()));
        });
    }
    /// Ends the run away from this thread: that waits for disk or cluster. Then concluded().
    void conclude(std::function<Result<void>()> finish);
    /// The run is over, and nobody asks for how it ended.
    void leave();

    /// Shows how far it is, while there is a run.
    virtual DrainSnapshot showProgress() = 0;
    /// Nothing is read any more: conclude().
    virtual void ended(const DrainSnapshot& drain) = 0;
    /// What finish() said; the run is given up behind it.
    virtual void concluded(const Result<void>& finished) = 0;
    virtual void forgetRun() = 0;
    virtual void showButtons() = 0;

    PanelContext m_context;

private:
    void begin();
    void begun(const Result<void>& opened);
    void pull();

    const QString m_connection;
    Phase m_phase = Phase::Idle;
    QTimer m_pull;
    QList<QPushButton*> m_buttons;
    QHBoxLayout* m_bar = nullptr;
    QLabel* m_progress = nullptr;
    NoticeBar* m_notice = nullptr;
    ReadForm* m_form = nullptr;
    QLineEdit* m_topics = nullptr;
    QPlainTextEdit* m_report = nullptr;
};

} // namespace weir
